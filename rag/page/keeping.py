"""Where the page keeps conversations, and what it does where they cannot be kept: it goes on, and says so once.

Streamlit ends a run of the page, and a callback in its middle, at its next touch of Streamlit after another click. So
what has to be done whole takes `keeping()` first and then touches Streamlit no more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from rag.conversations import Conversations, Problem
from rag.errors import StoreError
from rag.page.asking import Asking
from rag.page.engine import settings
from rag.page.model_choice import choice

logger = logging.getLogger(__name__)

_Found = TypeVar("_Found")
_FAULT = "not-kept"  # in the session's state: a _Fault


@dataclass(slots=True)
class _Fault:
    """Why a session's last attempt to keep or read something failed."""

    error: StoreError | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where this session's conversations are kept. Its methods do not touch Streamlit."""

    conversations: Conversations | None  # None where none are to be kept
    _fault: _Fault

    def do(self, act: Callable[[Conversations], _Found]) -> _Found | None:
        """What `act` gives; None where nothing is kept or the file cannot be used, which `fault` then tells."""
        if self.conversations is None:
            return None
        try:
            found = act(self.conversations)
        except StoreError as error:
            logger.warning("a conversation could not be kept or read: %s", error)
            self._fault.error = error
            return None
        self._fault.error = None
        return found

    def keeper(self, exchange_id: str) -> Callable[[Asking], None] | None:
        """Keeps what comes of a question, from the thread that answers it, whether or not anybody looks."""
        conversations = self.conversations
        if conversations is None:
            return None

        def keep(asking: Asking) -> None:
            try:
                if asking.suggestions:
                    conversations.add_suggestions(exchange_id, asking.suggestions)
                elif asking.answer:
                    conversations.add_answer(exchange_id, asking.answer)
                elif asking.problem:
                    problem = asking.problem
                    told = Problem(type(problem).__name__, problem.message, problem.hint)
                    conversations.add_problem(exchange_id, told)
            except StoreError as error:
                logger.warning("an answer could not be kept: %s", error)

        return keep


def keeping() -> Keeping:
    """Where this session's conversations are kept."""
    return Keeping(store(), _last_fault())


def store() -> Conversations | None:
    """The conversations of this server; None where none are to be kept.

    Keys are hidden in whatever is kept.
    """
    chosen = settings()
    return Conversations(chosen.data_dir, keys=keys()) if chosen.keep_conversations else None


def keys() -> tuple[str, ...]:
    """The keys of this server, and the one that this session may use instead: none of them leaves the page."""
    chosen, own = settings(), choice()
    found = (chosen.llm_api_key.get_secret_value(), chosen.embed_api_key.get_secret_value(), own.api_key if own else "")
    return tuple(key for key in found if key)


def kept(act: Callable[[Conversations], _Found]) -> _Found | None:
    """See Keeping.do."""
    return keeping().do(act)


def fault() -> StoreError | None:
    """Why conversations cannot be kept now; None where they are, or are not to be."""
    return _last_fault().error


def _last_fault() -> _Fault:
    found: _Fault = st.session_state.setdefault(_FAULT, _Fault())
    return found
