"""Papers that a search can hardly tell apart are read, and those that answer come first.

Words and vectors find the right papers but often cannot say which of the first two it is: both speak of the topic. The
cross-encoder reads question and sentences together and can. Only papers within a small distance of the first are read,
for most questions none: it costs time only where it can help (`python -m bench ablation`). A third paper, or one that
is further behind, gains .0002 on real claims, nothing elsewhere, and takes as long as the first two together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.corpus import Paper
from rag.cross_encoder import Passage, bundled_cross_encoder
from rag.support.evidence import sentences_of, word_likeness

_DISTANCE = 0.04  # of a fused score from the first one's
MOST = 2  # papers that are read
_TOKENS = 112  # of question and paper together; more costs time and tells no more of which one answers
_WEIGHT = 0.08  # of the logarithm of the odds that a paper answers
_FARTHEST = 7.0  # of that logarithm


def count_near_ties(scores: Sequence[float]) -> int:
    """How many of the first papers should be read, given all scores, best first; 0 where the first is clear."""
    near = sum(score >= scores[0] - _DISTANCE for score in scores[:MOST]) if scores else 0
    return near if near > 1 else 0


def order_by_reading(question: str, papers: Sequence[Paper], scores: Sequence[float]) -> list[int]:
    """The places of the papers in their new order. Raises EmbedderError where the model cannot be read."""
    passages = [_passage(question, paper) for paper in papers]
    readings = bundled_cross_encoder().read_questions(question, passages, total=_TOKENS)
    read = [score + _WEIGHT * _odds(one.answered) for score, one in zip(scores, readings, strict=True)]
    return sorted(range(len(papers)), key=lambda place: (-read[place], place))


def _passage(question: str, paper: Paper) -> Passage:
    quotes = sentences_of(paper.abstract)
    return Passage(paper.title, [quote.text for quote in quotes], word_likeness(question, quotes))


def _odds(probability: float) -> float:
    """The logarithm of the odds, in [-7, 7]."""
    if not 0 < probability < 1:
        return math.copysign(_FARTHEST, probability - 0.5)
    return max(-_FARTHEST, min(_FARTHEST, math.log(probability / (1 - probability))))
