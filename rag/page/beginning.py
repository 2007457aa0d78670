"""An index that cannot be asked: nothing is in it, or other embeddings made it. The way out is one button away."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.errors import AskPapersError, IndexMismatchError
from rag.page import ingest_view, notices
from rag.page.add_dumps import is_mine, owner
from rag.page.engine import Engine, start_again
from rag.page.examples import SAMPLE
from rag.page.ingesting import Ingesting, Task, desk


def draw_empty(engine: Engine, dumps: StreamlitPage) -> None:
    """The first visit to an empty index."""
    job = desk().job
    running = job is not None and not job.over
    with st.container(key="welcome"):
        notices.no_papers()
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                "Begin with a sample of well-known papers", type="primary", disabled=running or not SAMPLE.exists()
            ):
                _begin(engine, Task(paths=(str(SAMPLE),), owner=owner()))
            st.page_link(dumps, label="Add papers of your own", icon=":material/add:")
        _draw(job)


def draw_blocked(engine: Engine, error: AskPapersError) -> None:
    """What keeps every question from being answered."""
    job = desk().job
    running = job is not None and not job.over
    with st.container(key="welcome"):
        notices.problem(error)
        with st.container(horizontal=True):
            if isinstance(error, IndexMismatchError) and st.button("Embed all papers anew", disabled=running):
                _begin(engine, Task(rebuild=True, owner=owner()))
            st.button("Try again", on_click=start_again, disabled=running)
        _draw(job)


def _draw(job: Ingesting | None) -> None:
    """Progress, which everybody sees, or the outcome, for the visitor who began it."""
    if job is not None and not job.over:
        ingest_view.running(job)
    elif job is not None and is_mine(job):
        ingest_view.finished(job)


def _begin(engine: Engine, task: Task) -> None:
    try:
        desk().begin(engine.settings, task)
    except AskPapersError as error:
        notices.problem(error)
    else:
        st.rerun()
