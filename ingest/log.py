"""The ingest log: what each run and each dump brought, as text for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.progress import duration
from rag.catalogue import connect
from rag.database import database_errors
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


def runs(data_dir: Path, *, run: int | None = None, last: int = 10) -> list[Run]:
    """The last runs, the newest first; or one run with its papers. Raises StoreError and UsageError."""
    path = data_dir / "catalogue.sqlite"
    with closing(connect(path)) as connection, database_errors(path):
        rows = connection.execute(
            "SELECT run, started, generation, papers_total, embedded, vanished, pruned, seconds FROM runs"
            " WHERE ?1 IS NULL OR run = ?1 ORDER BY run DESC LIMIT ?2",
            (run, 1 if run is not None else last),
        ).fetchall()
        if run is not None and not rows:
            raise UsageError(f"There is no run {run}.", hint="`python -m ingest log` lists them.")
        found = []
        for row in rows:
            events: dict[int, list[Event]] = {}
            if run is not None:
                for dump, *event in connection.execute(
                    "SELECT dump, kind, paper_id, title, line, detail FROM events WHERE run = ? ORDER BY dump, line",
                    (run,),
                ):
                    events.setdefault(dump, []).append(Event(*event))
            dumps = connection.execute(
                "SELECT run_dumps.dump, coalesce(name, 'a dump that was pruned'), coalesce(path, ''),"
                " run_dumps.records, new, changed, unchanged, duplicates, rejected FROM run_dumps"
                " LEFT JOIN dumps ON dumps.dump = run_dumps.dump WHERE run = ? ORDER BY run_dumps.dump",
                (row[0],),
            ).fetchall()
            brought = [_brought(dump, tuple(events.pop(dump[0], ()))) for dump in dumps]
            rest = [event for some in events.values() for event in some]
            if rest:
                brought.append(DumpBrought("dumps no longer there", "", 0, 0, 0, 0, 0, 0, tuple(rest)))
            found.append(_run(row, tuple(brought)))
        return found


def _brought(row: tuple[Any, ...], events: tuple[Event, ...]) -> DumpBrought:
    _, name, path, records, new, changed, unchanged, duplicates, rejected = row
    return DumpBrought(name, path, records, new, changed, unchanged, duplicates, rejected, events)


def _run(row: tuple[Any, ...], dumps: tuple[DumpBrought, ...]) -> Run:
    run, started, generation, papers_total, embedded, vanished, pruned, seconds = row
    return Run(run, started, generation, papers_total, embedded, vanished, pruned, seconds, dumps)


def runs_as_json(data_dir: Path, *, run: int | None, last: int) -> Iterator[str]:
    """One object a run."""
    for each in runs(data_dir, run=run, last=last):
        yield json.dumps(asdict(each), ensure_ascii=False)


def runs_as_text(data_dir: Path, *, run: int | None, last: int) -> Iterator[str]:
    """Each run in a few lines, its papers below where one run is asked for."""
    for each in runs(data_dir, run=run, last=last):
        when = datetime.fromisoformat(each.started).astimezone().strftime("%Y-%m-%d %H:%M")
        lost = f", {each.vanished:,} vanished" if each.vanished else ""
        lost += f", {each.pruned:,} pruned" if each.pruned else ""
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
