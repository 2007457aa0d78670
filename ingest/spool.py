"""What can be read only once, standard input and pipes, kept so that it can be read again."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import BinaryIO, cast

_CHUNK_BYTES = 1 << 20
_MEMORY_BYTES = 64 << 20  # beyond this it goes to a temporary file


class _Spool:
    """Bytes kept in memory or in a temporary file; closed with the last DumpFile that has it."""

    def __init__(self, source: BinaryIO) -> None:
        self.kept = tempfile.SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115 - closed in __del__
        self.size = 0
        while data := source.read(_CHUNK_BYTES):
            self.size += self.kept.write(data)

    def read(self, size: int) -> bytes:
        """At most `size` bytes, b"" at the end."""
        return self.kept.read(size)

    def seek(self, place: int) -> int:
        """Go to a place, counted from the beginning."""
        return self.kept.seek(place)

    def __del__(self) -> None:
        self.kept.close()


def spool(path: str) -> tuple[BinaryIO, int]:
    """Everything from standard input ("-") or a pipe, in a form that can be read again; its bytes. Raises OSError."""
    if path == "-":
        spooled = _Spool(sys.stdin.buffer)
    else:
        with Path(path).open("rb") as pipe:
            spooled = _Spool(pipe)
    return cast(BinaryIO, spooled), spooled.size


def is_pipe(place: Path) -> bool:
    """Whether a place can be read only once, as a program's output or a terminal can."""
    return place.exists() and not place.is_file() and not place.is_dir()
