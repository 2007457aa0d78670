"""Ask: a question, its answer in the middle, its sources beside it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.corpus import Answer, Style
from rag.filters import Filters
from rag.page import beginning, choosing, conversation, example_view, exchange, ledger, notices
from rag.page.asking import Asking, Wish
from rag.page.conversation import Conversation, Exchange
from rag.page.engine import Engine, engine
from rag.page.following import suggest_questions
from rag.page.holdings import Holdings
from rag.page.keeping import Keeping, keeping
from rag.page.model_choice import session_engine
from rag.page.text import count
from rag.page.visitor import visitor

_GONE = "That conversation is not here any more, or it belongs to somebody else. Here a new one begins."
_SHOWN_AT_ONCE = 8  # exchanges, the last ones; a long conversation stays quick


def draw(answers: Engine, holdings: Holdings, dumps: StreamlitPage) -> None:
    """The whole room. A first visit has the question box in the middle, a conversation at the bottom."""
    _ask_from_link()
    exchanges = conversation.current().exchanges
    problem = answers.problem or answers.mismatch(holdings)
    # What is in the question box stays only while it stands where it stood, in a block that was never empty meanwhile.
    if not exchanges:
        with st.container():
            notice = st.empty()
            if conversation.was_gone():
                notice.html(notices.notice_html("", _GONE, plain=True))
            if problem:
                beginning.draw_blocked(answers, problem)
            elif holdings.empty:
                beginning.draw_empty(answers, dumps)
            else:
                _welcome(answers, holdings)
        return
    if problem:
        with st.container():
            beginning.draw_blocked(answers, problem)
    else:
        st.empty()  # takes the first visit's place at once, not when this run ends: an answer may take a while
    shown = st.container(key="conversation")
    with st.container(key="asking"):
        at_hand = ledger.draw()
        choosing.draw([dump.name for dump in holdings.dumps])
        _question_box("Ask a follow-up", disabled=problem is not None)
    with shown:
        for each in _shown(exchanges):
            exchange.draw(
                each,
                newest=each is exchanges[-1],
                ask=_ask,
                again=_ask_again,
                has_model=answers.settings.has_model,
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


def _question_box(words: str, *, disabled: bool = False) -> None:
    st.chat_input(words, key="question", on_submit=lambda: _ask(st.session_state["question"]), disabled=disabled)


def _ask(question: str) -> None:
    """Begin to answer; a question that is still being answered ends where it is.

    Another click ends this at the next touch of Streamlit, so all of them come before the question is put in its place:
    from there on nothing can come between it, its copy in the file and its answer.
    """
    question = question.strip()
    if not question:
        return
    now, owner, kept_at = conversation.current(), visitor(), keeping()
    filters, engine_now = choosing.chosen(), session_engine(engine())
    with now.changing:
        stopped = now.stop()
        asked = Exchange(question)
        wish = Wish(question, now.history(), filters=filters)
        now.exchanges.append(asked)
        kept_at.do(
            lambda store: store.add_question(
                now.conversation_id, asked.exchange_id, question, owner=owner, set_aside=now.set_aside
            )
        )
        asked.asking = _asking(engine_now, now, asked, wish, kept_at)
    conversation.let_end(stopped, kept_at)


def _ask_again(
    asked: Exchange, *, use_model: bool = True, style: Style = "plain", filters: Filters | None = None
) -> None:
    """Answer the same question anew, in its place, from the same papers unless other `filters` are given.

    Touches Streamlit first, see `_ask`.
    """
    now, kept_at = conversation.current(), keeping()
    chosen, engine_now = choosing.chosen(), session_engine(engine())
    st.session_state.pop(f"feedback-{asked.number}", None)
    with now.changing:
        if asked not in now.exchanges:
            return
        stopped = now.stop()
        before = asked.answer or asked.before
        if filters is None:
            filters = replace(before.understood.filters, settled=True) if before else chosen
        wish = Wish(asked.question, now.history(until=asked), use_model=use_model, style=style, filters=filters)
        asked.before, asked.answer = before, None
        asked.asking = _asking(engine_now, now, asked, wish, kept_at)
    conversation.let_end(stopped, kept_at)


def _asking(engine_now: Engine, now: Conversation, asked: Exchange, wish: Wish, kept_at: Keeping) -> Asking:
    known = tuple(each.question for each in now.exchanges)

    def suggest(answer: Answer) -> tuple[str, ...]:
        return suggest_questions(engine_now.index(), engine_now.embedder(), answer, known=known)

    keep = kept_at.keeper(asked.exchange_id)
    return Asking(asked.exchange_id, engine_now.assistant, wish, keep=keep, suggest=suggest)


def _ask_from_link() -> None:
    """`?q=...` asks once, and leaves the address."""
    question = st.query_params.get("q")
    if question:
        conversation.begin()
        _ask(question)
        del st.query_params["q"]


def _welcome(answers: Engine, holdings: Holdings) -> None:
    with st.container(key="welcome"):
        papers = count(holdings.counts.papers, "paper")
        st.html(
            '<div class="welcome"><h1>Ask your papers</h1><p>Ask a question, and get an answer from the abstracts of '
            f"{papers}, with every sentence checked against the paper that it cites.</p></div>"
        )
        _question_box("Ask about your papers")
        choosing.draw([dump.name for dump in holdings.dumps])
        example_view.draw(answers, holdings, _ask)
        if not answers.is_ready:
            st.html(notices.preparing_html())
