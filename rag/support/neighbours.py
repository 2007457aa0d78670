"""A number of the abstract that is given to the thing beside it: 41.8 to German where 28.4 is of German."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from rag.support.amounts import numbers_agree
from rag.support.quantities import Quantity, find_quantities
from rag.support.words import plain_text, stem, stems_of

# Where the words of one number end and those of the next begin.
_JOINT = re.compile(r"[,;] (?:and |but |while |whereas |or )?| (?:and|but|while|whereas|or|versus|vs\.?|than) ")


def find_neighbours_number(sentence: str, evidence: Sequence[str]) -> tuple[Quantity, Quantity] | None:
    """A number of the sentence and the one beside it in the text, whose thing the sentence names and not its own."""
    claimed = find_quantities(sentence)
    for quantity in claimed:
        meant = [
            (number, text) for text in evidence for number in find_quantities(text) if numbers_agree(quantity, number)
        ]
        if len(meant) != 1 or not math.isclose(quantity.low, meant[0][0].low):
            continue  # of several that may be meant one is its own
        beside = meant_beside(sentence, quantity, *meant[0])
        if beside and not any(numbers_agree(one, beside) for one in claimed):
            return quantity, beside
    return None


def meant_beside(sentence: str, quantity: Quantity, own: Quantity, text: str) -> Quantity | None:
    """The number beside `own` in the text, if the `quantity` of the sentence is said of that one's thing."""
    owned = _owned_words(text)
    if own not in owned:
        return None
    plain = plain_text(sentence)
    said, around = stems_of(plain), _clause(plain, quantity)
    for number, words in owned.items():
        if _are_alike(own, number):
            measured = {stem(own.noun), stem(number.noun)}
            ours = owned[own] - words - measured
            theirs = words - owned[own] - measured
            if ours and around & theirs and not said & ours:
                return number
    return None


def _are_alike(first: Quantity, second: Quantity) -> bool:
    """Whether two numbers may be two of a kind: both shares, or both of parameters, where that is said."""
    if (first.kind, first.unit) != (second.kind, second.unit) or numbers_agree(first, second):
        return False
    return first.is_year == second.is_year and (first.noun == second.noun or not (first.noun and second.noun))


def _owned_words(text: str) -> dict[Quantity, frozenset[str]]:
    """What each number of a sentence is said of: the words up to the joints between it and its neighbours.

    "Faster by 3 times on X and 4 times on Y": what stands before the first is said of both.
    """
    plain = plain_text(text)
    numbers = [number for number in find_quantities(text) if not number.loose_count]
    if not numbers:
        return {}
    joints = [_joint(plain, one.end, two.start) for one, two in pairwise(numbers)]
    starts = [0, *(end for _, end in joints)]
    ends = [*(start for start, _ in joints), _clause_end(plain, numbers[-1].end)]
    before = [stems_of(plain[start : number.start]) for start, number in zip(starts, numbers, strict=True)]
    behind = [stems_of(plain[number.end : end]) for end, number in zip(ends, numbers, strict=True)]
    for place in range(1, len(numbers)):
        before[place] = before[place] or before[place - 1]
    for place in range(len(numbers) - 2, -1, -1):
        behind[place] = behind[place] or behind[place + 1]
    return {number: left | right for number, left, right in zip(numbers, before, behind, strict=True)}


def _clause(plain: str, quantity: Quantity) -> frozenset[str]:
    """The words around a number up to the nearest joints: "it has 7 billion parameters and beats Ruff"."""
    left = max((found.end() for found in _JOINT.finditer(plain, 0, quantity.start)), default=0)
    after = _JOINT.search(plain, quantity.end)
    return stems_of(plain[left : after.start() if after else len(plain)])


def _joint(plain: str, start: int, end: int) -> tuple[int, int]:
    """Where the words of the number before end and those of the next begin; without a joint both own all between."""
    found = _JOINT.search(plain, start, end)
    return found.span() if found else (end, start)


def _clause_end(plain: str, start: int) -> int:
    end = plain.find(", ", start)
    return end if end >= 0 else len(plain)
