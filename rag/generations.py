"""The folders of generations, and who reads them.

`<data>/generations/<number>/` holds the vectors and words of one generation. A published one is never written again: an
ingest copies it to the next number, writes there and publishes it in the catalogue's transaction. A reader holds a
lease, a file under `<data>/leases/` locked by the operating system: a process that dies gives
it back, whatever killed it.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rag.database import store_error


def generation_folder(data_dir: Path, number: int) -> Path:
    """Where a generation lies."""
    return data_dir / "generations" / str(number)


class Lease:
    """Keeps a generation's folder in place while it is read."""

    def __init__(self, data_dir: Path, number: int) -> None:
        """Takes the lease. In a folder that cannot be written there is none, and nobody who would remove anything."""
        self._path = data_dir / "leases" / f"{number}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._lock: FileLock | None = FileLock(self._path, thread_local=False)
        try:
            self._path.parent.mkdir(exist_ok=True)
            self._lock.acquire(timeout=1)
        except (OSError, Timeout):
            self._lock = None

    def release(self) -> None:
        """Give it back."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            with suppress(OSError):  # an ingest may have cleared it away at this moment
                self._path.unlink(missing_ok=True)


def leased_generations(data_dir: Path) -> set[int]:
    """The generations that some living process reads. Leases of dead processes are cleared away."""
    leased: set[int] = set()
    for path in _entries(data_dir / "leases"):
        number = path.name.partition("-")[0]
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            leased.add(int(number) if number.isdigit() else -1)
            continue
        with suppress(OSError):
            path.unlink(missing_ok=True)
        lock.release()
    return leased


def prepare_generation(data_dir: Path, number: int, *, copy_of: int | None, without: Sequence[str] = ()) -> Path:
    """Make the folder of a generation to be built, as a copy of another or empty. Raises UnwritableStoreError."""
    folder = generation_folder(data_dir, number)
    try:
        if folder.exists():  # left by an ingest that was killed
            shutil.rmtree(folder)
        if copy_of is None:
            folder.mkdir(parents=True)
        else:
            shutil.copytree(generation_folder(data_dir, copy_of), folder, ignore=shutil.ignore_patterns(*without))
    except (OSError, shutil.Error) as error:
        raise store_error(error, folder) from error
    return folder


def flush_generation(folder: Path) -> None:
    """Have the system write every file of a generation to disk, so that a power cut after publishing loses nothing."""
    for directory, _, names in os.walk(folder):
        for path in [*(Path(directory) / name for name in names), Path(directory)]:
            _flush(path)
    _flush(folder.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_unused(data_dir: Path, *, published: int) -> list[int]:
    """Remove every generation that is neither published nor read; only the holder of the ingest's lock may.

    Called after publishing: a reader takes its lease first and then looks whether its generation is still the
    published one, so that none is removed between the two. Returns the numbers removed.
    """
    leased = leased_generations(data_dir)
    removed = []
    for path in _entries(data_dir / "generations"):
        number = int(path.name) if path.name.isdigit() else -1
        if number != published and number not in leased:
            shutil.rmtree(path, ignore_errors=True)
            removed.append(number)
    return removed


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(folder.iterdir())
