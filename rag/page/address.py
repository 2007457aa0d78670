"""What was chosen in the room of papers stands in its address, so that it outlives a reload and can be sent on.

Streamlit's own binding of widgets to the address fails with every change of the room while one of them is set
(`st.switch_page` clears the address, and refuses where a widget is bound to it), so the two are matched here.
"""

from __future__ import annotations

import streamlit as st

_DEFAULTS: dict[str, str | int | bool] = {
    "view": "List",
    "words": "",
    "order": "",  # "": the first that is offered, which depends on the words
    "dump": "All dumps",
    "year": "All years",
    "since": "At any time",
    "code": False,
    "page": 1,
    "topic": "All topics",
}
_WRITTEN, _REMEMBERED = "papers-address", "papers-choices"


def take_in() -> None:
    """Before the widgets are drawn: what the address says where it was changed by a link or by going back.

    Whoever comes back to the room without saying more finds what was chosen last. That somebody comes is told by
    `leave`: what Streamlit still knows of the widgets depends on whether the run before came to its end.
    """
    said = _said()
    arrives = _WRITTEN not in st.session_state
    if arrives and not said:
        _set(st.session_state.get(_REMEMBERED, {}))
    elif arrives or said != st.session_state.get(_WRITTEN):
        _set({key: _read(key, text) for key, text in said.items()})


def write() -> None:
    """After the widgets were drawn: the address says what is chosen now."""
    chosen = {key: st.session_state[key] for key in _DEFAULTS if st.session_state.get(key) not in (None, "")}
    apart = {key: value for key, value in chosen.items() if value != _DEFAULTS[key]}
    st.session_state[_REMEMBERED] = apart
    wanted = {key: str(value) for key, value in apart.items()}
    for key, text in _said().items():
        if wanted.get(key) != text:
            del st.query_params[key]
    for key, text in wanted.items():
        if st.query_params.get(key) != text:
            st.query_params[key] = text
    st.session_state[_WRITTEN] = wanted


def leave() -> None:
    """Something else than the list, the map or the figures is drawn: their widgets have to be told what was chosen."""
    st.session_state.pop(_WRITTEN, None)


def choose_nothing() -> None:
    """Take every search and filter back; view, order and topic stay."""
    for key in ("words", "dump", "year", "since", "code", "page"):
        st.session_state[key] = _DEFAULTS[key]


def _said() -> dict[str, str]:
    return {key: st.query_params[key] for key in _DEFAULTS if key in st.query_params}


def _set(values: dict[str, str | int | bool]) -> None:
    for key, value in {**_DEFAULTS, **values}.items():
        if value == "" and key == "order":
            st.session_state.pop(key, None)
        else:
            st.session_state[key] = value


def _read(key: str, text: str) -> str | int | bool:
    match _DEFAULTS[key]:
        case bool():
            return text == "True"
        case int() as first:
            return max(first, int(text)) if text.isdecimal() and len(text) < 9 else first
        case _:
            return text
