"""Ask: a question, its answer in the middle, its sources beside it."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from rag.page import beginning, conversation, notices
from rag.page.answer_view import actions_html, finished_html, progress_html, question_html
from rag.page.asking import Asking
from rag.page.conversation import Exchange
from rag.page.engine import Engine
from rag.page.examples import SAMPLE, example_questions, sample_questions
from rag.page.holdings import Holdings, some_papers
from rag.page.sources import sources_html, waiting_html
from rag.page.text import count, escape, label

_FRAME = 0.1  # seconds between two drawings of a growing answer: smooth to the eye, light on the browser


def draw(engine: Engine, holdings: Holdings, dumps: StreamlitPage) -> None:
    """The whole room. A first visit has the question box in the middle, a conversation at the bottom."""
    ask = partial(_ask, engine)
    _ask_from_link(ask)
    exchanges = conversation.current().exchanges
    problem = engine.problem or engine.mismatch(holdings)
    first_visit = st.empty()
    if not exchanges:
        with first_visit.container():
            if problem:
                beginning.draw_blocked(engine, problem)
            elif holdings.empty:
                beginning.draw_empty(engine, dumps)
            else:
                _welcome(engine, holdings, ask)
        return
    if problem:
        with first_visit.container():
            beginning.draw_blocked(engine, problem)
    else:
        first_visit.empty()  # at once, not when this run ends: an answer may take a while
    shown = st.container(key="conversation")
    with st.container(key="asking"):
        _question_box("Ask a follow-up", ask, disabled=problem is not None)
    with shown:
        for exchange in exchanges:
            _exchange(exchange, newest=exchange is exchanges[-1], ask=ask, has_model=engine.settings.has_model)


def _question_box(words: str, ask: partial[None], *, disabled: bool = False) -> None:
    st.chat_input(words, key="question", on_submit=lambda: ask(st.session_state["question"]), disabled=disabled)


def _ask(engine: Engine, question: str) -> None:
    """Begin to answer; a question that is still being answered ends where it is."""
    question = question.strip()
    if not question:
        return
    conversation.stop_asking()
    now = conversation.current()
    asking = Asking(engine.assistant, question, now.history())
    now.exchanges.append(Exchange(question, asking=asking))


def _ask_again(ask: partial[None], exchange: Exchange) -> None:
    exchanges = conversation.current().exchanges
    if exchange in exchanges:
        conversation.stop_asking()
        exchanges.remove(exchange)
        ask(exchange.question)


def _ask_from_link(ask: partial[None]) -> None:
    """`?q=...` asks once, and leaves the address."""
    question = st.query_params.get("q")
    if question:
        del st.query_params["q"]
        conversation.begin()
        ask(question)


def _welcome(engine: Engine, holdings: Holdings, ask: partial[None]) -> None:
    with st.container(key="welcome"):
        papers = count(holdings.counts.papers, "paper")
        st.html(
            '<div class="welcome"><h1>Ask your papers</h1><p>Ask a question, and get an answer from the abstracts of '
            f"{papers}, with every sentence checked against the paper that it cites.</p></div>"
        )
        _question_box("Ask about your papers", ask)
        questions = _examples(engine, holdings)
        if questions:
            st.html('<p class="small-heading">For example</p>')
        with st.container(key="examples"):
            for number, question in enumerate(questions):
                st.button(label(question), key=f"example-{number}", on_click=ask, args=(question,), width="stretch")
        if not engine.is_ready:
            st.html(notices.preparing_html())


def _examples(engine: Engine, holdings: Holdings) -> tuple[str, ...]:
    if [dump.name for dump in holdings.dumps] == [SAMPLE.name]:
        return sample_questions()
    return _drawn(str(engine.settings.data_dir), holdings.state.generation, holdings.state.revision, engine)


@st.cache_resource(show_spinner=False, max_entries=4)
def _drawn(data_dir: str, generation: int, revision: int, _engine: Engine) -> tuple[str, ...]:
    """Once per published corpus: reading a thousand papers takes a moment."""
    return example_questions(some_papers(_engine.settings.data_dir), seed=generation + revision)


def _exchange(exchange: Exchange, *, newest: bool, ask: partial[None], has_model: bool) -> None:
    """One question with its answer. While it grows and when it is done it has the same places, so nothing jumps."""
    with st.container(key=exchange.anchor):
        standalone = exchange.answer.standalone_question if exchange.answer else ""
        heading = st.empty()
        heading.html(question_html(exchange.question, standalone, anchor=exchange.anchor))
        left, right = st.columns(2)
        with left:
            text = st.empty()
            actions = st.empty()
        with right:
            sources = st.empty()
        if exchange.asking:
            actions.button("Stop", key=f"stop-{exchange.number}", icon=":material/stop_circle:", on_click=_stop)
            sources.html(waiting_html())
            _follow(exchange, exchange.asking, text, has_model=has_model)
            if exchange.answer:
                heading.html(
                    question_html(exchange.question, exchange.answer.standalone_question, anchor=exchange.anchor)
                )
        text.html(_outcome_html(exchange))
        beside = sources_html(exchange.answer, anchor=exchange.anchor) if exchange.answer else ""
        if beside:
            sources.html(beside)
        else:
            sources.empty()
        with actions.container(key=f"actions-{exchange.number}", horizontal=True, gap="small"):
            if exchange.answer:
                st.html(actions_html(exchange.answer), width="content")
            if newest:
                st.button("Ask again", key=f"again-{exchange.number}", on_click=_ask_again, args=(ask, exchange))


def _stop() -> None:
    conversation.stop_asking()


def _follow(exchange: Exchange, asking: Asking, place: DeltaGenerator, *, has_model: bool) -> None:
    """Draw the answer as it grows, until it is done."""
    drawn = None
    while not asking.over:
        progress = asking.progress()
        if progress != drawn:
            place.html(progress_html(progress, anchor=exchange.anchor, has_model=has_model))
            drawn = progress
        asking.wait(_FRAME)
    exchange.answer, exchange.problem, exchange.asking = asking.answer, asking.problem, None


def _outcome_html(exchange: Exchange) -> str:
    if exchange.answer:
        return finished_html(exchange.answer, anchor=exchange.anchor)
    if exchange.problem:
        return notices.problem_html(exchange.problem)
    text = f'<div class="answer"><p>{escape(exchange.stopped)}</p></div>' if exchange.stopped else ""
    return f'{text}<p class="written-by">Stopped.</p>'
