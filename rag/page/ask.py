"""Ask: a question, its answer in the middle, its sources beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.corpus import Answer, Style
from rag.filters import Filters
from rag.page import beginning, choosing, conversation, example_view, exchange, ledger, notices
from rag.page.asking import Asking, Wish
from rag.page.conversation import Exchange
from rag.page.engine import Engine
from rag.page.following import suggest_questions
from rag.page.holdings import Holdings
from rag.page.keeping import keeper
from rag.page.text import count

_GONE = "That conversation is not here any more, or it belongs to somebody else. Here a new one begins."
_SHOWN_AT_ONCE = 8  # exchanges, the last ones; a long conversation stays quick


def draw(engine: Engine, holdings: Holdings, dumps: StreamlitPage) -> None:
    """The whole room. A first visit has the question box in the middle, a conversation at the bottom."""
    ask = partial(_ask, engine)
    _ask_from_link(ask)
    exchanges = conversation.current().exchanges
    problem = engine.problem or engine.mismatch(holdings)
    first_visit = st.empty()
    if not exchanges:
        with first_visit.container():
            if conversation.was_gone():
                st.html(notices.notice_html("", _GONE, plain=True))
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
        at_hand = ledger.draw()
        choosing.draw([dump.name for dump in holdings.dumps])
        _question_box("Ask a follow-up", ask, disabled=problem is not None)
    with shown:
        for each in _shown(exchanges):
            exchange.draw(
                each,
                newest=each is exchanges[-1],
                ask=ask,
                again=partial(_ask_again, engine),
                has_model=engine.settings.has_model,
                generation=holdings.state.generation,
            )
    if ledger.at_hand() != at_hand:
        st.rerun()  # the answer that has just come cites other papers


def _shown(exchanges: list[Exchange]) -> list[Exchange]:
    """The last ones; the earlier ones by a button."""
    hidden = len(exchanges) - _SHOWN_AT_ONCE
    key = f"all-of-{conversation.current().conversation_id}"
    if hidden <= 0 or st.session_state.get(key):
        return exchanges
    if st.button(f"Show {count(hidden, 'earlier question')}", key=f"show-{key}", type="tertiary"):
        st.session_state[key] = True
        st.rerun()
    return exchanges[-_SHOWN_AT_ONCE:]


def _question_box(words: str, ask: partial[None], *, disabled: bool = False) -> None:
    st.chat_input(words, key="question", on_submit=lambda: ask(st.session_state["question"]), disabled=disabled)


def _ask(engine: Engine, question: str) -> None:
    """Begin to answer; a question that is still being answered ends where it is."""
    question = question.strip()
    if not question:
        return
    conversation.stop_asking()
    asked = Exchange(question)
    wish = Wish(question, conversation.current().history(), filters=choosing.chosen())
    conversation.add(asked)
    asked.asking = _asking(engine, asked, wish)


def _ask_again(
    engine: Engine, asked: Exchange, *, use_model: bool = True, style: Style = "plain", filters: Filters | None = None
) -> None:
    """Answer the same question anew, in its place, from the same papers unless other `filters` are given."""
    now = conversation.current()
    if asked not in now.exchanges:
        return
    conversation.stop_asking()
    if filters is None:
        filters = replace(asked.answer.understood.filters, settled=True) if asked.answer else choosing.chosen()
    asked.before, asked.answer, asked.problem, asked.suggestions = asked.answer, None, None, ()
    st.session_state.pop(f"feedback-{asked.number}", None)
    history = now.history(until=asked)
    wish = Wish(asked.question, history, use_model=use_model, style=style, filters=filters)
    asked.asking = _asking(engine, asked, wish)


def _asking(engine: Engine, asked: Exchange, wish: Wish) -> Asking:
    known = tuple(each.question for each in conversation.current().exchanges)

    def suggest(answer: Answer) -> tuple[str, ...]:
        return suggest_questions(engine.index(), engine.embedder(), answer, known=known)

    return Asking(asked.exchange_id, engine.assistant, wish, keep=keeper(asked.exchange_id), suggest=suggest)


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
        choosing.draw([dump.name for dump in holdings.dumps])
        example_view.draw(engine, holdings, ask)
        if not engine.is_ready:
            st.html(notices.preparing_html())
