"""The conversations of one browser session: what was asked and answered, kept in Streamlit's session state."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

import streamlit as st

from rag.corpus import Answer, Turn
from rag.errors import AskPapersError
from rag.page.asking import Asking

_numbers = count(1)


@dataclass(slots=True)
class Exchange:
    """One question and what became of it. Exactly one of the last four is set once it is over."""

    question: str
    number: int = field(default_factory=lambda: next(_numbers))
    asking: Asking | None = None  # while it is being answered
    answer: Answer | None = None
    problem: AskPapersError | None = None
    stopped: str | None = None  # the text so far, where the reader stopped it

    @property
    def anchor(self) -> str:
        """The beginning of every HTML id of this exchange."""
        return f"turn-{self.number}"


@dataclass(slots=True)
class Conversation:
    """Exchanges, oldest first."""

    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What the sidebar calls it."""
        return self.exchanges[0].question if self.exchanges else "New conversation"

    def history(self) -> tuple[Turn, ...]:
        """The finished exchanges as turns, for the next question."""
        turns: list[Turn] = []
        for exchange in self.exchanges:
            if exchange.answer:
                cited = tuple(citation.paper.paper_id for citation in exchange.answer.citations)
                turns.append(Turn(role="user", content=exchange.question))
                turns.append(Turn(role="assistant", content=_said(exchange.answer), cited=cited))
        return tuple(turns)


def _said(answer: Answer) -> str:
    """The answer as the next question may refer to it. Papers named because nothing better was there are no topic."""
    if answer.refused and not answer.citations:
        return answer.text.partition(". ")[0]
    return answer.text


def conversations() -> list[Conversation]:
    """All conversations of this session, newest first; the first run begins with an empty one."""
    if "conversations" not in st.session_state:
        st.session_state["conversations"] = [Conversation()]
    found: list[Conversation] = st.session_state["conversations"]
    return found


def current() -> Conversation:
    """The conversation that is shown."""
    position: int = st.session_state.get("conversation", 0)
    return conversations()[position]


def begin() -> None:
    """Show an empty conversation; an empty one that is there already is used again."""
    stop_asking()
    known = conversations()
    if known[0].exchanges:
        known.insert(0, Conversation())
    st.session_state["conversation"] = 0


def show(position: int) -> None:
    """Show an earlier conversation."""
    stop_asking()
    st.session_state["conversation"] = position


def stop_asking() -> None:
    """End the answer that is being made; its text so far stays."""
    for exchange in current().exchanges:
        if exchange.asking:
            exchange.asking.stop()
            exchange.stopped = exchange.asking.progress().text
            exchange.asking = None
