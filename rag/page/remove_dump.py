"""Taking a dump out: what goes with it and what stays is said first."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rag.catalogue import DumpInfo
from rag.errors import AskPapersError
from rag.page import notices
from rag.page.add_dumps import owner
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.ingesting import Task, desk
from rag.page.text import count, escape
from rag.page.uploads import FOLDER
from rag.page.visitor import HERE, visitor

_WISH = "dump-to-remove"  # in the session's state: its path


def may_remove() -> bool:
    """Whether this visitor may take dumps out: whoever sits at the machine that serves the page."""
    return visitor() == HERE


def wish(dump: DumpInfo) -> None:
    """Ask about it at the next run of the page."""
    st.session_state[_WISH] = dump.path


def draw(engine: Engine, holdings: Holdings) -> None:
    """The question, where a removal was wished."""
    dump = next((each for each in holdings.dumps if each.path == st.session_state.get(_WISH)), None)
    if dump is not None:
        _confirm(engine, dump)


def _forget_wish() -> None:
    st.session_state.pop(_WISH, None)


@st.dialog("Remove a dump", icon=":material/delete:", on_dismiss=_forget_wish)
def _confirm(engine: Engine, dump: DumpInfo) -> None:
    """Ask, and begin."""
    from ingest.forgetting import what_goes

    try:
        means = what_goes(engine.settings.data_dir, dump.path)
    except AskPapersError as error:
        notices.problem(error)
        return
    st.html(removal_html(dump, means.goes, means.stays, means.titles, uploaded=is_upload(engine, dump)))
    with st.container(horizontal=True):
        if st.button("Remove it", type="primary", key="remove-now", disabled=desk().busy):
            try:
                desk().begin(engine.settings, Task(forget=(dump.path,), owner=owner()))
            except AskPapersError as error:
                notices.problem(error)
                return
            _forget_wish()
            st.rerun()
        if st.button("Keep it", key="remove-not"):
            _forget_wish()
            st.rerun()


def is_upload(engine: Engine, dump: DumpInfo) -> bool:
    """Whether the file is our own copy of something uploaded or pasted."""
    return Path(dump.path).is_relative_to((engine.settings.data_dir / FOLDER).resolve())


def removal_html(dump: DumpInfo, goes: int, stays: int, titles: tuple[str, ...], *, uploaded: bool) -> str:
    """What removing a dump means."""
    name = f"<b>{escape(dump.name)}</b>"
    if goes:
        lines = [f"{count(goes, 'paper')} that only {name} holds will leave the index:"]
        items = "".join(f"<li>{escape(title)}</li>" for title in titles)
        more = f"<li>and {goes - len(titles):,} more</li>" if goes > len(titles) else ""
        lines.append(f'<ul class="came">{items}{more}</ul>')
    else:
        lines = [f"No paper leaves the index: other dumps hold all that {name} holds."]
    if stays and goes:
        them = "it" if stays == 1 else "them"
        lines.append(f"{count(stays, 'paper')} will stay, since other dumps hold {them} too.")
    lines.append(
        "The copy that was uploaded is deleted."
        if uploaded
        else "Your file stays where it is; reading its folder again would bring it back."
    )
    return "".join(line if line.startswith("<ul") else f"<p>{line}</p>" for line in lines)
