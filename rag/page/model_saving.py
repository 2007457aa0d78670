"""A language model for good: the lines of `.env` are shown, and written when the person says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from rag.env_file import EnvChange, plan_change, set_outside, write_change
from rag.errors import AskPapersError
from rag.page import notices
from rag.page.engine import settings, start_again
from rag.page.model_choice import ModelChoice, choose
from rag.page.text import escape
from rag.settings import Settings

ENV_FILE = Path(".env")  # where load_settings() looks
NO_KEY = "none"  # a word that is no key: without it OPENAI_API_KEY would go to the new address
_WISH = "model-to-save"  # in the session's state


@dataclass(frozen=True, slots=True)
class Wish:
    """A choice that shall outlive the session."""

    choice: ModelChoice
    entered_key: bool  # the person wrote a key, which is only written where they want it


def wish(choice: ModelChoice, *, entered_key: bool) -> None:
    """Show the lines at the next run of the page."""
    st.session_state[_WISH] = Wish(choice, entered_key)


def draw() -> None:
    """The question, where a model is to be saved."""
    wanted: Wish | None = st.session_state.get(_WISH)
    if wanted is not None:
        _confirm(wanted)


def env_values(wanted: Wish, now: Settings, *, with_key: bool) -> dict[str, str]:
    """The settings to write. The key that is in effect now never goes to another address along with them."""
    choice = wanted.choice
    values = {"LLM_BASE_URL": choice.base_url, "LLM_MODEL": choice.model}
    for name, value, current in (
        ("LLM_CONTEXT_WINDOW", choice.context_window, now.llm_context_window),
        ("LLM_PRICE_IN", choice.price_in, now.llm_price_in),
        ("LLM_PRICE_OUT", choice.price_out, now.llm_price_out),
    ):
        if value != current:
            values[name] = f"{value:g}" if isinstance(value, float) else str(value)
    if with_key:
        values["LLM_API_KEY"] = choice.api_key
    elif now.llm_api_key.get_secret_value() not in ("", NO_KEY) and choice.base_url != now.llm_base_url:
        values["LLM_API_KEY"] = NO_KEY
    return values


def _forget_wish() -> None:
    st.session_state.pop(_WISH, None)


@st.dialog("Use this model for good", width="medium", on_dismiss=_forget_wish)
def _confirm(wanted: Wish) -> None:
    with_key = wanted.entered_key and st.checkbox(
        "Write the key into .env too", key="write-key", help="The file is readable by your account alone."
    )
    try:
        values = env_values(wanted, settings(), with_key=with_key)
        change = plan_change(ENV_FILE, values)
    except AskPapersError as error:
        notices.problem(error)
        return
    outside = set_outside([*values, *(["OPENAI_API_KEY"] if "LLM_API_KEY" in values else [])])
    st.html(lines_html(change) + outside_html(outside) + _key_words(wanted, values, with_key=with_key))
    with st.container(horizontal=True):
        if st.button("Write these lines", type="primary", key="write-env", disabled=not change.lines or bool(outside)):
            _write(wanted, change, with_key=with_key)
        if st.button("Cancel", key="write-not"):
            _forget_wish()
            st.rerun()


def _write(wanted: Wish, change: EnvChange, *, with_key: bool) -> None:
    try:
        write_change(change)
    except AskPapersError as error:
        notices.problem(error)
        return
    # A key that was not written stays in this session's memory; everybody else goes by the file.
    choose(wanted.choice if wanted.entered_key and not with_key else None)
    _forget_wish()
    start_again()
    st.rerun()


def lines_html(change: EnvChange) -> str:
    """Exactly what will be new in the file."""
    if not change.lines:
        return "<p>These lines stand in <code>.env</code> already.</p>"
    lines = "\n".join(map(escape, change.lines))
    return (
        "<p>These lines will be written into <code>.env</code>; all others stay as they are. "
        f'Every session of this page uses them from then on.</p><pre class="env-lines">{lines}</pre>'
    )


def outside_html(names: tuple[str, ...]) -> str:
    """Why the file could not change anything."""
    if not names:
        return ""
    one = len(names) == 1
    return notices.notice_html(
        f"{', '.join(names)} {'is' if one else 'are'} set outside of .env",
        "The environment of the page comes before the file, so writing would change nothing.",
        "Start the page without it." if one else "Start the page without them.",
    )


def _key_words(wanted: Wish, values: dict[str, str], *, with_key: bool) -> str:
    if values.get("LLM_API_KEY") == NO_KEY and not with_key:
        return (
            '<p class="facts">The key that is set now belongs to another address. The line LLM_API_KEY=none keeps it '
            "from being sent to the new one; an old line of it stays as a comment.</p>"
        )
    if wanted.entered_key and not with_key:
        return '<p class="facts">The key is not written: it stays in this session and has to be entered again.</p>'
    return ""
