"""Papers: all that is indexed, to browse and to search."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from rag.catalogue import Catalogue, connect
from rag.corpus import Paper
from rag.errors import AskPapersError
from rag.page import notices
from rag.page.engine import Engine
from rag.page.holdings import CATALOGUE, Holdings
from rag.page.sources import paper_card
from rag.page.text import count, label

_A_PAGE = 20  # papers
_FOUND_AT_MOST = 500  # papers of one search; nobody reads further
ORDERS = ("Last added", "Newest", "Title")
_ALL = "All dumps"


@dataclass(frozen=True, slots=True)
class Row:
    """What is needed of a paper to order and filter it."""

    paper_id: str
    title: str
    date: str
    dumps: tuple[str, ...]


def draw(engine: Engine, holdings: Holdings) -> None:
    """The whole room."""
    st.html(f'<div class="room"><h1>Papers</h1><p>{count(holdings.counts.papers, "paper")} in the index.</p></div>')
    if holdings.empty:
        return
    rows = _outline(str(engine.settings.data_dir), holdings.state.generation, holdings.state.revision)
    words, order, dump = _choices(holdings)
    if words and not engine.is_ready:
        st.html(notices.preparing_html())
        return
    try:
        chosen = _ordered(rows, order) if not words else _searched(rows, engine, words)
        if dump != _ALL:
            chosen = [row for row in chosen if dump in row.dumps]
        _list(engine, chosen, changed_with=(words, order, dump))
    except AskPapersError as error:
        notices.problem(error)


def _choices(holdings: Holdings) -> tuple[str, str, str]:
    with st.container(key="choices", horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Search titles and abstracts", key="papers-words", icon=":material/search:").strip()
        names = [_ALL, *(dump.name for dump in holdings.dumps)]
        asked = st.query_params.get("dump")
        position = names.index(asked) if asked in names else 0
        dump = st.selectbox("Dump", names, index=position, width=240)
        order = st.selectbox("Order", ORDERS, width=160, disabled=bool(words))
    return words, order, dump


@st.cache_resource(show_spinner=False, max_entries=2)
def _outline(data_dir: str, generation: int, revision: int) -> tuple[Row, ...]:
    """Every paper's row in the order of arrival, once per published corpus."""
    del generation, revision  # they name the corpus in the cache
    with closing(connect(Path(data_dir) / CATALOGUE)) as connection:
        return tuple(
            Row(paper.paper_id, paper.title, paper.date or "", tuple(source.dump for source in paper.sources))
            for paper in Catalogue(connection).all_papers()
        )


def _ordered(rows: Sequence[Row], order: str) -> list[Row]:
    if order == "Title":
        return sorted(rows, key=lambda row: row.title.casefold())
    if order == "Newest":
        return sorted(rows, key=lambda row: row.date if row.date[:4].isdigit() else "", reverse=True)
    return list(reversed(rows))


def _searched(rows: Sequence[Row], engine: Engine, words: str) -> list[Row]:
    by_id = {row.paper_id: row for row in rows}
    with engine.index().reading() as reading:
        found = reading.best_words(words, _FOUND_AT_MOST)
    return [by_id[paper_id] for paper_id, _ in found if paper_id in by_id]


def _list(engine: Engine, chosen: Sequence[Row], *, changed_with: tuple[str, str, str]) -> None:
    if st.session_state.get("papers-choice") != changed_with:
        st.session_state["papers-choice"] = changed_with
        st.session_state["papers-page"] = 0
    pages = max(1, -(-len(chosen) // _A_PAGE))
    page = min(st.session_state.get("papers-page", 0), pages - 1)
    shown = chosen[page * _A_PAGE : (page + 1) * _A_PAGE]
    if not shown:
        st.html(notices.notice_html("No paper holds these words", "", "Try fewer or other words.", plain=True))
        return
    with closing(connect(engine.settings.data_dir / CATALOGUE)) as connection:
        papers = Catalogue(connection).papers([row.paper_id for row in shown])
    st.html(cards_html([papers[row.paper_id] for row in shown if row.paper_id in papers]))
    with st.container(key="pages", horizontal=True, vertical_alignment="center"):
        st.button("Earlier", disabled=page == 0, on_click=_turn_to, args=(page - 1,), icon=":material/chevron_left:")
        first = page * _A_PAGE + 1
        st.html(f'<p class="facts">{first:,} to {first + len(shown) - 1:,} of {len(chosen):,}</p>', width="content")
        st.button(
            label("Later"), disabled=page + 1 >= pages, on_click=_turn_to, args=(page + 1,),
            icon=":material/chevron_right:", icon_position="right",
        )  # fmt: skip


def _turn_to(page: int) -> None:
    st.session_state["papers-page"] = page


def cards_html(papers: Sequence[Paper]) -> str:
    """The papers as a list of cards."""
    return f'<ol class="cards papers">{"".join(paper_card(paper) for paper in papers)}</ol>'
