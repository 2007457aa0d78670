"""An ingest that the page began: it runs in a thread of its own, one at a time, and goes on when its reader leaves."""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from rag.errors import AskPapersError, LockedError
from rag.settings import Settings

if TYPE_CHECKING:
    from ingest.progress import Progress
    from ingest.report import SyncReport

logger = logging.getLogger(__name__)

UPLOADS = "uploads"  # folder inside the data folder: what was uploaded stays, so that it does not count as vanished
_HOLDER = "ingest.holder.json"  # written by ingest/lock.py for people to read


class UploadedDump(Protocol):
    """What the page needs of an uploaded file."""

    name: str

    def getbuffer(self) -> memoryview:
        """Its content."""


class _CancelledError(Exception):
    """The reader cancelled; what was embedded so far is kept by the ingest."""


class Ingesting:
    """One run of the ingest, or one look at what it would do."""

    def __init__(
        self,
        settings: Settings,
        *,
        paths: Sequence[str] = (),
        uploads: Sequence[UploadedDump] = (),
        dry_run: bool = False,
        rebuild: bool = False,
    ) -> None:
        self.dry_run = dry_run
        self.rebuild = rebuild
        self.progress: Progress | None = None
        self.report: SyncReport | None = None
        self.problem: AskPapersError | None = None
        self.cancelled = False
        self._paths = list(paths)
        self._uploads = [(Path(upload.name).name, bytes(upload.getbuffer())) for upload in uploads]
        self._settings = settings
        self._cancel = False
        self._over = threading.Event()
        threading.Thread(target=self._work, name="ingesting", daemon=True).start()

    @property
    def over(self) -> bool:
        """True once there is a report or a problem, or it was cancelled."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Until it is over, at most `seconds`; whether it is."""
        return self._over.wait(seconds)

    def cancel(self) -> None:
        """Stop at the next step. Nothing is published; what was embedded is used by the next run."""
        self._cancel = True

    def _work(self) -> None:
        folder: Path | None = None
        try:
            from ingest.sync import sync

            if self._uploads:
                folder = Path(tempfile.mkdtemp()) if self.dry_run else self._settings.data_dir / UPLOADS
                self._paths += self._keep_uploads(folder)
            self.report = sync(
                self._paths,
                self._settings,
                dry_run=self.dry_run,
                rebuild=self.rebuild,
                progress=self._at,
                wait=1.0,
            )
        except _CancelledError:
            self.cancelled = True
        except AskPapersError as error:
            self.problem = error
        except OSError as error:
            self.problem = AskPapersError(f"The dumps could not be kept: {error}.", hint="Check the data folder.")
        except Exception:  # the boundary of the thread: nothing above it could tell the person
            logger.exception("the ingest failed")
            self.problem = AskPapersError(
                "The ingest failed; the index is as it was.", hint="The log of `make app` holds the details."
            )
        finally:
            if folder and self.dry_run:
                shutil.rmtree(folder, ignore_errors=True)
            self._over.set()

    def _keep_uploads(self, folder: Path) -> list[str]:
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, content in self._uploads:
            path = folder / (name.lstrip(".") or "upload")
            path.write_bytes(content)
            paths.append(str(path))
        return paths

    def _at(self, progress: Progress) -> None:
        self.progress = progress
        if self._cancel:
            raise _CancelledError


class Desk:
    """Where this server's ingest lies, so that every session sees it."""

    def __init__(self) -> None:
        self.job: Ingesting | None = None
        self._lock = threading.Lock()

    def begin(
        self,
        settings: Settings,
        *,
        paths: Sequence[str] = (),
        uploads: Sequence[UploadedDump] = (),
        dry_run: bool = False,
        rebuild: bool = False,
    ) -> None:
        """Start one. Raises LockedError where another one of this server is running."""
        with self._lock:
            if self.job and not self.job.over:
                raise LockedError("An ingest is running on this page already.", hint="Wait until it has finished.")
            self.job = Ingesting(settings, paths=paths, uploads=uploads, dry_run=dry_run, rebuild=rebuild)


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The one desk of this server."""
    return Desk()


def is_writing(data_dir: Path) -> bool:
    """Whether some ingest is writing to the data folder now, as far as its note tells."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        note = json.loads((data_dir / _HOLDER).read_text(encoding="utf-8"))
        return _is_alive(int(note["pid"]))
    return False


def _is_alive(process: int) -> bool:
    """A killed ingest leaves its note behind. Where this cannot be asked, the note is believed."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
