"""Papers that a reader has chosen to ask about, and no others: one paper, a topic, a region of the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

_KEY = "chosen-papers"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice, kept until it is taken back or another one takes its place."""

    label: str  # what they are, as in "Asking only about ...": a title in quotes, "42 papers of the map"
    paper_ids: tuple[str, ...]  # ascending


def choose(label: str, paper_ids: Iterable[str]) -> None:
    """Ask about these papers from now on."""
    st.session_state[_KEY] = Chosen(label, tuple(sorted(paper_ids)))


def chosen() -> Chosen | None:
    """The choice of this session; None where all papers are asked."""
    found: Chosen | None = st.session_state.get(_KEY)
    return found


def forget() -> None:
    """Ask about all papers again."""
    st.session_state.pop(_KEY, None)
