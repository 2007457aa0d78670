"""How far an ingest has come, written beside its lock, so that the page shows also what was begun in a shell.

One small file, written anew at most twice a second and put in place whole: whoever reads it sees one state or the
next, never half of one. Nothing depends on it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from ingest.progress import Progress, Report

NOTE = "ingest.progress.json"
_PAUSE = 0.5  # seconds between two writings of one stage


@contextmanager
def telling(data_dir: Path, report: Report, *, clock: Callable[[], float] = time.monotonic) -> Iterator[Report]:
    """Gives a report that tells `report` and writes the note, which goes when this ends."""
    note, fresh = data_dir / NOTE, data_dir / f"{NOTE}.new"
    written: tuple[str, float] = ("", 0.0)

    def tell(progress: Progress) -> None:
        nonlocal written
        now = clock()
        if progress.stage != written[0] or now - written[1] >= _PAUSE:
            written = (progress.stage, now)
            with suppress(OSError):  # only a note
                fresh.write_text(json.dumps({"pid": os.getpid(), **asdict(progress)}), encoding="utf-8")
                fresh.replace(note)
        report(progress)

    try:
        yield tell
    finally:
        for path in (note, fresh):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def told(data_dir: Path, process: int) -> Progress | None:
    """How far the ingest of this process is; None where it did not say, or the note is another one's."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        found = json.loads((data_dir / NOTE).read_text(encoding="utf-8"))
        if found.pop("pid") == process and isinstance(found["done"], int):
            return Progress(**found)
    return None
