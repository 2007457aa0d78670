"""Which dumps of earlier runs should be among the given paths, and are not there any more."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ingest.reading import DumpFile


def place_of(file: DumpFile) -> str:
    """Where a dump lies, the same from every working folder: absolute, with the member's name inside archives."""
    if file.path == "-":
        return "-"
    place = Path(file.path).resolve().as_posix()
    return printable(f"{place}/{file.member}" if file.member else place)


def printable(path: str) -> str:
    """A path as text that can be stored and shown, also where its bytes are no UTF-8."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Scope:
    """The places that the given paths speak of."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._folders: list[str] = []  # everything in them is meant
        self._patterns: list[str] = []
        for path in paths:
            if path == "-":
                continue
            place = Path(path)
            if glob.has_magic(path) and not place.exists():
                self._patterns.append((Path.cwd() / path).as_posix())
            else:
                self._folders.append(place.resolve().as_posix())

    def covers(self, place: str) -> bool:
        """True where a dump at this place is one of those that the paths name."""
        if any(place == folder or place.startswith(f"{folder.rstrip('/')}/") for folder in self._folders):
            return True
        return any(fnmatchcase(place, pattern) or fnmatchcase(place, f"{pattern}/*") for pattern in self._patterns)


def is_gone(place: str, read: frozenset[str]) -> bool:
    """True where nothing lies at a place any more; `read` are the places that were found this time.

    The members of an archive that cannot be opened now are not gone, nor is what cannot be looked at.
    """
    try:
        if place in read or Path(place).exists():
            return False
        archive = next((parent.as_posix() for parent in Path(place).parents if parent.is_file()), None)
    except OSError:
        return False
    return archive is None or archive not in read
