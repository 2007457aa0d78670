"""The code that a stream is in: how much of it is certain, and where it ends."""

from __future__ import annotations

import re

from rag.fences import Fence, may_close_fence

_LIVE = re.compile(r"\](?=[(:])|<(?=[A-Za-z/!?])")  # a link, its definition, a tag


class StreamedCode:
    """A block between two fences, or code that a fence in the middle of a line begins."""

    def __init__(self) -> None:
        self._fence: Fence | None = None
        self._run = ""  # the fence in the middle of a line
        self._in_line = False  # the beginning of the line was taken
        self._kept = True
        self._is_clear = True  # so far everybody sees the same blocks

    @property
    def is_open(self) -> bool:
        """Whether the stream is in code."""
        return bool(self._fence or self._run)

    def open_block(self, fence: Fence) -> None:
        """The code begins behind the line of this fence."""
        self._fence, self._in_line = fence, False
        self._kept = self._is_clear = self._is_clear and fence.is_certain

    def open_run(self, run: str) -> None:
        """The code begins with this fence in the middle of a line, and ends wherever it comes again."""
        self._run = run
        self._kept = self._is_clear = False

    def lose_track(self) -> None:
        """A line lost what it began with, so that others may see a fence that is none here."""
        self._is_clear = False

    def take(self, buffer: str, *, final: bool) -> int | None:
        """How much of the buffer is code for certain; 0 where it ended before it, None where more text could tell."""
        line, newline, _ = buffer.partition("\n")
        whole = bool(newline) or final
        if self._fence:
            return self._take_block(self._fence, line, len(newline), whole=whole)
        if not whole:
            return None
        before, run, _ = (line + newline).partition(self._run)
        if run:
            self._run = ""
        return len(before) + len(run)

    def _take_block(self, fence: Fence, line: str, newline: int, *, whole: bool) -> int | None:
        if not self._in_line:
            if may_close_fence(line) and not whole:
                return None
            if fence.is_left(line):
                self._fence = None
                return 0
            kept = self._kept and not fence.stands_before(line)
            if not (kept or whole):  # only the whole line shows what is live in it
                return None
            self._kept = self._is_clear = kept
            if fence.closes(line):
                self._fence = None
        self._in_line = not newline
        return len(line) + newline

    def shown(self, code: str) -> str:
        """The code as it is; where whoever draws it may take it for text, with a blank behind what is live."""
        return code if self._kept else _LIVE.sub(lambda live: live[0] + " ", code)
