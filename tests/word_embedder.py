"""An embedder for tests: counts words into 64 numbers, so that like texts are near. Quick, and the same everywhere."""

from __future__ import annotations

import re
import threading
import time
import zlib
from collections.abc import Sequence

import numpy as np

from rag.embedder import EmbedderIdentity, FloatMatrix

DIMENSION = 64


class WordEmbedder:
    """Unit vectors of word counts. `embedded` lists every text it was given as a document."""

    def __init__(self, *, name: str = "words", dimension: int = DIMENSION, seconds_a_batch: float = 0.0) -> None:
        """`name` makes another model of it; `seconds_a_batch` makes it slow enough to be interrupted."""
        self._name = name
        self._dimension = dimension
        self._pause = seconds_a_batch
        self._lock = threading.Lock()
        self.embedded: list[str] = []

    @property
    def identity(self) -> EmbedderIdentity:
        """Differs with the name and the dimension."""
        return EmbedderIdentity(self._name, f"{self._name}-{self._dimension}", self._dimension)

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Float32 (len(texts), dimension), unit rows."""
        time.sleep(self._pause)
        with self._lock:
            self.embedded += texts
        return self._count(texts)

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """The same for queries."""
        return self._count(texts)

    def _count(self, texts: Sequence[str]) -> FloatMatrix:
        rows = np.zeros((len(texts), self._dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.01  # a text without words has a direction too
            for word in re.findall(r"\w+", f"{self._name if self._name != 'words' else ''} {text}".casefold()):
                row[zlib.crc32(word.encode()) % self._dimension] += 1.0
        unit: FloatMatrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit
