"""Numbers that stand in the text, but for each other's thing: 13 % and 16 % where it has 16 % and 13 %."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rag.support.amounts import numbers_agree
from rag.support.derived import courses_in
from rag.support.quantities import Quantity, find_quantities
from rag.support.words import plain_text, stems_of

REACH = 90  # characters to either side in which a number's words are looked for
_CROSSED = 0.3  # by how much a number's words must fit the other number better; almost no true sentence comes so far
_LISTED = re.compile(r"\s?(?:[,/&]|,?\s(?:and|or))\s?")  # all that stands between two members of a list
_OPENING_ENDS = re.compile(r"[,;:]\s|\s\(")  # "Compared with the others, "
_VERSUS = re.compile(r"\s?[\w%]*\s(?:vs\.?|versus)\s")
_UNLIKE = 1_000  # times as much: no result is given to the other's thing there, such as a score and a model's size


def find_exchanged(
    sentence: str, claimed: Sequence[Quantity], evidence: Sequence[str]
) -> tuple[tuple[Quantity, Quantity], ...]:
    """Pairs of the `claimed` numbers of `sentence` that the `evidence` gives to each other's thing."""
    return _swapped(sentence, claimed, evidence) or _turned_round(sentence, evidence)


def _swapped(
    sentence: str, claimed: Sequence[Quantity], evidence: Sequence[str]
) -> tuple[tuple[Quantity, Quantity], ...]:
    """Pairs of numbers that both stand in one stretch of text, each nearer to the other one's words."""
    swapped: list[tuple[Quantity, Quantity]] = []
    plain = plain_text(sentence)
    offered = [(number, plain_text(text)) for text in evidence for number in find_quantities(text)]
    matched = [
        (quantity, _meant([(number, text) for number, text in offered if numbers_agree(quantity, number)], quantity))
        for quantity in claimed
    ]
    matched = [(quantity, options) for quantity, options in matched if options]
    for index, (first, options) in enumerate(matched):
        for second, others in matched[index + 1 :]:
            if first.kind != second.kind or numbers_agree(first, second) or _are_unlike(first, second):
                continue
            pairs = [(one, two) for one in options for two in others if one[0] is not two[0]]
            beside = [(one, two) for one, two in pairs if one[1] == two[1]]  # both in one sentence of the text
            if _is_list(plain, first, second) and any(_is_list(one[1], one[0], two[0]) for one, two in beside):
                continue  # "(8B, 70B)" for "of 8B and 70B parameters"
            if _VERSUS.fullmatch(plain, first.end, second.start) and any(
                one[0].start < two[0].start for one, two in beside
            ):
                continue  # "lower than the others (7.9 vs. 12.1)": the words around tell nothing
            gains = [_crossing(plain, first, second, one, two) for one, two in beside or pairs]
            if gains and min(gains) > _CROSSED:
                swapped.append((first, second))
    return tuple(swapped)


def _meant(options: list[tuple[Quantity, str]], quantity: Quantity) -> list[tuple[Quantity, str]]:
    """Of the numbers that agree those that are equal, where there are any."""
    return [option for option in options if math.isclose(option[0].low, quantity.low)] or options


def _is_list(text: str, first: Quantity, second: Quantity) -> bool:
    return first.end <= second.start and bool(_LISTED.fullmatch(text, first.end, second.start))


def _are_unlike(first: Quantity, second: Quantity) -> bool:
    """True for a score and a model's size, or a count and a year: nobody gives those to each other's thing."""
    if first.is_year != second.is_year:
        return True
    small, large = sorted((abs(first.low), abs(second.low)))
    return not first.unit and not second.unit and small * _UNLIKE < large


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
    stated = [ends for text in evidence for ends in courses_in(text)]
    turned = []
    for first, second in courses_in(sentence):
        straight = any(numbers_agree(first, one) and numbers_agree(second, two) for one, two in stated)
        crossed = any(numbers_agree(first, two) and numbers_agree(second, one) for one, two in stated)
        if crossed and not straight:
            turned.append((first, second))
    return tuple(turned)


def _likeness(plain: str, quantity: Quantity, other: Quantity, text: str, number: Quantity, rest: Quantity) -> float:
    """Share of the words that belong to one number of the sentence and stand with a number of the text."""
    ours = _own_words(plain, quantity, other)
    theirs = _own_words(text, number, rest)
    return len(ours & theirs) / (1 + min(len(ours), len(theirs)))


def _own_words(plain: str, quantity: Quantity, other: Quantity) -> frozenset[str]:
    """Words nearer to this number than to the other one: its side of the sentence, up to the middle between them.

    Where nothing but "and" joins the two, what opens the sentence before a comma belongs to both.
    """
    left, right = 0, len(plain)
    gap = plain[min(quantity.end, other.end) : max(quantity.start, other.start)]
    cut = clause_cut(gap)
    if other.start > quantity.start:
        right = quantity.end + cut
        left = max(0, quantity.start - REACH)
        if gap.startswith(" and ", cut):
            openings = [found.end() for found in _OPENING_ENDS.finditer(plain, left, quantity.start)]
            left = next((end for end in reversed(openings) if stems_of(plain[end : quantity.start])), left)
    else:
        left = other.end + cut
        right = min(len(plain), quantity.end + REACH)
    return stems_of(plain[left : quantity.start] + " " + plain[quantity.end : right])


def clause_cut(gap: str) -> int:
    """Where between two numbers the first one's words end: at a comma, "and", "while", else in the middle."""
    places = [
        position
        for mark in (", ", "; ", " and ", " while ", " whereas ", " but ", " to ", ". ")
        if (position := gap.find(mark)) >= 0
    ]
    return min(places) if places else len(gap) // 2
