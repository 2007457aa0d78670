"""The list of conversations in the sidebar: by day, searched, and for the one that is shown a menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import groupby

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.commands.shapes import conversation_as_json, json_text
from rag.export import as_bibtex, as_ris, cited_in, conversation_as_markdown
from rag.page import conversation, keeping
from rag.page.conversation import Conversation, Entry
from rag.page.text import count, escape, label, shorten
from rag.redaction import hide_keys

_SHOWN = 30  # conversations; the others are found by their words
_SEARCHED_FROM = 6  # conversations; fewer are seen at a glance
_LONGEST = 60  # characters of a name


def draw(pages: Mapping[str, StreamlitPage]) -> None:
    """The whole list; nothing before the first question."""
    words = _words()
    entries = conversation.listed(words)
    fault = keeping.fault()
    if not entries and not words and not fault:
        return
    with st.container(key="earlier", gap=None):
        if words or len(entries) >= _SEARCHED_FROM:
            st.text_input(
                "Search conversations", key="conversation-words", placeholder="Search conversations",
                label_visibility="collapsed", icon=":material/search:",
            )  # fmt: skip
        if fault:
            st.html(f'<p class="facts">Conversations are not kept: {escape(fault.message)}</p>')
        if not entries:
            st.html('<p class="facts">No conversation holds these words.</p>')
        for day, of_day in groupby(entries[:_SHOWN], key=lambda entry: day_of(entry.changed, date.today())):  # noqa: DTZ011 - the reader's own day
            st.html(f'<p class="small-heading">{day}</p>')
            for entry in of_day:
                _row(entry, pages)
        left = len(entries) - _SHOWN
        if left > 0:
            them = "it" if left == 1 else "them"
            st.html(f'<p class="facts">{count(left, "earlier one")}: search for {them}.</p>')


def _words() -> str:
    return str(st.session_state.get("conversation-words") or "").strip()


def day_of(changed: str, today: date) -> str:
    """`Today`, `Yesterday`, `This week`, `Earlier`: of an ISO time in UTC, as days of this machine."""
    days = (today - datetime.fromisoformat(changed).astimezone().date()).days
    return "Today" if days < 1 else "Yesterday" if days < 2 else "This week" if days < 7 else "Earlier"


def _row(entry: Entry, pages: Mapping[str, StreamlitPage]) -> None:
    name = label(shorten(entry.title, _LONGEST))
    shown = entry.conversation_id == conversation.current().conversation_id
    with st.container(key=f"{'shown' if shown else 'row'}-{entry.conversation_id}", horizontal=True, gap=None):
        if st.button(name, key=f"conversation-{entry.conversation_id}", type="tertiary", width="stretch"):
            conversation.show(entry.conversation_id)
            st.switch_page(pages["Ask"])
        if shown:
            with st.popover("Conversation menu", icon=":material/more_horiz:", key=f"menu-{entry.conversation_id}"):
                _menu(entry)


def _menu(entry: Entry) -> None:
    now = conversation.current()
    key = f"name-{now.conversation_id}"
    st.text_input(
        "Name", value=now.name, placeholder=shorten(now.title, _LONGEST), key=key,
        on_change=lambda: conversation.rename(entry.conversation_id, st.session_state[key]),
    )  # fmt: skip
    if now.answers():
        st.html('<p class="small-heading">Export</p>')
        with st.container(key="exports", horizontal=True, gap="small"):
            for words, ending, kind, write in exports():
                st.download_button(
                    words, data=partial(written, write, now, keeping.keys()), file_name=f"conversation.{ending}",
                    mime=kind, key=f"export-{ending}", on_click="ignore",
                )  # fmt: skip
    asked = f"delete-{now.conversation_id}"
    if not st.session_state.get(asked):
        st.button("Delete", icon=":material/delete:", key=f"ask-{asked}", on_click=_set, args=(asked, True))
        return
    st.html('<p class="facts">Delete this conversation for good?</p>')
    with st.container(key="confirm", horizontal=True, gap="small"):
        st.button(
            "Delete it", type="primary", key=f"do-{asked}", on_click=conversation.delete, args=(now.conversation_id,)
        )
        st.button("Keep it", key=f"not-{asked}", on_click=_set, args=(asked, False))


def _set(key: str, value: bool) -> None:
    st.session_state[key] = value


def written(write: Writer, now: Conversation, keys: Sequence[str]) -> str:
    """What the file holds; a key that some server had its model say is not in it."""
    return hide_keys(write(now), keys)


Writer = Callable[[Conversation], str]


def exports() -> Iterator[tuple[str, str, str, Writer]]:
    """Each form with its name, the file's ending, its media type, and what writes it when it is asked for."""
    yield "Markdown", "md", "text/markdown", lambda now: conversation_as_markdown(now.title, now.answers())
    yield "JSON", "json", "application/json", _as_json
    yield "BibTeX", "bib", "application/x-bibtex", lambda now: as_bibtex(cited_in(now.answers()))
    yield "RIS", "ris", "application/x-research-info-systems", lambda now: as_ris(cited_in(now.answers()))


def _as_json(now: Conversation) -> str:
    return json_text(conversation_as_json(now.conversation_id, now.title, now.exchanges))
