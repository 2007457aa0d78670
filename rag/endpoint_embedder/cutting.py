"""Cuts a text into windows that an endpoint's model reads to the end, without knowing its tokenizer."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from rag.windows import cut_windows

_LETTERS_A_TOKEN = 10 / 3  # of English words with their blanks; real tokenizers reach 4 to 5
_PLAIN = re.compile(r"[A-Za-z\s]+")
_UNIT = re.compile(r"\s*\S{1,24}")  # a word, or a piece of one that is very long or has no blanks
_LARGEST_UNIT = 32  # tokens; windows overlap by as many at least, so every unit is whole in one of them


def count_tokens(text: str) -> int:
    """At least as many tokens as common tokenizers make: digits, signs and other scripts count one a character."""
    plain = sum(len(run) for run in _PLAIN.findall(text))
    return len(text) - plain + round(plain / _LETTERS_A_TOKEN)


def cut_text(text: str, *, room: int) -> list[str]:
    """`text` whole where it has at most `room` tokens, else in overlapping pieces of like length, cut at blanks."""
    if len(text) <= room or count_tokens(text) <= room:
        return [text]
    units = list(_units(text))
    ends = list(accumulate(count_tokens(unit) for unit in units))
    starts = [0, *ends[:-1]]
    # A unit that sticks out of a window is left to the neighbour, so no window is larger than `room`.
    pieces = []
    for first, last in cut_windows(ends[-1], room=room, overlap=max(room // 8, _LARGEST_UNIT)):
        piece = "".join(units[bisect_left(starts, first) : bisect_right(ends, last)])
        if piece.strip():
            pieces.append(piece.strip())
    return pieces


def _units(text: str) -> Iterator[str]:
    for found in _UNIT.finditer(text.rstrip()):
        unit = found[0]
        yield from [unit] if len(unit) <= 48 else (unit[at : at + 24] for at in range(0, len(unit), 24))
