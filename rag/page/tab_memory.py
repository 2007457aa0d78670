"""What a tab has chosen, kept in the server's memory alone while the tab is loaded anew.

Streamlit begins a new session at every reload. So the tab is given a name that nobody can guess; when it is left, the
page's script puts that name into a cookie for half a minute, and the session that begins with the cookie takes over
what was chosen. The name is all that leaves the server: keys stay in its memory, which forgets them when it stops,
when a page is opened or a choice is made half a day after the choice or the last reload, or when many others have come
since. Within that half minute a new tab of the same browser takes the choice over as well.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from rag.page.visitor import visitor

COOKIE = "askpapers_tab"
_TAB, _RECALLED = "tab", "tab-recalled"  # in the session's state
_KEPT_FOR = 12 * 3600.0  # seconds after the choice or the last reload
_MOST = 200  # tabs

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class _Entry(Generic[_Kept]):
    value: _Kept
    owner: str  # see visitor()
    until: float


class TabMemory(Generic[_Kept]):
    """Values by the names of tabs. Threads may share it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._entries: dict[str, _Entry[_Kept]] = {}  # the longest unused first
        self._lock = threading.Lock()

    def keep(self, tab: str, value: _Kept, owner: str) -> None:
        """Keep it from now on."""
        now = self._clock()
        with self._lock:
            self._entries.pop(tab, None)
            self._entries[tab] = _Entry(value, owner, now + _KEPT_FOR)
            self._forget_old(now)
            for name in list(self._entries)[:-_MOST]:
                self._entries.pop(name)

    def find(self, tab: str, owner: str) -> _Kept | None:
        """What the tab of this visitor had; None where nothing is kept for it, or no longer."""
        with self._lock:
            self._forget_old(self._clock())
            entry = self._entries.get(tab)
        return entry.value if entry and entry.owner == owner else None

    def forget(self, tab: str) -> None:
        """Keep nothing for this tab."""
        with self._lock:
            self._entries.pop(tab, None)

    def __len__(self) -> int:
        """How many tabs something is kept for."""
        return len(self._entries)

    def _forget_old(self, now: float) -> None:
        for name in [name for name, entry in self._entries.items() if entry.until < now]:
            self._entries.pop(name)


@st.cache_resource(show_spinner=False)
def _memory() -> TabMemory[object]:
    return TabMemory()


def keep(value: object | None) -> None:
    """Keep what this tab has chosen; None: nothing."""
    if value is None:
        _memory().forget(st.session_state.pop(_TAB, ""))
        return
    tab: str = st.session_state.setdefault(_TAB, secrets.token_urlsafe(24))
    _memory().keep(tab, value, visitor())


def recall() -> object | None:
    """What the tab had chosen before it was loaded anew, at the first run of a session; None at every other."""
    if _RECALLED in st.session_state:
        return None
    st.session_state[_RECALLED] = True
    tab = st.context.cookies.get(COOKIE, "")
    found = _memory().find(tab, visitor())
    if found is not None:
        st.session_state[_TAB] = tab
    return found


def mark_html() -> str:
    """The tab's name for the page's script, which is empty where nothing is kept for it."""
    tab = st.session_state.get(_TAB, "")
    return f'<span id="tab-name" data-cookie="{COOKIE}" data-name="{tab}" hidden>.</span>'
