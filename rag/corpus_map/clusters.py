"""Papers to topics: k-means on the sphere, begun from centres far apart. Arthur and Vassilvitskii 2007 (k-means++)."""

from __future__ import annotations

import math

import numpy as np

from rag.corpus_map.projection import IntVector, unit_rows
from rag.embedder import FloatMatrix

FEWEST, MOST = 6, 20  # topics of a corpus that is not tiny
_SAMPLE = 20_000  # papers that the centres are found from
_BEGINNINGS = 4
_ROUNDS = 25


def topic_count(papers: int) -> int:
    """6 topics up to 100 papers, 20 from 16,000 on, by the logarithm between; fewer for a handful of papers."""
    if papers < 3 * FEWEST:
        return max(1, papers // 3)
    grown = FEWEST + (MOST - FEWEST) * math.log10(papers / 100) / math.log10(160)
    return int(min(MOST, max(FEWEST, round(grown))))


def find_topics(rows: FloatMatrix, *, wanted: int, seed: int = 0) -> tuple[IntVector, FloatMatrix]:
    """The topic of each row, (n,), and the topics' centres, unit rows. The largest topic is 0; none is empty.

    `rows` are unit rows. The same rows and seed give the same topics.
    """
    generator = np.random.default_rng(seed)
    sample = rows[:: max(1, len(rows) // _SAMPLE)]
    best, best_fit = _refine(sample, _begin(sample, wanted, generator)), -np.inf
    for _ in range(_BEGINNINGS):
        centres = _refine(sample, _begin(sample, wanted, generator))
        fit = float((sample @ centres.T).max(axis=1).sum())
        if fit > best_fit:
            best, best_fit = centres, fit
    nearest = (rows @ best.T).argmax(axis=1)
    used, counts = np.unique(nearest, return_counts=True)
    order = used[np.argsort(-counts, kind="stable")]
    renumbered = np.zeros(len(best), np.intp)
    renumbered[order] = np.arange(len(order))
    return renumbered[nearest], best[order]


def _begin(rows: FloatMatrix, wanted: int, generator: np.random.Generator) -> FloatMatrix:
    """Rows far from each other, drawn by the square of their distance to those drawn before."""
    chosen = [int(generator.integers(len(rows)))]
    distance = 1.0 - rows @ rows[chosen[0]]
    while len(chosen) < min(wanted, len(rows)):
        weights = np.maximum(distance, 0.0) ** 2
        total = float(weights.sum())
        if total <= 0.0:  # all others are the same as one that was drawn
            break
        chosen.append(int(np.searchsorted(np.cumsum(weights), generator.random() * total)))
        distance = np.minimum(distance, 1.0 - rows @ rows[chosen[-1]])
    return rows[chosen]


def _refine(rows: FloatMatrix, centres: FloatMatrix) -> FloatMatrix:
    nearest = np.full(len(rows), -1)
    for _ in range(_ROUNDS):
        now = (rows @ centres.T).argmax(axis=1)
        if np.array_equal(now, nearest):
            break
        nearest = now
        members = np.zeros((len(centres), len(rows)), np.float32)
        members[nearest, np.arange(len(rows))] = 1.0
        sums = members @ rows
        held = np.bincount(nearest, minlength=len(centres))[:, None]
        centres = np.where(held > 0, unit_rows(sums), centres)
    return centres
