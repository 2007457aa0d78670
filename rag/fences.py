"""Blocks of code between two fences, also in a list or a quote: where one begins, and which line ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Blanks and the signs of lists and quotes; no more than anybody writes, so that a line of them holds no stream back.
_PREFIX = r"(?:[ \t>]|[-*+•][ \t]|\d{1,3}[.)][ \t]){0,40}"
_LINE_PREFIX = re.compile(_PREFIX)
_OPENING = re.compile(rf"(?P<prefix>{_PREFIX})(?P<run>`{{3,}}(?=[^`]*$)|~{{3,}})")
_MAY_OPEN = re.compile(rf"{_PREFIX}(?:[-*+•]|\d{{1,3}}[.)]?|`*|~*)")
_INSIDE = re.compile(r"[ \t>]*")
_DEEPER = 3  # columns that a closing fence may stand to the right of the opening one
_MARKDOWN = frozenset(("markdown", "md"))
_PLAIN_TEXT = frozenset(("", "text", "txt", "plain", "plaintext"))


@dataclass(frozen=True, slots=True)
class Fence:
    """An opening fence."""

    run: str  # of backticks or tildes
    prefix: str  # what stands before it on its line
    language: str = ""  # the word behind it, in small letters

    @property
    def is_certain(self) -> bool:
        """Whether everybody who draws the text takes it for one. Behind more blanks or signs that depends on the lines
        above it."""
        return len(self.prefix) <= _DEEPER and not self.prefix.strip(" ")

    def is_around_words(self, *, is_first: bool) -> bool:
        """Whether the block is no code but the answer itself, as small models fence it. `is_first`: nothing stands
        before it; then it needs no name."""
        return self.is_certain and (self.language in _MARKDOWN or (is_first and self.language in _PLAIN_TEXT))

    def closes(self, line: str) -> bool:
        """Whether this line is the closing fence."""
        before, run = _parted(line)
        return (
            run.startswith(self.run)
            and not run.rstrip().strip(self.run[0])
            and before.count(">") == self.prefix.count(">")
            and _width(before) <= _width(self.prefix) + _DEEPER
        )

    def is_left(self, line: str) -> bool:
        """Whether this line stands behind the quote that the fence is in, and so behind the code."""
        return _parted(line)[0].count(">") < self.prefix.count(">")

    def stands_before(self, line: str) -> bool:
        """Whether this line stands to the left of the fence: the list that the fence may be in ends with it."""
        return bool(line.strip()) and _width(_parted(line)[0]) < _width(self.prefix)


def prefix_end(line: str) -> int:
    """Where the words of a line begin, behind its blanks and its signs of lists and quotes."""
    found = _LINE_PREFIX.match(line)
    return found.end() if found else 0


def read_fence(line: str) -> Fence | None:
    """The fence that a whole line opens."""
    found = _OPENING.match(line)
    if not found:
        return None
    language, *_ = (*line[found.end() :].casefold().split(), "")
    return Fence(found["run"], found["prefix"], language)


def may_open_fence(line: str) -> bool:
    """Whether the beginning of a line may go on as an opening fence, or as more of what stands before one."""
    return bool(_MAY_OPEN.fullmatch(line))


def may_close_fence(line: str) -> bool:
    """Whether the beginning of a line in a block of code may go on as a closing fence, or as blanks before it."""
    return not _parted(line)[1].rstrip().strip("`~")


def text_between_code(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each piece of a whole text that no block of code holds; fences belong to the code."""
    fence: Fence | None = None
    start = position = 0
    for line in text.split("\n") if "```" in text or "~~~" in text else ():
        if fence and fence.is_left(line):
            fence, start = None, position
        if fence:
            if fence.closes(line):
                fence, start = None, position + len(line) + 1
        elif (fence := read_fence(line)) and start < position:
            yield start, position
        position += len(line) + 1
    if not fence and start < len(text):
        yield start, len(text)


def _parted(line: str) -> tuple[str, str]:
    """The blanks and signs of quotes that a line of code begins with, and the rest."""
    found = _INSIDE.match(line)
    end = found.end() if found else 0
    return line[:end], line[end:]


def _width(prefix: str) -> int:
    return len(prefix.expandtabs(4))
