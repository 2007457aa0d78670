"""Dumps: how to add papers, what was read into the index, how to take it out again, and what each run brought."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.catalogue import DumpInfo
from rag.errors import AskPapersError
from rag.page import add_dumps, history, notices, remove_dump
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.ingesting import desk
from rag.page.text import count, escape, label

_A_PAGE = 12  # dumps


def draw(engine: Engine, holdings: Holdings, *, papers: StreamlitPage, ask: StreamlitPage) -> None:
    """The whole room."""
    st.html(
        '<div class="room"><h1>Dumps</h1><p>Saved pages of papers, feeds and lists that were read into the index. '
        "A paper in several dumps is kept once, with every place where it was seen.</p></div>"
    )
    with st.container(key="add"):
        add_dumps.draw(engine, ask)
    if holdings.dumps:
        _dumps(holdings, papers)
        remove_dump.draw(engine, holdings)
    try:
        if holdings.state.revision:
            history.draw(engine.settings.data_dir, holdings, ask)
    except AskPapersError as error:
        notices.problem(error)


def _dumps(holdings: Holdings, papers: StreamlitPage) -> None:
    """The newest first, a page at a time."""
    newest = holdings.dumps[::-1]
    pages = -(-len(newest) // _A_PAGE)
    page = min(int(st.session_state.get("dumps-page", 1)), pages)
    st.html(f'<div class="room"><h2>In the index</h2><p>{holdings_words(holdings)}</p></div>')
    with st.container(key="dumps", gap=None):
        for dump in newest[(page - 1) * _A_PAGE : page * _A_PAGE]:
            _dump(dump, papers)
    if pages > 1:
        with st.container(key="dumps-pages"):
            st.pagination(pages, key="dumps-page")


def holdings_words(holdings: Holdings) -> str:
    """`385 papers from 5 dumps.`"""
    return f"{count(holdings.counts.papers, 'paper')} from {count(len(holdings.dumps), 'dump')}."


def _dump(dump: DumpInfo, papers: StreamlitPage) -> None:
    key = sha256(dump.path.encode()).hexdigest()[:16]  # an older index may show two dumps by one name
    with st.container(key=f"dump-{key}", horizontal=True, vertical_alignment="center"):
        st.html(dump_html(dump, with_path=remove_dump.may_remove()))
        st.page_link(
            papers,
            label=label(count(dump.papers, "paper")),
            query_params={"dump": dump.name},
            icon=":material/article:",
        )
        if remove_dump.may_remove():
            st.button(
                label(f"Remove {dump.name}"),
                key=f"remove-{key}",
                icon=":material/delete:",
                type="tertiary",
                disabled=desk().busy,
                on_click=remove_dump.wish,
                args=(dump,),
            )


def dump_html(dump: DumpInfo, *, with_path: bool) -> str:
    """A dump's name and what is known of it; where it lies only for whom that concerns."""
    facts = [dump.layout, count(dump.records, "record"), printed_time(dump.first_ingested)]
    if dump.vanished:
        facts.append("the file is no longer there")
    line = " · ".join(f'<span class="keep">{escape(fact)}</span>' for fact in facts if fact)
    place = f' title="{escape(dump.path)}"' if with_path else ""
    return f'<p class="dump"{place}><b>{escape(dump.name)}</b><span class="facts">{line}</span></p>'


def printed_time(text: str) -> str:
    """`2026-11-22T06:40:00+00:00` as `22 Nov 2026`, in this machine's time."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%-d %b %Y")
    except ValueError:
        return ""
