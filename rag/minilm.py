"""The bundled embedding model, all-MiniLM-L6-v2 with int8 weights; made by `scripts/build_model.py`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedder import EmbedderIdentity, FloatMatrix, FloatVector
from rag.transformer import END, START, WINDOW, Transformer
from rag.windows import cut_windows

FOLDER = Path(__file__).parent / "models" / "all-MiniLM-L6-v2"
NAME = "all-MiniLM-L6-v2 (bundled, int8)"
DIMENSION = 384
OVERLAP = 64  # tokens that neighbouring windows of a long text share

Span = tuple[int, int]  # start and end


class BundledEmbedder:
    """all-MiniLM-L6-v2 from `folder`. Queries and documents are embedded alike: the model was trained so."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._model = Transformer(folder)

    @property
    def identity(self) -> EmbedderIdentity:
        """Raises EmbedderError where the model's files are missing."""
        return EmbedderIdentity(model=NAME, fingerprint=self._model.fingerprint, dimension=DIMENSION)

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """See `Embedder`. About 8 ms a text of 150 words and core; texts in any number, memory stays flat."""
        if not texts:
            return np.empty((0, DIMENSION), np.float32)
        return np.stack(self._model.spread(self._embed, texts, size=len))

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """See `Embedder`."""
        return self.embed_documents(texts)

    def embed_spans(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[FloatMatrix]:
        """Embed parts of texts in the light of the whole, one pass a text however many parts there are.

        Returns for each text float32 (its spans, DIMENSION): the mean over a span's tokens at unit length, as the
        embedding of a text is the mean over all of its tokens; zeros for a span without any.
        """
        jobs = list(zip(texts, spans, strict=True))
        return self._model.spread(self._embed_spans, jobs, size=lambda job: len(job[0]))

    def _embed(self, text: str) -> FloatVector:
        ids = self._model.encode(text).ids
        windows = _windows(len(ids))
        vectors = [_run(self._model, "embedding", ids[start:end]) for start, end in windows]
        if len(vectors) == 1:
            return vectors[0]
        return _unit(np.average(np.stack(vectors), axis=0, weights=[end - start for start, end in windows]))

    def _embed_spans(self, job: tuple[str, Sequence[Span]]) -> FloatMatrix:
        text, spans = job
        encoding = self._model.encode(text)
        # Sums over tokens from the left, so that a span's sum is one subtraction.
        sums = np.zeros((len(encoding.ids) + 1, DIMENSION), np.float64)
        np.cumsum(_token_vectors(self._model, encoding.ids), axis=0, out=sums[1:])
        begins = [begin for begin, _ in encoding.offsets]
        ends = [end for _, end in encoding.offsets]
        firsts = np.searchsorted(ends, [start for start, _ in spans], side="right")
        lasts = np.searchsorted(begins, [max(start, end) for start, end in spans], side="left")
        lasts = np.where([start < end for start, end in spans], np.maximum(lasts, firsts), firsts)
        return _unit(sums[lasts] - sums[firsts])


@cache
def bundled_embedder() -> BundledEmbedder:
    """The bundled model, loaded once however many use it."""
    return BundledEmbedder()


def _windows(count: int) -> list[Span]:
    return cut_windows(count, room=WINDOW - 2, overlap=OVERLAP)


def _run(model: Transformer, output: str, ids: Sequence[int]) -> FloatVector:
    """One window through the model: its "embedding", or its "tokens" with the two marks."""
    return model.run([output], [START, *ids, END])[0]


def _token_vectors(model: Transformer, ids: Sequence[int]) -> FloatMatrix:
    """A vector for each token; where windows overlap, the mean of both."""
    windows = _windows(len(ids))
    total: FloatMatrix = np.zeros((len(ids), DIMENSION), np.float32)
    seen: FloatMatrix = np.zeros((len(ids), 1), np.float32)
    for start, end in windows:
        total[start:end] += _run(model, "tokens", ids[start:end])[1:-1]
        seen[start:end] += 1
    return total / seen


def _unit(vectors: NDArray[np.floating]) -> FloatMatrix:
    """Rows (or one vector) at unit length; zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
