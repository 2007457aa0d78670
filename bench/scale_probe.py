"""`python -m bench.scale_probe DATA`: one index measured in a process of its own; prints a line of JSON.

Times are milliseconds of whole searches for what the real papers answer, the question's embedding included; `cpu` is
what they took of all processors on average, which a busy machine changes little. Memory is what the process holds more
after all searches than before it opened the index, the embedding model loaded in both cases.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from bench.measuring import milliseconds, percentile
from bench.pairs_by_hand import read_papers
from bench.questions_by_hand import some_answered
from bench.retrieval_sets import shared_folder
from rag.chosen_embedder import open_embedder
from rag.filters import Filters
from rag.index import Index, Reading
from rag.search import search
from rag.settings import Settings

_QUESTIONS = 300
_FILTERS = (  # from many papers that pass to few
    Filters(since="2020-01-01", undated=True),
    Filters(since="2023-01-01", until="2023-12-31"),
    Filters(without=("translation",)),
    Filters(phrases=("language models",)),
    Filters(phrases=("speech recognition",), since="2019-01-01"),
)


def main() -> int:
    """Print the figures; returns the exit code."""
    data = Path(sys.argv[1])
    questions = _questions()
    embedder = open_embedder(Settings())
    vectors = embedder.embed_queries(questions)
    before = _memory()
    with closing(Index.open(data)) as index:
        index.warm()

        def plain(question: str) -> None:
            with index.reading() as reading:
                search(reading, embedder, question, k=10)

        def filtered(pair: tuple[str, Filters]) -> None:
            with index.reading() as reading:
                search(reading, embedder, pair[0], k=10, filters=pair[1])

        for question in questions[:20]:
            plain(question)
        worked = time.process_time()
        alone = milliseconds(plain, questions)
        worked = 1000 * (time.process_time() - worked) / len(questions)
        pairs = [(question, _FILTERS[place % len(_FILTERS)]) for place, question in enumerate(questions)]
        first = milliseconds(filtered, pairs[: len(_FILTERS)])
        narrowed = milliseconds(filtered, pairs)
        memory = _memory() - before
        with index.reading() as reading:
            counts = reading.counts()
            recalls = {k: float(np.mean([_recall(reading, vector, k) for vector in vectors])) for k in (10, 120)}
    figures = {
        "papers": counts.papers,
        "chunks": counts.chunks,
        "p50": percentile(alone, 50),
        "p95": percentile(alone, 95),
        "cpu": worked,
        "filtered_p50": percentile(narrowed, 50),
        "filtered_p95": percentile(narrowed, 95),
        "filtered_first": max(first),
        "recall_10": recalls[10],
        "recall_120": recalls[120],
        "memory": memory,
    }
    print(json.dumps(figures))
    return 0


def _questions() -> list[str]:
    return some_answered(read_papers(shared_folder()), _QUESTIONS)


def _recall(reading: Reading, vector: np.ndarray, k: int) -> float:
    """The share of the true k nearest chunks that the index finds."""
    catalogue, matrix = reading.stored()
    cosines = matrix.all_cosines(vector)
    nearest = np.argpartition(-cosines, k)[:k]
    true = {place.chunk_id for place in catalogue.places_at(nearest.tolist())}
    return len(true & {chunk_id for chunk_id, _ in reading.nearest_chunks(vector, k)}) / len(true)


def _memory() -> int:
    """Bytes of resident memory."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    sys.exit(main())
