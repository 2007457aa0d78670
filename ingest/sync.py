"""Dumps against the catalogue: what is new, what changed, what vanished; then the plan is carried out and published.

`sync` is the whole of it. Everything happens in one transaction of the catalogue, so that a dry run is the same work
on a copy, a killed run leaves nothing behind, and readers see the old corpus until the new one is complete.
"""

from __future__ import annotations

import glob
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.build import Target, build_generation, is_whole
from ingest.chunk import CHUNKING
from ingest.clearing import clear_away
from ingest.cutting import count_to_embed, cut_papers, embed_missing
from ingest.ledger import Ledger, now
from ingest.lock import WAIT, writer_lock
from ingest.on_server import lies_elsewhere
from ingest.pace import ReadingPace
from ingest.parse import find_dumps
from ingest.progress import Report, silent
from ingest.reading import DumpFile
from ingest.report import FileReport, SyncReport
from ingest.scope import Scope, place_of, printable
from ingest.staging import Staging
from ingest.taking import forget_dumps, take_dump, take_vanished
from ingest.telling import telling
from rag.catalogue import CATALOGUE, Catalogue, connect, scratch_copy
from rag.chosen_embedder import open_embedder
from rag.database import Connection, database_errors
from rag.embedder import Embedder, EmbedderIdentity
from rag.errors import DamagedStoreError, EmptyIndexError
from rag.settings import Settings

_TITLES = 5  # of new papers that a report names


@dataclass(slots=True)
class SyncPlan:
    """What the dumps mean for the corpus: written in an open transaction, seen by nobody yet."""

    ledger: Ledger
    target: Target
    files: tuple[FileReport, ...]
    to_embed: int  # texts without a vector, staged ones of a killed run included
    vanished: int  # papers that no dump in place holds any more since this run
    builds: bool  # a new generation is needed
    noticeable: bool  # readers will see a difference
    options: dict[str, object]
    started: str
    began: float  # time.monotonic()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The options of one ingest."""

    paths: tuple[str, ...]
    dry_run: bool
    prune: bool
    rebuild: bool
    forget: tuple[str, ...]


def sync(
    paths: Sequence[str],
    settings: Settings,
    *,
    dry_run: bool = False,
    prune: bool = False,
    rebuild: bool = False,
    forget: Sequence[str] = (),
    progress: Report = silent,
    embedder: Embedder | None = None,
    wait: float = WAIT,
) -> SyncReport:
    """Bring dumps into the corpus. An exception raised by `progress` cancels; what was embedded is kept for next time.

    `dry_run` changes nothing and reports what would be. `prune` drops papers that only vanished dumps held. `rebuild`
    embeds every paper anew, with the settings' embedder. `forget` names dumps (DumpInfo.path) to be taken out, with
    the papers that only they held. `wait`: seconds for another ingest to finish.
    Raises DumpError for a path that is not there, StoreError and EmbedderError.
    """
    wanted = _Wanted(tuple(paths), dry_run, prune, rebuild, tuple(forget))
    embedder = embedder or open_embedder(settings)
    catalogue = settings.data_dir / CATALOGUE
    files = _find(wanted, catalogue)
    if dry_run:
        with closing(scratch_copy(catalogue)) as connection:
            plan = plan_sync(connection, files, wanted, settings, embedder.identity, progress)
            return _report(plan, embedded=plan.to_embed, dry_run=True)
    with (
        writer_lock(settings.data_dir, wait=wait),
        closing(connect(catalogue, write=True)) as connection,
        database_errors(catalogue),
        telling(settings.data_dir, progress) as report,
    ):
        plan = plan_sync(connection, files, wanted, settings, embedder.identity, report)
        return carry_out(plan, settings, embedder, report)


def _find(wanted: _Wanted, catalogue: Path) -> list[DumpFile]:
    """The dumps to read. With --prune a path may be gone where the catalogue knows dumps of it."""
    paths = list(wanted.paths)
    if wanted.prune:
        with suppress(EmptyIndexError), closing(connect(catalogue)) as connection:
            known = [dump.path for dump in Catalogue(connection).dumps()]
            paths = [path for path in paths if _is_there(path) or not any(map(Scope([path]).covers, known))]
    return list(find_dumps(paths))


def _is_there(path: str) -> bool:
    """Whether a file, a folder or a glob names anything."""
    return Path(path).exists() or next(glob.iglob(path, recursive=True), None) is not None  # noqa: PTH207 - as parse.py


def plan_sync(
    connection: Connection,
    files: Sequence[DumpFile],
    wanted: _Wanted,
    settings: Settings,
    identity: EmbedderIdentity,
    report: Report,
) -> SyncPlan:
    """Read the dumps into the catalogue's open transaction and cut what is new. Ends with `carry_out` or a roll-back.

    Raises IndexMismatchError where the index has other embeddings and `rebuild` is not wanted.
    """
    started, began = now(), time.monotonic()
    ledger = Ledger(connection)
    # One that all papers were taken out of holds nothing to go on from, and nothing that other embeddings would spoil.
    has_papers = ledger.catalogue.counts().papers > 0
    published = ledger.catalogue.generation(ledger.state.generation) if has_papers else None
    moved = False
    if published is not None and not wanted.rebuild:
        published.passport.check(identity)
        if not wanted.dry_run:
            if not is_whole(settings.data_dir, published, ledger.catalogue.count_rows()):
                raise DamagedStoreError(
                    f"The index of generation {published.number} in {settings.data_dir} is not whole.",
                    hint="Run `python -m ingest --rebuild` to make it anew from the catalogue.",
                )
            moved = lies_elsewhere(published, settings, ledger.catalogue)
    reports, read = _take_all(ledger, files, report)
    scope, places = Scope(wanted.paths), frozenset(map(place_of, files))
    vanished = take_vanished(ledger, scope, places, prune=wanted.prune and any(file.tally.records for file in reports))
    forgotten = [number for number, place in ledger.dumps.all() if place in wanted.forget]
    forget_dumps(ledger, forgotten)
    if wanted.rebuild:
        ledger.forget_vectors()
    elif published is not None and published.passport.chunking != CHUNKING:
        ledger.cut_again()
    cut_papers(ledger, report)
    counts = ledger.catalogue.counts()
    builds = ledger.has_other_text() or moved or (wanted.rebuild and counts.papers > 0)
    return SyncPlan(
        ledger=ledger,
        target=Target(settings.data_dir, settings.chroma_url, identity, None if wanted.rebuild else published, moved),
        files=tuple(reports),
        to_embed=count_to_embed(ledger, None),
        vanished=vanished,
        builds=builds,
        noticeable=builds or bool(read or vanished or forgotten),
        options={
            "paths": list(map(printable, wanted.paths)),
            "prune": wanted.prune,
            "rebuild": wanted.rebuild,
            "forget": list(wanted.forget),
            "forgot": ledger.dumps.forgotten,  # number -> name, also of those that were pruned
        },
        started=started,
        began=began,
    )


def _take_all(ledger: Ledger, files: Sequence[DumpFile], report: Report) -> tuple[list[FileReport], int]:
    """What became of each dump, and how many were not the very same as before."""
    places = frozenset(map(place_of, files))
    pace = ReadingPace(report, files)
    reports = []
    for number, file in enumerate(files):
        pace.open(number, file.name)
        found = take_dump(ledger, file, places, pace.at)
        pace.close(found.tally.records if found else 0, was_read=found is None or found.was_read)
        if found is not None:
            reports.append(found)
    return reports, sum(found.was_read for found in reports)


def carry_out(plan: SyncPlan, settings: Settings, embedder: Embedder, report: Report) -> SyncReport:
    """Embed what is new, build the next generation where one is needed, publish, clear away what is unused."""
    ledger, data_dir = plan.ledger, settings.data_dir
    embedded, built = 0, None
    if plan.builds:
        with closing(Staging(data_dir, embedder.identity)) as staging:
            embedded = embed_missing(ledger, staging, embedder, report)
            target = replace(plan.target, identity=embedder.identity)  # which knows an endpoint's dimension by now
            built = build_generation(ledger, staging, target, report)
    if plan.noticeable:
        ledger.publish(built)
    seconds = time.monotonic() - plan.began
    ledger.log_run(
        started=plan.started, options=plan.options, embedded=embedded, vanished=plan.vanished, seconds=seconds
    )
    finished = _report(plan, embedded=embedded, dry_run=False)
    ledger.commit()
    clear_away(ledger, settings, embedder.identity, built)
    return finished


def _report(plan: SyncPlan, *, embedded: int, dry_run: bool) -> SyncReport:
    counts = plan.ledger.catalogue.counts()
    return SyncReport(
        files=plan.files,
        papers_total=counts.papers,
        chunks_total=counts.chunks,
        embedded=embedded,
        vanished=plan.vanished,
        pruned=len(plan.ledger.dropped()),
        seconds=time.monotonic() - plan.began,
        dry_run=dry_run,
        generation=plan.ledger.catalogue.state().generation,
        forgot=tuple(plan.ledger.dumps.forgotten.values()),
        titles=tuple(plan.ledger.new_titles(_TITLES)),
    )
