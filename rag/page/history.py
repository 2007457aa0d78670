"""What each ingest brought, the newest first: the ingest log as the page shows it, a page of it at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.catalogue import State
from rag.page.holdings import Holdings
from rag.page.ingest_view import figures_html
from rag.page.new_papers import ask_about_new, printed_moment
from rag.page.sources import paper_href
from rag.page.text import count, escape, label

if TYPE_CHECKING:
    from ingest.log import Event, Run

_A_PAGE = 8  # runs
_TITLES = 25  # papers of a run shown together
_KINDS = {"new": "new", "changed": "changed", "vanished": "no longer in any dump", "pruned": "taken out"}


def draw(data_dir: Path, holdings: Holdings, ask: StreamlitPage) -> None:
    """The whole history; nothing where there was no ingest. Raises StoreError."""
    page = int(st.session_state.get("history-page", 1))
    runs, total = _read(str(data_dir), holdings.state, page)
    if not total:
        return
    st.html('<div class="room"><h2>History</h2></div>')
    with st.container(key="history", gap=None):
        for run in runs:
            _run(data_dir, run, ask)
    if total > _A_PAGE:
        with st.container(key="history-pages"):
            st.pagination(-(-total // _A_PAGE), key="history-page")


@st.cache_resource(show_spinner=False, max_entries=8)
def _read(data_dir: str, state: State, page: int) -> tuple[list[Run], int]:
    """A page of runs, and how many there are; once per published corpus."""
    del state  # it names the corpus in the cache
    from ingest.log import count_runs, runs

    return runs(Path(data_dir), last=_A_PAGE, skip=(page - 1) * _A_PAGE), count_runs(Path(data_dir))


def _run(data_dir: Path, run: Run, ask: StreamlitPage) -> None:
    when = printed_moment(run.started)
    words = f"**{label(when)}** {label(run_words(run))}"
    with st.expander(words, key=f"run-{run.run}", on_change="rerun", type="compact") as shown:
        if not shown.open:
            return
        table = figures_html(
            (dump.name, (dump.new, dump.changed, dump.unchanged, dump.duplicates, dump.rejected))
            for dump in run.dumps
            if dump.records or dump.rejected
        )
        if table:
            st.html(table)
        _papers(data_dir, run, ask)


def run_words(run: Run) -> str:
    """What a run did, in a line."""
    changes = {
        "new": sum(dump.new for dump in run.dumps),
        "changed": sum(dump.changed for dump in run.dumps),
        "vanished": run.vanished,
        "pruned": run.pruned,
    }
    parts = [f"Removed {', '.join(run.forgot)}"] if run.forgot else []
    parts += ["embedded anew"] if run.rebuild else []
    parts += [f"{number:,} {_KINDS[kind]}" for kind, number in changes.items() if number]
    return f"{', '.join(parts) or 'nothing new'} · {count(run.papers_total, 'paper')} in all"


def _papers(data_dir: Path, run: Run, ask: StreamlitPage) -> None:
    """Which papers came, changed or went, a page at a time, and a way to ask about those that came."""
    from ingest.log import events_of

    key = f"run-page-{run.run}"
    page = int(st.session_state.get(key, 1))
    events, kinds = events_of(data_dir, run.run, kinds=tuple(_KINDS), limit=_TITLES, skip=(page - 1) * _TITLES)
    if not events:
        return
    st.html(titles_html(events, mixed=set(kinds) != {"new"}, first=(page - 1) * _TITLES + 1))
    total = sum(kinds.values())
    with st.container(key=f"run-foot-{run.run}", horizontal=True, vertical_alignment="center"):
        if kinds.get("new"):
            ask_about_new(data_dir, ask, number=kinds["new"], run=run.run, started=run.started)
        if total > _TITLES:
            st.pagination(-(-total // _TITLES), key=key)


def titles_html(events: Sequence[Event], *, mixed: bool, first: int) -> str:
    """Titles that lead to the papers; what became of each where that differs."""
    items = []
    for event in events:
        title = escape(event.title)
        if event.kind != "pruned":
            title = f'<a class="inside" href="{escape(paper_href(event.paper_id))}">{title}</a>'
        kind = f" <span>({_KINDS[event.kind]})</span>" if mixed else ""
        items.append(f"<li>{title}{kind}</li>")
    return f'<ol class="came" start="{first}">{"".join(items)}</ol>'
