"""Files and pasted text that a visitor gave: in a temporary folder until they are added, then beside the index.

They stay there, so that they do not count as vanished and can be read again where the rules of reading change.
"""

from __future__ import annotations

import filecmp
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Protocol

FOLDER = "uploads"  # inside the data folder
_LONGEST_NAME = 120  # characters


class UploadedDump(Protocol):
    """What the page needs of an uploaded file."""

    @property
    def name(self) -> str:
        """As it was called where it came from."""

    def getbuffer(self) -> memoryview:
        """Its content."""


@dataclass(frozen=True, slots=True)
class PastedDump:
    """A page's text from the clipboard."""

    text: str
    name: str

    def getbuffer(self) -> memoryview:
        """Its content."""
        return memoryview(self.text.encode("utf-8", "replace"))


def pasted(text: str) -> PastedDump:
    """The text under a name that says when it came."""
    return PastedDump(text, f"pasted {datetime.now().astimezone():%Y-%m-%d %H.%M}.txt")


class Uploads:
    """Files that wait; gone with this object unless they are kept."""

    def __init__(self, dumps: Sequence[UploadedDump]) -> None:
        """Raises OSError where there is no room."""
        self._folder = Path(tempfile.mkdtemp(prefix="askpapers-"))
        self._end = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._waiting: list[Path] = []
        for dump in dumps:
            path = _free(self._folder / safe_name(dump.name))
            path.write_bytes(dump.getbuffer())
            self._waiting.append(path)

    @property
    def paths(self) -> list[str]:
        """Where they wait."""
        return [str(path) for path in self._waiting]

    def keep(self, folder: Path) -> Kept:
        """Copy them into `folder`, none over another. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        paths, new = [], []
        for waiting in self._waiting:
            place = _place_for(waiting, folder)
            if not place.exists():
                new.append(place)
                part = place.with_name(f".{place.name}.part")
                shutil.copyfile(waiting, part)
                part.replace(place)
            paths.append(str(place))
        return Kept(tuple(paths), tuple(new))

    def discard(self) -> None:
        """Remove them from where they wait."""
        self._end()


@dataclass(frozen=True, slots=True)
class Kept:
    """Uploads beside the index."""

    paths: tuple[str, ...]
    new: tuple[Path, ...] = ()  # those that were not there before

    def take_back(self) -> None:
        """Remove what was not there before: the ingest came to nothing."""
        for path in self.new:
            with suppress(OSError):
                path.unlink()


def safe_name(name: str) -> str:
    """A file's name without folders and what no file's name should hold."""
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(sign if sign.isprintable() else "_" for sign in last).strip().lstrip(".")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > _LONGEST_NAME:
        kept = f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if len(ending) < 12 else kept[:_LONGEST_NAME]
    return kept or "upload"


def remove_upload(data_dir: Path, dump: str, others: Sequence[str]) -> bool:
    """Delete the copy of a dump that was uploaded; whether there was one. Files of anybody else are never touched.

    `dump` and `others` are DumpInfo.path; an archive stays while one of the others lies in it.
    """
    folder = (data_dir / FOLDER).resolve()
    place = Path(dump)
    file = next((each for each in (place, *place.parents) if each.parent == folder), None)
    if file is None or any(other == str(file) or other.startswith(f"{file}/") for other in others):
        return False
    with suppress(OSError):
        file.unlink()
        return True
    return False


def _place_for(waiting: Path, folder: Path) -> Path:
    """Where it lies already, or a name that is free."""
    places = _names(folder / waiting.name)
    return next(place for place in places if not place.exists() or filecmp.cmp(waiting, place, shallow=False))


def _free(path: Path) -> Path:
    return next(place for place in _names(path) if not place.exists())


def _names(path: Path) -> Iterator[Path]:
    """`page.txt`, `page 2.txt`, `page 3.txt` and so on."""
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem} {number}{path.suffix}")
