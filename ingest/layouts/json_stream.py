"""JSON objects out of a text of any size, one at a time: lists, lists in objects, several documents after another.

An object is taken whole where it fits the buffer and is looked into where it does not. Damage costs the object that it
is in: reading goes on at the next one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.layouts.fields import has_paper
from ingest.record import Rejected, rejected

LARGEST_OBJECT = 4_000_000  # characters; a larger one is looked into for the objects it holds
_LONGEST_STRING = 20_000  # characters that a string may well have
_BLANK = re.compile(r"[\s,:\ufeff]*")
_LIST_OF_OBJECTS = re.compile(r"\[\s*(?=\{)")
_OF_A_PAPER = re.compile(r'"(?:paper|abstract|id|doi)"')  # what is said of a paper itself, not of a list of papers
_NEXT_OBJECT = re.compile(r"[}\]]\s*,\s*(?=\{)|\n\s*(?=\{)")
# raw line ends inside strings are common in hand-made files
_DECODER = json.JSONDecoder(strict=False, parse_int=lambda digits: int(digits) if len(digits) < 400 else 0)


@dataclass(frozen=True, slots=True)
class JsonObject:
    """One object, with the line that it begins in."""

    value: dict[str, object]
    line: int


class _Buffer:
    """A window on the text, a place in it, and the line of that place."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self.chunks = chunks
        self.text = ""
        self.place = 0
        self.counted = 0  # up to here line ends are in `line`
        self.line = 1
        self.ended = False

    def more(self) -> bool:
        """Read on; what lies behind is dropped."""
        self.here()
        self.text, self.place, self.counted = self.text[self.place :], 0, 0
        wanted = max(len(self.text), 1)  # doubling keeps the work linear
        parts, length = [self.text], 0
        while length < wanted and not self.ended:
            piece = next(self.chunks, None)
            if piece is None:
                self.ended = True
            else:
                parts.append(piece)
                length += len(piece)
        self.text = "".join(parts)
        return length > 0

    def skip_blanks(self) -> str:
        """The next character that means something, "" at the end."""
        while True:
            found = _BLANK.match(self.text, self.place)
            self.place = found.end() if found else self.place
            if self.place < len(self.text):
                return self.text[self.place]
            if not self.more():
                return ""

    def start(self) -> str:
        """The beginning of what stands at the place."""
        return self.text[self.place : self.place + 400]

    def here(self) -> int:
        """The line of the place."""
        self.line += self.text.count("\n", self.counted, self.place)
        self.counted = self.place
        return self.line


def json_objects(chunks: Iterator[str]) -> Iterator[JsonObject | Rejected]:
    """The outermost objects of the text, and what could not be read."""
    buffer = _Buffer(chunks)
    while character := buffer.skip_blanks():
        if character == "{":
            yield from _object(buffer)
        elif character in "[]}":
            buffer.place += 1
        else:
            yield from _other(buffer)


def _object(buffer: _Buffer) -> Iterator[JsonObject | Rejected]:
    while True:
        try:
            value, end = _DECODER.raw_decode(buffer.text, buffer.place)
        except json.JSONDecodeError as error:
            damaged = error
        except RecursionError:
            yield rejected(
                buffer.here(), "The JSON is nested too deeply.", buffer.text[buffer.place : buffer.place + 200]
            )
            buffer.place += 1
            return
        else:
            line = buffer.here()
            buffer.place = end
            if isinstance(value, dict):
                yield JsonObject(value, line)
            return
        size = len(buffer.text) - buffer.place
        if not buffer.ended and size < LARGEST_OBJECT and _may_go_on(damaged, buffer.text):
            buffer.more()
            continue
        if size >= LARGEST_OBJECT and damaged.pos - buffer.place > LARGEST_OBJECT // 2:
            buffer.place += 1  # look inside
            return
        if buffer.ended and _may_go_on(damaged, buffer.text):
            near_end = len(buffer.text) - damaged.pos < _LONGEST_STRING  # else a quotation mark is missing somewhere
            following = None if near_end else _NEXT_OBJECT.search(buffer.text, buffer.place + 1)
            reason = "The JSON breaks off inside this object."
        else:
            following = _NEXT_OBJECT.search(buffer.text, max(damaged.pos - 1, buffer.place + 1))
            reason = f"The JSON is damaged: {damaged.msg}."
        inner = _inner(buffer, following.end() if following else len(buffer.text))
        if inner:
            buffer.place = inner
            return
        yield rejected(buffer.here(), reason, buffer.start())
        buffer.place = following.end() if following else len(buffer.text)
        return


def _inner(buffer: _Buffer, end: int) -> int:
    """Where the list of objects that a broken object is for begins (`{"papers": [{...`), 0 where there is none."""
    for found in _LIST_OF_OBJECTS.finditer(buffer.text, buffer.place + 1, min(end, buffer.place + 2000)):
        before = buffer.text[buffer.place + 1 : found.start()]
        if not before.lstrip().startswith('"'):
            return 0
        if "{" not in before and '"title"' not in before:
            return found.end()
        if not _OF_A_PAPER.search(before) and _holds_paper(buffer.text, found.end()):
            return found.end()
    return 0


def _holds_paper(text: str, place: int) -> bool:
    """Whether the object that begins at the place is whole and a paper: the title before it is then the list's."""
    try:
        value, _ = _DECODER.raw_decode(text, place)
    except (json.JSONDecodeError, RecursionError):
        return False
    return has_paper(value)


def _may_go_on(error: json.JSONDecodeError, text: str) -> bool:
    """Whether the object may only be incomplete: the decoder stopped at the end of the text, or inside a string."""
    return error.pos >= len(text) - 12 or error.msg.startswith("Unterminated string") or not text[error.pos :].strip()


def _other(buffer: _Buffer) -> Iterator[Rejected]:
    """Something between objects that is none: a name, a number, a string, or no JSON at all."""
    while True:
        try:
            _, end = _DECODER.raw_decode(buffer.text, buffer.place)
        except json.JSONDecodeError as error:
            if not buffer.ended and len(buffer.text) - buffer.place < LARGEST_OBJECT and _may_go_on(error, buffer.text):
                buffer.more()
                continue
            line_end = buffer.text.find("\n", buffer.place)
            end = line_end if line_end >= 0 else len(buffer.text)
            yield rejected(buffer.here(), "This is no JSON.", buffer.text[buffer.place : min(end, buffer.place + 400)])
            buffer.place = end
            return
        if end == len(buffer.text) and not buffer.ended:
            buffer.more()
            continue
        buffer.place = end
        return
