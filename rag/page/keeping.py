"""Where the page keeps conversations, and what it does where they cannot be kept: it goes on, and says so once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from rag.conversations import Conversations, Problem
from rag.errors import StoreError
from rag.page.asking import Asking
from rag.page.engine import settings
from rag.page.model_choice import choice

logger = logging.getLogger(__name__)

_Found = TypeVar("_Found")
_FAULT = "not-kept"  # in the session's state: why the last attempt failed


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
    """What `act` gives; None where nothing is kept or the file cannot be used, which `fault` then tells."""
    conversations = store()
    if conversations is None:
        return None
    try:
        found = act(conversations)
    except StoreError as error:
        logger.warning("a conversation could not be kept or read: %s", error)
        st.session_state[_FAULT] = error
        return None
    st.session_state.pop(_FAULT, None)
    return found


def fault() -> StoreError | None:
    """Why conversations cannot be kept now; None where they are, or are not to be."""
    found: StoreError | None = st.session_state.get(_FAULT)
    return found


def keeper(exchange_id: str) -> Callable[[Asking], None] | None:
    """Keeps what comes of a question, from the thread that answers it, whether or not anybody looks."""
    conversations = store()
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
                conversations.add_problem(exchange_id, Problem(type(problem).__name__, problem.message, problem.hint))
        except StoreError as error:
            logger.warning("an answer could not be kept: %s", error)

    return keep
