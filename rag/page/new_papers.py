"""The papers that an ingest brought, as what the next questions are about."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.errors import AskPapersError, EmptyIndexError
from rag.page import choosing, conversation, notices
from rag.page.text import count


def ask_about_new(
    data_dir: Path, ask: StreamlitPage, *, number: int, run: int | None = None, started: str = ""
) -> None:
    """A button that leads to a question about these papers alone; without `run` those of the last ingest."""
    words = f"Ask about the {count(number, 'new paper')}" if number > 1 else "Ask about the new paper"
    if st.button(words, key=f"ask-new-{run or 'last'}", icon=":material/forum:"):
        try:
            found = _choose(data_dir, run, started)
        except AskPapersError as error:
            notices.problem(error)
            return
        if not found:
            st.html('<p class="facts" role="status">None of these papers is in the index any more.</p>')
            return
        conversation.begin()
        st.switch_page(ask)


def _choose(data_dir: Path, run: int | None, started: str) -> bool:
    """Choose what is still there of them; False where nothing is. Raises StoreError."""
    from ingest.log import new_papers, runs

    try:
        if run is None:
            newest = runs(data_dir, last=1)
            if not newest:
                return False
            run, started = newest[0].run, newest[0].started
        papers = new_papers(data_dir, run)
    except EmptyIndexError:  # the data folder was emptied meanwhile, as where there is no run
        return False
    if papers:  # no paper at all would be no restriction
        choosing.choose_papers(f"{count(len(papers), 'paper')} new on {printed_moment(started)}", papers)
    return bool(papers)


def printed_moment(started: str) -> str:
    """`2026-11-22T06:40:00+00:00` as `22 Nov 2026, 06:40`, in this machine's time."""
    return datetime.fromisoformat(started).astimezone().strftime("%-d %b %Y, %H:%M")
