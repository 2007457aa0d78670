"""The next generation: built where nobody reads yet, and checked; the catalogue's transaction publishes it."""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ingest.chunk import CHUNKING
from ingest.cutting import papers_of
from ingest.ledger import Ledger, now
from ingest.progress import Clock, Progress, Report
from ingest.staging import Staging
from rag.catalogue import GenerationRecord
from rag.database import store_errors
from rag.embedder import EmbedderIdentity, FloatMatrix
from rag.errors import DamagedStoreError, StoreError
from rag.generations import flush_generation, generation_folder, prepare_generation
from rag.matrix import Matrix, append_rows, compact_rows
from rag.passport import Passport
from rag.redaction import without_user
from rag.vectors import LOCAL_COLLECTION, Vectors
from rag.words import Words, WordsWriter

logger = logging.getLogger(__name__)

_STORED_TOGETHER = 2000  # vectors read from the staging file and written at a time
_MOST_UNUSED = 0.25  # share of the matrix that may be rows of texts long changed or gone


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be built, and from what."""

    data_dir: Path
    chroma_url: str  # with user name and password; "" for Chroma embedded in the generation's folder
    identity: EmbedderIdentity
    base: GenerationRecord | None  # the generation to copy; None to build from nothing
    moved: bool  # the base's vectors are not where they are to be, or a server no longer has them


def build_generation(ledger: Ledger, staging: Staging, target: Target, report: Report) -> GenerationRecord:
    """Build and check the next generation, every chunk's vector in it. Nothing of it is visible before `commit`.

    Raises StoreError; the published generation is untouched then.
    """
    number = ledger.next_generation()
    base, moved = target.base, target.moved
    without = ["chroma"] if moved else []
    folder = prepare_generation(target.data_dir, number, copy_of=base.number if base else None, without=without)
    if base is not None and not moved:
        collection = base.collection
    else:
        collection = f"askpapers-{ledger.state.corpus}-{number}" if target.chroma_url else LOCAL_COLLECTION
    vectors = Vectors(folder, chroma_url=target.chroma_url, collection=collection, create=True)
    try:
        dimension = _dimension(ledger, staging, target)
        if moved:
            _bring_over(ledger, folder, vectors, dimension)
        _store_new(ledger, staging, folder, vectors, dimension, report)
        if not target.chroma_url:  # a server's are removed after publishing: readers of the old generation need them
            vectors.delete(ledger.retired())
        report(Progress("publishing", 0, None))
        _write_words(ledger, folder)
        identity = replace(target.identity, dimension=dimension)
        passport = _check(ledger, folder, vectors, identity, base, exact=not target.chroma_url)
        mark = uuid.uuid4().hex[:12] if target.chroma_url else ""
        if mark:  # readers of the old generation need its own until the new one is published
            vectors.set_marks({*vectors.marks(), mark})
        vectors.close()
        with store_errors(folder):
            flush_generation(folder)
    except BaseException:
        with suppress(StoreError):  # what went wrong before is what has to be told
            vectors.close()
        shutil.rmtree(folder, ignore_errors=True)  # where the disk is full, every byte helps
        raise
    return GenerationRecord(number, passport, without_user(target.chroma_url), collection, mark)


def _dimension(ledger: Ledger, staging: Staging, target: Target) -> int:
    """The length of the vectors: known by the passport, the embedder, or a vector that is staged."""
    if target.base is not None:
        return target.base.passport.identity.dimension
    if target.identity.dimension:
        return target.identity.dimension
    row = ledger.connection.execute("SELECT text_key FROM chunks LIMIT 1").fetchone()
    staged = staging.get([row[0]]) if row else {}
    return len(next(iter(staged.values()))) if staged else 0


def _pages(ledger: Ledger) -> Iterator[list[tuple[str, str]]]:
    """The (paper id, text key) of chunks without a vector; each page has to be given its positions before the next."""
    while rows := ledger.connection.execute(
        "SELECT DISTINCT paper_id, text_key FROM chunks INDEXED BY chunks_without_vector"
        " WHERE position IS NULL LIMIT ?",
        (_STORED_TOGETHER,),
    ).fetchall():
        yield rows


def _store_new(
    ledger: Ledger, staging: Staging, folder: Path, vectors: Vectors, dimension: int, report: Report
) -> None:
    """Write the staged vectors of all chunks that have none: to Chroma, and to the matrix beside it."""
    path = folder / "vectors.f16"
    with store_errors(path):
        path.touch()
    position = _without_unused_rows(ledger, path, dimension)
    total = int(ledger.connection.execute("SELECT count(*) FROM chunks WHERE position IS NULL").fetchone()[0])
    clock, done = Clock(report, "storing", total), 0
    for page in _pages(ledger):
        staged = staging.get([key for _, key in page])
        if len(staged) < len({key for _, key in page}):
            raise DamagedStoreError("Some embedded vectors are missing from the staging file.", hint="Run it again.")
        rows: FloatMatrix = np.stack([staged[key] for _, key in page])
        if rows.shape[1] != dimension:
            raise DamagedStoreError(
                f"The embedding model gave vectors of {rows.shape[1]} numbers where the index has {dimension}.",
                hint="Run `python -m ingest --rebuild`.",
            )
        vectors.upsert([f"{paper_id}:{key}" for paper_id, key in page], rows)
        with store_errors(path):
            append_rows(path, rows)
        ledger.connection.executemany(
            "UPDATE chunks SET position = ? WHERE paper_id = ? AND text_key = ?",
            [(position + offset, *keys) for offset, keys in enumerate(page)],
        )
        position += len(page)
        done += len(page)
        clock.at(done)


def _without_unused_rows(ledger: Ledger, path: Path, dimension: int) -> int:
    """The number of rows in the matrix, after it has been written anew where many are of no use any more."""
    if not dimension:
        return 0
    rows = len(Matrix(path, dimension))
    used = int(ledger.connection.execute("SELECT count(DISTINCT position) FROM chunks").fetchone()[0])
    if rows - used <= _MOST_UNUSED * rows:
        return rows
    positions = [
        row[0]
        for row in ledger.connection.execute(
            "SELECT DISTINCT position FROM chunks WHERE position IS NOT NULL ORDER BY position"
        )
    ]
    with store_errors(path):
        compact_rows(path, dimension, positions)
    # Positions only sink, and in their own order, so that none is met twice.
    ledger.connection.execute("CREATE TEMP TABLE moves (old INTEGER PRIMARY KEY, new INTEGER)")
    ledger.connection.executemany("INSERT INTO temp.moves VALUES (?, ?)", zip(positions, range(used), strict=True))
    ledger.connection.execute(
        "UPDATE chunks SET position = (SELECT new FROM temp.moves WHERE old = position) WHERE position IS NOT NULL"
    )
    ledger.connection.execute("DROP TABLE temp.moves")
    return used


def _bring_over(ledger: Ledger, folder: Path, vectors: Vectors, dimension: int) -> None:
    """Fill a Chroma that was not used so far with the vectors of the matrix."""
    matrix = Matrix(folder / "vectors.f16", dimension)
    ids: list[str] = []
    positions: list[int] = []

    def send() -> None:
        rows = matrix.take(positions)
        vectors.upsert(ids, rows / np.linalg.norm(rows, axis=1, keepdims=True))  # exact length again after rounding
        ids.clear()
        positions.clear()

    for place in ledger.catalogue.all_places():
        ids.append(place.vector_id)
        positions.append(place.position)
        if len(ids) == _STORED_TOGETHER:
            send()
    if ids:
        send()


def _write_words(ledger: Ledger, folder: Path) -> None:
    writer = WordsWriter(folder)
    try:
        writer.delete(ledger.dropped())
        writer.delete(ledger.stale_papers())
        writer.add(papers_of(ledger, ledger.stale_papers()))
    except BaseException:
        writer.abandon()
        raise
    writer.commit()


def _check(
    ledger: Ledger,
    folder: Path,
    vectors: Vectors,
    identity: EmbedderIdentity,
    base: GenerationRecord | None,
    *,
    exact: bool,
) -> Passport:
    """The passport of what was built, once the counts agree. Raises DamagedStoreError where they do not."""
    counts = ledger.catalogue.counts()
    wanted = ledger.catalogue.count_texts()
    held = vectors.count()
    words = Words(folder)
    in_words = words.count()
    words.close()
    if (held != wanted if exact else held < wanted) or in_words != counts.papers:
        raise DamagedStoreError(
            f"The new index holds {held} vectors of {wanted} and the words of {in_words} papers of {counts.papers}; "
            "it is not used.",
            hint="Run `python -m ingest --rebuild`.",
        )
    logger.info("%s: %s vectors, words of %s papers", folder, held, in_words)
    created = base.passport.created if base else now()
    return Passport(identity, CHUNKING, counts.papers, counts.chunks, created)


def is_whole(data_dir: Path, record: GenerationRecord, rows: int) -> bool:
    """True where a published generation's files are in place, as far as can be told without reading them.

    `rows`: how many vectors its papers have; behind fewer, new ones would take the places of those that are lost.
    Raises DamagedStoreError where one is there in part.
    """
    folder = generation_folder(data_dir, record.number)
    names = ["vectors.f16", "words/meta.json", *([] if record.chroma_url else ["chroma/chroma.sqlite3"])]
    if not all((folder / name).is_file() for name in names):
        return False
    return not rows or len(Matrix(folder / "vectors.f16", record.passport.identity.dimension)) >= rows
