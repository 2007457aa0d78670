"""The list of all papers: searched while one types, ordered, filtered, read a page at a time.

What was chosen stands in the address, see rag/page/address.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import streamlit as st

from rag.catalogue import CATALOGUE, State, connect
from rag.listing import Choice, IngestGrowth, Order, Outline, PaperPage, read_outline, read_page
from rag.page import address, notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.paper_rows import rows_html
from rag.page.text import count, escape
from rag.page.word_search import Found, find_typed

A_PAGE = 25  # papers
_SHOWN_INGESTS = 20

_ORDERS: dict[str, Order] = {"Last added": "added", "Newest": "date", "Most upvotes": "upvotes", "Title": "title"}
_BEST = "Best match"
_ORDER_BEFORE = "order-before"  # in the session's state, while words are searched for
_ANY_DUMP, _ANY_YEAR, _NO_YEAR, _ANY_TIME = "All dumps", "All years", "No year", "At any time"


def draw(engine: Engine, holdings: Holdings) -> None:
    """The choices and the papers that meet them."""
    outline = corpus_outline(engine.settings.data_dir, holdings)
    with st.container(key="choices"):
        asked = _choices(engine, holdings, outline)
    wanted = int(st.session_state.get("page", 1))
    page = _read(engine.settings.data_dir, asked.choice, asked.order, page=wanted)
    _say(page, asked, outline, ready=engine.is_ready)
    if not page.papers:
        st.html(
            notices.notice_html("No paper fits", "", "Try fewer or other words, or take a filter away.", plain=True)
        )
        st.button("Show all papers", on_click=_show_all)
        return
    pages = -(-page.total // A_PAGE)
    number = min(wanted, pages)
    st.html(rows_html(page.papers, label="Papers", first=(number - 1) * A_PAGE + 1))
    with st.container(key="pages"):
        if pages > 1:
            if number != wanted:
                st.session_state["page"] = number
            st.pagination(pages, key="page", persist_state="session")


@st.cache_resource(show_spinner=False, max_entries=2)
def _outline(data_dir: str, state: State) -> Outline:
    del state  # it names the corpus in the cache
    with closing(connect(Path(data_dir) / CATALOGUE)) as connection:
        return read_outline(connection)


def corpus_outline(data_dir: Path, holdings: Holdings) -> Outline:
    """The corpus in figures, read once for each state of it. Raises StoreError."""
    return _outline(str(data_dir), holdings.state)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is wanted, and in which order."""

    choice: Choice
    order: Order
    whole: bool  # whether papers hold all of the words, not only some of them
    unknown: tuple[str, ...]  # what an address asks for that is not here


def _choices(engine: Engine, holdings: Holdings, outline: Outline) -> _Asked:
    """What is wanted; a filter that could not change anything, such as a year where no paper has one, is not drawn."""
    with st.container(key="search", horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            "Search titles, authors and abstracts",
            key="words",
            type="search",
            live=True,
            on_change=_searched,
            persist_state="session",
        )
        words = (typed or "").strip()
        if not words:  # a link may have taken them away as well
            st.session_state.pop(_ORDER_BEFORE, None)
        orders = [_BEST, *_ORDERS] if words else list(_ORDERS)
        if not outline.rated:
            orders.remove("Most upvotes")
        _let_go("order", orders)
        order = _select("Order", orders, "order", width=170)
    dumps = [_ANY_DUMP, *(each.name for each in holdings.dumps)]
    years = [_ANY_YEAR, *(str(each) for each, _ in outline.years), *[_NO_YEAR] * bool(outline.undated)]
    ingests = _since_each(outline.ingests[:0:-1][:_SHOWN_INGESTS])
    times = [_ANY_TIME, *ingests]
    unknown = [*_let_go("dump", dumps), *_let_go("year", years), *_let_go("since", times)]
    dump, year, since, code = _ANY_DUMP, _ANY_YEAR, _ANY_TIME, False
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        if len(dumps) > 2:
            dump = _select("Dump", dumps, "dump", width=230)
        if len(years) > 2:
            year = _select("Year", years, "year", width=130)
        if ingests:
            since = _select("Added", times, "since", width=220)
        if outline.with_code:
            code = st.toggle("With code", key="code", on_change=_first_page, persist_state="session")
    found = _found(engine, words)
    whole = _holds_all(engine.settings.data_dir, words, found)
    choice = Choice(
        words=words,
        found=found.papers if whole else found.near,
        each=found.each if whole else (),
        dump="" if dump == _ANY_DUMP else dump,
        year=int(year) if year.isdigit() else None,
        undated=year == _NO_YEAR,
        has_code=code,
        since_run=ingests.get(since, 0),
    )
    return _Asked(choice, _ORDERS.get(order, "match"), whole, tuple(unknown))


def _let_go(key: str, options: list[str]) -> list[str]:
    """What was chosen that is not offered; it is chosen no longer."""
    chosen = st.session_state.get(key, options[0])
    if chosen in options:
        return []
    del st.session_state[key]
    return [str(chosen)]


def _select(label: str, options: list[str], key: str, *, width: int) -> str:
    return st.selectbox(label, options, key=key, width=width, on_change=_first_page, persist_state="session")


def _since_each(ingests: Sequence[IngestGrowth]) -> dict[str, int]:
    """What the box offers -> the ingest; those of one minute are told apart by their numbers."""
    words = [f"Since {datetime.fromisoformat(each.started).astimezone():%-d %b %Y, %H:%M}" for each in ingests]
    return {
        text if words.count(text) == 1 else f"{text} (ingest {each.run})": each.run
        for text, each in zip(words, ingests, strict=True)
    }


def _first_page() -> None:
    st.session_state["page"] = 1


def _searched() -> None:
    """With the first word the best match comes first; the order that was chosen before comes back with the last one."""
    _first_page()
    words = bool((st.session_state["words"] or "").strip())
    if words and _ORDER_BEFORE not in st.session_state:
        st.session_state[_ORDER_BEFORE] = st.session_state.get("order", next(iter(_ORDERS)))
        st.session_state["order"] = _BEST
    elif not words and _ORDER_BEFORE in st.session_state:
        st.session_state["order"] = st.session_state.pop(_ORDER_BEFORE)


def _show_all() -> None:
    address.choose_nothing()
    _searched()


def _found(engine: Engine, words: str) -> Found:
    """Papers whose abstracts hold the words.

    Before the word index is open only titles and authors are searched; that needs no import that is slow.
    """
    if not words or not engine.is_ready:
        return Found()
    with engine.index().reading() as reading:
        return find_typed(reading, words) if reading.generation else Found()


def _holds_all(data_dir: Path, words: str, found: Found) -> bool:
    """Whether any paper holds all of the words, wherever, and whatever else is asked of it."""
    if found.papers or not found.near:
        return True
    with closing(connect(data_dir / CATALOGUE)) as connection:
        return bool(read_page(connection, Choice(words, each=found.each), order="added", offset=0, limit=1).total)


def _read(data_dir: Path, choice: Choice, order: Order, *, page: int) -> PaperPage:
    with closing(connect(data_dir / CATALOGUE)) as connection:
        found = read_page(connection, choice, order=order, offset=(page - 1) * A_PAGE, limit=A_PAGE)
        if found.papers or not found.total:
            return found
        last = (found.total - 1) // A_PAGE  # an ingest or another filter left fewer pages than were turned
        return read_page(connection, choice, order=order, offset=last * A_PAGE, limit=A_PAGE)


def _say(page: PaperPage, asked: _Asked, outline: Outline, *, ready: bool) -> None:
    """How many papers there are, and which of them an order or a filter treats in a way that nobody expects."""
    choice, order = asked.choice, asked.order
    words = [count(page.total, "paper"), *(f"“{escape(each)}” is not here and was left out" for each in asked.unknown)]
    if choice.words and not ready:
        words.append("titles and authors only, until the index is open")
    if choice.words and choice.found and not asked.whole:
        words[0] = f"No paper holds all of these words; {count(page.total, 'paper')} with some of them"
    if order == "date" and page.undated:
        words.append(f"{page.undated:,} without a year, at the end")
    if order == "upvotes" and page.unrated:
        words.append(f"{page.unrated:,} without upvotes, at the end")
    if choice.year is not None and outline.undated:
        words.append(f"{count(outline.undated, 'paper')} without a year not among them")
    st.html(f'<p class="facts said" role="status">{" · ".join(words)}</p>')
