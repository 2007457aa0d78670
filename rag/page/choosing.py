"""Which papers may answer: chosen beside the question box, shown as chips, taken away by a press on one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from rag.errors import UsageError
from rag.filters import EVERYTHING, Chip, Filters, first_day, last_day
from rag.page.text import count, escape, label, shorten

CHOSEN = "chosen-filters"  # of the session state: for the questions to come
_LONGEST = 40  # characters of a chip
_ROUND = "filter-round"  # in the session's state: how often a chip has changed what the form says
_FIELDS = ("dumps", "since", "until", "has_code", "phrases", "without", "authors")


def chosen() -> Filters:
    """What was chosen for the questions to come."""
    found = st.session_state.get(CHOSEN, EVERYTHING)
    return found if isinstance(found, Filters) else EVERYTHING


def choose_papers(name: str, paper_ids: Iterable[str]) -> None:
    """Ask about these papers alone from now on; `name` says what they are, as in "Only ..."."""
    st.session_state[CHOSEN] = replace(chosen(), only=tuple(sorted(paper_ids)), only_name=name)


def draw(dumps: Sequence[str]) -> None:
    """The button that opens the choice, and a chip for each restriction, which a press takes away."""
    with st.container(key="choosing", horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("Which papers", icon=":material/filter_list:", type="tertiary", key="which-papers"):
            _form(dumps)
        for chip in chosen().chips():
            _button(chip, f"chosen-{chip.name}-{chip.value}", partial(_take_away, chip))


def _key(name: str) -> str:
    """The form and its fields keep what was typed whatever they begin with, so they are emptied by taking new ones."""
    return f"filter-{name}-{st.session_state.get(_ROUND, 0)}"


def _form(dumps: Sequence[str]) -> None:
    now = chosen()
    said = st.session_state.pop("filter-problem", "")
    with st.form(_key("form"), border=False):
        st.multiselect("Dumps", dumps, default=[name for name in now.dumps if name in dumps], key=_key("dumps"))
        with st.container(horizontal=True, gap="small"):
            st.text_input("From", value=now.since, placeholder="2025 or 2025-03", key=_key("since"), width=150)
            st.text_input("To", value=now.until, placeholder="2025-12-31", key=_key("until"), width=150)
        with st.container(gap=None):
            st.checkbox("Also papers without a date", value=now.undated, key=_key("undated"))
            st.checkbox("Only papers with a link to code", value=now.has_code, key=_key("has_code"))
        with st.container(horizontal=True, gap="small"):
            st.text_input("With the words", value=_first(now.phrases), key=_key("phrases"), width=150)
            st.text_input("Without the word", value=_first(now.without), key=_key("without"), width=150)
        st.text_input("By the author", value=_first(now.authors), key=_key("authors"))
        if said:
            st.html(f'<p class="form-problem" role="alert">{escape(said)}</p>')
        st.form_submit_button("Use for the next questions", on_click=_take_in, type="primary")


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""


def _take_in() -> None:
    """The form's values become the filters; what cannot be read is told and changes nothing."""
    given = {name: st.session_state.get(_key(name)) for name in (*_FIELDS, "undated")}
    since, until = str(given["since"] or "").strip(), str(given["until"] or "").strip()
    try:
        first, last = _period(since, until)
        st.session_state[CHOSEN] = Filters(
            dumps=tuple(given["dumps"] or ()),
            since=first,
            until=last,
            undated=bool(given["undated"]),
            has_code=bool(given["has_code"]),
            no_code=chosen().no_code and not given["has_code"],
            without_authors=chosen().without_authors,
            without_dumps=chosen().without_dumps,
            without_times=chosen().without_times,
            phrases=_words(given["phrases"]),
            without=_words(given["without"]),
            authors=_words(given["authors"]),
            only=chosen().only,
            only_name=chosen().only_name,
        )
    except UsageError as error:
        st.session_state["filter-problem"] = str(error)


def _period(since: str, until: str) -> tuple[str, str]:
    first, last = first_day(since) if since else "", last_day(until) if until else ""
    if first and last and first > last:
        raise UsageError(f"No paper can be from {since} on and until {until}.")
    return first, last


def _words(text: object) -> tuple[str, ...]:
    words = " ".join(str(text or "").split()).strip('"“”')
    return (words,) if words else ()


def _take_away(chip: Chip) -> None:
    st.session_state[CHOSEN] = chosen().less(chip)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def draw_read(filters: Filters, undated: int, *, key: str, again: Callable[[Filters], None] | None) -> None:
    """How a question was read: a chip for each restriction, and a button that lets undated papers in.

    With `again` a press asks the same question with other filters; without it the chips only tell.
    """
    chips = filters.chips()
    if not chips and not undated:
        return
    with st.container(key=f"read-{key}", horizontal=True, gap="small", vertical_alignment="center"):
        for position, chip in enumerate(chips):
            less = replace(filters.less(chip), settled=True)
            _button(chip, f"read-{key}-{position}", partial(again, less) if again else None)
        if undated and filters.by_date:
            more = replace(filters, undated=True, settled=True)
            st.button(
                label(f"Also {count(undated, 'paper')} without a date"),
                key=f"read-{key}-undated",
                icon=":material/add:",
                on_click=partial(again, more) if again else None,
                disabled=again is None,
            )


def _button(chip: Chip, key: str, press: Callable[[], None] | None) -> None:
    st.button(
        label(shorten(chip.label, _LONGEST)),
        key=key,
        icon=":material/close:" if press else None,
        icon_position="right",
        on_click=press,
        disabled=press is None,
        help=f"Take “{label(chip.label)}” away" if press else None,
    )
