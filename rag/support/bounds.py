"""Bounds turned round: "over 20 dimensions" where the abstract has "under 20 dimensions"."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import chain

from rag.support.quantities import Quantity, find_quantities
from rag.support.words import plain_text

# Only what says a bound and nothing else: "within", "beyond" and "up to" may be said of a number that is reached.
_BOUND = re.compile(
    r"""
    (?P<said> (?P<negated>\b(?:not|no)\s)?
      (?: (?P<above>\b(?:more\sthan|over|above|at\sleast|exceed(?:s|ed|ing)?|greater\sthan|larger\sthan|higher\sthan)\b)
        | (?P<below>\b(?:less\sthan|fewer\sthan|under|below|lower\sthan|smaller\sthan|at\smost)\b) )
      \s(?:an?\s|the\s)?[~$]? )$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|no|none|never|nothing|cannot|without|fail\w*|unable|neither|nor|hardly|rarely)\b|n't\b",
    re.IGNORECASE,
)
_REACH = 60  # characters before a number in which its bound, and what denies that, are looked for


def turned_bound(sentence: str, evidence: Sequence[str]) -> tuple[str, str] | None:
    """A bound of `sentence` whose number has the opposite bound wherever the `evidence` states it; both as written."""
    stated = list(chain.from_iterable(_bounds_in(text) for text in evidence))
    for claimed, is_above, shown in _bounds_in(sentence):
        same = [(above, other) for number, above, other in stated if _is_same(claimed, number)]
        if same and is_above is not None and all(above is (not is_above) for above, _ in same):
            return shown, same[0][1]
    return None


def _bounds_in(text: str) -> list[tuple[Quantity, bool | None, str]]:
    """Each number, whether it is more than that (True), less (False) or neither (None), and how it is written.

    None too where the bound is denied, as in "no model exceeds 50 %".
    """
    plain = plain_text(text)
    found: list[tuple[Quantity, bool | None, str]] = []
    for number in find_quantities(text):
        before = plain[max(0, number.start - _REACH) : number.start]
        bound = None if number.is_range else _BOUND.search(before)
        if bound and not _NEGATION.search(before[: bound.start()]):
            found.append((number, bool(bound["above"]) != bool(bound["negated"]), f"{bound['said']}{number.surface}"))
        else:
            found.append((number, None, number.surface))
    return found


def _is_same(claimed: Quantity, stated: Quantity) -> bool:
    alike = (claimed.kind, claimed.unit) == (stated.kind, stated.unit) and not claimed.is_range and not stated.is_range
    return alike and math.isclose(claimed.low, stated.low)
