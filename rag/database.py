"""SQLite as we use it: one writer, many readers, every commit on disk. The only file that imports it.

Its errors become ours here.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import AskPapersError, DamagedStoreError, LockedError, UnwritableStoreError

Connection = sqlite3.Connection

_ROOM = 4_000_000  # bytes; with less than this left a failed write is put down to the full disk


def store_error(error: sqlite3.Error | OSError, path: Path) -> AskPapersError:
    """Our error for one of SQLite or of the file system, so that a person learns what to do."""
    text = str(error) if isinstance(error, sqlite3.Error) or not error.strerror else error.strerror
    if "locked" in text:
        return LockedError(f"{path} is in use by another program.", hint="Try again when it has finished.")
    full = any(sign in text for sign in ("No space left", "disk is full", "File too large", "Disk quota"))
    if full or ("disk I/O" in text and is_full(path.parent)):
        return UnwritableStoreError(
            f"There is no space left to write {path}.",
            hint="Free some space, or choose another data folder (--data or RAG_DATA_DIR), and run it again; "
            "nothing that was published is lost.",
        )
    signs = ("readonly", "unable to open", "disk I/O", "Permission", "Read-only", "Not a directory", "File exists")
    if isinstance(error, OSError) or any(sign in text for sign in signs):
        return UnwritableStoreError(
            f"{path} cannot be written or opened: {text}.",
            hint="Check the folder and its permissions, or choose another one with --data or RAG_DATA_DIR.",
        )
    return DamagedStoreError(
        f"{path} is damaged: {text}.", hint="Move the data folder aside and ingest your dumps again."
    )


def is_full(folder: Path) -> bool:
    """True where its disk has no room: SQLite ("disk I/O error") and Chroma ("Error purging logs") may not say so."""
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into ours; `path` is the file being used."""
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(error, path) from error


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turns errors of SQLite and of the file system into ours; `path` is what is being used."""
    try:
        with database_errors(path):
            yield
    except OSError as error:
        raise store_error(error, path) from error


def open_database(path: Path) -> Connection:
    """Open or make an SQLite file for writing, in WAL mode and with every commit on disk before it returns.

    Transactions are begun and ended by the caller. Any one thread at a time may use the connection.
    """
    connection = _open(f"{path.absolute().as_uri()}?mode=rwc")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def open_to_read(path: Path) -> Connection:
    """Open a database that is there for reading alone."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        connection = _open(address)
        connection.execute("PRAGMA user_version")
    except sqlite3.OperationalError:
        if os.access(path.parent, os.W_OK):
            raise
        # In a folder that may not be written there can be no shared memory file, unless a writer has made one.
        connection = _open(f"{address}&immutable=1")
    return connection


def open_scratch() -> Connection:
    """A new database in a temporary file that goes with its connection."""
    return sqlite3.connect("", isolation_level=None)


def _open(uri: str) -> Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10.0)
    connection.execute("PRAGMA cache_size = -16000")  # kB
    return connection
