"""How good a ranking is, in the conventions of trec_eval, with the uncertainty of a mean over questions.

A grade of 0 or no grade means not relevant. Ranks start at 1. nDCG takes the grade itself as gain and log2(rank + 1) as
discount (Järvelin and Kekäläinen 2002, as trec_eval's ndcg_cut); recall divides by all relevant papers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_RESAMPLES = 2000
_LEVEL = 0.95
_NORMAL = 1.959964  # standard deviations that hold this share of a normal distribution


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over questions, or another figure of them, with its 95 % confidence interval."""

    mean: float
    low: float
    high: float
    count: int  # questions; 0 where there was nothing to measure, and all else is nan

    def __str__(self) -> str:
        """`0.949 [0.912, 0.978]`; `-` where there was nothing to measure."""
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]" if self.count else "-"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a second configuration adds to a first one, over the same questions."""

    gain: Interval  # of second minus first, per question
    better: int
    worse: int
    equal: int
    p_value: float  # how often a difference as large comes by chance, two-sided, by flipping signs


def ndcg(ranked: Sequence[str], grades: Mapping[str, float], *, k: int = 10) -> float:
    """Discounted cumulative gain of the first k over that of the best possible order; 0 without relevant papers."""
    ideal = _discounted(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:k])
    return _discounted([max(0.0, grades.get(key, 0.0)) for key in ranked[:k]]) / ideal if ideal else 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, float], *, k: int = 10) -> float:
    """The share of all relevant papers that are among the first k."""
    relevant = {key for key, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, float], *, k: int = 10) -> float:
    """1 / rank of the first relevant paper among the first k, else 0."""
    return next((1 / rank for rank, key in enumerate(ranked[:k], start=1) if grades.get(key, 0) > 0), 0.0)


def hit(ranked: Sequence[str], grades: Mapping[str, float], *, k: int = 1) -> float:
    """1 where a relevant paper is among the first k, else 0."""
    return float(any(grades.get(key, 0) > 0 for key in ranked[:k]))


def interval(values: Sequence[float], *, seed: int = 0) -> Interval:
    """The mean with its interval over questions.

    Of shares (all values 0 or 1) the score interval (Wilson 1927): drawing ten hits of ten again would claim certainty.
    Of anything else the bootstrap percentile interval (Efron 1979): questions are drawn again, with replacement.
    """
    if values and set(values) <= {0.0, 1.0}:
        return _score_interval(sum(values) / len(values), len(values))
    return bootstrap(values, seed=seed)


def _score_interval(share: float, count: int) -> Interval:
    square = _NORMAL**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = math.sqrt(share * (1 - share) * square + square**2 / 4) / (1 + square)
    # Rounding must not move the end beyond the share itself where that is 0 or 1.
    return Interval(share, max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach)), count)


def bootstrap(values: Sequence[float], *, seed: int = 0) -> Interval:
    """The mean of counts or other figures with its bootstrap percentile interval."""
    if not values:
        return Interval(math.nan, math.nan, math.nan, 0)
    numbers = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(numbers), size=(_RESAMPLES, len(numbers)))
    low, high = np.quantile(numbers[drawn].mean(axis=1), [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(float(numbers.mean()), float(low), float(high), len(numbers))


def compare(first: Sequence[float], second: Sequence[float], *, seed: int = 0) -> Comparison:
    """The paired difference of two configurations; both sequences are in the order of the same questions.

    The p-value is that of a randomisation test (Smucker, Allan and Carterette 2007), the interval a bootstrap.
    """
    difference = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(_RESAMPLES, len(difference)))
    by_chance = np.abs((signs * difference).mean(axis=1)) >= abs(difference.mean()) - 1e-12
    return Comparison(
        gain=bootstrap([float(value) for value in difference], seed=seed),
        better=int((difference > 0).sum()),
        worse=int((difference < 0).sum()),
        equal=int((difference == 0).sum()),
        p_value=float((by_chance.sum() + 1) / (_RESAMPLES + 1)),
    )


def area_interval(positives: Sequence[float], negatives: Sequence[float], *, seed: int = 0) -> Interval:
    """The area under the ROC with its bootstrap interval: positives and negatives are drawn again, each by itself."""
    if not positives or not negatives:
        return Interval(math.nan, math.nan, math.nan, 0)
    above, below = np.asarray(positives, dtype=np.float64), np.asarray(negatives, dtype=np.float64)
    wins = (above[:, None] > below[None, :]) + (above[:, None] == below[None, :]) / 2
    random = np.random.default_rng(seed)
    drawn = [
        random.multinomial(len(values), np.full(len(values), 1 / len(values)), size=_RESAMPLES)
        for values in (above, below)
    ]
    areas = ((drawn[0] @ wins) * drawn[1]).sum(axis=1) / wins.size
    low, high = np.quantile(areas, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(float(wins.mean()), float(low), float(high), len(above) + len(below))


def roc(positives: Sequence[float], negatives: Sequence[float]) -> list[tuple[float, float]]:
    """Points (share of negatives at or above a threshold, share of positives at or above it), from (0, 0) to (1, 1)."""
    thresholds = sorted({*positives, *negatives}, reverse=True)
    return [
        (0.0, 0.0),
        *((_share_at_least(negatives, value), _share_at_least(positives, value)) for value in thresholds),
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of all lie, with linear interpolation; nan without values."""
    return float(np.quantile(np.asarray(values, dtype=np.float64), share)) if values else math.nan


def percentile_interval(values: Sequence[float], share: float, *, seed: int = 0) -> Interval:
    """A percentile with its bootstrap interval; `mean` holds the percentile."""
    if not values:
        return Interval(math.nan, math.nan, math.nan, 0)
    numbers = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(numbers), size=(_RESAMPLES, len(numbers)))
    low, high = np.quantile(np.quantile(numbers[drawn], share, axis=1), [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(percentile(values, share), float(low), float(high), len(numbers))


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _share_at_least(values: Sequence[float], threshold: float) -> float:
    return sum(value >= threshold for value in values) / len(values) if values else 0.0
