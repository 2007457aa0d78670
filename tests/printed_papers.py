"""Titles and abstracts in our own words, for tests of what pages print around and between them."""

from __future__ import annotations

PAPERS = [
    (
        "Ferry: Carrying Gradients Across Slow Links Between Small Harbours",
        "Training over slow links waits for gradients, and most of what is sent says nothing new. Ferry sends only "
        "those that changed their sign and keeps 99% of the accuracy at a twentieth of the traffic. It needs no more "
        "memory than the optimizer has anyway.",
    ),
    (
        "Do Moss Cameras Need Colour?",
        "Moss is classified in colour, and nobody has asked whether that helps. We take the colour away from 4,100 "
        "pictures and find that texture alone is enough for 31 of 34 species. The other three look alike to botanists.",
    ),
    (
        "Reading Barometers With a Phone in Bad Light",
        "Old barometers hang in dark halls where no camera finds their hands. A phone reads them within 2 hPa in 93 of "
        "100 halls, because the dial is found by its screws. The pictures of all dials are published, with readings.",
    ),
    (
        "A Survey of Gates That Forget in Recurrent Networks",
        "Gates decide what a network forgets, yet nobody compares them on one task. This survey orders 96 gates by "
        "what they keep and how they are trained. Most of the gains that were reported vanish where the number of "
        "weights is equal.",
    ),
]
