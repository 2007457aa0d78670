"""The cells of a row in a model's table: what each says, in the light of its row's name and its column's head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.citations import cited_numbers, without_markers

_BAR = re.compile(r"(?<!\\)\|")
_DRESS = re.compile(r"[*_`#>]+|<br\s*/?>", re.IGNORECASE)
# Words of cells that hold nothing which an abstract could hold word by word.
_BARE = re.compile(
    r"(?:yes|no|true|false|n/?a|not (?:stated|given|reported|specified|mentioned|available|applicable)|none|unknown"
    r"|unspecified|✓|✗|✔|✘|ja|nein|nicht angegeben)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4  # of a cell without a citation that states something


@dataclass(frozen=True, slots=True)
class Cell:
    """`row[start:end]`, without blanks around it."""

    start: int
    end: int
    states: bool  # something that can be checked
    name: str  # the row's first cell; "" for that cell itself
    head: str  # the column's; "" where the table has none
    row_numbers: tuple[int, ...]  # that the row cites, in whichever cell

    def claim(self, words: str) -> str:
        """The cell's `words` as a sentence that can be understood without the table."""
        return ": ".join(part for part in (self.name, self.head, words) if part)


def heads_of(row: str) -> tuple[str, ...]:
    """The words of a table's head, column by column."""
    return tuple(_plain(row[start:end]) for start, end in _spans(row))


def cells_of(row: str, heads: Sequence[str]) -> list[Cell]:
    """The row's cells that hold something."""
    spans = _spans(row)
    numbers = cited_numbers(row)
    name = _plain(row[slice(*spans[0])]) if spans else ""
    cells = []
    for place, (start, end) in enumerate(spans):
        if start == end:
            continue
        head = heads[place] if place < len(heads) else ""
        text = row[start:end]
        states = _states(text, is_first=place == 0, is_alone=not numbers)
        cells.append(Cell(start, end, states, name if place else "", head if place else "", numbers))
    return cells


def _spans(row: str) -> list[tuple[int, int]]:
    """Where each cell's text begins and ends; an empty cell has no length."""
    bars = [found.start() for found in _BAR.finditer(row)]
    if not bars:
        return []
    ends = [*bars[1:], *([len(row)] if row[bars[-1] + 1 :].strip() else [])]
    spans = []
    for left, right in zip([bar + 1 for bar in bars], ends, strict=False):
        inside = row[left:right]
        start = left + len(inside) - len(inside.lstrip())
        spans.append((start, max(start, left + len(inside.rstrip()))))
    return spans


def _states(text: str, *, is_first: bool, is_alone: bool) -> bool:
    """`is_alone`: nothing in the row is cited, so that also few words should be."""
    words = _plain(text)
    if not any(letter.isalnum() for letter in words) or _BARE.fullmatch(words.rstrip(".")):
        return False
    if cited_numbers(text):
        return True
    is_claim = len(words.split()) >= _FEWEST_WORDS or any(letter.isdigit() for letter in words)
    return not is_first and (is_claim or is_alone)


def _plain(text: str) -> str:
    return " ".join(_DRESS.sub(" ", without_markers(text)).replace("\\|", "|").split())
