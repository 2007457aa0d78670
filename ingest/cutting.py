"""Papers whose text is new: cut into chunks, their missing vectors embedded and kept in the staging file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice

import numpy as np

from ingest.chunk import chunk_paper, embedding_text, text_key
from ingest.ledger import Ledger
from ingest.progress import Clock, Report
from ingest.staging import Staging
from rag.corpus import Chunk, Paper
from rag.embedder import Embedder, FloatMatrix
from rag.errors import AskPapersError, EmbedderError

_WINDOW = 1024  # texts looked up in the staging file together
_BATCH = 32  # texts embedded and staged together
_AT_ONCE = 2  # batches in work: what is in them is the most that a kill can cost
_PAPERS_TOGETHER = 500


def papers_of(ledger: Ledger, paper_ids: Iterable[str]) -> Iterator[Paper]:
    """The papers of these ids in their order, a few hundred at a time in memory."""
    ids = iter(paper_ids)
    while some := list(islice(ids, _PAPERS_TOGETHER)):
        found = ledger.catalogue.papers(some)
        yield from (found[paper_id] for paper_id in some if paper_id in found)


def cut_papers(ledger: Ledger, report: Report) -> None:
    """Cut every stale paper into chunks. Known texts keep their vectors; vectors that lose their text are retired."""
    connection = ledger.connection
    clock = Clock(report, "reading", ledger.count_stale())
    for done, paper in enumerate(papers_of(ledger, ledger.stale_papers()), start=1):
        clock.at(done, "cut into passages")
        held = dict(
            connection.execute(
                "SELECT text_key, position FROM chunks WHERE paper_id = ? AND position IS NOT NULL", (paper.paper_id,)
            ).fetchall()
        )
        connection.execute("DELETE FROM chunks WHERE paper_id = ?", (paper.paper_id,))
        rows = [(chunk, text_key(embedding_text(paper, chunk))) for chunk in chunk_paper(paper)]
        connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)",
            [
                (paper.paper_id, number, chunk.start, chunk.end, key, held.get(key))
                for number, (chunk, key) in enumerate(rows)
            ],
        )
        ledger.retire(paper.paper_id, set(held).difference(key for _, key in rows))


def _texts_without_vector(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The (text key, text) of every chunk that has no vector yet."""
    rows = ledger.connection.execute(
        "SELECT paper_id, ordinal, start, stop, text_key FROM chunks INDEXED BY chunks_without_vector"
        " WHERE position IS NULL"
    )
    while some := rows.fetchmany(_WINDOW):
        papers = ledger.catalogue.papers({row[0] for row in some})
        for paper_id, ordinal, start, stop, key in some:
            yield key, embedding_text(papers[paper_id], Chunk(f"{paper_id}:{ordinal}", paper_id, start, stop))


def count_to_embed(ledger: Ledger, staging: Staging | None) -> int:
    """How many texts have neither a vector nor a staged one."""
    if staging is None or staging.is_empty():
        query = "SELECT count(DISTINCT text_key) FROM chunks WHERE position IS NULL"
        return int(ledger.connection.execute(query).fetchone()[0])
    rows = ledger.connection.execute("SELECT DISTINCT text_key FROM chunks WHERE position IS NULL")
    keys, missing = (row[0] for row in rows), 0
    while some := list(islice(keys, _WINDOW)):
        missing += len(staging.missing(some))
    return missing


def embed_missing(ledger: Ledger, staging: Staging, embedder: Embedder, report: Report) -> int:
    """Embed every text that has no vector, batch by batch into the staging file. Returns how many were embedded.

    Two batches are in work at any time, so that no core waits while one is written. Raises EmbedderError; what was
    embedded before stays staged.
    """
    total = count_to_embed(ledger, staging)
    if not total:
        return 0
    clock, done = Clock(report, "embedding", total), 0
    in_work: deque[tuple[list[str], Future[FloatMatrix]]] = deque()

    def keep_oldest() -> int:
        keys, future = in_work.popleft()
        staging.put(keys, _checked(future.result(), len(keys)))
        return len(keys)

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="embedding") as pool:
        try:
            for keys, texts in _batches(ledger, staging):
                in_work.append((keys, pool.submit(embedder.embed_documents, texts)))
                if len(in_work) == _AT_ONCE:
                    done += keep_oldest()
                    clock.at(done)
            while in_work:
                done += keep_oldest()
                clock.at(done)
        except BaseException:
            while in_work:  # what is embedded already is kept for the next run
                with suppress(AskPapersError):
                    keep_oldest()
            raise
    return done


def _batches(ledger: Ledger, staging: Staging) -> Iterator[tuple[list[str], list[str]]]:
    """The (text keys, texts) that have neither a vector nor a staged one, a batch at a time, each text once."""
    texts, given = _texts_without_vector(ledger), set[str]()
    while window := dict(islice(texts, _WINDOW)):
        missing = staging.missing(window) - given
        given = missing  # those in work are not staged yet
        wanted = [key for key in window if key in missing]
        for first in range(0, len(wanted), _BATCH):
            keys = wanted[first : first + _BATCH]
            yield keys, [window[key] for key in keys]


def _checked(vectors: FloatMatrix, count: int) -> FloatMatrix:
    if vectors.shape[0] != count or not np.isfinite(vectors).all():
        raise EmbedderError(
            f"The embedding model gave {vectors.shape[0]} vectors for {count} texts, or no finite numbers.",
            hint="Check EMBED_MODEL; `python -m rag doctor` tries it.",
        )
    return vectors
