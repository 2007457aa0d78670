"""The corpus in figures: papers by topic, how it grew, what each dump brought, papers by year.

Every plot is a table whose cells are drawn as bars, so that it reads the same to the eye, the ear and the clipboard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from rag.listing import IngestGrowth, Outline
from rag.page import notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.map_making import draw_problem, map_of
from rag.page.map_view import topic_names
from rag.page.paper_list import corpus_outline
from rag.page.text import count, escape

if TYPE_CHECKING:
    from rag.corpus_map.model import Topic

_SHOWN_DUMPS = 30  # the last ones
_SHOWN_INGESTS = 40
_SHOWN_YEARS = 25
_LOOKS_AGAIN = 0.5  # seconds


def draw(engine: Engine, holdings: Holdings) -> None:
    """All plots; those that need the map wait for it while the others are there."""
    outline = corpus_outline(engine.settings.data_dir, holdings)
    with st.container(key="figures"):
        making = map_of(engine, holdings)
        if making.made is not None:
            st.html(topics_html(making.made.topics))
        elif making.problem is not None:
            draw_problem(engine, holdings, making)
        else:

            @st.fragment(run_every=_LOOKS_AGAIN)
            def look() -> None:
                if making.over:
                    st.rerun(scope="app")
                step = notices.step_html(making.step)
                st.html(f'<section class="plot"><h2>Papers by topic</h2>{step}</section>')

            look()
        st.html(growth_html(outline) + dumps_html(outline) + years_html(outline))


def topics_html(topics: Sequence[Topic]) -> str:
    """How many papers each topic has; a name leads to the topic on the map."""
    most = max((topic.papers for topic in topics), default=1)
    rows = [
        _bar(_link(topic.name, view="Map", topic=name), topic.papers, most)
        for name, topic in topic_names(topics).items()
    ]
    return _plot("Papers by topic", "", ("Topic", "Papers"), rows)


def growth_html(outline: Outline) -> str:
    """How many papers there were after each ingest; the part that was new then stands out."""
    if len(outline.ingests) < 2:
        return ""
    shown = outline.ingests[-_SHOWN_INGESTS:]
    before = sum(each.new for each in outline.ingests[: -len(shown)])
    total = before + sum(each.new for each in shown)
    rows = []
    for ingest in shown:
        after = before + ingest.new
        rows.append(_bar(escape(_when(ingest)), after, total, new=ingest.new, words=f"{after:,} · {ingest.new:,} new"))
        before = after
    words = "Papers of today by the ingest that brought them."
    return _plot("Growth", words, ("Ingest", "Papers after it"), rows)


def dumps_html(outline: Outline) -> str:
    """What each dump holds, and how much of that no earlier dump had."""
    dumps = [each for each in outline.dumps if each.papers][-_SHOWN_DUMPS:]
    if not dumps:
        return ""
    most = max(each.papers for each in dumps)
    rows = [
        _bar(
            _link(each.name, view="List", dump=each.name), each.papers, most, new=each.new,
            words=f"{each.papers:,} · {each.new:,} new",
        )
        for each in dumps
    ]  # fmt: skip
    words = "The strong part of a bar is papers that no earlier dump had."
    left = sum(1 for each in outline.dumps if each.papers) - len(dumps)
    if left:
        words += f" The last {len(dumps)} of {count(left + len(dumps), 'dump')}."
    return _plot("New in each dump", words, ("Dump", "Papers"), rows)


def years_html(outline: Outline) -> str:
    """Papers by year; how many have none is said as well."""
    if not outline.years:
        return ""
    shown = outline.years[:_SHOWN_YEARS]
    most = max(papers for _, papers in shown)
    rows = [_bar(_link(str(year), view="List", year=str(year)), papers, most) for year, papers in shown]
    earlier = sum(papers for _, papers in outline.years[_SHOWN_YEARS:])
    if earlier:
        rows.append(_bar("Earlier", earlier, max(most, earlier)))
    words = f"{count(outline.undated, 'paper')} without a year not among them." if outline.undated else ""
    return _plot("Papers by year", words, ("Year", "Papers"), rows)


def _when(ingest: IngestGrowth) -> str:
    if not ingest.started:
        return f"Ingest {ingest.run}"
    return f"{datetime.fromisoformat(ingest.started).astimezone():%-d %b %Y, %H:%M}"


def _link(words: str, **choices: str) -> str:
    return f'<a class="inside" href="{escape(f"papers?{urlencode(choices)}")}">{escape(words)}</a>'


def _bar(name: str, value: int, most: int, *, new: int | None = None, words: str = "") -> str:
    """A row; `name` is HTML. With `new` the last part of the bar stands out, without it all of it does."""
    strong = value if new is None else min(new, value)
    parts = f'<i style="width:{_percent(value - strong, most)}"></i><b style="width:{_percent(strong, most)}"></b>'
    return (
        f"<tr><th scope=row>{name}</th><td class=bar aria-hidden=true><span>{parts}</span></td>"
        f"<td class=value>{words or f'{value:,}'}</td></tr>"
    )


def _percent(value: int, most: int) -> str:
    return f"{100 * value / max(1, most):.2f}%"


def _plot(title: str, words: str, columns: tuple[str, str], rows: Iterable[str]) -> str:
    head = f"<tr><th scope=col>{columns[0]}</th><td></td><th scope=col>{columns[1]}</th></tr>"
    said = f'<p class="facts">{escape(words)}</p>' if words else ""
    return (
        f'<section class="plot"><h2>{escape(title)}</h2>{said}'
        f'<table class="bars"><colgroup><col><col><col></colgroup><thead>{head}</thead>'
        f"<tbody>{''.join(rows)}</tbody></table></section>"
    )
