"""Sign-in for servers that people share: Streamlit's own, by OpenID Connect, where `.streamlit/secrets.toml` says so.

Without that file the page is as it is and listens on this machine only. With it nobody passes unnamed; one that cannot
be read lets nobody in, for whoever wrote it meant to close the door. `docs/shared-server.md` says how to set it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAuthError

from rag.page import notices
from rag.page.text import escape, label, shorten

_MANUAL = "See `docs/shared-server.md`."
_LONGEST_NAME = 40


def is_set_up() -> bool:
    """Whether this server wants to know its readers: also where what it was told cannot be read."""
    if st.secrets.load_if_toml_exists():
        return "auth" in st.secrets
    return any(Path(path).is_file() for path in st.get_option("secrets.files"))


def is_barred() -> bool:
    """Whether this visitor has to sign in first."""
    return is_set_up() and not st.user.to_dict().get("is_logged_in")


def draw_door() -> None:
    """All that a reader sees who has not signed in."""
    with st.container(key="welcome"):
        st.html(
            '<div class="welcome"><h1>Ask your papers</h1><p>This server is shared. Sign in to ask its papers; '
            "your conversations are listed for you alone.</p></div>"
        )
        problem = _problem()
        if problem:
            st.html(notices.notice_html("Sign-in does not work yet", problem, _MANUAL))
            return
        for provider in _providers():
            words = f"Sign in with {provider.replace('_', ' ').title()}" if provider else "Sign in"
            if st.button(label(words), key=f"sign-in-{provider}", type="primary", icon=":material/login:"):
                _sign_in(provider)


def draw_who() -> None:
    """In the sidebar: the reader's name and the way out; nothing where nobody signs in."""
    person = st.user.to_dict()
    if not is_set_up() or not person.get("is_logged_in"):
        return
    name = str(person.get("name") or person.get("email") or "a name that the server does not tell")
    with st.container(key="reader", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="facts">Signed in as <b>{escape(shorten(name, _LONGEST_NAME))}</b></p>')
        if st.button("Sign out", key="sign-out", type="tertiary", icon=":material/logout:"):
            st.logout()


def _problem() -> str:
    """What keeps everybody from signing in, in a sentence; empty where nothing does."""
    if not st.secrets.load_if_toml_exists():
        return "The file `.streamlit/secrets.toml` cannot be read, so nobody is let in."
    if find_spec("authlib") is None:
        return "The package that signs people in is not installed: `pip install 'streamlit[auth]'`."
    return ""


def _providers() -> list[str]:
    """The names of several providers, or one empty name for the only one."""
    auth = st.secrets["auth"]
    return [name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value] or [""]


def _sign_in(provider: str) -> None:
    try:
        st.login(provider or None)
    except StreamlitAuthError as error:
        st.html(notices.notice_html("Sign-in does not work yet", str(error).split("\n")[0], _MANUAL))
