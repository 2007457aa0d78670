"""Two rankings made into one: cosines of a paper's chunks and BM25 of its words, by scores instead of by ranks.

Rank fusion throws away how much better the first is than the second, and ranks worse. BM25 has no upper end and grows
with the corpus (a rare word weighs the logarithm of the number of papers), so it is divided by that logarithm; dividing
by the best score of the query instead would make a weak match of words count as much as a strong one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WORDS = 0.11  # weight of BM25 over the logarithm of the number of papers
WHOLE = 0.5  # share of the mean of all chunks in the cosine; the rest is the best chunk


@dataclass(frozen=True, slots=True)
class Fused:
    """One paper with its fused score and what it was made of."""

    paper_id: str
    score: float  # higher is better; only to be compared within one query
    chunk_id: str  # the best chunk
    cosine: float  # of the best chunk
    bm25: float


def fuse(
    cosines: Mapping[str, Sequence[tuple[str, float]]], bm25: Mapping[str, float], *, corpus_size: int
) -> list[Fused]:
    """Papers best first; ties in the order of their ids, so that a ranking never depends on chance.

    `cosines` holds every chunk of each candidate: paper_id -> (chunk_id, cosine).
    """
    weight = WORDS / math.log(corpus_size + 2)
    fused = []
    for paper_id, chunks in cosines.items():
        chunk_id, best = max(chunks, key=lambda chunk: chunk[1])
        mean = sum(cosine for _, cosine in chunks) / len(chunks)
        words = bm25.get(paper_id, 0.0)
        score = (1 - WHOLE) * best + WHOLE * mean + weight * words
        fused.append(Fused(paper_id, score, chunk_id, best, words))
    return sorted(fused, key=lambda paper: (-paper.score, paper.paper_id))
