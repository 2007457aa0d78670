"""The bundled model, all-MiniLM-L6-v2 with int8 weights, on onnxruntime; made by `scripts/build_model.py`.

Every window of every text is one run of the model on one thread, and as many runs go on at once as there are cores.
That is the fastest arrangement measured (nothing is padded, and the activations of one text stay in a core's cache:
1.5 times the texts a second of batches of 32 on two threads), and a text's vector does not depend on its neighbours.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.embedder import EmbedderIdentity, FloatMatrix, FloatVector
from rag.errors import EmbedderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]  # it ships no types
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "models" / "all-MiniLM-L6-v2"
NAME = "all-MiniLM-L6-v2 (bundled, int8)"
DIMENSION = 384
WINDOW = 512  # tokens that the model can read at once, the two marks at the ends included
OVERLAP = 64  # tokens that two neighbouring windows of a long text share at least
_START, _END = 101, 102  # the tokens [CLS] and [SEP]


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
        model = self._loaded()
        if len(texts) == 1:
            return self._embed(model, texts[0])[None, :]
        # The longest first, so that no core is left with a long text at the end.
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        vectors = np.empty((len(texts), DIMENSION), np.float32)
        done = model.workers.map(lambda index: self._embed(model, texts[index]), order)
        for index, vector in zip(order, done, strict=True):
            vectors[index] = vector
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """See `Embedder`."""
        return self.embed_documents(texts)

    def _embed(self, model: _Model, text: str) -> FloatVector:
        windows = cut_windows(_token_ids(model.tokenizer, text))
        outputs = [model.session.run(None, {"input_ids": window[None, :]})[0][0] for window in windows]
        return pool_windows(outputs, [len(window) for window in windows])

    def _loaded(self) -> _Model:
        with self._loading:
            if self._model is None:
                self._model = _load(self._folder)
            return self._model


def cut_windows(tokens: Sequence[int]) -> list[NDArray[np.int64]]:
    """Token ids between the model's start and end marks, in windows of at most WINDOW ids.

    A text that fits is one window; else neighbours share at least OVERLAP tokens and all windows are of like length.
    """
    room = WINDOW - 2
    count = 1 if len(tokens) <= room else -(-(len(tokens) - OVERLAP) // (room - OVERLAP))
    size = -(-(len(tokens) + OVERLAP * (count - 1)) // count)
    starts = [index * (len(tokens) - size) // max(count - 1, 1) for index in range(count)]
    return [np.array([_START, *tokens[start : start + size], _END], np.int64) for start in starts]


def pool_windows(vectors: Sequence[FloatVector], lengths: Sequence[int]) -> FloatVector:
    """The mean of the windows' vectors, weighted by their lengths in tokens, at unit length."""
    if len(vectors) == 1:
        return vectors[0]
    mean = np.average(np.stack(vectors), axis=0, weights=lengths)
    return (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)


def _token_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    # A lone surrogate, half of a character, is no text to the tokenizer.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    ids: list[int] = tokenizer.encode(whole, add_special_tokens=False).ids
    return ids


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
