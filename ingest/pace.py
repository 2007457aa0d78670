"""How far reading has come, in bytes: the only thing known of dumps before they are read.

A dump counts by the bytes that it takes where it lies, packed or not. Dumps that turn out to be the very same as before
are not read; neither their bytes nor their time count, or a thousand of them would make one new dump look slow.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ingest.progress import PAUSE, Progress, Report
from ingest.reading import DumpFile

_FIRST_GUESS = 1.0  # seconds of reading before an end is foretold


class ReadingPace:
    """Counts records for people and bytes for the time that is left."""

    def __init__(self, report: Report, files: Sequence[DumpFile]) -> None:
        self._report = report
        self._sizes = [_size_of(file) for file in files]
        self._ahead = sum(self._sizes)  # bytes of dumps that have not been opened
        self._read = 0.0  # bytes of dumps that were read
        self._size = 0  # bytes of the dump in hand
        self._records = 0  # of the dumps before it
        self._spent = 0.0  # seconds on the dumps that were read
        self._opened = self._last = time.monotonic()
        self._name = ""
        self._report(Progress("reading", 0, None))

    def open(self, number: int, name: str) -> None:
        """The dump of this number, from 0, is taken in hand."""
        self._size, self._name = self._sizes[number], name
        self._ahead -= self._size
        self._opened = time.monotonic()

    def at(self, records: int, share: float) -> None:
        """So many records of the dump in hand were read, and this share of it, in [0, 1]."""
        now = time.monotonic()
        if now - self._last < PAUSE:
            return
        self._last = now
        read = self._read + share * self._size
        total = self._read + self._size + self._ahead
        done = min(1.0, read / total) if total else None
        spent, left = self._spent + now - self._opened, None
        if done and spent > _FIRST_GUESS:
            left = spent / done * (1 - done)
        self._report(Progress("reading", self._records + records, None, left, self._name, done))

    def close(self, records: int, *, was_read: bool) -> None:
        """The dump in hand is done."""
        self._records += records
        if was_read:
            self._read += self._size
            self._spent += time.monotonic() - self._opened


def _size_of(file: DumpFile) -> int:
    """Bytes where it lies; 0 where nothing is there, which reading will say."""
    if not file.packed_size and file.path != "-":
        with suppress(OSError):
            return Path(file.path).stat().st_size
    return file.packed_size
