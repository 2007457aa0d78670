"""A page that prints one paragraph for each abstract has its titles told by that, whatever they end with."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.layouts.rhythm import abstracts_stand_alone
from tests.dump_reading import read_content

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
STOPPED = [
    "Barometers at sea: a field study on 41 ferries.",
    "Moss is not a stochastic lawn.",
    "Predicting ferry delays from sparse gauges: a cohort study.",
    "Small cameras know when to ask.",
]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["compact", "blank lines"])
@pytest.mark.parametrize("place", [1, 2, 3])
@pytest.mark.parametrize("title", STOPPED)
def test_one_title_that_ends_with_a_full_stop_is_no_sentence_of_the_abstract_above(
    title: str, place: int, between: str, tmp_path: Path
) -> None:
    papers = [(title if n == place else one, text) for n, (one, text) in enumerate(PAPERS)]
    read = read_content(tmp_path, "\n\n".join(between.join(paper) for paper in papers))
    assert [(record.title, record.abstract) for record in read.records] == papers


@pytest.mark.parametrize(
    "last",
    ["All code is at https://github.com/moss/moss.", "We find that this holds in all of the six other harbours."],
)
def test_a_sentence_of_its_own_stays_in_its_abstract(last: str, tmp_path: Path) -> None:
    text = "\n\n".join(f"{title}\n\n{text}\n\n{last}\n\n{PAPERS[n - 1][1]}" for n, (title, text) in enumerate(PAPERS))
    assert read_content(tmp_path, text).titles == [title for title, _ in PAPERS]


def test_pages_of_several_paragraphs_each_are_told_apart() -> None:
    whole = [text for _, text in PAPERS]
    assert abstracts_stand_alone("\n\n".join(f"{title}\n\n{text}" for title, text in PAPERS))
    assert not abstracts_stand_alone("\n\n".join(f"{title}\n\n{text}\n\n{whole[0]}" for title, text in PAPERS))
