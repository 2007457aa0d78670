"""From paths to records: finds the dumps that are meant, recognises each one's layout, reads it record by record."""

from __future__ import annotations

import glob
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.layouts import recognise
from ingest.layouts.carried import carried
from ingest.layouts.foreign import PROGRAM, foreign_format, is_script, other_xml
from ingest.layouts.headings import MARKDOWN_HEADINGS
from ingest.layouts.layout import Layout
from ingest.layouts.text import BLANK_LINE_TEXT, COMPACT_TEXT
from ingest.reading import DAMAGED_ARCHIVE, DumpFile, members_of, open_text, shown_encoding
from ingest.record import Record, Rejected, rejected
from ingest.spool import is_pipe, spool
from rag.errors import DumpError

__all__ = ["DumpFile", "find_dumps", "read_dump"]


# What lies in folders and archives beside dumps. Given by name, these files are read like any other.
_OTHER_FILES = frozenset(
    {".py", ".js", ".ts", ".css", ".sh", ".toml", ".yaml", ".yml", ".ini", ".cfg", ".lock", ".log", ".sqlite", ".db"}
    | {".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif", ".woff", ".woff2", ".ttf", ".map", ".pdf"}
    | {".download"}  # what Chrome calls the scripts of a page that it saves whole
    | {".mp3", ".mp4", ".webm", ".npy", ".npz", ".onnx", ".pt", ".bin", ".so", ".exe", ".whl", ".docx", ".xlsx"}
)
_OTHER_NAMES = frozenset({"README", "LICENSE", "LICENCE", "NOTICE", "CHANGELOG", "CONTRIBUTING", "MAKEFILE"})


def find_dumps(paths: Sequence[str]) -> Iterator[DumpFile]:
    """The dumps that files, folders, globs and "-" name, each once, one for every member of a .zip.

    Folders are searched to the bottom, in the order of names; hidden files, programs, pictures and the like are passed
    over, in a .zip as well; links to folders, too, and pipes, which are read at once where they are named. What else a
    folder or glob holds may turn out to be no dump (`explicit` is False for these). Raises DumpError for a path that
    does not exist.
    """
    seen: set[Path] = set()
    for path in dict.fromkeys(paths):
        for file in _expand(path):
            if file.spooled is None:
                place = Path(file.path).resolve()
                if place in seen:
                    continue
                seen.add(place)
            yield from _members(file)


def _expand(path: str) -> Iterator[DumpFile]:
    place = Path(path)
    try:
        if path == "-" or is_pipe(place):
            spooled, size = spool(path)
            yield DumpFile("standard input", "-", spooled=spooled, packed_size=size)
            return
        if place.is_dir():
            yield from _in_folder(place)
            return
        if place.exists():
            yield DumpFile(place.name, path)
            return
    except (OSError, ValueError) as error:  # a name that is too long, or holds a NUL
        raise DumpError(f"{path[:200]!r} cannot be opened: {error}.", hint="Check the path.") from error
    matches = glob.glob(path, recursive=True) if glob.has_magic(path) else []  # noqa: PTH207 - takes absolute ones
    if not matches:
        what = "No file matches" if glob.has_magic(path) else "There is no file or folder"
        raise DumpError(f"{what} {path}.", hint="Check the path and the folder that you are in.")
    for match in sorted(matches):
        if Path(match).is_dir():
            yield from _in_folder(Path(match))
        elif not is_pipe(Path(match)):  # which may wait for ever
            yield DumpFile(Path(match).name, match, explicit=False)


def _in_folder(folder: Path) -> Iterator[DumpFile]:
    def hidden(place: Path) -> bool:
        return any(part.startswith(".") for part in place.relative_to(folder).parts)

    files = sorted(place for place in folder.rglob("*") if not hidden(place) and place.is_file())
    for place in files:
        if place.suffix.lower() in _OTHER_FILES or place.stem.upper() in _OTHER_NAMES:
            continue
        yield DumpFile(place.relative_to(folder).as_posix(), str(place), explicit=False)


def _members(file: DumpFile) -> Iterator[DumpFile]:
    """The file itself, or what is in it where it is a .zip."""
    try:
        if file.spooled is not None or not zipfile.is_zipfile(file.path):
            yield file
            return
        members = members_of(file.path)
    except (OSError, *DAMAGED_ARCHIVE):
        yield file  # reading it says what is wrong
        return
    taken = [(name, size) for name, size in members if _may_be_dump(name)]
    if not taken:
        yield file  # reading it says so
    for name, size in taken:
        yield DumpFile(f"{file.name}/{name}", file.path, name, file.explicit, packed_size=size)


def _may_be_dump(name: str) -> bool:
    """Whether a member of an archive may be a dump; packers keep the ".." of a path that they were given."""
    parts = [part for part in Path(name).parts if part != ".."]
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not hidden and Path(name).suffix.lower() not in _OTHER_FILES


def _refusal(layout: Layout, sample: str) -> str:
    """Why a text is no dump although a layout takes it; "" where it may be one."""
    if reason := other_xml(sample):
        return reason
    if layout in (BLANK_LINE_TEXT, COMPACT_TEXT):
        return foreign_format(sample)
    return PROGRAM if layout is MARKDOWN_HEADINGS and is_script(sample) else ""


def read_dump(file: DumpFile) -> Iterator[Record | Rejected]:
    """The dump's records, and what could not be read, in the order of the file, in bounded memory.

    `file.layout` is set when the first item comes; `file.encoding` and `file.notes` are final at the end. A file that
    cannot be read, or holds nothing of a known layout, gives one Rejected at line 1 and an empty layout; nothing is
    raised.
    """
    line = 1
    text = None
    try:
        text = carried(open_text(file))
        file.encoding = shown_encoding(text)
        layout = recognise(text)
        if layout is None:
            yield rejected(
                1, "The file is empty." if not text.sample.strip() else "No layout is known that fits.", text.sample
            )
            return
        if reason := _refusal(layout, text.sample):
            yield rejected(1, reason, text.sample)
            return
        file.layout = layout.name
        nothing = True
        for item in layout.read(text):
            yield from text.unreadable
            text.unreadable.clear()
            line, nothing = item.line, False
            yield item
        yield from text.unreadable
        if text.broken is not None:
            nothing = False
            yield rejected(line, text.broken.message, "")
        if nothing and not text.unreadable:
            file.layout = ""
            yield rejected(1, "No paper was found in this file.", text.sample)
        text.unreadable.clear()
    except DumpError as error:
        yield rejected(line, error.message, "")
    finally:
        if text is not None:
            file.encoding = shown_encoding(text)
            if text.odd_bytes:
                file.notes += (f"{text.odd_bytes} bytes were no UTF-8 and were read as Windows-1252.",)
