"""The vectors in Chroma: embedded in a generation's folder, or on a server. The only file that imports chromadb.

Chroma holds ids and vectors, no text. A distance becomes a similarity here and goes no further. A vector's id names
its paper and the hash of its text ("<paper_id>:<text_key>"), so that an id says exactly which text the vector is of:
on a server, which is updated in place, readers skip ids that their catalogue does not know. A collection there bears
the marks of the generations whose vectors it holds, so that a reader sees when another has taken some of its own away.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.request import Request, urlopen

import numpy as np

from rag.database import is_full
from rag.embedder import FloatMatrix, FloatVector
from rag.errors import DamagedStoreError, StoreError, UnwritableStoreError
from rag.redaction import user_header, without_user

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

LOCAL_COLLECTION = "chunks"
_REBUILD = "Run `python -m ingest --rebuild`."
# Of 40,484 vectors of real abstracts the best ten found hold 99.7 % of the true ones, the best 120 98.9 %. They are
# written in 22 s, with a quarter of the construction effort in 9; but then a search has to be 1.6 times as thorough for
# 99.5 and 98.8 %. An index keeps the values that it was made with until it is rebuilt.
_EF_CONSTRUCTION, _EF_SEARCH, _NEIGHBOURS = 400, 1000, 24
_PATIENCE = 60.0  # seconds that a server may take for one answer to an ingest
_MARKS = "generations"  # in the metadata of a collection on a server; marks parted by blanks
_QUESTION = re.compile(r"\s[^.?!]*\?$")  # the library ends a message with one, and our hint says what to do
_PAGE = 5000  # ids asked for together; an unpaged get fails above 32,000


@contextmanager
def _chroma_errors(where: str, *, remote: bool, writing: bool) -> Iterator[None]:
    """Chroma's errors, which share no base class, as ours. This is the boundary to the library."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:  # chromadb raises its own, its Rust core's, httpx's and ValueError
        logger.debug("Chroma failed", exc_info=True)
        text = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        if remote:
            raise StoreError(
                f"The Chroma server at {where} failed: {_QUESTION.sub('', text).rstrip('.')}.",
                hint="Start it and check CHROMA_URL, or unset CHROMA_URL to use the embedded one.",
            ) from error
        if is_full(Path(where)) or any(sign in text for sign in ("disk is full", "No space", "File too large")):
            raise UnwritableStoreError(
                f"There is no space left to write {where}.", hint="Free some space and run it again; nothing is lost."
            ) from error
        if writing:
            raise UnwritableStoreError(
                f"The vectors could not be written to {where}: {text}.",
                hint="Check the free space and the permissions and run it again; if that does not help, run "
                "`python -m ingest --rebuild`.",
            ) from error
        raise DamagedStoreError(f"The vectors in {where} cannot be used: {text}.", hint=_REBUILD) from error


class Vectors:
    """One collection of vectors. Safe for many threads; opened at the first use, since chromadb is slow to import."""

    def __init__(
        self,
        folder: Path,
        *,
        chroma_url: str = "",
        collection: str = LOCAL_COLLECTION,
        create: bool = False,
        patience: float = _PATIENCE,
    ) -> None:
        """`folder` is the generation's own; with `chroma_url`, which may hold a password, a server has the vectors.

        `patience`: seconds that the server may take for one answer.
        """
        # Chroma knows an opened folder by its path as given: a relative one may mean another one later.
        self._path = folder.absolute() / "chroma"
        self._url = chroma_url
        self._name = collection
        self._create = create
        self._patience = patience
        self._lock = threading.Lock()
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None

    @property
    def _where(self) -> str:
        return without_user(self._url) or str(self._path)

    def _errors(self) -> AbstractContextManager[None]:
        return _chroma_errors(self._where, remote=bool(self._url), writing=self._create)

    def _open(self) -> Collection:
        with self._lock, self._errors():
            if self._collection is None:
                self._client = self._client or self._connect()
                if self._create:
                    self._collection = self._client.get_or_create_collection(
                        self._name,
                        embedding_function=None,  # with one, a text without a vector would download a model
                        configuration={
                            "hnsw": {
                                "space": "cosine",
                                "ef_construction": _EF_CONSTRUCTION,
                                "ef_search": _EF_SEARCH,
                                "max_neighbors": _NEIGHBOURS,
                            }
                        },
                    )
                else:
                    self._collection = self._client.get_collection(self._name, embedding_function=None)
            return self._collection

    def _connect(self) -> ClientAPI:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self._url:
            headers = user_header(self._url)
            _knock(self._where, headers, self._patience)
            # Of a whole address as host the library takes port, path and scheme.
            client = chromadb.HttpClient(
                host=self._where, ssl=self._where.startswith("https:"), headers=headers, settings=settings
            )
            for session in _http_sessions(client):
                session.timeout = self._patience
            return client
        if not self._create and not (self._path / "chroma.sqlite3").is_file():
            raise DamagedStoreError(f"There are no vectors in {self._path}.", hint=_REBUILD)
        return chromadb.PersistentClient(path=str(self._path), settings=settings)

    @property
    def is_open(self) -> bool:
        """True once Chroma is loaded."""
        return self._collection is not None

    def count(self) -> int:
        """How many vectors there are, on a server also those that no catalogue knows."""
        collection = self._open()
        with self._errors():
            return int(collection.count())

    def nearest(self, vector: FloatVector, k: int) -> list[tuple[str, float]]:
        """The `k` nearest (vector id, cosine in [-1, 1]), best first; fewer where there are fewer."""
        collection = self._open()
        with self._errors():
            if k < 1:
                return []
            found = collection.query(
                query_embeddings=np.asarray([vector], dtype=np.float32),
                n_results=k,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        pairs = [
            (name, max(-1.0, min(1.0, 1.0 - float(d)))) for name, d in zip(found["ids"][0], distances, strict=True)
        ]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def upsert(self, ids: Sequence[str], vectors: FloatMatrix) -> None:
        """Write vectors, in as many batches as Chroma wants. Rows in the order of `ids`, which are distinct."""
        collection = self._open()
        assert self._client is not None  # noqa: S101 - set by _open
        with self._errors():
            size = self._client.get_max_batch_size()
            for first in range(0, len(ids), size):
                collection.upsert(
                    ids=list(ids[first : first + size]),
                    embeddings=np.ascontiguousarray(vectors[first : first + size], dtype=np.float32),
                )

    def marks(self) -> frozenset[str]:
        """The marks of a server's collection, "" alone where nobody has marked it; none where it is gone."""
        from chromadb.errors import NotFoundError

        with self._lock, self._errors():
            self._client = self._client or self._connect()
            try:  # by name each time: it may have been removed and made anew
                found = self._collection = self._client.get_collection(self._name, embedding_function=None)
            except NotFoundError:
                self._collection = None
                return frozenset()
        return frozenset(str((found.metadata or {}).get(_MARKS, "")).split(" "))

    def set_marks(self, marks: Iterable[str]) -> None:
        """Mark a server's collection with these alone."""
        collection = self._open()
        with self._errors():
            collection.modify(metadata={_MARKS: " ".join(sorted(marks))})

    def hold(self, mark: str, count: int) -> bool:
        """Whether a server's collection bears the mark and has at least as many vectors."""
        return mark in self.marks() and self.count() >= count

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; ids that are not there are passed over."""
        collection = self._open()
        assert self._client is not None  # noqa: S101 - set by _open
        with self._errors():
            size = min(_PAGE, self._client.get_max_batch_size())
            for first in range(0, len(ids), size):
                collection.delete(ids=list(ids[first : first + size]))

    def all_ids(self) -> Iterator[str]:
        """Every id, a page at a time."""
        collection = self._open()
        offset = 0
        while True:
            with self._errors():
                page = collection.get(limit=_PAGE, offset=offset, include=[])["ids"]
            if not page:
                return
            yield from page
            offset += len(page)

    def drop(self) -> None:
        """Remove the whole collection from a server."""
        self._open()
        with self._errors():
            if self._client is not None:
                self._client.delete_collection(self._name)
        self.close()

    def close(self) -> None:
        """Give back files and memory; a later call opens again."""
        with self._lock:
            client, self._client, self._collection = self._client, None, None
            if client is not None:
                sessions = _http_sessions(client)
                with self._errors():
                    client.close()  # type: ignore[attr-defined]  # of the class that PersistentClient makes
                for session in sessions:
                    session.close()


def _knock(where: str, headers: dict[str, str], patience: float) -> None:
    """Raise StoreError where a server is silent: the library's own first requests would wait without end.

    Whatever else is wrong, those tell.
    """
    request = Request(f"{where}/api/v2/heartbeat", headers=headers)  # noqa: S310 - settings allow http and https alone
    try:
        with urlopen(request, timeout=patience):  # noqa: S310 - as above
            pass
    except (OSError, HTTPException) as error:
        if isinstance(getattr(error, "reason", error), TimeoutError):
            raise StoreError(
                f"The Chroma server at {where} does not answer.", hint="Start it anew, and check CHROMA_URL."
            ) from error


class _Session(Protocol):
    """As much of an httpx.Client as is used here."""

    timeout: Any

    def close(self) -> None: ...


def _http_sessions(client: ClientAPI) -> list[_Session]:
    """The connections of a client to a server, two of them: chromadb 1.5 leaves them open, and without a time limit."""
    holders = (getattr(holder, "_server", None) for holder in (client, getattr(client, "_admin_client", None)))
    return [session for holder in holders if (session := getattr(holder, "_session", None)) is not None]
