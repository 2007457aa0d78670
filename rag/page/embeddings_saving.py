"""Other embeddings for good: first the new index beside the old one, then the lines of `.env` that ask for it.

In this order no moment comes in which the settings and the index do not fit, however the rebuild ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from rag.env_file import EnvChange, plan_change, set_outside, write_change
from rag.errors import AskPapersError, SettingsError
from rag.page import notices
from rag.page.add_dumps import owner
from rag.page.engine import settings, start_again
from rag.page.ingesting import Task, desk
from rag.page.model_saving import ENV_FILE, NO_KEY, outside_html
from rag.page.text import escape
from rag.settings import Settings

_WISH = "embeddings-to-save"  # in the session's state


@dataclass(frozen=True, slots=True)
class Wish:
    """Embeddings that shall take the place of the present ones."""

    settings: Settings
    entered_key: bool


def wish(wanted: Settings, *, entered_key: bool) -> None:
    """Ask at the next run of the page."""
    st.session_state[_WISH] = Wish(wanted, entered_key)


def draw() -> None:
    """The question, where a rebuild was wished."""
    wanted: Wish | None = st.session_state.get(_WISH)
    if wanted is not None:
        _confirm(wanted)


def env_values(wanted: Wish, now: Settings) -> dict[str, str]:
    """The settings to write. A key that was entered has to be written: ingests from the shell need it too."""
    chosen = wanted.settings
    values = {"EMBED_BASE_URL": chosen.embed_base_url, "EMBED_MODEL": chosen.embed_model}
    if wanted.entered_key:
        values["EMBED_API_KEY"] = chosen.embed_api_key.get_secret_value()
    elif chosen.embed_base_url != now.embed_base_url and now.embed_api_key.get_secret_value() not in ("", NO_KEY):
        values["EMBED_API_KEY"] = NO_KEY
    return values


def _forget_wish() -> None:
    st.session_state.pop(_WISH, None)


@st.dialog("Rebuild with these embeddings", width="medium", on_dismiss=_forget_wish)
def _confirm(wanted: Wish) -> None:
    try:
        values = env_values(wanted, settings())
        change = plan_change(ENV_FILE, values)
    except AskPapersError as error:
        notices.problem(error)
        return
    outside = set_outside([*values])
    st.html(question_html(change) + outside_html(outside))
    may_write = not wanted.entered_key or st.checkbox("Write the key into .env too", key="write-embed-key")
    with st.container(horizontal=True):
        if st.button("Rebuild", type="primary", key="rebuild-now", disabled=bool(outside) or not may_write):
            _begin(wanted, change)
        if st.button("Cancel", key="rebuild-not"):
            _forget_wish()
            st.rerun()


def _begin(wanted: Wish, change: EnvChange) -> None:
    task = Task(rebuild=True, owner=owner(), afterwards=lambda: _take_over(change))
    try:
        desk().begin(wanted.settings, task)
    except AskPapersError as error:
        notices.problem(error)
        return
    _forget_wish()
    st.rerun()


def _take_over(change: EnvChange) -> None:
    """In the ingest's thread, when the new index is published."""
    try:
        write_change(change)
    except SettingsError as error:
        raise SettingsError(
            f"The index is made anew, but {error.message}", hint=f"Write into .env: {', '.join(change.lines)}"
        ) from error
    start_again()


def question_html(change: EnvChange) -> str:
    """What will happen, in its order."""
    lines = "\n".join(map(escape, change.lines))
    return (
        "<p>All papers are embedded anew beside the present index, which answers until the new one is whole. "
        "Then these lines are written into <code>.env</code>, and the page goes on with the new embeddings.</p>"
        f'<pre class="env-lines">{lines or "(nothing changes)"}</pre>'
    )
