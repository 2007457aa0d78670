"""Do the numbers of a sentence agree with those of the cited text, however either writes them?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.support.amounts import numbers_agree
from rag.support.quantities import Quantity, find_quantities
from rag.support.words import plain_text, stems_of

_CROSSED = 0.3  # by how much a number's words must fit the other number better; almost no true sentence comes so far
_REACH = 90  # characters to either side in which a number's words are looked for


_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_NAMED = re.compile(r"[A-Za-z][\w-]*\s$")  # the word before a number
_FROM_TO = re.compile(
    r"\bfrom\s(?:about\s|around\s|roughly\s)?(?P<first>\d[\d.,]*)\s?[a-z%]{0,3}\sto\s(?:about\s|around\s|roughly\s)?"
    r"(?P<second>\d[\d.,]*)\s?(?P<unit>%|[A-Za-z]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """What became of each number of a sentence."""

    agreeing: int
    wrong: tuple[tuple[Quantity, Quantity | None], ...]  # number of the sentence, the text's number for the same thing
    swapped: tuple[tuple[Quantity, Quantity], ...]  # both stand in the text, but for each other's thing

    @property
    def total(self) -> int:
        """How many numbers the sentence states."""
        return self.agreeing + len(self.wrong)


def has_converted_number(sentence: str, evidence: Sequence[str], context: str = "") -> bool:
    """Whether all numbers of `sentence` agree and one is written otherwise there: "50 % faster", "1.5 times"."""
    numbers = check_numbers(sentence, evidence, context)
    if not numbers.agreeing or numbers.wrong or numbers.swapped:
        return False
    written = set(_DIGITS.findall(" ".join([*evidence, context])))
    return not set(_DIGITS.findall(sentence)) <= written


def check_numbers(sentence: str, evidence: Sequence[str], context: str = "", year: int | None = None) -> NumberCheck:
    """Compare the numbers of `sentence` with those of the `evidence` sentences; `context` may also carry them.

    `year`: of the paper, which a model is shown beside its text.
    """
    claimed = find_quantities(sentence)
    if not claimed:
        return NumberCheck(0, (), ())
    offered = [(number, text) for text in evidence for number in find_quantities(text)]
    offered += [(number, context) for number in find_quantities(context)] if context else []
    readings = [number for number, _ in offered]
    wrong: list[tuple[Quantity, Quantity | None]] = []
    agreeing = 0
    for quantity in claimed:
        parts = quantity.ends if quantity.is_range else (quantity,)
        if (
            any(numbers_agree(quantity, number) for number in readings)
            or all(any(numbers_agree(part, number) for number in readings) for part in parts)
            or _derived(quantity, evidence)
            or _inside_a_name(quantity, sentence, [*evidence, context])
            or quantity.digits == str(year)
        ):
            agreeing += 1
        else:
            wrong.append((quantity, _same_thing(quantity, sentence, offered)))
    swapped = _swapped(sentence, claimed, evidence) or _turned_round(sentence, evidence)
    return NumberCheck(agreeing, tuple(wrong), swapped)


def _derived(claimed: Quantity, evidence: Sequence[str]) -> bool:
    """Worked out from two numbers of one sentence: the ratio ("twice as deep": 24 against 12), or the difference."""
    for text in evidence:
        numbers = [number for number in find_quantities(text) if not number.is_range and number.low]
        for first in numbers:
            for second in numbers:
                alike = first.kind == second.kind and first.unit == second.unit
                if (
                    first is not second
                    and alike
                    and (_is_ratio(claimed, first, second) or _is_gap(claimed, first, second))
                ):
                    return True
    return False


def _is_ratio(claimed: Quantity, first: Quantity, second: Quantity) -> bool:
    ratio = first.low / second.low
    if claimed.kind == "factor" and ratio > 1 and abs(ratio - claimed.low) <= 0.06 * claimed.low:
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


def _inside_a_name(quantity: Quantity, sentence: str, evidence: Sequence[str]) -> bool:
    """True for the "30B" of "AgentFrontier-30B", and for a "Qwen 2.5" that is written "Qwen2.5" there."""
    sign = re.escape(quantity.surface)
    patterns = [rf"(?<![\w.]){sign}(?!\w)", rf"-{sign}(?!\w)"]
    if named := _NAMED.search(plain_text(sentence)[: quantity.start]):
        patterns.append(rf"(?<!\w){re.escape(named[0].strip())}[-_]?{sign}(?!\.?\d)")
    wanted = re.compile("|".join(patterns), re.IGNORECASE)
    return any(wanted.search(plain_text(text)) for text in evidence)


def _around(text: str, quantity: Quantity) -> frozenset[str]:
    """Stems of the words that belong to a number: up to its neighbours, or to the clause's end before them."""
    plain = plain_text(text)
    left, right = max(0, quantity.start - _REACH), min(len(plain), quantity.end + _REACH)
    for other in find_quantities(text):
        if left < other.end <= quantity.start:
            left = other.end + _clause_cut(plain[other.end : quantity.start])
        elif quantity.end <= other.start < right:
            right = quantity.end + _clause_cut(plain[quantity.end : other.start])
    return stems_of(f"{plain[left : quantity.start]} {plain[quantity.end : right]}")


def _same_thing(quantity: Quantity, sentence: str, offered: Sequence[tuple[Quantity, str]]) -> Quantity | None:
    """The text's number that measures the same as a wrong one, to tell both to the reader."""
    around = _around(sentence, quantity)
    best: tuple[float, Quantity] | None = None
    for number, text in offered:
        if number.kind != quantity.kind and {number.kind, quantity.kind} != {"share", "change"}:
            continue
        if number.unit != quantity.unit and quantity.unit:
            continue
        shared = len(around & _around(text, number)) + 2 * (
            quantity.kind == "plain" and quantity.noun != "" and quantity.noun == number.noun
        )
        score = shared / (4 + len(around)) + (0.3 if quantity.kind != "plain" else 0.0)
        if best is None or score > best[0]:
            best = (score, number)
    return best[1] if best and best[0] >= 0.2 else None


def _swapped(
    sentence: str, claimed: Sequence[Quantity], evidence: Sequence[str]
) -> tuple[tuple[Quantity, Quantity], ...]:
    """Pairs of numbers that both stand in one stretch of text, each nearer to the other one's words."""
    swapped: list[tuple[Quantity, Quantity]] = []
    plain = plain_text(sentence)
    offered = [(number, plain_text(text)) for text in evidence for number in find_quantities(text)]
    matched = [
        (quantity, [(number, text) for number, text in offered if numbers_agree(quantity, number)])
        for quantity in claimed
    ]
    matched = [(quantity, options) for quantity, options in matched if options]
    for index, (first, options) in enumerate(matched):
        for second, others in matched[index + 1 :]:
            if first.kind != second.kind or numbers_agree(first, second):
                continue
            pairs = [(one, two) for one in options for two in others if one[0] is not two[0]]
            beside = [(one, two) for one, two in pairs if one[1] == two[1]]  # both in one sentence of the text
            gains = [_crossing(plain, first, second, one, two) for one, two in beside or pairs]
            if gains and min(gains) > _CROSSED:
                swapped.append((first, second))
    return tuple(swapped)


def _crossing(
    plain: str, first: Quantity, second: Quantity, one: tuple[Quantity, str], two: tuple[Quantity, str]
) -> float:
    """By how much each number's words in the sentence fit the text's other number better than its own."""

    def likeness(ours: Quantity, other: Quantity, theirs: tuple[Quantity, str], rest: tuple[Quantity, str]) -> float:
        return _likeness(plain, ours, other, theirs[1], theirs[0], rest[0])

    straight = likeness(first, second, one, two) + likeness(second, first, two, one)
    crossed = likeness(first, second, two, one) + likeness(second, first, one, two)
    return crossed - straight


def _turned_round(sentence: str, evidence: Sequence[str]) -> tuple[tuple[Quantity, Quantity], ...]:
    """ "from 31 to 18 seconds" where the text goes from 18 to 31."""
    stated = [ends for text in evidence for ends in _courses(text)]
    turned = []
    for first, second in _courses(sentence):
        straight = any(numbers_agree(first, one) and numbers_agree(second, two) for one, two in stated)
        crossed = any(numbers_agree(first, two) and numbers_agree(second, one) for one, two in stated)
        if crossed and not straight:
            turned.append((first, second))
    return tuple(turned)


def _courses(text: str) -> list[tuple[Quantity, Quantity]]:
    """Where something goes from one number to another: both, in the order of the words."""
    plain = plain_text(text)
    courses = []
    for found in _FROM_TO.finditer(plain):
        ends = [find_quantities(f"{found[name]} {found['unit']}") for name in ("first", "second")]
        if ends[0] and ends[1]:
            courses.append((ends[0][0], ends[1][0]))
    return courses


def _likeness(plain: str, quantity: Quantity, other: Quantity, text: str, number: Quantity, rest: Quantity) -> float:
    """Share of the words that belong to one number of the sentence and stand with a number of the text."""
    ours = _own_words(plain, quantity, other)
    theirs = _own_words(text, number, rest)
    return len(ours & theirs) / (1 + min(len(ours), len(theirs)))


def _own_words(plain: str, quantity: Quantity, other: Quantity) -> frozenset[str]:
    """Words nearer to this number than to the other one: its side of the sentence, up to the middle between them."""
    left, right = 0, len(plain)
    gap = plain[min(quantity.end, other.end) : max(quantity.start, other.start)]
    cut = _clause_cut(gap)
    if other.start > quantity.start:
        right = quantity.end + cut
        left = max(0, quantity.start - _REACH)
    else:
        left = other.end + cut
        right = min(len(plain), quantity.end + _REACH)
    return stems_of(plain[left : quantity.start] + " " + plain[quantity.end : right])


def _clause_cut(gap: str) -> int:
    """Where between two numbers the first one's words end: at a comma, "and", "while", else in the middle."""
    places = [
        position
        for mark in (", ", "; ", " and ", " while ", " whereas ", " but ", " to ", ". ")
        if (position := gap.find(mark)) >= 0
    ]
    return min(places) if places else len(gap) // 2
