"""Ingests in tests: into the data folder of the one that runs, with made-up embeddings; and the papers there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.report import SyncReport
from ingest.sync import sync
from rag.corpus import Paper
from rag.index import Index
from rag.settings import Settings
from tests.word_embedder import WordEmbedder

DATA = Path("data")  # every test runs in a folder of its own


def settings() -> Settings:
    """Those of the data folder, whatever the environment says."""
    return Settings(data_dir=DATA, _env_file=None)


def ingest(
    paths: Sequence[Path | str],
    embedder: WordEmbedder | None = None,
    *,
    dry_run: bool = False,
    prune: bool = False,
    rebuild: bool = False,
) -> SyncReport:
    """Bring dumps into the data folder, with embeddings of words unless others are given."""
    return sync(
        [str(path) for path in paths],
        settings(),
        embedder=embedder or WordEmbedder(),
        dry_run=dry_run,
        prune=prune,
        rebuild=rebuild,
    )


def papers() -> dict[str, Paper]:
    """The papers that are there, by title."""
    with Index.open(DATA).reading() as reading:
        return {paper.title: paper for paper in reading.all_papers()}


def tally(report: SyncReport) -> list[tuple[int, int, int, int]]:
    """New, changed, unchanged and duplicate records of each dump."""
    return [(f.tally.new, f.tally.changed, f.tally.unchanged, f.tally.duplicates) for f in report.files]
