"""Dumps: what was read into the index, how to add more (a look first, then the ingest), and what each run brought."""

from __future__ import annotations

from datetime import datetime

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.catalogue import DumpInfo
from rag.errors import AskPapersError
from rag.page import history, ingest_view, notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.ingesting import desk
from rag.page.text import count, escape, label


def draw(engine: Engine, holdings: Holdings, papers: StreamlitPage) -> None:
    """The whole room."""
    st.html(
        '<div class="room"><h1>Dumps</h1><p>Saved pages of papers, feeds and lists that were read into the index. '
        "A paper in several dumps is kept once, with every place where it was seen.</p></div>"
    )
    with st.container(key="dumps", gap=None):
        for dump in holdings.dumps:
            _dump(dump, papers)
    with st.container(key="add"):
        _add(engine)
    if not holdings.empty:
        history.draw(engine.settings.data_dir, holdings)


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
        "Saved pages, JSON feeds, JSONL, CSV or BibTeX files, also as .gz or .zip",
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
    ingest_view.draw(job)
