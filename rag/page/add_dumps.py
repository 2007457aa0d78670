"""Adding papers: files, pasted text or a place on the server; a look first, then the ingest, then what came of it.

One thing at a time is on the screen: the form, the progress, what the look found, or what the ingest did.
"""

from __future__ import annotations

import uuid
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.errors import AskPapersError
from rag.page import ingest_view, notices
from rag.page.engine import Engine
from rag.page.ingesting import Ingesting, Task, desk, is_writing
from rag.page.naming import may_name_places, named_place
from rag.page.new_papers import ask_about_new
from rag.page.text import count
from rag.page.uploads import UploadedDump, Uploads, pasted
from rag.page.visitor import STRANGER, visitor

UPLOAD, PASTE, PLACE = "Upload files", "Paste text", "Name a place"
_FORMS = (
    "Saved pages as text, Markdown or HTML (arXiv's and journals', too), JSON, Atom and RSS feeds, JSONL, CSV, BibTeX; "
    "also as .gz or .zip."
)


def draw(engine: Engine, ask: StreamlitPage) -> None:
    """The form, or whatever goes on in its place."""
    st.html('<div class="room"><h2>Add papers</h2></div>')
    job = desk().job
    if job is not None and not job.over:
        ingest_view.running(job)
    elif job is not None and is_mine(job):
        _outcome(engine, job, ask)
    else:
        _form(engine)


def owner() -> str:
    """Whom an outcome is shown to: the person at this machine in every tab, a stranger in the one session."""
    who = visitor()
    if who != STRANGER:
        return who
    session: str = st.session_state.setdefault("session", uuid.uuid4().hex)
    return f"{STRANGER}:{session}"


def is_mine(job: Ingesting) -> bool:
    """Whether this visitor began the job."""
    return job.task.owner == owner()


def _form(engine: Engine) -> None:
    """What was written outlives a look, and an ingest that came to nothing."""
    if is_writing(engine.settings.data_dir):
        ingest_view.running_elsewhere(engine.settings.data_dir)
    ways = [UPLOAD, PASTE, *([PLACE] if may_name_places(engine.settings) else [])]
    way = st.segmented_control(
        "How", ways, default=UPLOAD, required=True, key="add-way", label_visibility="collapsed", persist_state="session"
    )
    uploads: list[UploadedDump] = []
    place = ""
    if way == UPLOAD:
        limit = int(st.get_option("server.maxUploadSize"))
        uploads += st.file_uploader(
            f"{_FORMS} Several at once, up to {limit} MB each.",
            accept_multiple_files=True,
            key=f"uploads-{_number()}",
        )
    elif way == PASTE:
        text = st.text_area(
            "A saved page: select all, copy, and paste it here.",
            height=240,
            key=f"pasted-{_number()}",
            placeholder="Title of a paper\nIts abstract ...\n\nTitle of the next paper\n...",
            persist_state="session",
        )
        uploads += [pasted(text)] if text and text.strip() else []
    else:
        place = _place(engine)
    if st.button("Look first", type="primary", disabled=not (uploads or place), help="Changes nothing yet."):
        _look(engine, place, uploads)


def _place(engine: Engine) -> str:
    limited = bool(engine.settings.ingest_from)
    where = "in the server's folder of dumps" if limited else "on this machine"
    return (
        st.text_input(
            f"A file, folder or pattern {where}",
            key="place",
            placeholder="*.txt" if limited else "~/papers/*.txt",
            persist_state="session",
        )
        or ""
    ).strip()


def _look(engine: Engine, place: str, uploads: list[UploadedDump]) -> None:
    try:
        paths = (named_place(place, engine.settings),) if place else ()
        waiting = Uploads(uploads) if uploads else None
        desk().begin(engine.settings, Task(paths, waiting, dry_run=True, owner=owner()))
    except AskPapersError as error:
        notices.problem(error)
    except OSError as error:
        notices.problem(
            AskPapersError(f"The files could not be kept: {error.strerror}.", hint="Make room on the server's disk.")
        )
    else:
        st.rerun()


def _outcome(engine: Engine, job: Ingesting, ask: StreamlitPage) -> None:
    ingest_view.finished(job)
    report = job.report
    with st.container(key="after-ingest", horizontal=True):
        if report and report.dry_run and not job.problem:
            _decide(job)
        elif report and not job.problem and not job.task.forget:
            new = sum(file.tally.new for file in report.files)
            if new:
                ask_about_new(engine.settings.data_dir, ask, number=new)
            st.button("Add more", on_click=_begin_anew, args=(job,))
        else:
            st.button("Close", on_click=desk().put_away, args=(job,))


def _decide(job: Ingesting) -> None:
    report = job.report
    new, changed = (
        (sum(getattr(file.tally, kind) for file in report.files) for kind in ("new", "changed")) if report else (0, 0)
    )
    if report and report.records:
        words = (
            f"Add {count(new, 'paper')}"
            if new
            else "Bring the changes in"
            if changed
            else "Note these dumps all the same"
        )
        kind: Literal["primary", "secondary"] = "primary" if new or changed else "secondary"
        st.button(words, type=kind, key="add-now", on_click=desk().go_on, args=(job,))
    st.button("Not now" if report and report.records else "Back", on_click=desk().put_away, args=(job,))


def _number() -> int:
    """Of the form: a new one is empty."""
    return int(st.session_state.get("added", 0))


def _begin_anew(job: Ingesting) -> None:
    for key in ("place", f"pasted-{_number()}"):
        st.session_state.pop(key, None)
    st.session_state["added"] = _number() + 1
    desk().put_away(job)
