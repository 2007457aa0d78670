"""A bundled transformer on onnxruntime: an ONNX graph and its tokenizer, loaded at the first use.

Every text is one run of the graph on one thread, and as many runs go on at once as there are cores. That is the fastest
arrangement measured: nothing is padded, and the activations of one text stay in a core's cache (1.5 times the texts a
second of batches of 32 on two threads). What comes out for a text does not depend on its neighbours.
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

from rag.errors import EmbedderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]  # it ships no types
    from tokenizers import Encoding, Tokenizer

START, END = 101, 102  # the tokens [CLS] and [SEP]
WINDOW = 512  # tokens that can be read at once, the marks included

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: Tokenizer
    session: InferenceSession
    workers: ThreadPoolExecutor


class Transformer:
    """The model in `folder` (`model.onnx`, `tokenizer.json`). Threads may share it.

    `vocabulary`: the folder of the tokenizer, where it is another model's.
    """

    def __init__(self, folder: Path, *, vocabulary: Path | None = None) -> None:
        self._files = (folder / "model.onnx", (vocabulary or folder) / "tokenizer.json")
        self._loading = threading.Lock()
        self._model: _Loaded | None = None

    @property
    def fingerprint(self) -> str:
        """sha256 of the files; loads nothing. Raises EmbedderError where they are missing."""
        return _fingerprint(*self._files)

    def encode(self, text: str) -> Encoding:
        """The tokens of a text with their places in it, without marks at the ends."""
        # A lone surrogate, half of a character, is no text to the tokenizer; "?" keeps the offsets.
        readable = text.encode("utf-8", "replace").decode("utf-8")
        return self._loaded().tokenizer.encode(readable, add_special_tokens=False)

    def run(self, outputs: Sequence[str], ids: Sequence[int]) -> list[NDArray[np.float32]]:
        """The named outputs for one text, given as token ids with all marks, at most `WINDOW` of them."""
        results = self._loaded().session.run(list(outputs), {"input_ids": np.array([ids], np.int64)})
        return [result[0] for result in results]

    def spread(
        self, work: Callable[[Job], Outcome], jobs: Sequence[Job], *, size: Callable[[Job], int]
    ) -> list[Outcome]:
        """Do all jobs, as many at once as there are cores; outcomes in the order of the jobs."""
        if len(jobs) <= 1:
            return [work(job) for job in jobs]
        # The largest first, so that no core is left with a large one at the end.
        order = sorted(range(len(jobs)), key=lambda index: -size(jobs[index]))
        workers = self._loaded().workers
        done = dict(zip(order, workers.map(lambda index: work(jobs[index]), order), strict=True))
        return [done[index] for index in range(len(jobs))]

    def _loaded(self) -> _Loaded:
        with self._loading:
            if self._model is None:
                self._model = _load(*self._files)
            return self._model


def _load(graph: Path, vocabulary: Path) -> _Loaded:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only; they come as exceptions too
    options.use_deterministic_compute = True
    try:
        tokenizer = Tokenizer.from_file(str(vocabulary))
        # Set once, here: changing them while another thread encodes raises "Already borrowed".
        tokenizer.no_truncation()
        tokenizer.no_padding()
        session = InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # both libraries raise bare Exceptions for files that they cannot read
        raise _unreadable(graph.parent, error) from error
    workers = ThreadPoolExecutor(max_workers=_usable_cores(), thread_name_prefix=graph.parent.name)
    return _Loaded(tokenizer, session, workers)


@cache
def _fingerprint(graph: Path, vocabulary: Path) -> str:
    digest = hashlib.sha256()
    try:
        for file in (graph, vocabulary):
            digest.update(file.read_bytes())
    except OSError as error:
        raise _unreadable(graph.parent, error) from error
    return digest.hexdigest()


def _unreadable(folder: Path, error: Exception) -> EmbedderError:
    return EmbedderError(
        f"The bundled model in {folder} cannot be read: {error}.",
        hint="Restore the folder from the repository; its README.md says how to make it again.",
    )


def _usable_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
