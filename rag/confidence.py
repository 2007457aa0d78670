"""Is the evidence good enough to answer? Three outcomes: it answers, the topic is there, nothing is.

What tells best is not how near the nearest paper is as a whole but which words of the question find nothing like them
in it: "What accuracy does it get on Kinetics?" is near to a paper that never speaks of Kinetics. So one signal is the
mean over the third of the question's words that are met worst; another is whether the cross-encoder, which reads the
question together with the sentences, finds the asked fact in them. Four weights, fitted with cross-validation on
questions with and without an answer; the length of a question is no signal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.close_reading import CloseReading, Match
from rag.corpus import Hit, Outcome
from rag.embedder import FloatVector
from rag.rhetoric import asks_for_number, holds_number

_LOOKED_AT = 3  # papers, the first ones
_WORST = 0.3  # share of the question's words that are met worst
_WORST_WORDS, _NUMBER_GAP, _SCORE, _ANSWERED, _BIAS = 6.61, 15.4, 0.82, 0.33, -1.83
_LEAST, _MOST = 0.001, 0.982  # probability of an answer beyond which more says no more
_HIGHEST_SCORE = 1.5  # of a hit; a paper named by its title has more
_OFF_TOPIC = 0.47  # mean over all words of the question; below it not even the topic is there
_UNMET = 0.4  # of a word: nothing in the papers is like it
_NAMED = 3  # unmet words that a reason names


@dataclass(frozen=True, slots=True)
class Confidence:
    """What the evidence is worth."""

    outcome: Outcome
    probability: float  # in [0, 1], 0.5 where answering and refusing would be equally right
    reasons: tuple[str, ...]  # in plain words, for the reader


def judge(question: str, hits: Sequence[Hit], read: CloseReading) -> Confidence:
    """Judge the first hits by a close reading of them; `question` can be understood alone."""
    matches = read.matches[:_LOOKED_AT]
    if not hits or not matches:
        return Confidence("nothing", 0.0, ("No paper was found.",))
    if not read.question.words:
        return Confidence("related", 0.3, ("The question names no topic.",))
    best = max(matches, key=lambda one: float(one.best.mean()))
    gap = _number_gap(question, matches)
    weighed = (
        _WORST_WORDS * _mean_of_worst(best.best)
        + _NUMBER_GAP * gap
        + _SCORE * min(hits[0].score, _HIGHEST_SCORE)
        + _ANSWERED * _odds_of_an_answer(matches)
        + _BIAS
    )
    probability = 1 / (1 + math.exp(-weighed))
    if probability >= 0.5:
        return Confidence("answered", probability, ())
    outcome: Outcome = "nothing" if float(best.best.mean()) < _OFF_TOPIC else "related"
    return Confidence(outcome, probability, _reasons(read, matches, gap))


def _mean_of_worst(nearest: FloatVector) -> float:
    count = max(1, round(_WORST * len(nearest)))
    return float(np.sort(nearest)[:count].mean())


def _odds_of_an_answer(matches: Sequence[Match]) -> float:
    """Logarithm of the odds, summed over the papers, that their sentences answer the question."""
    shares = [min(max(one.reading.answered, _LEAST), _MOST) for one in matches if one.reading]
    return math.log(sum(share / (1 - share) for share in shares)) if shares else 0.0


def _number_gap(question: str, matches: Sequence[Match]) -> float:
    """How much further from the question the best sentence with a number is than the best sentence; 0 or less."""
    if not asks_for_number(question):
        return 0.0
    found = [
        (float(score), holds_number(quote.text))
        for one in matches
        for quote, score in zip(one.paper.sentences, one.words.mean(axis=0), strict=True)
    ]
    best = max((score for score, _ in found), default=0.0)
    return max((score for score, has_number in found if has_number), default=0.0) - best


def _reasons(read: CloseReading, matches: Sequence[Match], gap: float) -> tuple[str, ...]:
    nearest = np.max([one.best for one in matches], axis=0)
    order = np.argsort(nearest)
    unmet = list(dict.fromkeys(read.question.words[place] for place in order if nearest[place] < _UNMET))[:_NAMED]
    reasons = []
    if unmet:
        names = ", ".join(f"“{word}”" for word in unmet)
        reasons.append(f"Nothing in the nearest papers is like {names}.")
    if gap < 0:
        reasons.append("The question asks for a number, and the sentences nearest to it hold none.")
    return tuple(reasons) or ("The nearest papers speak of this, but no sentence of theirs seems to answer it.",)
