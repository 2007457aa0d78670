"""The sidebar: where to go, what was asked, what is indexed and who answers."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.page import conversation, notices, shelf, signing_in
from rag.page.holdings import Holdings
from rag.page.ingesting import is_writing
from rag.page.text import count, escape
from rag.settings import Settings


def draw(pages: Mapping[str, StreamlitPage], settings: Settings | None, holdings: Holdings) -> None:
    """Draw all of it; only the name where the page could not begin."""
    with st.sidebar:
        st.html('<p class="brand">AskPapers</p>')
        if not pages:
            return
        with st.container(key="new-conversation"):
            if st.button("New conversation", icon=":material/edit_square:", width="stretch", key="new"):
                conversation.begin()
                st.switch_page(pages["Ask"])
        with st.container(key="ways", gap=None):
            for page in pages.values():
                st.page_link(page, width="stretch")
        shelf.draw(pages)
        if settings:
            with st.container(key="holdings"):
                st.html(holdings_html(holdings) + model_html(settings))
                if is_writing(settings.data_dir):
                    notices.ingest_running()
                signing_in.draw_who()


def holdings_html(holdings: Holdings) -> str:
    """`385 papers, 5 dumps`."""
    if holdings.empty:
        return '<p class="facts">No papers yet</p>'
    counts = holdings.counts
    return f'<p class="facts"><b>{count(counts.papers, "paper")}</b>, {count(counts.dumps, "dump")}</p>'


def model_html(settings: Settings) -> str:
    """Who answers."""
    if not settings.has_model:
        return '<p class="facts">No language model: answers are sentences from the papers</p>'
    return f'<p class="facts">Answers by <b>{escape(settings.shown_model)}</b></p>'
