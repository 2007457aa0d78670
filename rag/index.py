"""The published corpus as readers see it: catalogue, vectors and words of one generation at a time.

`Index` may be shared by threads and kept for long. Each `reading()` is a snapshot: while it lasts, an ingest in this or
another process changes nothing that it sees; the next one opens the newest generation by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.calibration import SHIPPED, KeptCalibration, OddsMapping
from rag.catalogue import CATALOGUE, Catalogue, State, connect
from rag.database import Connection, database_errors, store_error
from rag.errors import DamagedStoreError, EmptyIndexError, StoreError
from rag.opened import Generation
from rag.redaction import without_user
from rag.snapshot import Reading

__all__ = ["Index", "Reading"]

_TRIES = 20  # of opening a generation that an ingest replaces at the same moment


class Index:
    """Gives snapshots of the published corpus. Safe for many threads."""

    def __init__(self, data_dir: Path, *, chroma_url: str = "") -> None:
        self._data_dir = data_dir
        self._path = data_dir / CATALOGUE
        self._chroma_url = chroma_url
        self._lock = threading.Lock()
        self._file: tuple[int, int] | None = None  # which catalogue.sqlite the rest belongs to
        self._idle: list[Connection] = []
        self._opened: dict[int, Generation] = {}
        self._calibration = KeptCalibration(data_dir)

    @classmethod
    def open(cls, data_dir: Path, *, chroma_url: str = "") -> Index:
        """The index in a data folder, which may still be empty or not there. Nothing is read until `reading`."""
        return cls(data_dir, chroma_url=chroma_url)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A snapshot of the newest generation, for one thread. Raises StoreError."""
        with database_errors(self._path):
            found = self._take()
            if found is None:
                yield self._reading(None, State("", 0, 0), None)
                return
            connection, file = found
            opened: Generation | None = None
            try:
                catalogue = Catalogue(connection)
                state, opened = self._snapshot(catalogue, connection, file)
                yield self._reading(catalogue, state, opened)
            finally:
                self._give_back(connection, file, opened)

    def _reading(self, catalogue: Catalogue | None, state: State, opened: Generation | None) -> Reading:
        """What readers get; an evaluation hides something of it."""
        return Reading(catalogue, state, opened)

    def _snapshot(
        self, catalogue: Catalogue, connection: Connection, file: tuple[int, int]
    ) -> tuple[State, Generation | None]:
        """Begin a transaction and hold its generation; none where nothing has been published."""
        for _ in range(_TRIES):
            connection.execute("BEGIN")
            state = catalogue.state()
            if not state.generation:
                return state, None
            opened = self._use(catalogue, state, file)
            if opened is not None:
                return state, opened
            connection.execute("ROLLBACK")
        raise DamagedStoreError(
            f"The folder of generation {state.generation} is missing from {self._data_dir / 'generations'}.",
            hint="Run `python -m ingest --rebuild`.",
        )

    def _take(self) -> tuple[Connection, tuple[int, int]] | None:
        """A connection of one's own, and the file it reads; None where there is no catalogue."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self.close()
            return None
        except OSError as error:
            raise store_error(error, self._path) from error
        file = (status.st_dev, status.st_ino)
        with self._lock:
            moved = self._file is not None and self._file != file
        if moved:  # the data folder was removed and made anew
            self.close()
        with self._lock:
            self._file = file
            if self._idle:
                return self._idle.pop(), file
        try:
            return connect(self._path), file
        except EmptyIndexError:
            return None

    def _use(self, catalogue: Catalogue, state: State, file: tuple[int, int]) -> Generation | None:
        """Open and hold the snapshot's generation; None where an ingest has replaced and removed it meanwhile."""
        with self._lock:
            opened = self._opened.get(state.generation) if self._file == file else None
            if opened is None:
                record = catalogue.generation(state.generation)
                wanted = without_user(self._chroma_url)
                if record.chroma_url != wanted:
                    raise _elsewhere(record.chroma_url, wanted)
                opened = Generation(self._data_dir, record, chroma_url=self._chroma_url)
                if not opened.there or self._published() != state.generation:  # looked up after the lease was taken
                    opened.close()
                    return None
                self._opened[state.generation] = opened
            opened.readers += 1
            for number in [number for number, other in self._opened.items() if number < state.generation]:
                if not self._opened[number].readers:
                    self._opened.pop(number).close()
            return opened

    def _published(self) -> int:
        connection = connect(self._path)
        try:
            return Catalogue(connection).state().generation
        finally:
            connection.close()

    def _give_back(self, connection: Connection, file: tuple[int, int], opened: Generation | None) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._lock:
            if opened is not None:
                opened.readers -= 1
                newest = max(self._opened, default=0)
                known = self._opened.get(opened.record.number) is opened
                if not opened.readers and (not known or opened.record.number < newest):
                    if known:
                        del self._opened[opened.record.number]
                    opened.close()
            if self._file == file:
                self._idle.append(connection)
                return
        connection.close()

    def mapping(self, reading: Reading) -> OddsMapping:
        """What the confidence's score means in the corpus of a reading."""
        if reading.passport is None:
            return SHIPPED
        return self._calibration.mapping(reading.corpus, reading.passport.identity.fingerprint)

    def warm(self) -> None:
        """Load what the first queries need, Chroma above all. For a server, in a thread of its own."""
        with self.reading() as reading:
            if reading.generation:
                reading.warm()

    def close(self) -> None:
        """Give back files, memory and leases; what is still being read goes when that ends. May be used again."""
        with self._lock:
            idle, self._idle, self._file = self._idle, [], None
            opened, self._opened = list(self._opened.values()), {}
            for generation in opened:
                if not generation.readers:
                    generation.close()
        for connection in idle:
            connection.close()


def _elsewhere(stored: str, wanted: str) -> StoreError:
    """The vectors lie in another place than the settings say."""
    held = f"the Chroma server at {stored}" if stored else "the data folder"
    asked = f"CHROMA_URL is {wanted}" if wanted else "CHROMA_URL is not set"
    return StoreError(
        f"The vectors lie in {held}, but {asked}.",
        hint="Set it back, or run `python -m ingest` with your dumps to bring the vectors over.",
    )
