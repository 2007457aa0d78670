"""The page, from top to bottom. What each part looks like is in `rag/page/`; this is the order in which they come."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.errors import AskPapersError
from rag.page import address, ask, conversation, dumps, models, notices, papers, sidebar, signing_in, theme
from rag.page.engine import Engine, engine, settings, start_again
from rag.page.holdings import NOTHING, Holdings, read_holdings
from rag.page.model_choice import recall, session_engine
from rag.page.watch import watch


def main() -> None:
    """One run of the page: look, way around, the room that was chosen, and an eye on what changes meanwhile."""
    theme.apply()
    if signing_in.is_barred():
        sidebar.draw({}, None, NOTHING)
        signing_in.draw_door()
        return
    try:
        recall()
        theme.mark_tab()
        answers = session_engine(engine())
        holdings = read_holdings(settings().data_dir)
    except AskPapersError as error:
        sidebar.draw({}, None, NOTHING)
        notices.problem(error)
        st.button("Try again", on_click=start_again)
        return
    pages = ways(answers, holdings)
    chosen = st.navigation(list(pages.values()), position="hidden")
    if chosen == pages["Ask"]:
        conversation.follow_address()  # before the sidebar, which marks the one that is shown
    sidebar.draw(pages, answers.settings, holdings)
    if chosen != pages["Papers"]:
        if "paper" in st.query_params:  # a link without the room's name
            st.switch_page(pages["Papers"], query_params={"paper": st.query_params["paper"]})
        address.leave()
    chosen.run()
    watch(answers, holdings)


def ways(answers: Engine, holdings: Holdings) -> dict[str, StreamlitPage]:
    """Every room of the page by its name; the first opens without being asked for."""
    ask_page = st.Page(
        lambda: ask.draw(answers, holdings, dumps_page), title="Ask", icon=":material/forum:", default=True
    )
    papers_page = st.Page(
        lambda: papers.draw(answers, holdings, ask=ask_page, dumps=dumps_page),
        title="Papers",
        icon=":material/article:",
        url_path="papers",
    )
    dumps_page = st.Page(
        lambda: dumps.draw(answers, holdings, papers=papers_page, ask=ask_page),
        title="Dumps",
        icon=":material/inventory_2:",
        url_path="dumps",
    )
    models_page = st.Page(
        lambda: models.draw(answers, engine(), holdings), title="Models", icon=":material/memory:", url_path="models"
    )
    return {"Ask": ask_page, "Papers": papers_page, "Dumps": dumps_page, "Models": models_page}


main()
