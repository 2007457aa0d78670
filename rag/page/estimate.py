"""How long embedding all papers anew would take: by the pace of earlier ingests, or by a probe of a few seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rag.catalogue import CATALOGUE, Catalogue, connect
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.doctor import Check
    from rag.embedder import Embedder

_ENOUGH = 200  # passages of a run, at least, that tell a pace
_RUNS = 5  # looked at, the newest first
_PROBE_SECONDS = 3.0
_BATCH = 32  # passages embedded together, as the ingest does
_TEXTS = 2048  # passages to probe with, at most


def pace_of_ingests(data_dir: Path) -> float | None:
    """Passages a second of the last ingests that embedded many with the present model; None where there are none.

    It holds reading and storing too, so that it is rather too slow than too quick. Raises StoreError.
    """
    with closing(connect(data_dir / CATALOGUE)) as connection:
        rows = connection.execute(
            "SELECT embedded, seconds, passport FROM runs JOIN generations ON number = generation"
            " WHERE embedded >= ? ORDER BY run DESC LIMIT ?",
            (_ENOUGH, _RUNS),
        ).fetchall()
        catalogue = Catalogue(connection)
        state = catalogue.state()
        if not rows or not state.generation:
            return None
        from rag.passport import read_passport

        now = catalogue.generation(state.generation).passport.identity.fingerprint
        same = [
            (embedded, seconds) for embedded, seconds, text in rows if read_passport(text).identity.fingerprint == now
        ]
    spent = sum(seconds for _, seconds in same)
    return sum(embedded for embedded, _ in same) / spent if spent else None


def probe(embedder: Embedder, data_dir: Path, *, seconds: float = _PROBE_SECONDS) -> float | None:
    """Passages a second, measured with passages of the corpus; None where it is empty. Raises EmbedderError."""
    texts = some_texts(data_dir)
    if not texts:
        return None
    embedder.embed_documents(texts[:1])  # what the first call loads is no pace
    begun, done = time.perf_counter(), 0
    while done < len(texts) and time.perf_counter() - begun < seconds:
        done += len(embedder.embed_documents(texts[done : done + _BATCH]))
    return done / max(1e-6, time.perf_counter() - begun)


def some_texts(data_dir: Path) -> list[str]:
    """Passages as the ingest embeds them. Raises StoreError."""
    from ingest.chunk import chunk_paper, embedding_text

    with closing(connect(data_dir / CATALOGUE)) as connection:
        papers = Catalogue(connection).all_papers()
        passages = (embedding_text(paper, chunk) for paper in papers for chunk in chunk_paper(paper))
        return list(islice(passages, _TEXTS))


def try_embeddings(settings: Settings) -> Iterator[Check]:
    """Whether these embeddings answer, how fast they are, and how long all papers would take."""
    from ingest.progress import duration
    from rag.chosen_embedder import open_embedder
    from rag.doctor import Check, check_embeddings

    embedder = open_embedder(settings)
    found = check_embeddings(embedder)
    yield found
    if found.status != "ok":
        return
    pace = probe(embedder, settings.data_dir)
    if pace is None:
        return
    with closing(connect(settings.data_dir / CATALOGUE)) as connection:
        chunks = Catalogue(connection).counts().chunks
    yield Check(
        "pace",
        "ok",
        f"{pace:,.0f} passages a second. Embedding all {chunks:,} passages anew would take about "
        f"{duration(max(1.0, chunks / pace))}.",
    )
