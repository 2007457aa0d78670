"""An ingest that the page began: it runs in a thread of its own, one at a time, and goes on when its reader leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from filelock import FileLock

from rag.errors import AskPapersError, LockedError
from rag.page.job import Job
from rag.page.uploads import FOLDER, Kept, Uploads, remove_upload
from rag.settings import Settings

if TYPE_CHECKING:
    from ingest.calibrating import Measured
    from ingest.progress import Progress
    from ingest.report import SyncReport
    from rag.embedder import Embedder

_HOLDER, _LOCK = "ingest.holder.json", "ingest.lock"  # of ingest/lock.py: a note on who holds the lock, and the lock


class _CancelledError(Exception):
    """The reader cancelled; what was embedded so far is kept by the ingest."""


@dataclass(frozen=True, slots=True)
class Task:
    """What an ingest is to do."""

    paths: tuple[str, ...] = ()
    uploads: Uploads | None = None
    dry_run: bool = False
    rebuild: bool = False
    forget: tuple[str, ...] = ()  # DumpInfo.path of dumps to be taken out
    afterwards: Callable[[], None] | None = None  # called in the thread when all went well; may raise AskPapersError
    owner: str = ""  # whose outcome it is; everybody sees that it runs


class Ingesting(Job):
    """One run of the ingest, or one look at what it would do."""

    def __init__(self, settings: Settings, task: Task) -> None:
        self.task = task
        self.settings = settings
        self.progress: Progress | None = None
        self.report: SyncReport | None = None
        self.problem: AskPapersError | None = None
        self.cancelled = False
        self._cancel = False
        super().__init__("ingesting", "The ingest failed; the index is as it was.")

    @property
    def cancelling(self) -> bool:
        """True from the reader's wish to the end."""
        return self._cancel

    def cancel(self) -> None:
        """Stop at the next step. Nothing is published; what was embedded is used by the next run."""
        self._cancel = True

    def work(self) -> None:
        """Keep what was uploaded, ingest it; what came of it is in `report`, or it was cancelled."""
        task, kept = self.task, Kept(())
        try:
            if task.uploads and task.dry_run:
                kept = Kept(tuple(task.uploads.paths))
            elif task.uploads:
                kept = task.uploads.keep(self.settings.data_dir / FOLDER)
            self._sync([*task.paths, *kept.paths])
        except _CancelledError:
            self.cancelled = True
        except OSError as error:
            raise AskPapersError(f"The dumps could not be kept: {error}.", hint="Check the data folder.") from error
        finally:
            if self.report is None and not task.dry_run:
                kept.take_back()
            elif task.uploads and not task.dry_run:
                task.uploads.discard()

    def fail(self, problem: AskPapersError) -> None:
        """Keep the problem in the report's place."""
        self.problem = problem

    def _sync(self, paths: Sequence[str]) -> None:
        from ingest.sync import sync
        from rag.chosen_embedder import open_embedder

        task, embedder = self.task, open_embedder(self.settings)
        report = sync(
            paths,
            self.settings,
            dry_run=task.dry_run,
            rebuild=task.rebuild,
            forget=task.forget,
            progress=self._at,
            embedder=embedder,
            wait=1.0,
        )
        self.report = report
        if task.forget and not task.dry_run:
            self._clear_away()
        if task.afterwards:
            task.afterwards()
        if not task.dry_run:
            self.report = replace(report, measured=self._measure(embedder))

    def _measure(self, embedder: Embedder) -> Measured | None:
        """How sure answers are, where that has changed; who cancels now keeps the new papers."""
        from ingest.calibrating import calibrate

        with suppress(_CancelledError):
            return calibrate(self.settings, embedder, self._at)
        return None

    def _clear_away(self) -> None:
        """The copies of dumps that were uploaded go with them; nobody else's file is touched."""
        from rag.page.holdings import read_holdings

        others = [dump.path for dump in read_holdings(self.settings.data_dir).dumps]
        for dump in self.task.forget:
            remove_upload(self.settings.data_dir, dump, others)

    def _at(self, progress: Progress) -> None:
        self.progress = progress
        if self._cancel:
            raise _CancelledError


class Desk:
    """Where this server's ingest lies, so that every session sees it."""

    def __init__(self) -> None:
        self.job: Ingesting | None = None
        self._lock = threading.Lock()

    @property
    def busy(self) -> bool:
        """True while an ingest or a look runs on this server."""
        return self.job is not None and not self.job.over

    def begin(self, settings: Settings, task: Task) -> None:
        """Start one. Raises LockedError where another one of this server is running."""
        with self._lock:
            if self.busy:
                raise LockedError("An ingest is running on this page already.", hint="Wait until it has finished.")
            before, self.job = self.job, Ingesting(settings, task)
        if before and before.task.uploads and before.task.uploads is not task.uploads:
            before.task.uploads.discard()

    def go_on(self, looked: Ingesting) -> None:
        """Carry out what was looked at; nothing where something else lies here by now."""
        with self._lock:
            if self.job is looked and looked.over and looked.task.dry_run:
                self.job = Ingesting(looked.settings, replace(looked.task, dry_run=False))

    def put_away(self, job: Ingesting) -> None:
        """Forget its outcome; an ingest that runs goes on, and what took its place here meanwhile stays."""
        with self._lock:
            if self.busy or self.job is not job:
                return
            self.job = None
        if job.task.uploads:
            job.task.uploads.discard()


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The one desk of this server."""
    return Desk()


def is_writing(data_dir: Path) -> bool:
    """Whether some ingest is writing to the data folder now."""
    return writer(data_dir) is not None


def writer(data_dir: Path) -> int | None:
    """The process that is writing to the data folder now, by its note; None where none is."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        note = data_dir / _HOLDER
        process = int(json.loads(note.read_text(encoding="utf-8"))["pid"])
        return None if _was_left_behind(note) else process
    return None


def _was_left_behind(note: Path) -> bool:
    """Whether nobody holds the lock that the note is about; it is removed then: whoever wrote it was killed.

    That a process of its number is alive says nothing: numbers are given again, in a container from 1 on.
    """
    try:
        with FileLock(note.with_name(_LOCK), timeout=0):
            note.unlink(missing_ok=True)
    except OSError:  # it is held; where it may not be tried, the note is believed
        return False
    return True
