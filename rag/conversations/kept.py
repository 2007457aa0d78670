"""The nouns of kept conversations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.corpus import Answer

Feedback = Literal["good", "bad"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer, as it was told to the person."""

    kind: str  # name of a class in rag/errors.py
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation as a list shows it."""

    conversation_id: str  # cannot be guessed: on a shared server who knows it may read it
    name: str  # as the person called it, else its first question
    renamed: bool
    owner: str  # "" for the person at this machine, see rag/page/visitor.py
    created: str  # ISO time, UTC
    changed: str  # of the last question, ISO time, UTC
    exchanges: int
    set_aside: tuple[str, ...]  # paper_ids that shall not stay at hand


@dataclass(frozen=True, slots=True)
class KeptExchange:
    """One question, and what became of it. With neither answer nor problem nor stopped text it was interrupted."""

    exchange_id: str
    question: str
    asked: str  # ISO time, UTC
    set_aside: tuple[str, ...]  # when it was asked
    answer: Answer | None
    problem: Problem | None
    stopped: str | None  # the text so far, where the reader stopped it
    feedback: Feedback | None
    suggestions: tuple[str, ...]  # questions that may follow
    revision: int  # grows with every change
