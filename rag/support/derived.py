"""Numbers that a sentence works out from those of the text: by how much, how many times, what is left, all together."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from rag.support.amounts import numbers_agree
from rag.support.polarity import is_negated
from rag.support.quantities import Quantity, find_quantities, find_sizes
from rag.support.words import plain_text

# "from 36 to 24 hours"; the first number may have a unit or sign of its own.
_ABOUT = r"(?:about\s|around\s|roughly\s)?"
_FROM_TO = re.compile(
    rf"\bfrom\s{_ABOUT}(?P<first>\d[\d.,]*)\s?(?P<own>%|[a-z]*)\sto\s{_ABOUT}"
    r"(?P<second>\d[\d.,]*)\s?(?P<unit>%|[A-Za-z]*)",
    re.IGNORECASE,
)
_FAILING = re.compile(r"\b(?:errors?|mistakes?|miss(?:es|ed|ing)?|wrong(?:ly)?|incorrect(?:ly)?)\b", re.IGNORECASE)
_AGAINST = re.compile(
    r"[^.;]{0,30}\b(?:compared\s(?:with|to)|instead\sof|rather\sthan|versus|vs\.?|against|(?:down|up)\sfrom)\s"
    r"(?:about\s|the\s|its\s)?(?:[\w-]+\s){0,2}\(?",
    re.IGNORECASE,
)
_ADDENDS = (2, 3)


def is_worked_out(claimed: Quantity, sentence: str, evidence: Sequence[str]) -> bool:
    """Whether a number of `sentence` follows from numbers of one sentence of the `evidence`."""
    return any(
        _is_from_two(claimed, text) or _is_rest(claimed, sentence, text) or _is_sum(claimed, sentence, text)
        for text in evidence
    )


def _is_from_two(claimed: Quantity, text: str) -> bool:
    """The ratio of two numbers ("twice as deep": 24 against 12), or the difference."""
    if any(_is_change(claimed, first, second) for first, second in [*courses_in(text), *_comparisons_in(text)]):
        return True
    found = [end for number in find_quantities(text) for end in (number.ends if number.is_range else (number,))]
    numbers = [number for number in (*found, *find_sizes(text)) if number.low]
    for first in numbers:
        for second in numbers:
            alike = first.kind == second.kind and first.unit == second.unit
            if first is not second and alike and (_is_ratio(claimed, first, second) or _is_gap(claimed, first, second)):
                return True
    return False


def _is_ratio(claimed: Quantity, first: Quantity, second: Quantity) -> bool:
    ratio = first.low / second.low
    off = 0.06 * claimed.low
    if claimed.digits and claimed.bound != "about":
        off = min(off, 0.5 * claimed.step)
    if claimed.kind == "factor" and ratio > 1 and abs(ratio - claimed.low) <= off:
        return True
    return claimed.loose and claimed.low == 0.5 and abs(ratio - 0.5) <= 0.04


def _is_gap(claimed: Quantity, first: Quantity, second: Quantity) -> bool:
    gap = first.low - second.low
    if gap <= 0:
        return False
    if first.kind == "plain" == claimed.kind and claimed.decimals and abs(gap - claimed.low) < 1e-6:
        return True
    if first.kind == "share" and claimed.kind in ("share", "change"):
        return abs(gap - claimed.low) < 0.0006 or (claimed.bound == "below" and gap < claimed.low <= 1.5 * gap)
    points = gap * 100 if first.kind == "share" else gap
    return claimed.bound == "below" and claimed.noun.startswith("point") and points < claimed.low <= points + 1


def _is_change(claimed: Quantity, first: Quantity, second: Quantity) -> bool:
    """How far something went from the first number to the second: "12 hours" or "a third" less, from 36 hours to 24."""
    if first.kind != second.kind or first.unit != second.unit or not first.low:
        return False
    gap = abs(first.low - second.low)
    if claimed.kind == "plain":
        same_thing = claimed.unit or claimed.noun.startswith("point") or (claimed.noun and claimed.noun == second.noun)
        return bool(same_thing) and numbers_agree(claimed, _amount(second, gap))
    if claimed.kind == "change":
        return first.kind != "factor" and numbers_agree(claimed, _amount(second, gap))
    shares = [gap / first.low] if second.low > first.low else [gap / first.low, second.low / first.low]
    return claimed.kind == "share" and any(
        numbers_agree(claimed, replace(_amount(second, share), kind="share", unit="")) for share in shares
    )


def _amount(like: Quantity, value: float) -> Quantity:
    """A number that no text says, of the kind and unit of one that it does."""
    return replace(like, low=value, high=value, digits="", bound="equal", steps=(0.0, 0.0))


def _is_rest(claimed: Quantity, sentence: str, text: str) -> bool:
    """What is left to a hundred percent: "62 % of the FLOPs" for "38 % fewer", an error of 5 % for 95 % correct."""
    if claimed.kind != "share" or not claimed.digits:
        return False
    turned = _says_failing(sentence) != _says_failing(text)
    return any(
        stated.kind == "share"
        and not stated.is_range
        and math.isclose(claimed.low + stated.low, 1.0)
        and (turned or (claimed.noun == "of") != (stated.noun == "of"))
        for stated in find_quantities(text)
    )


def _says_failing(text: str) -> bool:
    return bool(_FAILING.search(text)) != is_negated(text)


def _is_sum(claimed: Quantity, sentence: str, text: str) -> bool:
    """ "36 tasks: 11 primary and 25 secondary", where the sentence says the addends and the text has them together."""
    if claimed.kind != "plain" or claimed.is_range:
        return False
    stated = find_quantities(text)
    others = [
        said
        for said in find_quantities(sentence)
        if said.low < claimed.low and any(numbers_agree(said, number) for number in stated)
    ]
    return any(
        math.isclose(claimed.low, math.fsum(number.low for number in addends))
        for count in _ADDENDS
        for addends in combinations(others, count)
    )


def courses_in(text: str) -> list[tuple[Quantity, Quantity]]:
    """Where something goes from one number to another: both, in the order of the words."""
    plain = plain_text(text)
    courses = []
    for found in _FROM_TO.finditer(plain):
        own, unit = found["own"] or found["unit"], found["unit"]
        ends = [find_quantities(f"{found[name]} {sign}") for name, sign in (("first", own), ("second", unit))]
        if ends[0] and ends[1]:
            courses.append((ends[0][0], ends[1][0]))
    return courses


def _comparisons_in(text: str) -> list[tuple[Quantity, Quantity]]:
    """ "7.9 cm, compared with 12.1 cm": the second number, then the first, as one comes from the one to the other."""
    plain = plain_text(text)
    return [
        (second, first)
        for first, second in pairwise(find_quantities(text))
        if not first.is_range and not second.is_range and _AGAINST.fullmatch(plain, first.end, second.start)
    ]
