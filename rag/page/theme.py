"""The page's own style sheet and script, beside Streamlit's theme in `.streamlit/config.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from rag.page.tab_memory import mark_html

_HERE = Path(__file__).parent
_STYLES = ("page.css", "conversation.css", "choosing.css", "dumps.css", "models.css")


def apply() -> None:
    """Set the page up; the first thing to draw."""
    st.set_page_config(page_title="AskPapers", page_icon=str(_HERE / "icon.svg"), layout="wide")
    st.html(f"<style>{''.join(map(_read, _STYLES))}</style>")
    with st.container(key="behaviour"):
        st.html(f"<script>{_read('page.js')}</script>", unsafe_allow_javascript=True)  # ours alone; no text of others


def mark_tab() -> None:
    """Tell the script the name of this tab, under which the server keeps what was chosen in it."""
    with st.container(key="tab-mark"):
        st.html(mark_html())


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
