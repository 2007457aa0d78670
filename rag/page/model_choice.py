"""Another language model than the settings name, for one tab: kept in the server's memory, keys too, nowhere else."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import SecretStr

from rag.errors import AskPapersError, IndexMismatchError, UsageError
from rag.page import tab_memory
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.redaction import without_secrets, without_user
from rag.settings import Settings, http_address, usable_key

if TYPE_CHECKING:
    from rag.answer import Assistant
    from rag.embedder import Embedder
    from rag.index import Index

_CHOICE, _ENGINE = "model-choice", "model-engine"  # in the session's state
SMALLEST_WINDOW = 512  # tokens, as in rag/settings.py


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What to use in place of the settings' LLM_... values. Without address and model, extracts alone."""

    base_url: str = ""
    model: str = ""
    api_key: str = field(default="", repr=False)
    context_window: int = 4096  # tokens
    price_in: float = 0.0  # of a million tokens read; 0: not known
    price_out: float = 0.0

    def applied_to(self, settings: Settings) -> Settings:
        """The settings with this model in place of theirs."""
        return settings.model_copy(
            update={
                "llm_base_url": self.base_url,
                "llm_model": self.model,
                "llm_api_key": SecretStr(self.api_key),
                "llm_context_window": self.context_window,
                "llm_price_in": self.price_in,
                "llm_price_out": self.price_out,
            }
        )


EXTRACTS = ModelChoice()


def make_choice(
    settings: Settings,
    *,
    address: str,
    model: str = "",
    key: str = "",
    context_window: int = 4096,
    price_in: float = 0.0,
    price_out: float = 0.0,
) -> ModelChoice:
    """What a person wrote into the form, as a choice. Raises UsageError for what cannot be used.

    The key of the settings goes to the settings' own server alone, never to another address.
    """
    base_url, key = full_address(address, own=settings.llm_base_url), written_key(key)
    if not key and base_url == settings.llm_base_url:
        key = settings.llm_api_key.get_secret_value()
    if not base_url and not (model.strip() and key):
        raise UsageError(
            "An address is missing.", hint="Give the address of a server, or for OpenAI itself a model and a key."
        )
    if context_window < SMALLEST_WINDOW:
        raise UsageError(f"{context_window} tokens are too few.", hint=f"Give at least {SMALLEST_WINDOW}.")
    return ModelChoice(base_url, model.strip(), key, context_window, price_in, price_out)


def full_address(address: str, *, own: str = "") -> str:
    """`127.0.0.1:11434/v1/` as `http://127.0.0.1:11434/v1`. Raises UsageError for what is no address.

    `own` is the settings' address, which the page shows without its user name and password: they are put back.
    """
    address = address.strip()
    if address and "://" not in address:
        address = f"http://{address}"
    try:
        address = http_address(address)
    except ValueError as error:
        raise UsageError(
            f"{without_secrets(address)} is no address.", hint="One looks like http://127.0.0.1:11434/v1."
        ) from error
    return own if address == without_user(own) else address


def written_key(key: str) -> str:
    """A key without blanks around it. Raises UsageError, without the key, for what cannot be one."""
    try:
        return usable_key(key)
    except ValueError as error:
        raise UsageError(f"The key cannot be used: {error}.") from error


def choice() -> ModelChoice | None:
    """What this session has chosen; None where it goes by the settings."""
    found: ModelChoice | None = st.session_state.get(_CHOICE)
    return found


def choose(wanted: ModelChoice | None) -> None:
    """Use this model in this session from now on; None: what the settings say. An answer on its way is not touched."""
    st.session_state[_CHOICE] = wanted
    st.session_state.pop(_ENGINE, None)
    tab_memory.keep(wanted)


def recall() -> None:
    """Take over what this tab had chosen before it was loaded anew."""
    found = tab_memory.recall()
    if isinstance(found, ModelChoice):
        choose(found)


def session_engine(shared: Engine) -> Engine:
    """The engine of this session: the one of the server, or one that shares all with it but the language model."""
    wanted = choice()
    if wanted is None:
        return shared
    kept: SessionEngine | None = st.session_state.get(_ENGINE)
    if kept is None or kept.shared is not shared:
        kept = SessionEngine(shared, wanted.applied_to(shared.settings))
        st.session_state[_ENGINE] = kept
    return kept


class SessionEngine(Engine):
    """Index and embedder of the server's engine, with a language model of its own."""

    def __init__(self, shared: Engine, settings: Settings) -> None:
        """Nothing is opened yet, and no thread is begun."""
        self.settings = settings
        self.shared = shared
        self._own: Assistant | None = None
        self._lock = threading.Lock()

    @property
    def is_ready(self) -> bool:
        """See Engine."""
        return self.shared.is_ready

    @property
    def problem(self) -> AskPapersError | None:
        """See Engine."""
        return self.shared.problem

    def wait(self, seconds: float | None = None) -> bool:
        """See Engine."""
        return self.shared.wait(seconds)

    def assistant(self) -> Assistant:
        """An assistant over the shared index that asks this session's model. Raises what stood in the way."""
        index, embedder = self.shared.index(), self.shared.embedder()
        with self._lock:
            if self._own is None:
                from rag.answer import Assistant

                self._own = Assistant(index, embedder, self.settings)
            return self._own

    def index(self) -> Index:
        """See Engine."""
        return self.shared.index()

    def embedder(self) -> Embedder:
        """See Engine."""
        return self.shared.embedder()

    def mismatch(self, holdings: Holdings) -> IndexMismatchError | None:
        """See Engine."""
        return self.shared.mismatch(holdings)

    def close(self) -> None:
        """Close this model's connections; index and embedder are the server's."""
        with self._lock:
            if self._own is not None:
                self._own.close()
