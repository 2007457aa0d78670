"""The ingest log: what each run and each dump brought, as text for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.progress import duration
from rag.catalogue import CATALOGUE, connect
from rag.database import Connection, database_errors
from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Event:
    """What a run did to one paper."""

    kind: str  # new, changed, duplicate, vanished, pruned
    paper_id: str
    title: str  # of that time
    line: int  # of the dump
    detail: str  # names of the facts that changed


@dataclass(frozen=True, slots=True)
class DumpBrought:
    """What one dump brought in one run."""

    name: str
    path: str
    records: int
    new: int
    changed: int
    unchanged: int
    duplicates: int
    rejected: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One ingest."""

    run: int
    started: str  # ISO time, UTC
    generation: int  # that it published, or left in place
    papers_total: int
    embedded: int
    vanished: int
    pruned: int
    seconds: float
    dumps: tuple[DumpBrought, ...]
    forgot: tuple[str, ...] = ()  # names of the dumps that it took out
    rebuild: bool = False  # every paper was embedded anew


def runs(data_dir: Path, *, run: int | None = None, last: int = 10, skip: int = 0) -> list[Run]:
    """The last runs, the newest first, without the `skip` newest; or one run with its papers.

    Raises StoreError and UsageError.
    """
    with _catalogue(data_dir) as connection:
        rows = connection.execute(
            "SELECT run, started, generation, papers_total, embedded, vanished, pruned, seconds, options FROM runs"
            " WHERE ?1 IS NULL OR run = ?1 ORDER BY run DESC LIMIT ?2 OFFSET ?3",
            (run, 1 if run is not None else last, skip),
        ).fetchall()
        if run is not None and not rows:
            raise UsageError(f"There is no run {run}.", hint="`python -m ingest log` lists them.")
        found, gone = [], _names_of_gone(connection)
        for row in rows:
            events: dict[int, list[Event]] = {}
            if run is not None:
                for dump, *event in connection.execute(
                    "SELECT dump, kind, paper_id, title, line, detail FROM events WHERE run = ? ORDER BY dump, line",
                    (run,),
                ):
                    events.setdefault(dump, []).append(Event(*event))
            dumps = connection.execute(
                "SELECT run_dumps.dump, name, coalesce(path, ''),"
                " run_dumps.records, new, changed, unchanged, duplicates, rejected FROM run_dumps"
                " LEFT JOIN dumps ON dumps.dump = run_dumps.dump WHERE run = ? ORDER BY run_dumps.dump",
                (row[0],),
            ).fetchall()
            brought = [_brought(dump, tuple(events.pop(dump[0], ())), gone) for dump in dumps]
            rest = [event for some in events.values() for event in some]
            if rest:
                brought.append(DumpBrought("dumps no longer there", "", 0, 0, 0, 0, 0, 0, tuple(rest)))
            found.append(_run(row, tuple(brought)))
        return found


def count_runs(data_dir: Path) -> int:
    """How many ingests there were. Raises StoreError."""
    with _catalogue(data_dir) as connection:
        return int(connection.execute("SELECT count(*) FROM runs").fetchone()[0])


def events_of(
    data_dir: Path, run: int, *, kinds: Sequence[str], limit: int, skip: int = 0
) -> tuple[list[Event], dict[str, int]]:
    """A page of what a run did to papers, in the order of its dumps, and how many papers there are of each kind.

    Raises StoreError.
    """
    wanted = json.dumps(list(kinds))
    among = "FROM events WHERE run = ? AND kind IN (SELECT value FROM json_each(?))"
    with _catalogue(data_dir) as connection:
        connection.execute("BEGIN")
        counts = connection.execute(
            f"SELECT kind, count(*) {among} GROUP BY kind",
            (run, wanted),
        ).fetchall()
        rows = connection.execute(
            f"SELECT kind, paper_id, title, line, detail {among} ORDER BY dump, line LIMIT ? OFFSET ?",
            (run, wanted, limit, skip),
        ).fetchall()
    return [Event(*row) for row in rows], dict(counts)


def new_papers(data_dir: Path, run: int) -> tuple[str, ...]:
    """The ids of the papers that a run brought first and that are still there, in their order. Raises StoreError."""
    with _catalogue(data_dir) as connection:
        rows = connection.execute(
            "SELECT DISTINCT events.paper_id FROM events JOIN papers USING (paper_id)"
            " WHERE run = ? AND kind = 'new' ORDER BY number",
            (run,),
        ).fetchall()
    return tuple(paper_id for (paper_id,) in rows)


@contextmanager
def _catalogue(data_dir: Path) -> Iterator[Connection]:
    path = data_dir / CATALOGUE
    with closing(connect(path)) as connection, database_errors(path):
        yield connection


def _names_of_gone(connection: Connection) -> dict[int, str]:
    """Number and last name of the dumps that were taken out."""
    rows = connection.execute('SELECT options FROM runs WHERE options LIKE \'%"forgot": {"%\' ORDER BY run').fetchall()
    return {int(number): name for (options,) in rows for number, name in json.loads(options)["forgot"].items()}


def _brought(row: tuple[Any, ...], events: tuple[Event, ...], gone: dict[int, str]) -> DumpBrought:
    dump, name, path, records, new, changed, unchanged, duplicates, rejected = row
    name = name or f"{gone.get(dump, 'a dump')} (taken out since)"
    return DumpBrought(name, path, records, new, changed, unchanged, duplicates, rejected, events)


def _run(row: tuple[Any, ...], dumps: tuple[DumpBrought, ...]) -> Run:
    run, started, generation, papers_total, embedded, vanished, pruned, seconds, text = row
    options = json.loads(text)
    return Run(
        run,
        started,
        generation,
        papers_total,
        embedded,
        vanished,
        pruned,
        seconds,
        dumps,
        tuple(options.get("forgot", {}).values()),
        bool(options.get("rebuild")),
    )


def runs_as_json(data_dir: Path, *, run: int | None, last: int) -> Iterator[str]:
    """One object a run."""
    for each in runs(data_dir, run=run, last=last):
        yield json.dumps(asdict(each), ensure_ascii=False)


def runs_as_text(data_dir: Path, *, run: int | None, last: int) -> Iterator[str]:
    """Each run in a few lines, its papers below where one run is asked for."""
    for each in runs(data_dir, run=run, last=last):
        when = datetime.fromisoformat(each.started).astimezone().strftime("%Y-%m-%d %H:%M")
        lost = f", {each.vanished:,} vanished" if each.vanished else ""
        lost += f", {', '.join(each.forgot)} taken out" if each.forgot else ""
        lost += f", {each.pruned:,} papers dropped" if each.pruned else ""
        yield (
            f"Run {each.run}, {when}: {each.papers_total:,} papers after it{lost}, {each.embedded:,} passages embedded,"
            f" generation {each.generation}, {duration(each.seconds)}"
        )
        for dump in each.dumps:
            if dump.records:
                yield (
                    f"  {dump.name}: {dump.records:,} records, {dump.new:,} new, {dump.changed:,} changed,"
                    f" {dump.unchanged:,} unchanged, {dump.duplicates:,} duplicates, {dump.rejected:,} rejected"
                )
            elif dump.events:
                yield f"  {dump.name}:"
            for event in dump.events:
                detail = f" ({event.detail})" if event.detail and event.kind == "changed" else ""
                yield f"    {event.kind:9} {event.title}{detail}"
