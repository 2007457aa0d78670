"""Checks that take seconds or minutes, in a thread of their own: the doctor's lines, each as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import streamlit as st

from rag.errors import AskPapersError
from rag.page.job import Job
from rag.page.text import escape

if TYPE_CHECKING:
    from rag.doctor import Check

_OFTEN = 0.3  # seconds between two looks
_STATES = {"ok": "works", "warning": "look", "failed": "does not work", "off": "off"}


class Examining(Job):
    """Checks on their way; over once all is known, or they were stopped."""

    def __init__(self, checks: Callable[[], Iterator[Check]]) -> None:
        self.lines: tuple[Check, ...] = ()
        self._checks = checks
        self._stopped = False
        super().__init__("examining", "The test broke off.")

    def stop(self) -> None:
        """Make no further checks; the one on its way is not waited for."""
        self._stopped = True
        self._over.set()

    def work(self) -> None:
        """Take in the checks, each as soon as it is made."""
        for check in self._checks():
            if self._stopped:
                return
            self.lines += (check,)

    def fail(self, problem: AskPapersError) -> None:
        """A last line says what went wrong."""
        from rag.doctor import Check

        self.lines += (Check("test", "failed", problem.message, problem.hint),)


def begin(place: str, checks: Callable[[], Iterator[Check]]) -> None:
    """Make checks for a place of the page; those that run there end."""
    before: Examining | None = st.session_state.get(_key(place))
    if before is not None:
        before.stop()
    st.session_state[_key(place)] = Examining(checks)


def at(place: str) -> Examining | None:
    """What is or was examined there."""
    found: Examining | None = st.session_state.get(_key(place))
    return found


def forget(place: str) -> None:
    """Take the lines of a place away."""
    before: Examining | None = st.session_state.pop(_key(place), None)
    if before is not None:
        before.stop()


def draw(place: str) -> None:
    """The lines so far, looked at again and again until all are there."""
    job = at(place)
    if job is None:
        return

    @st.fragment(run_every=None if job.over else _OFTEN)
    def look() -> None:
        ended = job.over
        st.html(checks_html(job.lines, ended=ended))
        if ended and st.session_state.get(f"{_key(place)}-seen") != id(job):
            st.session_state[f"{_key(place)}-seen"] = id(job)
            st.rerun(scope="app")  # what depends on it is drawn anew
        if not ended:
            st.button("Stop", key=f"stop-{place}", on_click=job.stop)

    look()


def checks_html(lines: tuple[Check, ...], *, ended: bool) -> str:
    """All lines, and that more will come."""
    more = "" if ended else '<li class="now"><b>Testing</b><span>This may take a minute with a large model.</span></li>'
    return f'<div role="status"><ul class="checks">{"".join(map(check_html, lines))}{more}</ul></div>'


def check_html(check: Check) -> str:
    """One line of the doctor, and what to do."""
    hint = f'<span class="hint">{escape(check.hint)}</span>' if check.hint else ""
    return (
        f'<li class="{check.status}"><b>{escape(check.name)}</b> <span class="state">{_STATES[check.status]}</span>'
        f"<span>{escape(check.detail)}</span>{hint}</li>"
    )


def _key(place: str) -> str:
    return f"examining-{place}"
