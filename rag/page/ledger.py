"""The papers at hand: what the conversation has cited stays for the next question, unless it is set aside here."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rag.corpus import Paper
from rag.page import conversation
from rag.page.text import label, shorten

_SHOWN = 8  # papers, the ones cited last
_LONGEST = 32  # characters of a title; a name before a colon is shown alone


def at_hand() -> list[Paper]:
    """The papers that are shown, the ones cited last first, also those set aside."""
    return conversation.current().cited()[:_SHOWN]


def draw() -> list[Paper]:
    """The papers as chips, those at hand pressed; returns them. Nothing before the first citation."""
    now = conversation.current()
    papers = at_hand()
    if not papers:
        return papers
    key = f"at-hand-{now.conversation_id}"
    names = short_names(papers)
    # What the conversation says stands above what the browser remembers: papers come in with every answer.
    st.session_state[key] = [paper.paper_id for paper in papers if paper.paper_id not in now.set_aside]
    st.pills(
        "Papers at hand",
        list(names),
        selection_mode="multi",
        format_func=lambda paper_id: label(names[paper_id]),
        key=key,
        on_change=_choose,
        args=(key, tuple(names)),
        wrap=False,
    )
    return papers


def _choose(key: str, shown: Sequence[str]) -> None:
    kept = st.session_state[key]
    others = [paper_id for paper_id in conversation.current().set_aside if paper_id not in shown]
    conversation.set_aside([*others, *(paper_id for paper_id in shown if paper_id not in kept)])


def short_names(papers: Sequence[Paper]) -> dict[str, str]:
    """paper_id -> a short name that no other of the papers has."""
    names: dict[str, str] = {}
    for paper in papers:
        head, colon, _ = paper.title.partition(":")
        name = head.strip() if colon and 0 < len(head.strip()) <= _LONGEST else shorten(paper.title, _LONGEST)
        taken = set(names.values())
        alike = (name if number == 1 else f"{name} ({number})" for number in range(1, len(papers) + 1))
        names[paper.paper_id] = next(each for each in alike if each not in taken)
    return names
