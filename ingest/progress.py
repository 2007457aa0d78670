"""How far an ingest has come: told in steps by `sync` and `calibrate`, drawn on stderr where a person looks at it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TextIO

from rag.commands.terminal import printable

PAUSE = 0.1  # seconds between two reports of one stage, besides the first and the last
Stage = Literal["reading", "embedding", "storing", "publishing", "measuring"]

_WORDS: dict[Stage, tuple[str, str]] = {
    "reading": ("Reading", "records"),
    "embedding": ("Embedding", "passages"),
    "storing": ("Storing", "passages"),
    "publishing": ("Publishing", ""),
    "measuring": ("Measuring how sure answers are on", "titles"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """One step forward."""

    stage: Stage
    done: int
    total: int | None  # None where the end is not known
    seconds_left: float | None = None  # of this stage
    detail: str = ""  # for example the dump that is being read
    share: float | None = None  # of this stage that is done, in [0, 1], where `total` is not known


Report = Callable[[Progress], None]


def silent(_progress: Progress) -> None:
    """For callers who do not look."""


class Clock:
    """Counts one stage and estimates its end from its own pace."""

    def __init__(self, report: Report, stage: Stage, total: int) -> None:
        self._report = report
        self._stage = stage
        self._total = total
        self._begin = self._last = time.monotonic()
        self._report(Progress(stage, 0, total))

    def at(self, done: int, detail: str = "") -> None:
        """Say that so many are done."""
        now = time.monotonic()
        if now - self._last < PAUSE and done != self._total:
            return
        self._last = now
        left = None
        if done and now - self._begin > 1.0:
            left = (now - self._begin) / done * (self._total - done)
        self._report(Progress(self._stage, done, self._total, left, detail))


class Line:
    """Draws progress as one line that is written over. Silent where the stream is no terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._drawn = 0
        self.visible = self._stream.isatty()

    def __call__(self, progress: Progress) -> None:
        if not self.visible:
            return
        verb, noun = _WORDS[progress.stage]
        text = verb
        if progress.total is not None:
            share = f" ({100 * progress.done // progress.total} %)" if progress.total else ""
            text += f" {progress.done:,} of {progress.total:,} {noun}{share}"
        elif progress.done:
            text += f" {progress.done:,} {noun}"
            text += f" ({progress.share:.0%})".replace("%", " %") if progress.share is not None else ""
        if progress.detail:
            text += f", {progress.detail}"
        if progress.seconds_left is not None:
            text += f", {duration(progress.seconds_left)} left"
        text = printable(text)[:100]
        self._stream.write("\r" + text.ljust(self._drawn))
        self._stream.flush()
        self._drawn = len(text)

    def clear(self) -> None:
        """Wipe the line, so that what follows begins in the first column."""
        if self.visible and self._drawn:
            self._stream.write("\r" + " " * self._drawn + "\r")
            self._stream.flush()
            self._drawn = 0


def duration(seconds: float) -> str:
    """Seconds as a person says them: "8 s", "3 min 20 s", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
