"""What an ingest writes in the catalogue: papers, places, facts and the log, all inside one open transaction.

Readers see none of it until `commit`; a process that dies leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.dump_ledger import DumpLedger
from ingest.merge import abstract_key, paper_of
from ingest.record import Record
from rag.catalogue import Catalogue, GenerationRecord
from rag.corpus import Paper, normalise_title
from rag.database import Connection

# What one run needs to remember; SQLite keeps it outside the catalogue and beyond memory.
_SCRATCH = (
    "touched (paper_id TEXT PRIMARY KEY, kind TEXT)",  # papers met, and what became of them first
    "stale (paper_id TEXT PRIMARY KEY)",  # papers to be cut and embedded
    "dropped (paper_id TEXT PRIMARY KEY)",
    "retired (vector_id TEXT PRIMARY KEY)",  # vectors of the published generation that the next one has no text for
)


@dataclass(slots=True)
class Tally:
    """What became of one dump's records; `records` is the sum of the four kinds."""

    records: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0


def now() -> str:
    """This moment as the catalogue writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def record_key(record: Record) -> str:
    """A hash of all that a record says, wherever it stands."""
    content = [str(getattr(record, name)) for name in record.__slots__ if name != "line"]
    return hashlib.sha256(json.dumps(content).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _name(title: str) -> str:
    """The form under which a title is found again; one of punctuation alone only by itself."""
    return normalise_title(title) or title


class Ledger:
    """One ingest's view of the catalogue, its own changes included."""

    def __init__(self, connection: Connection) -> None:
        """Begins the transaction. `connection` is the caller's to close; it serves one ledger."""
        self.connection = connection
        self.catalogue = Catalogue(connection)
        connection.execute("BEGIN IMMEDIATE")
        for table in _SCRATCH:
            connection.execute(f"CREATE TEMP TABLE {table}")
        self.state = self.catalogue.state()
        self.run = int(connection.execute("SELECT coalesce(max(run), 0) + 1 FROM runs").fetchone()[0])
        self.dumps = DumpLedger(connection, self.run)

    # Finding

    def candidates(self, record: Record) -> list[Paper]:
        """Papers that a record may be of: by a title under which they were seen, by id, by the abstract's text."""
        given = paper_of(record)
        rows = self.connection.execute(
            "SELECT paper_id FROM names WHERE title = ?1"
            " UNION SELECT paper_id FROM papers WHERE paper_id = ?2"
            " UNION SELECT paper_id FROM papers WHERE arxiv_id = ?3"
            " UNION SELECT paper_id FROM papers WHERE external_id = ?4"
            " UNION SELECT paper_id FROM papers WHERE abstract_key = ?5 AND abstract_key != ''",
            (
                _name(given.title),
                given.paper_id,
                given.arxiv_id,
                given.external_id,
                abstract_key(given.abstract),
            ),
        ).fetchall()
        return list(self.catalogue.papers([row[0] for row in rows]).values()) if rows else []

    def named(self, record: Record) -> set[str]:
        """Ids of the papers that were seen under a record's title."""
        query = "SELECT paper_id FROM names WHERE title = ?"
        return {row[0] for row in self.connection.execute(query, (_name(paper_of(record).title),))}

    def paper_of_record(self, key: str) -> str | None:
        """The paper into which the very same record was merged before, from whichever dump."""
        row = self.connection.execute("SELECT paper_id FROM sightings WHERE record = ? LIMIT 1", (key,)).fetchone()
        return row[0] if row else None

    def stood_only_in(self, paper_id: str, dump: int) -> bool:
        """Whether a paper was seen in one place alone, in a dump that is read anew, and was not met there yet."""
        rows = self.connection.execute("SELECT dump, gone_run FROM sightings WHERE paper_id = ?", (paper_id,))
        return rows.fetchall() == [(dump, self.run)]

    def title_of(self, paper_id: str) -> str:
        """The title of a paper that is there."""
        return str(self.connection.execute("SELECT title FROM papers WHERE paper_id = ?", (paper_id,)).fetchone()[0])

    def kind_so_far(self, paper_id: str) -> str | None:
        """What this run did to a paper first, None where it did not meet it yet."""
        row = self.connection.execute("SELECT kind FROM temp.touched WHERE paper_id = ?", (paper_id,)).fetchone()
        return row[0] if row else None

    # Papers

    def put_paper(self, paper: Paper, record: Record, facts: Iterable[str], dump: int) -> None:
        """Add or change a paper; `facts` are the fields that come from `record`."""
        facts = list(facts)
        known = self.connection.execute(
            "SELECT title, abstract, original_title, original_abstract FROM papers WHERE paper_id = ?",
            (paper.paper_id,),
        ).fetchone()
        title = record.title if known is None or "title" in facts else known[2]
        abstract = record.abstract if known is None or "abstract" in facts else known[3]
        self.connection.execute(
            "INSERT INTO papers (paper_id, title, abstract, original_title, original_abstract, abstract_key,"
            " external_id, arxiv_id, url, authors, organisation, date, upvotes, code_urls, is_summary, first_run,"
            " changed_run)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (paper_id) DO UPDATE SET title = excluded.title, abstract = excluded.abstract,"
            " original_title = excluded.original_title, original_abstract = excluded.original_abstract,"
            " abstract_key = excluded.abstract_key, external_id = excluded.external_id, arxiv_id = excluded.arxiv_id,"
            " url = excluded.url, authors = excluded.authors, organisation = excluded.organisation,"
            " date = excluded.date, upvotes = excluded.upvotes, code_urls = excluded.code_urls,"
            " is_summary = excluded.is_summary, changed_run = excluded.changed_run",
            (
                paper.paper_id,
                paper.title,
                paper.abstract,
                title,
                abstract,
                abstract_key(paper.abstract),
                paper.external_id,
                paper.arxiv_id,
                paper.url,
                json.dumps(paper.authors, ensure_ascii=False),
                paper.organisation,
                paper.date,
                paper.upvotes,
                json.dumps(paper.code_urls, ensure_ascii=False),
                paper.is_summary,
                self.run,
                self.run,
            ),
        )
        self.connection.executemany(
            "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?)",
            [(paper.paper_id, fact, dump, record.line, self.run) for fact in facts],
        )
        if known is None or (paper.title, paper.abstract) != known[:2]:
            self.connection.execute("INSERT OR IGNORE INTO temp.stale VALUES (?)", (paper.paper_id,))

    def see(self, paper_id: str, dump: int, line: int, key: str) -> None:
        """Note where a paper was seen."""
        self.connection.execute(
            "INSERT OR REPLACE INTO sightings VALUES (?, ?, ?, ?, NULL)", (paper_id, dump, line, key)
        )

    def name(self, paper_id: str, title: str) -> None:
        """Note a title under which a paper was seen."""
        self.connection.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", (_name(title), paper_id))

    def touch(self, paper_id: str, kind: str) -> None:
        """Note what this run did to a paper."""
        self.connection.execute("INSERT OR REPLACE INTO temp.touched VALUES (?, ?)", (paper_id, kind))

    def touch_all_of(self, dump: int) -> int:
        """Note every paper of a dump as unchanged. Returns how many were not noted before."""
        return self.connection.execute(
            "INSERT OR IGNORE INTO temp.touched SELECT DISTINCT paper_id, 'unchanged' FROM sightings"
            " WHERE dump = ? AND gone_run IS NULL",
            (dump,),
        ).rowcount

    def stale_papers(self) -> Iterator[str]:
        """Ids of the papers whose text is new, in the order of arrival."""
        for row in self.connection.execute(
            "SELECT stale.paper_id FROM temp.stale JOIN papers USING (paper_id) ORDER BY papers.number"
        ):
            yield row[0]

    def count_stale(self) -> int:
        """How many papers have new text."""
        return int(self.connection.execute("SELECT count(*) FROM temp.stale").fetchone()[0])

    def new_titles(self, limit: int) -> list[str]:
        """Titles of at most `limit` papers that this run was the first to see, in the order of arrival."""
        rows = self.connection.execute(
            "SELECT title FROM papers WHERE first_run = ? ORDER BY number LIMIT ?", (self.run, limit)
        )
        return [title for (title,) in rows]

    def drop_papers(self, paper_ids: Iterable[str]) -> None:
        """Take papers out, with all that is known of them."""
        for paper_id in paper_ids:
            rows = self.connection.execute("SELECT text_key FROM chunks WHERE paper_id = ?", (paper_id,)).fetchall()
            self.retire(paper_id, {row[0] for row in rows})
            for table in ("papers", "names", "sightings", "facts", "chunks", "temp.stale", "temp.touched"):
                query = f"DELETE FROM {table} WHERE paper_id = ?"  # noqa: S608 - constants
                self.connection.execute(query, (paper_id,))
            self.connection.execute("INSERT OR IGNORE INTO temp.dropped VALUES (?)", (paper_id,))

    def dropped(self) -> list[str]:
        """Ids of the papers that this run took out."""
        return [row[0] for row in self.connection.execute("SELECT paper_id FROM temp.dropped")]

    def retire(self, paper_id: str, text_keys: Iterable[str]) -> None:
        """Note vectors of a paper that are of no use any more."""
        self.connection.executemany(
            "INSERT OR IGNORE INTO temp.retired VALUES (?)", [(f"{paper_id}:{key}",) for key in text_keys]
        )

    def retired(self) -> list[str]:
        """Ids of the vectors of no use any more."""
        return [row[0] for row in self.connection.execute("SELECT vector_id FROM temp.retired")]

    def has_other_text(self) -> bool:
        """True where readers of the published generation would miss a new text, or find one that is gone."""
        query = "SELECT EXISTS (SELECT 1 FROM temp.stale) OR EXISTS (SELECT 1 FROM temp.dropped)"
        return bool(self.connection.execute(query).fetchone()[0])

    def cut_again(self) -> None:
        """Have every paper cut anew; texts that stay the same keep their vectors."""
        self.connection.execute("INSERT OR IGNORE INTO temp.stale SELECT paper_id FROM papers")

    def forget_vectors(self) -> None:
        """Have every paper cut and embedded anew."""
        self.cut_again()
        self.connection.execute("UPDATE chunks SET position = NULL")

    # The log

    def note(self, kind: str, dump: int, line: int, paper_id: str, title: str, detail: str = "") -> None:
        """Write an event of this run to the log: what became of a paper."""
        self.connection.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", (self.run, dump, line, paper_id, kind, title, detail)
        )

    def log_dump(self, dump: int, tally: Tally, rejected: int) -> None:
        """Write what became of a dump's records to the log."""
        self.connection.execute(
            "INSERT OR REPLACE INTO run_dumps VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.run, dump, tally.records, tally.new, tally.changed, tally.unchanged, tally.duplicates, rejected),
        )

    def note_vanished(self) -> int:
        """Log the papers that no dump in place holds any more since this run. Returns how many."""
        return self.connection.execute(
            "INSERT INTO events SELECT ?1, min(sightings.dump), min(line), papers.paper_id, 'vanished', title, ''"
            " FROM sightings JOIN dumps ON dumps.dump = sightings.dump"
            " JOIN papers ON papers.paper_id = sightings.paper_id"
            " GROUP BY papers.paper_id"
            " HAVING max(gone_run IS NULL AND vanished_run IS NULL) = 0"  # nowhere now
            " AND max(coalesce(gone_run = ?1, 0) OR (gone_run IS NULL AND coalesce(vanished_run = ?1, 0))) = 1",
            (self.run,),
        ).rowcount

    def papers_only_in(self, dumps: Iterable[int]) -> list[tuple[str, int, int]]:
        """The (paper id, dump, line) of papers that were seen in none but these dumps."""
        return self.connection.execute(
            "SELECT paper_id, min(dump), min(line) FROM sightings GROUP BY paper_id"
            " HAVING min(dump IN (SELECT value FROM json_each(?))) = 1",
            (json.dumps(list(dumps)),),
        ).fetchall()

    # Publishing

    def next_generation(self) -> int:
        """The number that the next published generation will have."""
        row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'generations'").fetchone()
        return int(row[0]) + 1 if row else 1

    def generations(self) -> list[int]:
        """The numbers of all generations that the catalogue knows."""
        return [row[0] for row in self.connection.execute("SELECT number FROM generations ORDER BY number")]

    def publish(self, generation: GenerationRecord | None) -> None:
        """Make a generation the one that readers see; None leaves the one that they have."""
        if generation is not None:
            self.connection.execute(
                "INSERT INTO generations VALUES (?, ?, ?, ?, ?)",
                (
                    generation.number,
                    now(),
                    generation.passport.as_json(),
                    generation.chroma_url,
                    f"{generation.collection}/{generation.mark}" if generation.mark else generation.collection,
                ),
            )
            self.connection.execute("UPDATE state SET generation = ?", (generation.number,))
        self.connection.execute("UPDATE state SET revision = revision + 1")

    def log_run(
        self, *, started: str, options: dict[str, object], embedded: int, vanished: int, seconds: float
    ) -> None:
        """Write this run to the log."""
        counts, generation = self.catalogue.counts(), self.catalogue.state().generation
        pruned = int(self.connection.execute("SELECT count(*) FROM temp.dropped").fetchone()[0])
        self.connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.run, started, json.dumps(options), generation, counts.papers, embedded, vanished, pruned, seconds),
        )

    def commit(self) -> None:
        """Bring everything in at once."""
        self.connection.execute("COMMIT")
