"""Notices a model that repeats itself without end, and where the repetition begins."""

from __future__ import annotations

import re

_LOOK_BACK = 3000  # characters at the end of the text that are looked at
_TIMES = 4  # a longer piece that often in a row is a loop,
_SHORT_LENGTH = 160  # and a short one that fills so many characters
_PROBE = 12  # characters whose earlier place tells the period
_SAME_SENTENCE = 3  # a sentence that often anywhere
_SENTENCE = re.compile(r"[^.!?\n]{40,}[.!?\n]")
_MARKER = re.compile(r"\s*\[\d+\]")


def find_repetition(text: str) -> int | None:
    """The length of the text up to which it is worth keeping, where its end repeats itself; None where it does not.

    One turn of the loop is kept.
    """
    tail = text[-_LOOK_BACK:]
    start = len(text) - len(tail)
    if len(tail) >= _SHORT_LENGTH:
        probe = tail[-_PROBE:]
        place = tail.rfind(probe, 0, len(tail) - 1)
        while place >= 0:
            period = len(tail) - _PROBE - place
            if period * 2 > len(tail):
                break
            begin = _loop_start(tail, period)
            length = len(tail) - begin
            if length >= max(_SHORT_LENGTH, _TIMES * period):
                return start + begin + period
            place = tail.rfind(probe, 0, place + _PROBE - 1)
    return _repeated_sentence(tail, start)


def _loop_start(tail: str, period: int) -> int:
    """Where the run that ends the text with this period begins."""
    position = len(tail) - 1 - period
    while position >= 0 and tail[position] == tail[position + period]:
        position -= 1
    return position + 1


def _repeated_sentence(tail: str, start: int) -> int | None:
    seen: dict[str, list[int]] = {}
    for found in _SENTENCE.finditer(tail):
        places = seen.setdefault(" ".join(_MARKER.sub("", found[0]).casefold().split()), [])
        places.append(found.end())
        if len(places) >= _SAME_SENTENCE:
            return start + places[0]
    return None
