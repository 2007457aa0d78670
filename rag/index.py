"""The published corpus as readers see it: catalogue, vectors and words of one generation at a time.

`Index` may be shared by threads and kept for long. Each `reading()` is a snapshot: while it lasts, an ingest in this or
another process changes nothing that it sees; the next one opens the newest generation by itself.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from rag.catalogue import Catalogue, Counts, DumpInfo, GenerationRecord, State, connect
from rag.corpus import Chunk, Paper
from rag.database import Connection, database_errors, store_error
from rag.embedder import FloatVector
from rag.errors import DamagedStoreError, EmptyIndexError, StoreError
from rag.generations import Lease, generation_folder
from rag.matrix import Matrix
from rag.passport import Passport
from rag.vectors import Vectors
from rag.words import Words

_TRIES = 20  # of opening a generation that an ingest replaces at the same moment
_AT_ONCE = 200_000  # rows of the matrix that are gone through in less time than it takes to load Chroma
_SPARE = 1.25  # share of neighbours asked for beyond k, for those that the catalogue does not know


class _Generation:
    """A published generation, opened and leased."""

    def __init__(self, data_dir: Path, record: GenerationRecord) -> None:
        self.record = record
        self.readers = 0
        self._lease = Lease(data_dir, record.number)
        folder = generation_folder(data_dir, record.number)
        self.there = folder.is_dir()
        self._folder = folder
        self.vectors = Vectors(folder, chroma_url=record.chroma_url, collection=record.collection)
        self.words = Words(folder)
        self._matrix: Matrix | None = None
        # Chroma writes to its folder even to read: where it may not, the matrix answers alone.
        self.frozen = not record.chroma_url and self.there and not os.access(folder, os.W_OK)
        self._asked = False

    @property
    def matrix(self) -> Matrix:
        if self._matrix is None:
            self._matrix = Matrix(self._folder / "vectors.f16", self.record.passport.identity.dimension)
        return self._matrix

    def answers_at_once(self) -> bool:
        """True for the first query, unless Chroma is loaded already, and where Chroma cannot work at all."""
        first, self._asked = not self._asked, True
        return self.frozen or (first and not self.vectors.is_open and len(self.matrix) <= _AT_ONCE)

    def close(self) -> None:
        self._matrix = None
        self.vectors.close()
        self.words.close()
        self._lease.release()


class Reading:
    """One moment of the corpus. Used by one thread; ends with the `with` that gave it."""

    def __init__(self, catalogue: Catalogue | None, state: State, opened: _Generation | None) -> None:
        self._catalogue = catalogue
        self._opened = opened
        self.corpus = state.corpus  # its random name
        self.generation = state.generation  # 0: nothing ingested yet
        self.revision = state.revision  # grows with every change, also of facts and places alone
        self.passport: Passport | None = opened.record.passport if opened else None

    def _open(self) -> tuple[Catalogue, _Generation]:
        if self._catalogue is None or self._opened is None:
            raise EmptyIndexError(
                "No papers have been ingested yet.", hint="Run `python -m ingest PATH` with a saved page of papers."
            )
        return self._catalogue, self._opened

    def counts(self) -> Counts:
        """How many papers, chunks and dumps there are."""
        return self._catalogue.counts() if self._catalogue else Counts(0, 0, 0)

    def papers(self, paper_ids: Sequence[str]) -> dict[str, Paper]:
        """The papers of these ids; an unknown id is left out."""
        return self._catalogue.papers(paper_ids) if self._catalogue else {}

    def all_papers(self) -> Iterator[Paper]:
        """Every paper in the order of arrival, a few at a time in memory."""
        return self._catalogue.all_papers() if self._catalogue else iter(())

    def named(self, titles: Sequence[str], identifiers: Sequence[str]) -> list[str]:
        """Ids of the papers of these titles, in normalise_title's form, and of these ids of the source or of arXiv."""
        return self._catalogue.named(titles, identifiers) if self._catalogue else []

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """The chunks of these ids; an unknown id is left out."""
        return self._catalogue.chunks(chunk_ids) if self._catalogue else {}

    def chunks_of(self, paper_ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """Each paper's chunks in the order of its text; an unknown paper is left out."""
        return self._catalogue.chunks_of(paper_ids) if self._catalogue else {}

    def dumps(self) -> list[DumpInfo]:
        """Every dump that was ingested, in the order of arrival."""
        return self._catalogue.dumps() if self._catalogue else []

    def nearest_chunks(self, vector: FloatVector, k: int) -> list[tuple[str, float]]:
        """The `k` chunks nearest to a vector of unit length: (chunk_id, cosine in [-1, 1]), best first.

        Chroma finds them, in a time that hardly grows with the corpus. It takes 1.5 s to load, so the first query that
        an opened generation gets is answered from the matrix instead, exactly: a command that asks once never loads it.
        Raises EmptyIndexError where nothing has been ingested.
        """
        catalogue, opened = self._open()
        if opened.answers_at_once():
            return self._nearest_in_matrix(vector, k)
        found = opened.vectors.nearest(vector, int(k * _SPARE) if opened.record.chroma_url else k)
        chunk_ids: dict[str, list[str]] = {}
        for place in catalogue.places_of({vector_id.partition(":")[0] for vector_id, _ in found}):
            chunk_ids.setdefault(place.vector_id, []).append(place.chunk_id)
        return [(chunk_id, cosine) for vector_id, cosine in found for chunk_id in chunk_ids.get(vector_id, ())][:k]

    def _nearest_in_matrix(self, vector: FloatVector, k: int) -> list[tuple[str, float]]:
        catalogue, opened = self._open()
        cosines = opened.matrix.all_cosines(vector)
        wanted = max(k, 0)
        while True:
            best = np.argpartition(-cosines, wanted)[:wanted] if wanted < len(cosines) else np.arange(len(cosines))
            places = catalogue.places_at(best.tolist())
            if len(places) >= k or wanted >= len(cosines):
                break
            wanted = 2 * wanted + 1  # some rows belong to texts that are gone
        found = [(place.chunk_id, float(np.clip(cosines[place.position], -1.0, 1.0))) for place in places]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def warm(self) -> None:
        """Load Chroma and the matrix, for the queries to come."""
        _, opened = self._open()
        if not opened.frozen:
            opened.vectors.count()
        opened.words.count()
        len(opened.matrix)

    def chunk_cosines(self, vector: FloatVector, paper_ids: Sequence[str]) -> dict[str, list[tuple[str, float]]]:
        """Every chunk of given papers against a vector of unit length: paper_id -> (chunk_id, cosine), in text order.

        Exact to 0.0003; unknown papers are left out. Raises EmptyIndexError where nothing has been ingested.
        """
        catalogue, opened = self._open()
        places = catalogue.places_of(paper_ids)
        cosines = opened.matrix.cosines(vector, [place.position for place in places])
        found: dict[str, list[tuple[str, float]]] = {}
        for place, cosine in zip(places, np.clip(cosines, -1.0, 1.0).tolist(), strict=True):
            found.setdefault(place.paper_id, []).append((place.chunk_id, cosine))
        return found

    def best_words(self, terms: str | Sequence[str], k: int, *, every: bool = False) -> list[tuple[str, float]]:
        """The `k` best (paper_id, BM25) by words, best first; see Words.best.

        Raises EmptyIndexError where nothing has been ingested.
        """
        return self._open()[1].words.best(terms, k, every=every)

    def word_scores(self, terms: str | Sequence[str], paper_ids: Sequence[str]) -> dict[str, float]:
        """The BM25 of given papers, 0.0 where no word is there.

        Raises EmptyIndexError where nothing has been ingested.
        """
        return self._open()[1].words.scores(terms, paper_ids)


class Index:
    """Gives snapshots of the published corpus. Safe for many threads."""

    def __init__(self, data_dir: Path, *, chroma_url: str = "") -> None:
        self._data_dir = data_dir
        self._path = data_dir / "catalogue.sqlite"
        self._chroma_url = chroma_url
        self._lock = threading.Lock()
        self._file: tuple[int, int] | None = None  # which catalogue.sqlite the rest belongs to
        self._idle: list[Connection] = []
        self._opened: dict[int, _Generation] = {}

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
                yield Reading(None, State("", 0, 0), None)
                return
            connection, file = found
            opened: _Generation | None = None
            try:
                catalogue = Catalogue(connection)
                state, opened = self._snapshot(catalogue, connection, file)
                yield Reading(catalogue, state, opened)
            finally:
                self._give_back(connection, file, opened)

    def _snapshot(
        self, catalogue: Catalogue, connection: Connection, file: tuple[int, int]
    ) -> tuple[State, _Generation | None]:
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

    def _use(self, catalogue: Catalogue, state: State, file: tuple[int, int]) -> _Generation | None:
        """Open and hold the snapshot's generation; None where an ingest has replaced and removed it meanwhile."""
        with self._lock:
            opened = self._opened.get(state.generation) if self._file == file else None
            if opened is None:
                record = catalogue.generation(state.generation)
                if record.chroma_url != self._chroma_url:
                    raise _elsewhere(record.chroma_url, self._chroma_url)
                opened = _Generation(self._data_dir, record)
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

    def _give_back(self, connection: Connection, file: tuple[int, int], opened: _Generation | None) -> None:
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
