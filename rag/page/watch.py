"""Notices by itself what changes outside of this session: the engine is ready, an ingest runs or has published."""

from __future__ import annotations

import streamlit as st

from rag.errors import AskPapersError
from rag.page.engine import Engine
from rag.page.holdings import Holdings, read_state
from rag.page.ingesting import is_writing

_WHILE_OPENING = 0.4  # seconds
_AFTERWARDS = 3.0  # seconds: one small read of the catalogue


def watch(engine: Engine, holdings: Holdings) -> None:
    """Run the page again as soon as it would look different."""
    was_ready = engine.is_ready
    was_writing = is_writing(engine.settings.data_dir)

    @st.fragment(run_every=_AFTERWARDS if was_ready else _WHILE_OPENING)
    def look() -> None:
        if engine.is_ready != was_ready:
            st.rerun(scope="app")
        try:
            state = read_state(engine.settings.data_dir)
        except AskPapersError:
            return  # the next run of the page says what is wrong
        if state != holdings.state or is_writing(engine.settings.data_dir) != was_writing:
            st.rerun(scope="app")

    look()
