"""Dumps: to come."""

from __future__ import annotations

import streamlit as st

from rag.page.engine import Engine
from rag.page.holdings import Holdings


def draw(engine: Engine, holdings: Holdings) -> None:
    """The whole room."""
    st.html("<h1>Dumps</h1>")
