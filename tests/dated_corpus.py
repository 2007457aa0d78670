"""A corpus of our own with dates, authors, code and two dumps, indexed for real: for questions of other shapes.

A module that imports these fixtures imports `embedder` of `tests/answering.py` beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from ingest.sync import sync
from rag.answer import Assistant
from rag.corpus import Answer
from rag.embedder import Embedder
from rag.index import Index
from rag.settings import Settings

AUTUMN: list[dict[str, object]] = [
    {
        "id": "2401.00001",
        "url": "https://arxiv.org/abs/2401.00001",
        "title": "LARK: Large Adapters with Rank Knobs",
        "abstract": "Large language models (LLMs) are costly to tune. LARK adds low-rank matrices with knobs. It "
        "trains one percent of the weights. Our code is available at https://github.com/lark/lark.",
        "authors": ["Ada Winter", "Bo Chen"],
        "date": "2024-01-05",
    },
    {
        "id": "2402.00002",
        "title": "Sentence-LARK: Rank Knobs for Sentences",
        "abstract": "We bring rank knobs to sentence vectors. LARK, LARK and once more LARK is what we build on. The "
        "vectors of sentences improve by two points.",
        "authors": ["Carla Diaz"],
        "date": "2024-02",
    },
    {
        "id": "q1",
        "title": "Annealed Gates: Quantum Computers for Routing",
        "abstract": "Routing is hard. We route lorries with a quantum computer of forty qubits. The routes are four "
        "percent shorter.",
        "date": "2025-03-14",
    },
    {
        "id": "q2",
        "title": "Noise and Patience",
        "abstract": "Quantum computing suffers from noise. We repeat each circuit and vote. Errors fall by a third, at "
        "nine times the cost.",
    },
    {
        "id": "q3",
        "title": "Chairs in Rooms",
        "abstract": "A quantum of patience helps to arrange chairs. We compute seatings for large halls by hand and by "
        "a solver. The solver wins in every hall but one.",
        "date": "2023",
    },
]
WINTER: list[dict[str, object]] = [
    {
        "id": "d1",
        "title": "Slow Melt: Diffusion Models for Glaciers",
        "abstract": "Diffusion models draw glaciers of the future. We train on satellite pictures of forty years. "
        "Pictures of 2060 are judged plausible by nine of ten geologists.",
        "authors": ["Bo Chen"],
        "date": "2025-11-01",
    },
    {
        "id": "d2",
        "title": "Pruned Optimizers for Large Language Models",
        "abstract": "Optimizers keep states for each weight. We prune the states of large language models by half. The "
        "optimizer then needs 40 GB less memory, and the loss stays the same. We release our code.",
        "date": "2026-02-01",
    },
    {
        "id": "d3",
        "title": "Optimizers that Forget",
        "abstract": "An optimizer may forget old gradients. Forgetting saves a quarter of the memory. Training of "
        "image models needs a tenth more steps.",
    },
    {
        "id": "d4",
        "title": "Mixtures of Tides",
        "abstract": "Tides differ from bay to bay. A mixture of small networks predicts them within three centimetres. "
        "Each bay needs a year of records.",
        "date": "2025-06-30",
    },
]
ALL = len(AUTUMN) + len(WINTER)


def index_dated_corpus(folder: Path, *, without: Sequence[str] = (), titled: Sequence[str] = ()) -> Settings:
    """Ingest both dumps, `autumn.jsonl` and `winter.jsonl`; returns settings that point there.

    Papers with the ids `without` are left out; `titled` adds papers to winter of which little more is known.
    """
    more: list[dict[str, object]] = [{"title": title, "abstract": f"{title}. We measure."} for title in titled]
    paths = []
    for name, rows in (("autumn", AUTUMN), ("winter", [*WINTER, *more])):
        path = folder / f"{name}.jsonl"
        kept = [row for row in rows if row.get("id") not in without]
        path.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
        paths.append(str(path))
    settings = Settings(data_dir=folder / "data", _env_file=None)
    sync(paths, settings)
    return settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return index_dated_corpus(tmp_path_factory.mktemp("dated"))


@pytest.fixture(scope="module")
def index(settings: Settings) -> Iterator[Index]:
    with closing(Index.open(settings.data_dir)) as opened:
        yield opened


@pytest.fixture(scope="module")
def assistant(index: Index, embedder: Embedder, settings: Settings) -> Assistant:
    return Assistant(index, embedder, settings)


def ids_of(answer: Answer) -> list[str | None]:
    """The sources' ids of the cited papers, in order."""
    return list(dict.fromkeys(citation.paper.external_id for citation in answer.citations))
