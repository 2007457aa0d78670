"""The fitted constants of the confidence. Written by `python -m scripts.fit_confidence`; see rag/confidence.py.

Logistic regression over questions with and without an answer, weighed so that both sides count the same. Whoever
exchanges the bundled models fits them anew.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each signal in the logarithm of the odds that the papers answer."""

    worst_words: float
    number_gap: float
    score: float
    meaning: float
    answered: float
    bias: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What rag/evaluation/leave_one_out.py finds over the papers that the weights were fitted on."""

    withheld: float  # mean logarithm of the odds for titles whose paper the search does not see


VERSION = 6  # grows with every fit: calibrations made with another one are not used
WEIGHTS = Weights(worst_words=6.14, number_gap=12.1, score=0.41, meaning=10.86, answered=0.41, bias=-1.32)
USUAL = Usual(withheld=0.42)
