"""A file, folder or pattern on the machine that serves the page: who may name one, and where it may lie.

Whoever sits at that machine may name anything that its account can read. Everybody else, and where RAG_INGEST_FROM is
set, only what lies in that folder. A refusal does not tell whether anything is there.
"""

from __future__ import annotations

from pathlib import Path

from rag.errors import UsageError
from rag.page.visitor import HERE, visitor
from rag.settings import Settings


def may_name_places(settings: Settings) -> bool:
    """Whether this visitor may name a place on the server at all."""
    return bool(settings.ingest_from) or visitor() == HERE


def named_place(place: str, settings: Settings) -> str:
    """The place as the ingest takes it. Raises UsageError where it is not this visitor's to name, and DumpError."""
    from ingest.parse import find_dumps

    if not settings.ingest_from:
        if visitor() != HERE:
            raise UsageError(
                "Files on the server cannot be named from another machine.", hint="Upload them, or set RAG_INGEST_FROM."
            )
        return str(_whole(place))
    inside = _whole(settings.ingest_from).resolve()
    refusal = UsageError(
        f"{place} does not lie in {inside}.", hint="Only dumps in that folder can be named here (RAG_INGEST_FROM)."
    )
    path = inside / place  # of an absolute place, that place
    if ".." in Path(place).parts or not _is_in(path, inside):
        raise refusal
    for file in find_dumps([str(path)]):  # links may lead elsewhere
        if not _is_in(Path(file.path), inside):
            raise refusal
    return str(path)


def _whole(place: str) -> Path:
    """The place with the home folder that a tilde stands for. Raises UsageError where nobody has that name."""
    try:
        return Path(place).expanduser()
    except RuntimeError as error:
        raise UsageError(
            f"{place} names no folder of a user of this machine.", hint="Write ~/papers or the whole path."
        ) from error


def _is_in(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, links in a circle
        return False
