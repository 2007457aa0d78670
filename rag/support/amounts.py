"""Can two numbers mean the same amount? "1.45x" is also "45 % more", "half" is also "50 %", "8 ms" is no "8 hours"."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rag.support.number_words import UNITS
from rag.support.quantities import Quantity

_LOOSE = 0.105  # "about twice", "six out of ten", "half": how far the text's number may lie from it
_ROUNDED = 0.006
_SOMEWHAT = 0.4  # "more than fifteen times", "less than half", "over 1,000": at most so far beyond
_BEYOND = 0.15  # as `_SOMEWHAT`, for a bound that is not round: "more than 48,700"
_BINARY = (1.024, 1.024**2)  # how much larger 32,768 is than 32K, and 1,048,576 than 1M
_UNLIKE: tuple[set[str], ...] = ({"share", "factor"}, {"change", "factor"})  # "3x" is not "3%"


def numbers_agree(claimed: Quantity, stated: Quantity) -> bool:
    """True where both can mean the same amount."""
    if claimed.unit and stated.unit and claimed.unit != stated.unit and {claimed.unit, stated.unit} != {"time", "rate"}:
        return False
    if claimed.is_range or stated.is_range:
        return _ranges_agree(claimed, stated)
    if _one_alone_has_a_unit(claimed, stated):
        return False  # "45 ms" for "45%"
    if _same_figures(claimed, stated):
        return True  # "3.95 points" for "3.95%", "45" for "45%"
    return any(
        _near(claimed, stated, ours, theirs, direct=as_written, as_written=as_written)
        for ours, theirs, as_written in _comparable(claimed, stated)
    )


def _one_alone_has_a_unit(claimed: Quantity, stated: Quantity) -> bool:
    """True for a time, a size or a weight against a share, a factor or a change."""
    return any(one.unit and other.kind != "plain" for one, other in ((claimed, stated), (stated, claimed)))


def _same_figures(claimed: Quantity, stated: Quantity) -> bool:
    """The same figures, of what may be the same: not of hours and of GPUs, nor of percent and of times."""
    if not claimed.digits or claimed.digits != stated.digits or (claimed.unit and stated.unit):
        return False
    counts_things = stated.kind == "plain" and not stated.unit and stated.noun.endswith("s")
    return not (claimed.unit and counts_things) and {claimed.kind, stated.kind} not in _UNLIKE


def _comparable(claimed: Quantity, stated: Quantity) -> Iterator[tuple[float, float, bool]]:
    """Pairs of amounts in one dimension, and whether both are as written.

    Numbers that are written alike are compared as they are written: "2x" is no other form of "1.5x", though the one
    can mean half and the other half as much again.
    """
    alike = claimed.kind == stated.kind and claimed.unit == stated.unit
    if claimed.kind == "factor":
        alike = alike and (claimed.low > 1) == (stated.low > 1)
    for dimension, ours, is_ours in _readings(claimed):
        for other, theirs, is_theirs in _readings(stated):
            as_written = is_ours and is_theirs
            if dimension == other and (as_written or not alike or claimed.loose or stated.loose):
                yield ours, theirs, as_written


def _readings(quantity: Quantity) -> Iterator[tuple[str, float, bool]]:
    """The amounts that a number can stand for: 1.45x is also 45 % more, and 2x less is half; whether it says so."""
    value = quantity.low
    if quantity.kind == "plain":
        yield quantity.unit or "number", value, True
        if quantity.unit == "time" and value:
            yield "rate", 1 / value, False
            yield "number", 1 / value, False  # "0.8 seconds per frame" against "one frame per second"
        if quantity.unit:
            yield "number", value, False
        elif quantity.noun.startswith("point"):
            yield "share", value / 100, True
        elif 0 < value < 1:
            yield "share", value, True
    elif quantity.kind == "factor":
        yield "factor", value, True
        if value > 1:
            yield "share", 1 / value, False
            yield "share", value - 1, False
            yield "share", 1 - 1 / value, False
        elif value > 0:
            yield "share", value, False
            yield "share", 1 - value, False
        if value == int(value):
            yield "number", value, False
    else:
        yield "share", value, True
        if quantity.loose and value == 0.5:
            yield "factor", 2.0, False
        if quantity.loose and 0 < value < 0.35:
            yield "share", 1 - value, False  # "less than a fifth of the time" for "80 % less time"


def _near(
    claimed: Quantity, stated: Quantity, ours: float, theirs: float, *, direct: bool, as_written: bool = False
) -> bool:
    if math.isclose(ours, theirs, rel_tol=1e-9):
        return True
    scale = max(abs(ours), abs(theirs))
    distance = abs(ours - theirs) / scale
    if as_written and claimed.kind == "plain" and any(math.isclose(distance, 1 - 1 / kilo) for kilo in _BINARY):
        return True
    is_near = distance <= _ROUNDED or (abs(ours - theirs) <= _half_digit(claimed, ours) and distance < 0.03)
    if is_near and not (as_written and _differs_as_written(claimed, stated)):
        return True
    if not direct and 0 < ours < 1 and 0 < theirs < 1:
        distance = abs(ours - theirs) / min(ours, theirs, 1 - ours, 1 - theirs)
    if (claimed.loose or claimed.bound == "about") and distance <= _LOOSE:
        return True
    if claimed.kind != stated.kind and not as_written and distance < 0.02:
        return True
    if direct and claimed.bound == "above" and ours < theirs < ours * (1 + _SOMEWHAT):
        return claimed.loose or distance <= _BEYOND
    if claimed.bound == "below" and theirs < ours and distance <= _BEYOND:
        return direct or claimed.loose
    return claimed.bound == "about" and 0 < ours < theirs < ours * 1.3 and claimed.noun in ("frame", "second")


def _differs_as_written(claimed: Quantity, stated: Quantity) -> bool:
    """True for "94.2%" where the text has 94.7, and for "2022" where it has 2023; not for "95%", which is rounded."""
    if claimed.is_year and stated.is_year:
        return True
    if claimed.loose or claimed.bound == "about" or not claimed.step or not stated.step:
        return False
    if claimed.unit and UNITS.get(claimed.noun) != UNITS.get(stated.noun):
        return False  # "365 days" for a year
    return claimed.step <= stated.step or abs(claimed.low - stated.low) > 0.5001 * claimed.step


def is_well_within(claimed: Quantity, stated: Quantity) -> bool:
    """True for "over 1,000" where the text has 1,319: a bound of two figures at most, which need not be near.

    For bounds above and below alike; whether "below" is meant as a bound, as in "under", is for the caller to see.
    """
    if (claimed.kind, claimed.unit) != (stated.kind, stated.unit) or stated.is_range:
        return False
    is_round = 0 < claimed.low < 99.5 * claimed.step
    both_counts = claimed.kind != "plain" or claimed.unit or claimed.decimals or not stated.decimals
    if not (is_round and both_counts):
        return False
    if claimed.bound == "above":
        return claimed.low < stated.low < claimed.low * (1 + _SOMEWHAT)
    return claimed.bound == "below" and claimed.low * (1 - _SOMEWHAT) < stated.low < claimed.low


def _half_digit(quantity: Quantity, value: float) -> float:
    """Half of the last digit as written; whole numbers above nine may be rounded too ("60 %" for 59.6)."""
    return 0.5 * 10.0**-quantity.decimals if quantity.decimals or abs(value) >= 10 else 0.0


def _ranges_agree(claimed: Quantity, stated: Quantity) -> bool:
    if claimed.is_range and stated.is_range:
        ours, theirs = claimed.ends, stated.ends
        return any(
            all(_same_amount(left, right) for left, right in zip(ours, order, strict=True))
            for order in (theirs, theirs[::-1])  # "27 to 44 % fewer" for "0.556-0.733x"
        )
    if stated.is_range:  # "twice" for "from 40 % to 80 %", "at most 2x" for "1.3-2x"
        low, high = stated.ends
        if claimed.kind == "factor" and low.low > 0:
            ratio = high.low / low.low
            if _near(claimed, claimed, claimed.low, ratio, direct=True):
                return True
        return numbers_agree(claimed, high) or numbers_agree(claimed, low)
    return all(numbers_agree(end, stated) for end in claimed.ends)


def _same_amount(claimed: Quantity, stated: Quantity) -> bool:
    """As `numbers_agree` for the ends of ranges, where a derived reading is as good as the plain one."""
    if _one_alone_has_a_unit(claimed, stated):
        return False
    if claimed.kind == "plain" and not claimed.unit and stated.kind in ("share", "change"):
        return abs(claimed.low / 100 - stated.low) < 1e-6  # "by 38.2 to 69.2" for percent
    return any(
        _near(claimed, stated, ours, theirs, direct=True, as_written=as_written)
        for ours, theirs, as_written in _comparable(claimed, stated)
    )
