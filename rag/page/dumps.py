"""Dumps: what was read into the index, and how to add more: a look first, then the ingest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.catalogue import DumpInfo
from rag.errors import AskPapersError
from rag.page import notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.ingesting import Ingesting, desk
from rag.page.text import count, escape, label

_OFTEN = 0.4  # seconds between two looks at a running ingest
_SHOWN_REJECTED = 8

STAGES = {
    "reading": "Reading the dumps",
    "embedding": "Embedding passages",
    "storing": "Storing passages",
    "publishing": "Publishing",
}


def draw(engine: Engine, holdings: Holdings, papers: StreamlitPage) -> None:
    """The whole room."""
    st.html(
        '<div class="room"><h1>Dumps</h1><p>Saved pages of papers, feeds and lists that were read into the index. '
        "A paper in several dumps is kept once, with every place where it was seen.</p></div>"
    )
    with st.container(key="dumps", gap=None):
        for dump in holdings.dumps:
            _dump(dump, papers)
    _add(engine)


def _dump(dump: DumpInfo, papers: StreamlitPage) -> None:
    with st.container(key=f"dump-{dump.name}", horizontal=True, vertical_alignment="center"):
        st.html(dump_html(dump))
        st.page_link(
            papers,
            label=label(count(dump.papers, "paper")),
            query_params={"dump": dump.name},
            icon=":material/article:",
        )


def dump_html(dump: DumpInfo) -> str:
    """A dump's name and what is known of it."""
    facts = [dump.layout, count(dump.records, "record"), printed_time(dump.first_ingested)]
    if dump.vanished:
        facts.append("no longer there")
    line = " · ".join(escape(fact) for fact in facts if fact)
    return (
        f'<p class="dump" title="{escape(dump.path)}"><b>{escape(dump.name)}</b><span class="facts">{line}</span></p>'
    )


def printed_time(text: str) -> str:
    """`2026-11-22T06:40:00+00:00` as `22 Nov 2026`, in this machine's time."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%-d %b %Y")
    except ValueError:
        return ""


def _add(engine: Engine) -> None:
    st.html('<div class="room"><h2>Add papers</h2></div>')
    job = desk().job
    running = job is not None and not job.over
    uploads = st.file_uploader(
        "Saved pages, JSON feeds or JSONL files, also as .gz or .zip, up to 200 MB each",
        accept_multiple_files=True,
        key="uploads",
        disabled=running,
    )
    place = st.text_input(
        "Or a file, folder or pattern on this machine", placeholder="~/papers/*.txt", key="place", disabled=running
    ).strip()
    blocked = running or not (uploads or place)
    with st.container(horizontal=True):
        look = st.button("Look first", disabled=blocked, help="Shows what would be new. Changes nothing.")
        add = st.button("Add to the index", type="primary", disabled=blocked)
    if look or add:
        try:
            desk().begin(engine.settings, paths=[place] if place else [], uploads=uploads, dry_run=look)
        except AskPapersError as error:
            notices.problem(error)
        else:
            st.rerun()
    if job:
        _running(job) if running else _finished(job)


def _running(job: Ingesting) -> None:
    @st.fragment(run_every=_OFTEN)
    def look() -> None:
        if job.over:
            st.rerun(scope="app")
        progress = job.progress
        share = progress.done / progress.total if progress and progress.total else 0.0
        st.progress(min(share, 1.0), text=label(progress_words(job)))
        st.button("Cancel", on_click=job.cancel, key="cancel-ingest")

    look()


def progress_words(job: Ingesting) -> str:
    """`Embedding passages: 120 of 900, about 8 s left`."""
    progress = job.progress
    if progress is None:
        return "Opening the index"
    words = STAGES[progress.stage]
    if progress.total:
        words += f": {progress.done:,} of {progress.total:,}"
    if progress.seconds_left is not None:
        words += f", about {max(1, round(progress.seconds_left)):,} s left"
    return words


def _finished(job: Ingesting) -> None:
    if job.problem:
        notices.problem(job.problem)
    elif job.cancelled:
        st.html(
            notices.notice_html("Cancelled", "The index is as it was.", "What was embedded is kept for the next time.")
        )
    elif job.report:
        st.html(report_html(job))


def report_html(job: Ingesting) -> str:
    """What each dump brought, or would bring."""
    report = job.report
    if report is None:
        return ""
    rows = "".join(
        f"<tr><td>{escape(file.name)}</td><td>{file.tally.new}</td><td>{file.tally.changed}</td>"
        f"<td>{file.tally.unchanged}</td><td>{file.tally.duplicates}</td><td>{len(file.rejected)}</td></tr>"
        for file in report.files
    )
    rejected = [f"{file.name}, line {each.line}: {each.reason}" for file in report.files for each in file.rejected]
    title = "This is what would happen" if report.dry_run else "Done"
    return (
        f'<div class="room"><h3>{title}</h3><div class="wide"><table class="figures">'
        "<thead><tr><th>Dump</th><th>New</th><th>Changed</th><th>Unchanged</th><th>Duplicates</th><th>Rejected</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div><p>{escape(report.one_line())}</p>{_rejected(rejected)}</div>"
    )


def _rejected(lines: Sequence[str]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines[:_SHOWN_REJECTED])
    more = f"<li>and {len(lines) - _SHOWN_REJECTED:,} more</li>" if len(lines) > _SHOWN_REJECTED else ""
    return f'<details class="near"><summary>Rejected, and why</summary><ul>{items}{more}</ul></details>'
