"""One question with its answer, its sources beside it and what can be done with it.

While the answer grows and when it is done everything has the same places, so nothing jumps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rag.corpus import Style
from rag.export import answer_as_markdown
from rag.page import choosing, conversation, notices
from rag.page.answer_view import UNCHECKED, actions_html, finished_html, progress_html, question_html, stopped_html
from rag.page.asking import Asking
from rag.page.conversation import Exchange
from rag.page.sources import sources_html, waiting_html
from rag.page.text import escape, label

_FRAME = 0.1  # seconds between two drawings of a growing answer: smooth to the eye, light on the browser
_SUGGESTIONS_WITHIN = 10.0  # seconds after the answer; they usually take a tenth of one, the first time two
_INTERRUPTED = "The answer was interrupted before it was whole."

AskAgain = Callable[..., None]


def draw(
    exchange: Exchange, *, newest: bool, ask: Callable[[str], None], again: AskAgain, has_model: bool, generation: int
) -> None:
    """The whole exchange. `again(exchange, use_model=..., style=...)` asks the same once more."""
    with st.container(key=exchange.anchor):
        heading = st.empty()
        heading.html(_heading(exchange))
        read = st.empty()
        left, right = st.columns(2)
        with left:
            text = st.empty()
            actions = st.empty()
            following = st.empty()
        with right:
            sources = st.empty()
        asking = exchange.asking
        if asking:
            actions.button("Stop", key=f"stop-{exchange.number}", icon=":material/stop_circle:", on_click=_stop)
            sources.html(waiting_html())
            _follow(exchange, asking, text, has_model=has_model)
            if exchange.answer:
                heading.html(_heading(exchange))
        if exchange.answer:
            with read.container():
                _read(exchange, again=again if newest else None)
        text.html(_outcome_html(exchange, generation))
        beside = sources_html(exchange.answer, anchor=exchange.anchor) if exchange.answer else ""
        if beside:
            sources.html(beside)
        else:
            sources.empty()
        with actions.container(key=f"actions-{exchange.number}", horizontal=True, gap="small"):
            _actions(exchange, newest=newest, again=again, has_model=has_model)
        if newest:
            if asking:
                asking.wait_for_suggestions(_SUGGESTIONS_WITHIN)
                if exchange.answer is asking.answer:
                    exchange.suggestions = asking.suggestions
            _suggestions(exchange, following, ask)


def _heading(exchange: Exchange) -> str:
    answer = exchange.answer
    if not answer:
        return question_html(exchange.question, anchor=exchange.anchor)
    return question_html(
        exchange.question, answer.standalone_question, anchor=exchange.anchor, searched=answer.understood.text
    )


def _read(exchange: Exchange, *, again: AskAgain | None) -> None:
    """How the question was read, where that is more than its words."""
    if not exchange.answer:
        return
    understood = exchange.answer.understood
    notes = understood.sentences()
    if notes:
        st.html("".join(f'<p class="read-notes">{escape(note)}</p>' for note in notes))
    with_filters = (lambda filters: again(exchange, filters=filters)) if again else None
    choosing.draw_read(understood.filters, understood.undated, key=exchange.anchor, again=with_filters)


def _actions(exchange: Exchange, *, newest: bool, again: AskAgain, has_model: bool) -> None:
    """What can be done with the answer; only the newest one can be asked again."""
    answer = exchange.answer
    if answer:
        st.html(actions_html(answer_as_markdown(answer)), width="content")
    elif exchange.stopped:
        heading = " ".join(exchange.question.split())
        st.html(actions_html(f"# {heading}\n\n{exchange.stopped}\n\n{UNCHECKED}\n"), width="content")
    if newest:
        wishes: dict[str, tuple[bool, Style]] = {"Ask again": (True, "plain")}
        if answer and not answer.refused:
            wishes |= {"Shorter": (True, "shorter"), "As a table": (True, "table")}
            if has_model and answer.mode == "llm":
                wishes["Extracts only"] = (False, "plain")
        for words, (use_model, style) in wishes.items():
            st.button(
                words,
                key=f"{words}-{exchange.number}",
                on_click=partial(again, exchange, use_model=use_model, style=style),
            )
    if answer:
        key = f"feedback-{exchange.number}"
        if key not in st.session_state and exchange.feedback:
            st.session_state[key] = int(exchange.feedback == "good")
        st.feedback("thumbs", key=key, on_change=partial(_rate, exchange, key))


def _rate(exchange: Exchange, key: str) -> None:
    pressed = st.session_state[key]
    conversation.rate(exchange, None if pressed is None else "good" if pressed else "bad")


def _suggestions(exchange: Exchange, place: DeltaGenerator, ask: Callable[[str], None]) -> None:
    if not exchange.suggestions or not exchange.answer:
        return
    with place.container(key=f"following-{exchange.number}", gap=None):
        st.html('<p class="small-heading">You could ask next</p>')
        for position, question in enumerate(exchange.suggestions):
            st.button(
                label(question), key=f"following-{exchange.number}-{position}", on_click=ask, args=(question,),
                type="tertiary", icon=":material/subdirectory_arrow_right:",
            )  # fmt: skip


def _stop() -> None:
    conversation.stop_asking()


def _follow(exchange: Exchange, asking: Asking, place: DeltaGenerator, *, has_model: bool) -> None:
    """Draw the answer as it grows, until it is done or another run of the page has ended it."""
    drawn = None
    while not asking.over and exchange.asking is asking:
        progress = asking.progress()
        if progress != drawn:
            place.html(progress_html(progress, anchor=exchange.anchor, has_model=has_model))
            drawn = progress
        asking.wait(_FRAME)
    exchange.take_over(asking)


def _outcome_html(exchange: Exchange, generation: int) -> str:
    problem = notices.problem_html(exchange.problem) if exchange.problem else ""
    if exchange.answer:  # above it the problem that kept it from being answered again
        return problem + finished_html(exchange.answer, anchor=exchange.anchor, generation=generation)
    if problem:
        return problem
    if exchange.stopped is None:
        return f'<p class="written-by">{_INTERRUPTED}</p>'
    spent = f'<p class="made">{escape(exchange.spent.in_words)}</p>' if exchange.spent else ""
    return stopped_html(exchange.stopped, anchor=exchange.anchor) + spent
