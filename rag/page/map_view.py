"""The map: every paper a point, near to those that mean the like; a topic or an area of it can be asked about alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.catalogue import CATALOGUE, Catalogue, State, connect
from rag.listing import Choice, read_page
from rag.page import choosing, conversation, notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.map_making import MapMaking, draw_problem, map_of
from rag.page.paper_rows import rows_html
from rag.page.text import count, escape

if TYPE_CHECKING:
    from rag.corpus_map.model import CorpusMap, Topic

_COLOURS = 8  # that the style sheet knows; topics that lie side by side get different ones
_NEIGHBOURS = 5  # nearest topics whose colours are avoided
_GRAIN = 10_000  # steps of either axis: places are sent as whole numbers
_A_PAGE = 10  # papers of a chosen topic or area
_LOOKS_AGAIN = 0.5  # seconds
_ALL = "All topics"
_FEWEST = 3  # papers that make a map


def draw(engine: Engine, holdings: Holdings, ask: StreamlitPage) -> None:
    """The map, or how far it is; what was chosen on it below. Raises StoreError."""
    if holdings.counts.papers < _FEWEST:
        st.html(notices.notice_html("A map needs at least three papers", "", "Add some under Dumps.", plain=True))
        return
    making = map_of(engine, holdings)
    if not making.over:
        _wait(making)
        return
    if making.made is None:
        draw_problem(engine, holdings, making)
        return
    _draw_map(engine, holdings, making.made, ask)


def _wait(making: MapMaking) -> None:
    """Say what is done at the moment, and draw the page again when it is over."""

    @st.fragment(run_every=_LOOKS_AGAIN)
    def look() -> None:
        if making.over:
            st.rerun(scope="app")
        st.html(f'{notices.step_html(making.step)}<div class="map-to-come" aria-hidden="true"></div>')

    look()


def _draw_map(engine: Engine, holdings: Holdings, made: CorpusMap, ask: StreamlitPage) -> None:
    names = topic_names(made.topics)
    with st.container(key="map-choices", horizontal=True, vertical_alignment="bottom"):
        if st.session_state.get("topic", _ALL) not in (_ALL, *names):
            del st.session_state["topic"]
        topic = names.get(
            st.selectbox(
                "Topic", [_ALL, *names], key="topic", width=320, on_change=_choose_topic, persist_state="session",
                format_func=lambda name: f"{name} ({names[name].papers:,})" if name in names else name,
            )
        )  # fmt: skip
        st.html(f'<p class="facts said">{_drawn_words(made)}</p>', width="stretch")
    points = _points(str(engine.settings.data_dir), holdings.state, made)
    outline = _outline(st.session_state.get("map"))
    shown = _component()(
        data={**points, "chosen": -1 if topic is None else topic.number, "outline": outline},
        key="map",
        on_outline_change=_choose_area,
        on_topic_change=lambda: _follow_label(made),
    )
    outline = _outline(shown)
    if topic is not None:
        _draw_chosen(engine, made.in_topic(topic.number), f"the topic “{topic.short_name}”", ask)
    elif outline:
        _draw_chosen(engine, made.within(outline), "this area", ask)
    st.html(topics_html(made.topics))


def topic_names(topics: Sequence[Topic]) -> dict[str, Topic]:
    """What an address calls a topic -> the topic, the largest first; a number tells those of one name apart."""
    names: dict[str, Topic] = {}
    for topic in topics:
        name = topic.short_name
        names[name if name not in names else f"{name} {topic.number + 1}"] = topic
    return names


def _drawn_words(made: CorpusMap) -> str:
    """What the map shows, and of how many."""
    if made.is_sampled:
        return (
            f"{len(made.drawn):,} of {len(made.paper_ids):,} papers are drawn, taken at random. "
            "A topic or an area holds all of its papers."
        )
    return f"{count(len(made.paper_ids), 'paper')}. Near to each other means alike; the directions mean nothing."


def _outline(state: Any) -> list[list[float]]:
    """The closed line that the reader drew, as places from 0 to 1; empty where there is none."""
    found = state.get("outline") if isinstance(state, Mapping) else None
    return found if isinstance(found, list) else []


def _choose_topic() -> None:
    """A topic takes the place of an area."""
    st.session_state["map-page"] = 1


def _choose_area() -> None:
    """An area takes the place of a topic."""
    if _outline(st.session_state.get("map")):
        st.session_state["topic"] = _ALL
    st.session_state["map-page"] = 1


def _follow_label(made: CorpusMap) -> None:
    """A click on a name on the map chooses that topic; on the chosen one, all of them again."""
    number = st.session_state["map"].get("topic")
    name = next((name for name, topic in topic_names(made.topics).items() if topic.number == number), _ALL)
    st.session_state["topic"] = _ALL if st.session_state.get("topic") == name else name
    st.session_state["map-page"] = 1


@st.cache_resource(show_spinner=False, max_entries=2)
def _points(data_dir: str, state: State, _made: CorpusMap) -> dict[str, object]:
    """What the script in the browser draws: places, topics, ids and titles of the drawn papers."""
    del state  # it names the corpus in the cache
    made = _made
    ids = [made.paper_ids[row] for row in made.drawn.tolist()]
    with closing(connect(Path(data_dir) / CATALOGUE)) as connection:
        titles = Catalogue(connection).titles(ids)
    colours = topic_colours(made.topics)
    places = (made.places[made.drawn] * _GRAIN).round().astype(int)
    return {
        "grain": _GRAIN,
        "x": places[:, 0].tolist(),
        "y": places[:, 1].tolist(),
        "topic": made.topic_of[made.drawn].tolist(),
        "ids": ids,
        "titles": [titles.get(paper_id, "") for paper_id in ids],
        "topics": [
            {"name": topic.short_name, "terms": topic.name, "x": topic.x, "y": topic.y, "colour": colours[topic.number]}
            for topic in made.topics
        ],
        "label": f"Map of {count(len(made.paper_ids), 'paper')} in {count(len(made.topics), 'topic')}. "
        "The topics stand in a table below it.",
    }


def topic_colours(topics: Sequence[Topic]) -> list[int]:
    """A colour for each topic, that its nearest neighbours do not have; the least used one of those that are left."""
    colours: dict[int, int] = {}
    used = [0] * _COLOURS
    for topic in topics:
        near = sorted(
            (other for other in topics if other.number in colours),
            key=lambda other: (other.x - topic.x) ** 2 + (other.y - topic.y) ** 2,
        )
        taken = {colours[other.number] for other in near[:_NEIGHBOURS]}
        free = [colour for colour in range(_COLOURS) if colour not in taken]
        colour = min(free, key=lambda each: (used[each], each))
        colours[topic.number] = colour
        used[colour] += 1
    return [colours[topic.number] for topic in topics]


@cache
def _component() -> Any:
    """The map's own script, which draws on a canvas and tells what was clicked."""
    script = (Path(__file__).parent / "map.js").read_text(encoding="utf-8")
    return st.components.v2.component(
        "askpapers_map", html='<div class="corpus-map"></div>', js=script, isolate_styles=False
    )


def _draw_chosen(engine: Engine, paper_ids: frozenset[str], what: str, ask: StreamlitPage) -> None:
    """How many papers were chosen, the way to ask them, and the first of them."""
    if not paper_ids:
        st.html('<p class="facts said" role="status">No paper lies in this area.</p>')
        return
    papers = count(len(paper_ids), "paper")
    with st.container(key="map-chosen", horizontal=True, vertical_alignment="center"):
        st.html(f'<div role="status"><h2 class="found">{papers} in {escape(what)}</h2></div>', width="stretch")
        if st.button("Ask about these", key="ask-chosen", icon=":material/forum:", type="primary"):
            choosing.choose_papers(f"{papers} in {what}", paper_ids)
            conversation.begin()
            st.switch_page(ask)
    pages = -(-len(paper_ids) // _A_PAGE)
    page = min(int(st.session_state.get("map-page", 1)), pages)
    with closing(connect(engine.settings.data_dir / CATALOGUE)) as connection:
        found = read_page(connection, Choice(only=paper_ids), order="date", offset=(page - 1) * _A_PAGE, limit=_A_PAGE)
    st.html(rows_html(found.papers, label=f"Papers in {what}", first=(page - 1) * _A_PAGE + 1, level=3, excerpts=False))
    if pages > 1:
        with st.container(key="map-pages"):
            st.pagination(pages, key="map-page")


def topics_html(topics: Sequence[Topic]) -> str:
    """The same topics as a table, for those who do not see the map."""
    rows = "".join(
        f"<tr><th scope=row>{escape(topic.short_name)}</th><td>{escape(', '.join(topic.terms[1:]))}</td>"
        f"<td>{topic.papers:,}</td></tr>"
        for topic in topics
    )
    return (
        '<details class="as-table"><summary>The topics as a table</summary><div class="wide"><table class="figures">'
        f"<tr><th>Topic</th><th>Also</th><th>Papers</th></tr>{rows}</table></div></details>"
    )
