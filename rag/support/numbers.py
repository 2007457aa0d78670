"""Do the numbers of a sentence agree with those of the cited text, however either writes them?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.support.amounts import is_well_within, numbers_agree
from rag.support.derived import is_worked_out
from rag.support.exchanged import REACH, clause_cut, find_exchanged
from rag.support.neighbours import meant_beside
from rag.support.number_words import UNDER
from rag.support.quantities import Quantity, find_quantities, find_sizes
from rag.support.words import plain_text, stems_of

_DIGITS = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+|(?:x\s?10)?\s?\^\s?\{?-?\d+\}?)?")  # with its power of ten
_NAMED = re.compile(r"[A-Za-z][\w-]*\s$")  # the word before a number


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
    text = " ".join([*evidence, context])
    return not all(
        set(_DIGITS.findall(said)) <= set(_DIGITS.findall(stated))
        for said, stated in ((sentence, text), (plain_text(sentence), plain_text(text)))
    )


def check_numbers(sentence: str, evidence: Sequence[str], context: str = "", year: int | None = None) -> NumberCheck:
    """Compare the numbers of `sentence` with those of the `evidence` sentences; `context` may also carry them.

    `year`: of the paper, which a model is shown beside its text.
    """
    claimed = find_quantities(sentence)
    if not claimed:
        return NumberCheck(0, (), ())
    texts = [*evidence, context]
    offered = [(number, text) for text in texts for number in find_quantities(text)]
    readings = [_unsigned(number) for number, _ in offered]
    readings += [size for text in texts for size in find_sizes(text)]
    wrong: list[tuple[Quantity, Quantity | None]] = []
    agreeing = 0
    for quantity in claimed:
        parts = quantity.ends if quantity.is_range else (quantity,)
        if (
            any(numbers_agree(_unsigned(quantity), number) for number in readings)
            or all(
                any(numbers_agree(part, number) for number in readings) or is_worked_out(part, sentence, evidence)
                for part in parts
            )
            or _is_round_bound(quantity, sentence, readings)
            or _inside_a_name(quantity, sentence, texts)
            or quantity.digits == str(year)
        ):
            agreeing += 1
        else:
            wrong.append((quantity, _same_thing(quantity, sentence, offered)))
    swapped = find_exchanged(sentence, claimed, evidence)
    return NumberCheck(agreeing, tuple(wrong), swapped)


def _unsigned(number: Quantity) -> Quantity:
    """A fall of "-80.1%" as the 80.1 % that others say has been saved; whether it falls is for the words to say."""
    if number.kind not in ("share", "change") or number.low >= 0 or number.high > 0:
        return number
    return replace(number, low=-number.high, high=-number.low, steps=number.steps[::-1])


def _is_round_bound(quantity: Quantity, sentence: str, readings: Sequence[Quantity]) -> bool:
    """ "Over 1,000 problems" for 1,319 of them; whatever is called problems in the text is asked first."""
    if quantity.bound != "above" and not UNDER.search(plain_text(sentence)[: quantity.start]):
        return False
    alike = [number for number in readings if quantity.noun and number.noun == quantity.noun]
    return any(is_well_within(quantity, number) for number in alike or readings)


def _inside_a_name(quantity: Quantity, sentence: str, evidence: Sequence[str]) -> bool:
    """True for the "30B" of "AgentFrontier-30B", and for a "Qwen 2.5" that is written "Qwen2.5" there."""
    sign = re.escape(quantity.surface).replace("\\ ", "\\s?")
    patterns = [rf"(?<![\w.]){sign}(?!\w)", rf"-{sign}(?!\w)"]
    if named := _NAMED.search(plain_text(sentence)[: quantity.start]):
        patterns.append(rf"(?<!\w){re.escape(named[0].strip())}[-_]?{sign}(?!\.?\d)")
    wanted = re.compile("|".join(patterns), re.IGNORECASE)
    return any(wanted.search(plain_text(text)) for text in evidence)


def _around(text: str, quantity: Quantity) -> frozenset[str]:
    """Stems of the words that belong to a number: up to its neighbours, or to the clause's end before them."""
    plain = plain_text(text)
    left, right = max(0, quantity.start - REACH), min(len(plain), quantity.end + REACH)
    for other in find_quantities(text):
        if left < other.end <= quantity.start:
            left = other.end + clause_cut(plain[other.end : quantity.start])
        elif quantity.end <= other.start < right:
            right = quantity.end + clause_cut(plain[quantity.end : other.start])
    return stems_of(f"{plain[left : quantity.start]} {plain[quantity.end : right]}")


def _same_thing(quantity: Quantity, sentence: str, offered: Sequence[tuple[Quantity, str]]) -> Quantity | None:
    """The text's number that measures the same as a wrong one, to tell both to the reader."""
    around = _around(sentence, quantity)
    best: tuple[float, Quantity, str] | None = None
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
            best = (score, number, text)
    if best is None or best[0] < 0.2:
        return None
    return meant_beside(sentence, quantity, *best[1:]) or best[1]
