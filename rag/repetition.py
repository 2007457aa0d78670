"""Notices a model that repeats itself without end, and where the repetition begins."""

from __future__ import annotations

import re

_LOOK_BACK = 3000  # characters at the end of the text that are looked at
_TIMES = 4  # a longer piece that often in a row is a loop,
_SHORT_LENGTH = 160  # and a short one that fills so many characters
_PROBE = 12  # characters whose earlier place tells the period
_FILLING = re.compile(r" {5,}|\t{5,}|-{5,}|={5,}|_{5,}")  # what pads a table's cells and rules its columns,
_FILLING_KEPT = 4  # so many signs of which are compared;
_LONGEST_FILLING = 1000  # a longer run at the end of the text is a loop
_SAME_SENTENCE = 3  # a sentence that often anywhere
_SENTENCE = re.compile(r"[^.!?\n]{40,}+[.!?\n]")
# What stands before a line of a list or table, and what heads the lines below it.
_LISTED = re.compile(r"([ \t]*)(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+|(?=\|))")
_HEADING = re.compile(r"[ \t]*(?:#{1,6}\s|(?:\*\*|__)[^*_]+(?:\*\*|__):?\s*$)")


def find_repetition(text: str) -> int | None:
    """The length of the text up to which it is worth keeping, where its end repeats itself; None where it does not.

    One turn of the loop is kept.
    """
    tail = text[-_LOOK_BACK:]
    start = len(text) - len(tail)
    run = len(tail) - len(tail.rstrip(tail[-1:]))
    if run > _LONGEST_FILLING:
        return len(text) - run + 1
    squeezed, places = _squeezed(tail)
    if len(squeezed) >= _SHORT_LENGTH:
        probe = squeezed[-_PROBE:]
        place = squeezed.rfind(probe, 0, len(squeezed) - 1)
        while place >= 0:
            period = len(squeezed) - _PROBE - place
            if period * 2 > len(squeezed):
                break
            begin = _loop_start(squeezed, period)
            length = len(squeezed) - begin
            if length >= max(_SHORT_LENGTH, _TIMES * period):
                return start + places[begin + period]
            place = squeezed.rfind(probe, 0, place + _PROBE - 1)
    end = _repeated_sentence(squeezed)
    return None if end is None else start + places[end - 1] + 1


def _squeezed(tail: str) -> tuple[str, list[int]]:
    """The text with its long runs of filling shortened, and where each of its signs stands in `tail`.

    A table whose columns are drawn to equal widths repeats nothing but blanks and dashes.
    """
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for run in _FILLING.finditer(tail):
        end = run.start() + _FILLING_KEPT
        pieces.append(tail[done:end])
        places += range(done, end)
        done = run.end()
    places += range(done, len(tail))
    return "".join([*pieces, tail[done:]]), places


def _loop_start(tail: str, period: int) -> int:
    """Where the run that ends the text with this period begins."""
    position = len(tail) - 1 - period
    while position >= 0 and tail[position] == tail[position + period]:
        position -= 1
    return position + 1


def _repeated_sentence(tail: str) -> int | None:
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
                return places[0]
        position += len(line)
    return None
