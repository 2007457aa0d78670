"""One writer at a time: a lock of the operating system on `<data>/ingest.lock`, which a dying process gives back.

The file beside it says who holds the lock; it is only read to tell a person.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rag.database import store_error
from rag.errors import LockedError

WAIT = 10.0  # seconds; another ingest of a few new papers is over by then


@contextmanager
def writer_lock(data_dir: Path, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock of the data folder, which is made where it is not there.

    Raises LockedError, naming the holder, where another process still has it after `wait` seconds, and
    UnwritableStoreError where the folder cannot be written.
    """
    path = data_dir / "ingest.lock"
    holder = data_dir / "ingest.holder.json"
    lock = FileLock(path, thread_local=False)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait, poll_interval=0.1)
    except Timeout as error:
        raise LockedError(
            f"Another ingest is writing to {data_dir}{_who(holder)}.",
            hint="Wait until it has finished, or stop it; its work so far is kept.",
        ) from error
    except OSError as error:
        raise store_error(error, path) from error
    try:
        with suppress(OSError):  # only a note
            note = {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "since": datetime.now(UTC).isoformat("T", "seconds"),
            }
            holder.write_text(json.dumps(note), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    """The holder in words, "" where it did not leave a note."""
    try:
        note = json.loads(holder.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(note["since"]).astimezone().strftime("%H:%M:%S")
        return f" (process {note['pid']} on {note['host']}, since {since})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
