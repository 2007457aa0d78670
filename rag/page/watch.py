"""Notices by itself what changes outside of this session: the engine, the settings, an ingest runs or has published."""

from __future__ import annotations

import streamlit as st

from rag.errors import AskPapersError
from rag.page.engine import Engine, engine
from rag.page.holdings import Holdings, read_state
from rag.page.ingesting import is_writing
from rag.page.model_choice import session_engine

_WHILE_OPENING = 0.4  # seconds
_AFTERWARDS = 3.0  # seconds: one small read of the catalogue


def watch(answers: Engine, holdings: Holdings) -> None:
    """Run the page again as soon as it would look different."""
    data_dir = answers.settings.data_dir
    was_ready, was_writing = answers.is_ready, is_writing(data_dir)

    @st.fragment(run_every=_AFTERWARDS if was_ready else _WHILE_OPENING)
    def look() -> None:
        try:
            changed = answers.is_ready != was_ready or session_engine(engine()) is not answers
            state = read_state(data_dir)
        except AskPapersError:
            return  # the next run of the page says what is wrong
        if changed or state != holdings.state or is_writing(data_dir) != was_writing:
            st.rerun(scope="app")

    look()
