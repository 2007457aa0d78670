"""The catalogue: what is known of every paper, where it was seen, which generation readers see. The source of truth.

One SQLite file in WAL mode, so that readers go on while an ingest writes: a reader's transaction sees the corpus as it
was when the transaction began, whole. Only `ingest` writes; tables in rag/schema.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.conditions import Condition
from rag.corpus import Chunk, Paper, Source
from rag.database import Connection, open_database, open_scratch, open_to_read, store_errors
from rag.errors import DamagedStoreError, EmptyIndexError
from rag.passport import Passport, read_passport
from rag.redaction import without_user
from rag.schema import VERSION, create_schema

CATALOGUE = "catalogue.sqlite"  # its name in the data folder
_PAPER_COLUMNS = """paper_id, title, abstract, external_id, arxiv_id, url, authors, organisation, date, upvotes,
 code_urls, is_summary"""
_PAGE = 500  # papers fetched together while going through all of them


@dataclass(frozen=True, slots=True)
class State:
    """Which generation readers see. `revision` also grows where only facts or places of papers changed."""

    corpus: str
    generation: int  # 0: nothing published yet
    revision: int


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """A published generation: where its vectors lie and what made them."""

    number: int
    passport: Passport
    chroma_url: str  # without user name and password; "" where Chroma is embedded in the generation's own folder
    collection: str
    mark: str = ""  # what a server's collection is marked with while it holds all vectors of this generation


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is indexed."""

    papers: int
    chunks: int
    dumps: int  # in place when last looked for


@dataclass(frozen=True, slots=True)
class DumpInfo:
    """A dump that was ingested."""

    name: str
    path: str  # absolute
    sha256: str
    size: int  # bytes
    layout: str
    encoding: str
    records: int
    papers: int  # different papers that it holds
    vanished: bool  # no longer there when last looked for
    first_ingested: str  # ISO time, UTC


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chunk's vector is: `position` is its row of the generation's matrix."""

    chunk_id: str
    paper_id: str
    vector_id: str  # its id in Chroma
    position: int


def connect(path: Path, *, write: bool = False) -> Connection:
    """Open the catalogue; with `write` make it where it is not there. May be used by any one thread at a time.

    Raises StoreError, EmptyIndexError where there is none to read. Transactions are begun and ended by the caller.
    """
    if not write and not path.is_file():
        raise EmptyIndexError("Nothing has been ingested yet.", hint="Run `python -m ingest PATH` first.")
    with store_errors(path):
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = open_database(path)
            create_schema(connection)
        else:
            connection = open_to_read(path)
        found = connection.execute("PRAGMA user_version").fetchone()[0]
    if not found:  # an ingest that was killed before it had made the tables
        connection.close()
        raise EmptyIndexError("Nothing has been ingested yet.", hint="Run `python -m ingest PATH` first.")
    if found != VERSION:
        connection.close()
        newer = "It was made by a newer AskPapers: update this one, or choose another data folder."
        raise DamagedStoreError(
            f"{path} has version {found} of the catalogue, and this program reads version {VERSION}.",
            hint=newer if found > VERSION else "Move the data folder aside and ingest your dumps again.",
        )
    return connection


def scratch_copy(path: Path) -> Connection:
    """A copy of the catalogue in a temporary file that goes with its connection; empty where there is none."""
    copy = open_scratch()
    with store_errors(path):
        with suppress(EmptyIndexError), closing(connect(path)) as connection:
            connection.backup(copy)
        create_schema(copy)
    return copy


class Catalogue:
    """Reads the catalogue over one connection. Within a transaction all answers are of one moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dump_names: dict[int, str] = {}

    def _rows(self, query: str, values: Iterable[object]) -> list[Any]:
        """What a query finds that takes any number of values as one JSON list."""
        return self._connection.execute(query, (json.dumps(list(values)),)).fetchall()

    def state(self) -> State:
        """Which generation is published."""
        return State(*self._connection.execute("SELECT corpus, generation, revision FROM state").fetchone())

    def generation(self, number: int) -> GenerationRecord:
        """The record of a published generation. Raises DamagedStoreError where there is none."""
        row = self._connection.execute(
            "SELECT passport, chroma_url, collection FROM generations WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            raise DamagedStoreError(
                f"The catalogue knows no generation {number}.", hint="Run `python -m ingest --rebuild`."
            )
        collection, _, mark = row[2].partition("/")
        return GenerationRecord(number, read_passport(row[0]), without_user(row[1]), collection, mark)

    def counts(self) -> Counts:
        """How many papers, chunks and dumps there are."""
        row = self._connection.execute(
            "SELECT (SELECT count(*) FROM papers), (SELECT count(*) FROM chunks),"
            " (SELECT count(*) FROM dumps WHERE vanished_run IS NULL)"
        ).fetchone()
        return Counts(*row)

    def count_texts(self) -> int:
        """How many vectors a generation has: chunks of one paper with one text share theirs."""
        query = "SELECT count(*) FROM (SELECT DISTINCT paper_id, text_key FROM chunks)"
        return int(self._connection.execute(query).fetchone()[0])

    def count_rows(self) -> int:
        """How many rows the matrix has at least."""
        return int(self._connection.execute("SELECT coalesce(max(position), -1) + 1 FROM chunks").fetchone()[0])

    def papers(self, paper_ids: Iterable[str]) -> dict[str, Paper]:
        """The papers of these ids; an unknown id is left out."""
        rows = self._rows(
            f"SELECT {_PAPER_COLUMNS} FROM papers WHERE paper_id IN (SELECT value FROM json_each(?))",  # noqa: S608 - a constant
            paper_ids,
        )
        places = self._sources([row[0] for row in rows])
        return {row[0]: _paper(row, places.get(row[0], ())) for row in rows}

    def titles(self, paper_ids: Iterable[str]) -> dict[str, str]:
        """The titles of the papers of these ids; an unknown id is left out."""
        found = "SELECT paper_id, title FROM papers WHERE paper_id IN (SELECT value FROM json_each(?))"
        return dict(self._rows(found, paper_ids))

    def all_papers(self) -> Iterator[Paper]:
        """Every paper in the order of arrival, a few at a time in memory."""
        last = -1
        while True:
            rows = self._connection.execute(
                f"SELECT {_PAPER_COLUMNS}, number FROM papers WHERE number > ? ORDER BY number LIMIT ?",  # noqa: S608 - a constant
                (last, _PAGE),
            ).fetchall()
            if not rows:
                return
            places = self._sources([row[0] for row in rows])
            for row in rows:
                yield _paper(row, places.get(row[0], ()))
            last = rows[-1][-1]

    def named(self, titles: Sequence[str], identifiers: Sequence[str]) -> list[str]:
        """Ids of the papers that bear one of these titles, in normalise_title's form, or the source's or arXiv's id."""
        rows = self._connection.execute(
            "SELECT paper_id FROM names WHERE title IN (SELECT value FROM json_each(?1))"
            " UNION SELECT paper_id FROM papers WHERE arxiv_id IN (SELECT value FROM json_each(?2))"
            " UNION SELECT paper_id FROM papers WHERE external_id IN (SELECT value FROM json_each(?2))",
            (json.dumps(titles), json.dumps(identifiers)),
        )
        return [paper_id for (paper_id,) in rows]

    def titles_beginning(self, name: str, *, limit: int) -> list[str]:
        """Ids of papers whose title begins with the name, in normalise_title's form, where "!" sorts behind a blank."""
        begins = "SELECT paper_id FROM names WHERE title = ?1 OR (title >= ?1 || ' ' AND title < ?1 || '!') LIMIT ?2"
        rows = self._connection.execute(begins, (name, limit))
        return [paper_id for (paper_id,) in rows]

    def count_where(self, condition: Condition) -> int:
        """How many papers meet the condition."""
        found = self._connection.execute(f"SELECT count(*) FROM papers WHERE {condition.sql}", condition.values)  # noqa: S608 - sql of ours
        return int(found.fetchone()[0])

    def ids_where(self, condition: Condition, *, order: str = "", limit: int = -1) -> list[str]:
        """The ids of at most `limit` papers that meet the condition; `order` is NEWEST, OLDEST or LAST_ADDED.

        Without an order an index answers what is asked of dates, authors or code; with one whole papers are read.
        """
        ordered = f"ORDER BY {order}" if order else ""
        rows = self._connection.execute(
            f"SELECT paper_id FROM papers WHERE {condition.sql} {ordered} LIMIT ?",  # noqa: S608 - sql of ours
            (*condition.values, limit),
        )
        return [paper_id for (paper_id,) in rows]

    def positions_of(self, paper_ids: Iterable[str]) -> str:
        """The rows of the matrix of these papers' chunks, parted by commas: five times as fast as rows of the table."""
        [(positions,)] = self._rows(
            "SELECT group_concat(position) FROM chunks"
            " WHERE position IS NOT NULL AND paper_id IN (SELECT value FROM json_each(?))",
            paper_ids,
        )
        return positions or ""

    def _sources(self, paper_ids: Sequence[str]) -> dict[str, tuple[Source, ...]]:
        """Where the papers were seen. Places that are gone count only for a paper that has no other."""
        rows = self._rows(
            "SELECT paper_id, dump, line, gone_run IS NOT NULL FROM sightings"
            " WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY paper_id, dump, line",
            paper_ids,
        )
        held: dict[str, list[Source]] = {}
        gone: dict[str, list[Source]] = {}
        for paper_id, dump, line, is_gone in rows:
            (gone if is_gone else held).setdefault(paper_id, []).append(Source(self._dump_name(dump), line))
        return {paper_id: tuple(places) for paper_id, places in {**gone, **held}.items()}

    def _dump_name(self, dump: int) -> str:
        if dump not in self._dump_names:
            self._dump_names = dict(self._connection.execute("SELECT dump, name FROM dumps"))
        return self._dump_names[dump]

    def chunks(self, chunk_ids: Iterable[str]) -> dict[str, Chunk]:
        """The chunks of these ids; an unknown id is left out."""
        rows = self._rows(
            "SELECT chunks.paper_id, ordinal, start, stop FROM json_each(?) AS wanted JOIN chunks"
            " ON chunks.paper_id = json_extract(wanted.value, '$[0]') AND ordinal = json_extract(wanted.value, '$[1]')",
            map(_split, chunk_ids),
        )
        return {chunk.chunk_id: chunk for chunk in map(_chunk, rows)}

    def chunks_of(self, paper_ids: Iterable[str]) -> dict[str, list[Chunk]]:
        """Each paper's chunks in the order of its text; an unknown paper is left out."""
        rows = self._rows(
            "SELECT paper_id, ordinal, start, stop FROM chunks"
            " WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY paper_id, ordinal",
            paper_ids,
        )
        found: dict[str, list[Chunk]] = {}
        for chunk in map(_chunk, rows):
            found.setdefault(chunk.paper_id, []).append(chunk)
        return found

    def places_of(self, paper_ids: Iterable[str]) -> list[Place]:
        """Where the vectors of these papers' chunks are, in the order of their text."""
        rows = self._rows(
            "SELECT paper_id, ordinal, text_key, position FROM chunks"
            " WHERE paper_id IN (SELECT value FROM json_each(?)) AND position IS NOT NULL ORDER BY paper_id, ordinal",
            paper_ids,
        )
        return [_place(row) for row in rows]

    def places_at(self, positions: Iterable[int]) -> list[Place]:
        """The chunks whose vectors are these rows of the matrix; a row of no use any more has none."""
        rows = self._rows(
            "SELECT paper_id, ordinal, text_key, position FROM chunks"
            " WHERE position IN (SELECT value FROM json_each(?)) ORDER BY paper_id, ordinal",
            positions,
        )
        return [_place(row) for row in rows]

    def all_places(self) -> Iterator[Place]:
        """Where every vector is, by papers' ids; the first chunk stands for all of a paper that have the same text."""
        for row in self._connection.execute(
            "SELECT paper_id, min(ordinal), text_key, position FROM chunks WHERE position IS NOT NULL"
            " GROUP BY paper_id, text_key"
        ):
            yield _place(row)

    def dumps(self) -> list[DumpInfo]:
        """Every dump that was ingested, in the order of arrival."""
        rows = self._connection.execute(
            "SELECT name, path, sha256, size, layout, encoding, records,"
            " (SELECT count(DISTINCT paper_id) FROM sightings WHERE dump = dumps.dump AND gone_run IS NULL),"
            " vanished_run IS NOT NULL, coalesce((SELECT started FROM runs WHERE run = first_run), '')"
            " FROM dumps ORDER BY dump"
        )
        return [DumpInfo(*(*row[:8], bool(row[8]), row[9])) for row in rows]


def _paper(row: tuple[Any, ...], sources: tuple[Source, ...]) -> Paper:
    return Paper(
        paper_id=row[0],
        title=row[1],
        abstract=row[2],
        sources=sources,
        external_id=row[3],
        arxiv_id=row[4],
        url=row[5],
        authors=tuple(json.loads(row[6])),
        organisation=row[7],
        date=row[8],
        upvotes=row[9],
        code_urls=tuple(json.loads(row[10])),
        is_summary=bool(row[11]),
    )


def _chunk(row: tuple[str, int, int, int]) -> Chunk:
    return Chunk(f"{row[0]}:{row[1]}", *row[:1], *row[2:])


def _place(row: tuple[str, int, str, int]) -> Place:
    return Place(f"{row[0]}:{row[1]}", row[0], f"{row[0]}:{row[2]}", row[3])


def _split(chunk_id: str) -> tuple[str, int]:
    paper_id, _, ordinal = chunk_id.rpartition(":")
    return paper_id, int(ordinal) if ordinal.isdigit() else -1
