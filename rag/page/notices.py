"""Every state in which something is missing, each with its own words. Nobody sees a traceback.

States of the endpoint (wrong key, down, unknown model) come with the answer, as `Answer.notice`: an extractive answer
takes the model's place, and the notice stands above it. What stands here keeps the page from answering at all, or
says what goes on meanwhile.
"""

from __future__ import annotations

import re

import streamlit as st

from rag.errors import (
    AskPapersError,
    DamagedStoreError,
    EmbedderError,
    EmptyIndexError,
    IndexMismatchError,
    LockedError,
    ModelError,
    SettingsError,
    UnwritableStoreError,
    UsageError,
)
from rag.page.text import escape

_TITLES: dict[type[AskPapersError], str] = {
    SettingsError: "A setting cannot be used",
    EmptyIndexError: "There are no papers yet",
    LockedError: "An ingest is running",
    IndexMismatchError: "The index was made with other embeddings",
    DamagedStoreError: "The index is damaged",
    UnwritableStoreError: "The data folder cannot be used",
    EmbedderError: "The embedding model does not answer",
    ModelError: "The language model does not answer",
    UsageError: "That cannot be asked",
}


def title_of(error: AskPapersError) -> str:
    """The state's name, in a few words."""
    return next((words for kind, words in _TITLES.items() if isinstance(error, kind)), "That did not work")


def notice_html(title: str, message: str = "", hint: str = "", *, plain: bool = False) -> str:
    """What happened, and what to do. `plain`: nothing is wrong."""
    lines = [f'<p class="verdict-line">{_with_code(title)}</p>'] if title else []
    lines += [f"<p>{_with_code(message)}</p>"] if message else []
    lines += [f'<p class="hint">{_with_code(hint)}</p>'] if hint else []
    return f'<div class="notice{" plain" if plain else ""}" role="status">{"".join(lines)}</div>'


def problem_html(error: AskPapersError) -> str:
    """The notice of an error."""
    return notice_html(title_of(error), error.message, error.hint)


def problem(error: AskPapersError) -> None:
    """Draw the notice of an error."""
    st.html(problem_html(error))


def no_papers() -> None:
    """The first visit to an empty index."""
    st.html(
        '<div class="welcome"><h1>Ask your papers</h1><p>There are no papers yet. Add saved pages of papers, and ask '
        "questions that are answered from their abstracts, each sentence with its source.</p></div>"
    )


def preparing_html() -> str:
    """The seconds between the first paint and the first question."""
    return step_html("Opening the index")


def step_html(words: str) -> str:
    """What is done at the moment. The list is told anew when it changes; it stays a list, so the role is around it."""
    return f'<div role="status"><ol class="steps"><li class="now">{escape(words)}</li></ol></div>'


def ingest_running() -> None:
    """Another process is adding papers."""
    st.html('<p class="facts" role="status">An ingest is running. New papers appear when it has finished.</p>')


def _with_code(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
