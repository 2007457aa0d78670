"""Notices a model that repeats itself without end, and where the repetition begins."""

from __future__ import annotations

import re

_LOOK_BACK = 3000  # characters at the end of the text that are looked at
_TIMES = 4  # a longer piece that often in a row is a loop,
_SHORT_LENGTH = 160  # and a short one that fills so many characters
_PROBE = 12  # characters whose earlier place tells the period
_SAME_SENTENCE = 3  # a sentence that often anywhere
_SENTENCE = re.compile(r"[^.!?\n]{40,}[.!?\n]")
# What stands before a line of a list or table, and what heads the lines below it.
_LISTED = re.compile(r"([ \t]*)(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+|(?=\|))")
_HEADING = re.compile(r"[ \t]*(?:#{1,6}\s|(?:\*\*|__)[^*_]+(?:\*\*|__):?\s*$)")


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
    """Where a sentence ends for the first time that comes again and again, with the same markers.

    In a list or a table the same may be said of one thing after the other: there a line is compared from its beginning,
    and with the line above that it belongs to.
    """
    seen: dict[str, list[int]] = {}
    heading = item = ""
    position = 0
    for line in tail.splitlines(keepends=True):
        listed = _LISTED.match(line)
        if _HEADING.match(line):
            heading, item = line, ""
        elif listed and not listed[1]:
            item = line
        elif not listed and line.strip():
            item = ""
        above = heading + (item if listed and listed[1] else "")
        for found in _SENTENCE.finditer(line):
            said = line[listed.end() : found.end()] if listed else found[0]
            places = seen.setdefault(" ".join(f"{above} {said}".casefold().split()), [])
            places.append(position + found.end())
            if len(places) >= _SAME_SENTENCE:
                return start + places[0]
        position += len(line)
    return None
