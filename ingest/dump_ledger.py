"""The dumps that were ingested, in the ledger's open transaction: where they lie, what they held, what is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.reading import DumpFile
from ingest.record import Rejected
from rag.database import Connection


@dataclass(frozen=True, slots=True)
class KnownDump:
    """A dump as the catalogue has it."""

    number: int
    sha256: str
    rules: str
    records: int
    layout: str


class DumpLedger:
    """One ingest's view of the dumps, its own changes included."""

    def __init__(self, connection: Connection, run: int) -> None:
        self.connection = connection
        self.run = run
        self.forgotten: dict[int, str] = {}  # number and name of each dump that this run took out
        # The log knows dumps by number, so none is given twice, also after the last one was taken out.
        self._last = connection.execute(
            "SELECT max(coalesce((SELECT max(dump) FROM dumps), 0), coalesce((SELECT max(dump) FROM run_dumps), 0))"
        ).fetchone()[0]

    def at(self, path: str) -> KnownDump | None:
        """The dump ingested from this place."""
        row = self.connection.execute(
            "SELECT dump, sha256, rules, records, layout FROM dumps WHERE path = ?", (path,)
        ).fetchone()
        return KnownDump(*row) if row else None

    def with_content(self, sha256: str) -> list[tuple[int, str]]:
        """Number and place of every dump with this content."""
        return self.connection.execute("SELECT dump, path FROM dumps WHERE sha256 = ?", (sha256,)).fetchall()

    def move(self, dump: int, path: str, name: str) -> None:
        """Note that a dump lies elsewhere now."""
        name = self._free_name(name, path)
        self.connection.execute("UPDATE dumps SET path = ?, name = ? WHERE dump = ?", (path, name, dump))

    def _free_name(self, name: str, path: str) -> str:
        """The name, or where another dump has it the end of the path, with as many folders as no other one shows."""
        parts = path.split("/")
        longer = ("/".join(parts[-shown:]) for shown in range(name.count("/") + 2, len(parts)))
        for each in (name, *longer):
            if not self.connection.execute("SELECT 1 FROM dumps WHERE name = ? AND path != ?", (each, path)).fetchone():
                return each
        return path  # the only one of its kind

    def put(self, path: str, file: DumpFile, sha256: str, size: int, rules: str) -> int:
        """Add a dump, or note its new content. Returns its number."""
        name = self._free_name(file.name, path)
        self._last += 1
        self.connection.execute(
            "INSERT INTO dumps"
            " (dump, path, name, sha256, size, layout, encoding, notes, rules, records, first_run, last_run)"
            " VALUES (?, ?, ?, ?, ?, '', '', '[]', ?, 0, ?, ?) ON CONFLICT (path) DO UPDATE SET name = excluded.name,"
            " sha256 = excluded.sha256, size = excluded.size, rules = excluded.rules, last_run = excluded.last_run,"
            " vanished_run = NULL",
            (self._last, path, name, sha256, size, rules, self.run, self.run),
        )
        return int(self.connection.execute("SELECT dump FROM dumps WHERE path = ?", (path,)).fetchone()[0])

    def finish(self, dump: int, file: DumpFile, records: int, rejected: list[Rejected]) -> None:
        """Note what reading a dump found out."""
        self.connection.execute(
            "UPDATE dumps SET layout = ?, encoding = ?, notes = ?, records = ? WHERE dump = ?",
            (file.layout, file.encoding, json.dumps(file.notes, ensure_ascii=False), records, dump),
        )
        self.connection.execute(  # a paper that only stands on another line now is still there
            "DELETE FROM sightings WHERE dump = ?1 AND gone_run IS NOT NULL AND paper_id IN"
            " (SELECT paper_id FROM sightings WHERE dump = ?1 AND gone_run IS NULL)",
            (dump,),
        )
        self.connection.execute("DELETE FROM rejected WHERE dump = ?", (dump,))
        self.connection.executemany(
            "INSERT INTO rejected VALUES (?, ?, ?, ?)", [(dump, each.line, each.reason, each.text) for each in rejected]
        )

    def begin_reading(self, dump: int) -> None:
        """Note all papers of a dump as gone from it, until they are seen there again."""
        self.connection.execute(
            "UPDATE sightings SET gone_run = ? WHERE dump = ? AND gone_run IS NULL", (self.run, dump)
        )

    def confirm(self, dump: int) -> None:
        """Note that a dump is in place, unchanged."""
        self.connection.execute("UPDATE dumps SET last_run = ?, vanished_run = NULL WHERE dump = ?", (self.run, dump))

    def all(self) -> list[tuple[int, str]]:
        """Number and place of every dump."""
        return self.connection.execute("SELECT dump, path FROM dumps").fetchall()

    def vanished(self) -> list[tuple[int, str]]:
        """Number and place of every dump that was looked for in vain, by this run or before."""
        return self.connection.execute("SELECT dump, path FROM dumps WHERE vanished_run IS NOT NULL").fetchall()

    def mark_vanished(self, dumps: Iterable[int]) -> None:
        """Note dumps that are not in place any more."""
        self.connection.executemany(
            "UPDATE dumps SET vanished_run = ? WHERE dump = ? AND vanished_run IS NULL",
            [(self.run, dump) for dump in dumps],
        )

    def rejected_of(self, dump: int) -> list[Rejected]:
        """What could not be read of a dump when it was read last."""
        rows = self.connection.execute("SELECT line, reason, text FROM rejected WHERE dump = ? ORDER BY line", (dump,))
        return [Rejected(*row) for row in rows]

    def forget(self, dumps: Iterable[int]) -> None:
        """Remove dumps and all places in them; the log keeps what they brought, and their names."""
        for dump in dumps:
            name = self.connection.execute("SELECT name FROM dumps WHERE dump = ?", (dump,)).fetchone()
            if name is not None:
                self.forgotten[dump] = name[0]
            self.connection.execute("DELETE FROM sightings WHERE dump = ?", (dump,))
            self.connection.execute("DELETE FROM rejected WHERE dump = ?", (dump,))
            self.connection.execute("DELETE FROM dumps WHERE dump = ?", (dump,))
