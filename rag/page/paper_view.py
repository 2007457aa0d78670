"""One paper on a page of its own: all that is known of it, where it was seen, papers like it, and the way to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.catalogue import CATALOGUE, Catalogue, State, connect
from rag.corpus import Paper, Source
from rag.page import choosing, conversation, notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.mathematics import as_html
from rag.page.sources import paper_href, paper_link, paper_links, printed_date
from rag.page.text import count, escape, listed, shorten

_SIMILAR = 6
_SHOWN_LINES = 6  # of one dump
_LONGEST_ID = 80  # characters shown of an id that nobody knows


def draw(engine: Engine, holdings: Holdings, paper_id: str, *, ask: StreamlitPage) -> None:
    """The whole page. Raises StoreError."""
    st.button("All papers", key="all-papers", icon=":material/arrow_back:", type="tertiary", on_click=_leave)
    paper = _read(engine, holdings, paper_id)
    if paper is None:
        st.html(unknown_html(paper_id))
        return
    with st.container(key="paper"):
        left, right = st.columns(2)
        with left:
            st.html(head_html(paper))
            with st.container(key="paper-actions", horizontal=True, gap="small", vertical_alignment="center"):
                if st.button("Ask about this paper", key="ask-paper", icon=":material/forum:", type="primary"):
                    choosing.choose_papers(f"“{shorten(paper.title, 60)}”", [paper.paper_id])
                    conversation.begin()
                    st.switch_page(ask)
                st.html(copy_html(paper), width="content")
            st.html(abstract_html(paper))
            st.html(seen_html(paper.sources))
        with right:
            beside = st.empty()
            if not engine.is_ready:
                beside.html(notices.preparing_html())
            else:
                similar = _similar(str(engine.settings.data_dir), holdings.state, paper.paper_id, engine)
                if similar:  # Streamlit draws no empty HTML
                    beside.html(similar)


def _leave() -> None:
    st.query_params.pop("paper", None)  # a quick second press finds it gone


def _read(engine: Engine, holdings: Holdings, paper_id: str) -> Paper | None:
    if holdings.empty:
        return None
    with closing(connect(engine.settings.data_dir / CATALOGUE)) as connection:
        return Catalogue(connection).papers([paper_id]).get(paper_id)


@st.cache_resource(show_spinner=False, max_entries=256)
def _similar(data_dir: str, state: State, paper_id: str, _engine: Engine) -> str:
    """Once for each paper and state of the corpus: every click on the page draws it again."""
    del data_dir, state
    from rag.similar import similar_papers

    with _engine.index().reading() as reading:
        return similar_html([each.paper for each in similar_papers(reading, paper_id, k=_SIMILAR)])


def unknown_html(paper_id: str) -> str:
    """The page of a paper that is not there."""
    notice = notices.notice_html(
        "", f"No paper has the id “{shorten(paper_id, _LONGEST_ID)}”.",
        "It may have been removed, or the link is from another index. Search for its title in the list.", plain=True,
    )  # fmt: skip
    return f'<div class="room"><h1>This paper is not in the index</h1>{notice}</div>'


def head_html(paper: Paper) -> str:
    """Title, authors and facts."""
    authors = f'<p class="authors">{escape(", ".join(paper.authors))}</p>' if paper.authors else ""
    facts = f'<p class="facts">{" · ".join(_facts(paper))}</p>'
    return f'<div class="paper"><h1>{as_html(paper.title)}</h1>{authors}{facts}</div>'


def abstract_html(paper: Paper) -> str:
    """The whole abstract, and where else the paper can be read."""
    kind = "Summary" if paper.is_summary else "Abstract"
    return (
        f'<div class="paper"><h2>{kind}</h2><p class="text">{as_html(paper.abstract)}</p>'
        f'<p class="links">{" ".join(paper_links(paper))}</p></div>'
    )


def _facts(paper: Paper) -> Iterator[str]:
    if paper.date:
        yield printed_date(paper.date)
    if paper.organisation:
        yield escape(paper.organisation)
    if paper.upvotes:
        yield count(paper.upvotes, "upvote")


def copy_html(paper: Paper) -> str:
    """The button that copies the address of this page; it needs no server."""
    href = escape(paper_href(paper.paper_id))
    return f'<span class="act"><button type="button" data-copy-link="{href}">Copy link</button></span>'


def seen_html(sources: tuple[Source, ...]) -> str:
    """Every dump that holds the paper, with the lines."""
    lines: dict[str, list[int]] = {}
    for source in sources:
        lines.setdefault(source.dump, []).append(source.line)
    rows = "".join(
        f"<tr><th scope=row>{escape(dump)}</th><td>{'line' if len(found) == 1 else 'lines'} "
        f"{escape(listed([f'{line:,}' for line in found], limit=_SHOWN_LINES))}</td></tr>"
        for dump, found in lines.items()
    )
    return f'<div class="paper"><h2>Seen in</h2><table class="passport">{rows}</table></div>' if rows else ""


def similar_html(papers: list[Paper]) -> str:
    """Papers like this one, as links."""
    items = "".join(
        f'<li>{paper_link(paper)}<p class="facts">{" · ".join(_facts_beside(paper))}</p></li>' for paper in papers
    )
    if not items:
        return ""
    return f'<aside class="alike" aria-label="Similar papers"><h2>Similar papers</h2><ol>{items}</ol></aside>'


def _facts_beside(paper: Paper) -> Iterator[str]:
    if paper.authors:
        yield escape(listed(paper.authors, limit=2))
    if paper.date:
        yield printed_date(paper.date)
