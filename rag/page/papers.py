"""Papers: all that is indexed, as a list, as a map by meaning and in figures; and each paper on a page of its own."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.errors import AskPapersError
from rag.page import address, figures_view, map_view, notices, paper_list, paper_view
from rag.page.engine import Engine
from rag.page.holdings import Holdings

VIEWS = ("List", "Map", "Figures")

# The list stands in the room's first place, a paper in its second, and in the other place this, which is not seen.
# So each is gone as soon as the other is drawn: Streamlit keeps what is inside of a container until the run is over.
_NOTHING = '<span class="kept-place"></span>'


def draw(engine: Engine, holdings: Holdings, *, ask: StreamlitPage, dumps: StreamlitPage) -> None:
    """The whole room."""
    try:
        paper_id = st.query_params.get("paper")
        if paper_id:
            address.leave()
            st.html(_NOTHING)
            with st.container():
                paper_view.draw(engine, holdings, paper_id, ask=ask)
            return
        if holdings.empty:
            st.html('<div class="room"><h1>Papers</h1><p>There are no papers yet. What you add stands here.</p></div>')
            st.page_link(dumps, label="Add papers", icon=":material/add:")
            return
        room = st.container()
        st.html(_NOTHING)
        with room:
            address.take_in()
            _view(engine, holdings, ask)
            address.write()
    except AskPapersError as error:
        notices.problem(error)


def _view(engine: Engine, holdings: Holdings, ask: StreamlitPage) -> None:
    if st.session_state.get("view") not in VIEWS:
        st.session_state["view"] = VIEWS[0]
    with st.container(key="papers-head", horizontal=True, vertical_alignment="center"):
        st.html('<div class="room"><h1>Papers</h1></div>', width="content")
        view = st.segmented_control(
            "View", VIEWS, required=True, key="view", label_visibility="collapsed", persist_state="session"
        )
    if view == "List":
        paper_list.draw(engine, holdings)
    elif view == "Map":
        map_view.draw(engine, holdings, ask)
    else:
        figures_view.draw(engine, holdings)
