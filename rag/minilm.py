"""The bundled model, all-MiniLM-L6-v2 with int8 weights, on onnxruntime; made by `scripts/build_model.py`.

Every window of every text is one run of the model on one thread, and as many runs go on at once as there are cores.
That is the fastest arrangement measured (nothing is padded, and the activations of one text stay in a core's cache:
1.5 times the texts a second of batches of 32 on two threads), and a text's vector does not depend on its neighbours.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.embedder import EmbedderIdentity, FloatMatrix, FloatVector, cut_windows
from rag.errors import EmbedderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]  # it ships no types
    from tokenizers import Encoding, Tokenizer

FOLDER = Path(__file__).parent / "models" / "all-MiniLM-L6-v2"
NAME = "all-MiniLM-L6-v2 (bundled, int8)"
DIMENSION = 384
WINDOW = 512  # tokens that the model can read at once, the two marks at the ends included
OVERLAP = 64  # tokens that neighbouring windows of a long text share
_START, _END = 101, 102  # the tokens [CLS] and [SEP]

Span = tuple[int, int]  # start and end
Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class _Model:
    tokenizer: Tokenizer
    session: InferenceSession
    workers: ThreadPoolExecutor


class BundledEmbedder:
    """all-MiniLM-L6-v2 from `folder`. Queries and documents are embedded alike: the model was trained so."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._loading = threading.Lock()
        self._model: _Model | None = None

    @property
    def identity(self) -> EmbedderIdentity:
        """Raises EmbedderError where the model's files are missing."""
        return EmbedderIdentity(model=NAME, fingerprint=_fingerprint(self._folder), dimension=DIMENSION)

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """See `Embedder`. About 8 ms a text of 150 words and core; texts in any number, memory stays flat."""
        if not texts:
            return np.empty((0, DIMENSION), np.float32)
        return np.stack(self._spread(self._embed, texts, size=len))

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """See `Embedder`."""
        return self.embed_documents(texts)

    def embed_spans(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[FloatMatrix]:
        """Embed parts of texts in the light of the whole, one pass a text however many parts there are.

        Returns for each text float32 (its spans, DIMENSION): the mean over a span's tokens at unit length, as the
        embedding of a text is the mean over all of its tokens; zeros for a span without any.
        """
        return self._spread(self._embed_spans, list(zip(texts, spans, strict=True)), size=lambda job: len(job[0]))

    def _embed(self, model: _Model, text: str) -> FloatVector:
        ids = _encode(model.tokenizer, text).ids
        windows = _windows(len(ids))
        vectors = [_run(model, "embedding", ids[start:end]) for start, end in windows]
        if len(vectors) == 1:
            return vectors[0]
        return _unit(np.average(np.stack(vectors), axis=0, weights=[end - start for start, end in windows]))

    def _embed_spans(self, model: _Model, job: tuple[str, Sequence[Span]]) -> FloatMatrix:
        text, spans = job
        encoding = _encode(model.tokenizer, text)
        # Sums over tokens from the left, so that a span's sum is one subtraction.
        sums = np.zeros((len(encoding.ids) + 1, DIMENSION), np.float64)
        np.cumsum(_token_vectors(model, encoding.ids), axis=0, out=sums[1:])
        begins = [begin for begin, _ in encoding.offsets]
        ends = [end for _, end in encoding.offsets]
        firsts = np.searchsorted(ends, [start for start, _ in spans], side="right")
        lasts = np.searchsorted(begins, [max(start, end) for start, end in spans], side="left")
        lasts = np.where([start < end for start, end in spans], np.maximum(lasts, firsts), firsts)
        return _unit(sums[lasts] - sums[firsts])

    def _spread(
        self, work: Callable[[_Model, Job], Outcome], jobs: Sequence[Job], *, size: Callable[[Job], int]
    ) -> list[Outcome]:
        """Do all jobs, as many at once as there are cores; outcomes in the order of the jobs."""
        model = self._loaded()
        if len(jobs) == 1:
            return [work(model, jobs[0])]
        # The largest first, so that no core is left with a large one at the end.
        order = sorted(range(len(jobs)), key=lambda index: -size(jobs[index]))
        done = dict(zip(order, model.workers.map(lambda index: work(model, jobs[index]), order), strict=True))
        return [done[index] for index in range(len(jobs))]

    def _loaded(self) -> _Model:
        with self._loading:
            if self._model is None:
                self._model = _load(self._folder)
            return self._model


def _windows(count: int) -> list[Span]:
    return cut_windows(count, room=WINDOW - 2, overlap=OVERLAP)


def _run(model: _Model, output: str, ids: Sequence[int]) -> FloatVector:
    """One window through the model: its "embedding", or its "tokens" with the two marks."""
    marked = np.array([[_START, *ids, _END]], np.int64)
    result: FloatVector = model.session.run([output], {"input_ids": marked})[0][0]
    return result


def _token_vectors(model: _Model, ids: Sequence[int]) -> FloatMatrix:
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


def _encode(tokenizer: Tokenizer, text: str) -> Encoding:
    # A lone surrogate, half of a character, is no text to the tokenizer; "?" keeps the offsets.
    return tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"), add_special_tokens=False)


def _load(folder: Path) -> _Model:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only; they come as exceptions too
    options.use_deterministic_compute = True
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # Set once, here: changing them while another thread encodes raises "Already borrowed".
        tokenizer.no_truncation()
        tokenizer.no_padding()
        session = InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # both libraries raise bare Exceptions for files that they cannot read
        raise _unreadable(folder, error) from error
    workers = ThreadPoolExecutor(max_workers=_usable_cores(), thread_name_prefix="embed")
    return _Model(tokenizer, session, workers)


@cache
def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    try:
        for name in ("model.onnx", "tokenizer.json"):
            digest.update((folder / name).read_bytes())
    except OSError as error:
        raise _unreadable(folder, error) from error
    return digest.hexdigest()


def _unreadable(folder: Path, error: Exception) -> EmbedderError:
    return EmbedderError(
        f"The bundled embedding model in {folder} cannot be read: {error}.",
        hint="Restore the folder from the repository, or make it again with `python scripts/build_model.py`.",
    )


def _usable_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
