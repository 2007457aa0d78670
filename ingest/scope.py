"""Which dumps of earlier runs should be among the given paths, and are not there any more."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from ingest.reading import DAMAGED_ARCHIVE, DumpFile, members_of


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
        self._patterns: list[list[str]] = []  # the parts of a glob; everything in what it matches is meant
        for path in paths:
            if path == "-":
                continue
            place = Path(path)
            if glob.has_magic(path) and not place.exists():
                self._patterns.append(_parts_of_glob(path))
            else:
                self._folders.append(printable(place.resolve().as_posix()))

    def covers(self, place: str) -> bool:
        """True where a dump at this place is one of those that the paths name."""
        if any(place == folder or place.startswith(f"{folder.rstrip('/')}/") for folder in self._folders):
            return True
        parts = place.split("/")
        return any(_begins_with(parts, pattern) for pattern in self._patterns)


def _parts_of_glob(path: str) -> list[str]:
    """The parts of a glob, from the root; what stands before its first wildcard is resolved, as places are."""
    parts = (Path.cwd() / path).parts
    plain = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    return printable("/".join([Path(*parts[:plain]).resolve().as_posix().rstrip("/"), *parts[plain:]])).split("/")


def _begins_with(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the first parts of a path match all parts of a glob, as `glob` does: "*" leaves "/" and hidden names."""
    if not pattern:
        return True
    first, rest = pattern[0], pattern[1:]
    if first == "**":
        visible = bool(parts) and not parts[0].startswith(".")
        return _begins_with(parts, rest) or (visible and _begins_with(parts[1:], pattern))
    if not parts or not fnmatchcase(parts[0], first) or (parts[0].startswith(".") and not first.startswith(".")):
        return False
    return _begins_with(parts[1:], rest)


def is_gone(place: str, read: frozenset[str]) -> bool:
    """True where nothing lies at a place any more; `read` are the places that were found this time.

    The members of an archive that cannot be opened now are not gone, nor is what cannot be looked at, nor what is
    there and was passed over.
    """
    try:
        if place in read or Path(place).exists():
            return False
        archive = next((parent for parent in Path(place).parents if parent.is_file()), None)
        if archive is None:
            return True
        status = archive.stat()
        held = _held_by(str(archive), status.st_mtime_ns, status.st_size)
    except (OSError, *DAMAGED_ARCHIVE):
        return False
    return place.removeprefix(f"{archive.as_posix()}/") not in held


@lru_cache(maxsize=4)
def _held_by(archive: str, _modified: int, _size: int) -> frozenset[str]:
    """The members of an archive, as places have their names; asked for again and again where many are gone."""
    return frozenset(printable(name) for name, _ in members_of(archive))
