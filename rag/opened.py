"""A published generation, opened and leased: its vectors and words, and whether a server of vectors still has them."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from rag.catalogue import Catalogue, GenerationRecord
from rag.embedder import FloatVector
from rag.errors import DamagedStoreError, StoreError
from rag.generations import Lease, generation_folder
from rag.matrix import Matrix
from rag.permitted import PermittedCache
from rag.vectors import Vectors
from rag.words import Words

logger = logging.getLogger(__name__)

_AT_ONCE = 200_000  # rows of the matrix that are gone through in less time than it takes to load Chroma
_SPARE = 1.25  # share of neighbours asked of a server beyond k, for those that the catalogue does not know
_PATIENCE = 10.0  # seconds that a server may take: the matrix has the answer in less than one
_PAUSE = 60.0  # seconds until a server that failed is asked again
_REBUILD = "Run `python -m ingest --rebuild`."


class Generation:
    """One generation, for as long as somebody reads it."""

    def __init__(self, data_dir: Path, record: GenerationRecord, *, chroma_url: str = "") -> None:
        """`chroma_url` is the record's address of a server, with user name and password."""
        self.record = record
        self.readers = 0
        self._lease = Lease(data_dir, record.number)
        folder = generation_folder(data_dir, record.number)
        self.there = folder.is_dir()
        self._folder = folder
        self.vectors = Vectors(folder, chroma_url=chroma_url, collection=record.collection, patience=_PATIENCE)
        self.words = Words(folder)
        self._matrix: Matrix | None = None
        # Chroma writes to its folder even to read: where it may not, the matrix answers alone.
        self.frozen = not record.chroma_url and self.there and not os.access(folder, os.W_OK)
        self._asked = False
        self._texts: int | None = None
        self._told = False
        self._asked_again_at = 0.0  # time.monotonic()
        self.permitted = PermittedCache()

    @property
    def matrix(self) -> Matrix:
        if self._matrix is None:
            self._matrix = Matrix(self._folder / "vectors.f16", self.record.passport.identity.dimension)
        return self._matrix

    def answers_at_once(self) -> bool:
        """True for the first query, unless Chroma is loaded already, and where Chroma cannot work at all."""
        first, self._asked = not self._asked, True
        return self.frozen or (first and not self.vectors.is_open and len(self.matrix) <= _AT_ONCE)

    def neighbours(self, catalogue: Catalogue, vector: FloatVector, k: int) -> list[tuple[str, float]] | None:
        """Chroma's nearest (vector id, cosine), at least `k` where there are as many; None where the matrix has to do.

        So it is while a server is gone or holds other vectors than this generation's. That is logged once.
        """
        if not self.record.chroma_url:
            return self.vectors.nearest(vector, k)
        if time.monotonic() < self._asked_again_at:
            return None
        try:
            self._check_server(catalogue)
            return self.vectors.nearest(vector, int(k * _SPARE))
        except StoreError as error:
            self._asked_again_at = time.monotonic() + _PAUSE
            if not self._told:
                logger.warning("%s Search goes on with the copy in the data folder. %s", error.message, error.hint)
            self._told = True
            return None

    def fault_of_server(self, catalogue: Catalogue) -> StoreError | None:
        """Why the vectors on a server are of no use to this generation; None where they are, and without a server."""
        try:
            if self.record.chroma_url:
                self._check_server(catalogue)
        except StoreError as error:
            return error
        return None

    def _check_server(self, catalogue: Catalogue) -> None:
        """Raise StoreError where a server is gone, or no longer holds every vector of this generation.

        It is updated in place. Two data folders write to the same vectors where one is a copy or a backup of the other.
        """
        if not self.vectors.hold(self.record.mark, self._count_texts(catalogue)):
            raise StoreError(
                f"The Chroma server at {self.record.chroma_url} no longer holds the vectors of this index as it is.",
                hint="Run `python -m ingest` with your dumps: it brings them over again, without embedding.",
            )

    def check(self, catalogue: Catalogue) -> None:
        """Raise StoreError where the files of the generation are not those of the catalogue's papers."""
        counts, texts = catalogue.counts(), self._count_texts(catalogue)
        if self.words.count() != counts.papers:
            raise DamagedStoreError(
                f"The index holds the words of {self.words.count():,} papers of {counts.papers:,}.", hint=_REBUILD
            )
        rows = catalogue.count_rows()
        if len(self.matrix) < rows:
            raise DamagedStoreError(
                f"The vectors in {self._folder} are cut off: there are {len(self.matrix):,} of {rows:,}.", hint=_REBUILD
            )
        if not self.record.chroma_url and not self.frozen and self.vectors.count() != texts:
            raise DamagedStoreError(
                f"Chroma in {self._folder} holds {self.vectors.count():,} vectors of {texts:,}.", hint=_REBUILD
            )

    def _count_texts(self, catalogue: Catalogue) -> int:
        if self._texts is None:
            self._texts = catalogue.count_texts()
        return self._texts

    def close(self) -> None:
        self._matrix = None
        self.vectors.close()
        self.words.close()
        self._lease.release()
