"""Vectors that are embedded and not yet published, in `<data>/staging.sqlite`.

Every batch is written as soon as it is embedded. A run that is killed leaves them to the next one, which embeds only
what is missing; a run that publishes clears them away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from rag.database import open_database, store_errors
from rag.embedder import EmbedderIdentity, FloatMatrix, FloatVector


class Staging:
    """Vectors by the hash of their text, of one embedder."""

    def __init__(self, data_dir: Path, identity: EmbedderIdentity) -> None:
        """Opens the file, or makes it. Raises StoreError."""
        self._path = data_dir / "staging.sqlite"
        self._embedder = f"{identity.fingerprint} {identity.document_prefix}"
        with store_errors(self._path):
            self._connection = open_database(self._path)
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (embedder TEXT NOT NULL, text_key TEXT NOT NULL,"
                " vector BLOB NOT NULL, PRIMARY KEY (embedder, text_key))"
            )

    def is_empty(self) -> bool:
        """True where nothing is staged of this embedder."""
        with store_errors(self._path):
            row = self._connection.execute("SELECT 1 FROM vectors WHERE embedder = ? LIMIT 1", (self._embedder,))
            return row.fetchone() is None

    def missing(self, text_keys: Iterable[str]) -> set[str]:
        """Those of these texts that have no vector here yet."""
        wanted = list(dict.fromkeys(text_keys))
        return set(wanted).difference(self._found(wanted))

    def _found(self, text_keys: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        with store_errors(self._path):
            for first in range(0, len(text_keys), 500):
                some = text_keys[first : first + 500]
                marks = ",".join("?" * len(some))
                found.update(
                    self._connection.execute(
                        f"SELECT text_key, vector FROM vectors WHERE embedder = ? AND text_key IN ({marks})",  # noqa: S608 - question marks
                        (self._embedder, *some),
                    )
                )
        return found

    def put(self, text_keys: Sequence[str], vectors: FloatMatrix) -> None:
        """Keep vectors, float32 rows in the order of `text_keys`. Safe from a kill; a power cut takes the last."""
        rows = zip(text_keys, np.ascontiguousarray(vectors, dtype=np.float32), strict=True)
        with store_errors(self._path):
            self._connection.execute("BEGIN")
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                ((self._embedder, key, row.tobytes()) for key, row in rows),
            )
            self._connection.execute("COMMIT")

    def get(self, text_keys: Sequence[str]) -> dict[str, FloatVector]:
        """The vectors of these texts, as far as they are here."""
        return {key: np.frombuffer(blob, dtype=np.float32) for key, blob in self._found(text_keys).items()}

    def clear(self) -> None:
        """Remove this embedder's vectors, for they are published, and close; another one's unfinished rebuild stays."""
        with store_errors(self._path):
            self._connection.execute("DELETE FROM vectors WHERE embedder = ?", (self._embedder,))
            empty = self._connection.execute("SELECT NOT EXISTS (SELECT 1 FROM vectors)").fetchone()[0]
        self.close()
        if empty:
            for suffix in ("", "-wal", "-shm"):
                with suppress(OSError):
                    self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Give back the file; what was put stays."""
        self._connection.close()
