"""Small plots as inline SVG. Colours come from the page's style sheet by class, so that they follow light and dark.

Bars stretch with the page: their labels stand beside them as text. Plots with axes keep their shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.evaluation.metrics import Interval

_SIDE = 300  # units of a plot with axes
_LEFT, _TOP, _BOTTOM = 44, 12, 40  # room around it
_BINS = 30  # of a histogram


def bar(value: Interval) -> str:
    """A share from 0 to 1 as a bar, with its interval as a line across its end."""
    mean, low, high = (100 * part for part in (value.mean, value.low, value.high))
    return _stretched(
        f"{value.mean:.3f}, interval {value.low:.3f} to {value.high:.3f}",
        '<rect class="ground" x="0" y="3" width="100" height="10"/>'
        f'<rect class="bar" x="0" y="3" width="{mean:.2f}" height="10"/>'
        f'<path class="interval" d="M{low:.2f} 8H{high:.2f}M{low:.2f} 5V11M{high:.2f} 5V11"/>',
    )


def gain(value: Interval, *, reach: float) -> str:
    """A difference on a line from -reach to reach, with its interval and a mark at nothing."""

    def place(number: float) -> float:
        return 50 + 50 * max(-1.0, min(1.0, number / reach))

    mean, low, high = place(value.mean), place(value.low), place(value.high)
    side = "better" if value.low > 0 else "worse" if value.high < 0 else "unclear"
    return _stretched(
        f"{value.mean:+.3f}, interval {value.low:+.3f} to {value.high:+.3f}",
        f'<path class="zero" d="M50 0V16"/><path class="span {side}" d="M{low:.2f} 8H{high:.2f}"/>'
        f'<path class="mark {side}" d="M{mean:.2f} 3V13"/>',
    )


def roc(points: Sequence[tuple[float, float]], working: tuple[float, float]) -> str:
    """The curve, the diagonal of guessing, and the point at which the program works; both axes from 0 to 1."""
    curve = " ".join(f"{_x(false):.1f},{_y(true):.1f}" for false, true in points)
    ticks = "".join(
        f'<path class="grid" d="M{_x(at):.1f} {_y(0):.1f}V{_y(1):.1f}M{_x(0):.1f} {_y(at):.1f}H{_x(1):.1f}"/>'
        f'<text x="{_x(at):.1f}" y="{_y(0) + 15:.1f}" text-anchor="middle">{at:.0%}</text>'
        f'<text x="{_x(0) - 6:.1f}" y="{_y(at) + 4:.1f}" text-anchor="end">{at:.0%}</text>'
        for at in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    false, true = working
    return _framed(
        f"Receiver operating characteristic; working point {true:.2f} at {false:.2f}",
        f'{ticks}<path class="zero" d="M{_x(0):.1f} {_y(0):.1f}L{_x(1):.1f} {_y(1):.1f}"/>'
        f'<polyline class="curve" points="{curve}"/>'
        f'<circle class="point" cx="{_x(false):.1f}" cy="{_y(true):.1f}" r="5"/>'
        f'<text class="axis" x="{_x(0.5):.1f}" y="{_y(0) + 33:.1f}" text-anchor="middle">'
        "questions without an answer that were answered</text>"
        f'<text class="axis" x="12" y="{_y(0.5):.1f}" text-anchor="middle" transform="rotate(-90 12 {_y(0.5):.1f})">'
        "questions with an answer that were answered</text>",
        height=_TOP + _SIDE + _BOTTOM,
    )


def histogram(values: Sequence[float], *, p50: float, p95: float) -> str:
    """How often which time was taken, in milliseconds; the last bin holds all beyond."""
    height = 130
    end = _round_up(max(1.25 * p95, 1e-9))
    counts = [0] * _BINS
    for value in values:
        counts[min(_BINS - 1, int(_BINS * value / end))] += 1
    step = _SIDE / _BINS
    most = max(counts)
    bars = "".join(
        f'<rect class="bar" x="{_LEFT + place * step + 0.5:.1f}" y="{_TOP + height * (1 - count / most):.1f}"'
        f' width="{step - 1:.1f}" height="{height * count / most:.1f}"/>'
        for place, count in enumerate(counts)
        if count
    )
    marks = "".join(
        f'<path class="span" d="M{_LEFT + _SIDE * value / end:.1f} {_TOP - 4}V{_TOP + height}"/>'
        f'<text x="{_LEFT + _SIDE * value / end + 3:.1f}" y="{_TOP + at}">{name} {value:.0f}</text>'
        for name, value, at in (("p50", p50, 8), ("p95", p95, 22))
    )
    labels = "".join(
        f'<text x="{_LEFT + _SIDE * share:.1f}" y="{_TOP + height + 16}" text-anchor="middle">{end * share:g}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    base = f'<path class="grid" d="M{_LEFT} {_TOP + height}H{_LEFT + _SIDE}"/>'
    unit = f'<text class="axis" x="{_LEFT + _SIDE / 2}" y="{_TOP + height + 32}" text-anchor="middle">ms</text>'
    return _framed(
        f"Times in milliseconds: p50 {p50:.1f}, p95 {p95:.1f}",
        bars + base + marks + labels + unit,
        height=_TOP + height + _BOTTOM,
    )


def _round_up(value: float) -> float:
    """The next round number."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0) if factor * power >= value)


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)


def _stretched(name: str, content: str) -> str:
    shape = 'viewBox="0 0 100 16" preserveAspectRatio="none"'
    return f'<svg class="row" {shape} role="img" aria-label="{name}">{content}</svg>'


def _framed(name: str, content: str, *, height: float) -> str:
    width = _LEFT + _SIDE + 26
    return f'<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">{content}</svg>'
