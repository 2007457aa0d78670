"""What answers the questions, made ready in a thread: its imports take seconds, and the page is seen before that."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import streamlit as st

from rag.errors import AskPapersError, IndexMismatchError
from rag.page.holdings import Holdings
from rag.settings import Settings, load_settings

if TYPE_CHECKING:
    from rag.answer import Assistant
    from rag.embedder import Embedder
    from rag.index import Index

logger = logging.getLogger(__name__)


class Engine:
    """Index, embedder and assistant over one set of settings, shared by all sessions of this server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._ready = threading.Event()
        self._problem: AskPapersError | None = None
        self._index: Index | None = None
        self._embedder: Embedder | None = None
        self._assistant: Assistant | None = None
        threading.Thread(target=self._make_ready, name="engine", daemon=True).start()

    @property
    def is_ready(self) -> bool:
        """True once the slow imports are done, whether or not all went well."""
        return self._ready.is_set()

    @property
    def problem(self) -> AskPapersError | None:
        """Why it cannot answer, once it is ready."""
        return self._problem

    def wait(self, seconds: float | None = None) -> bool:
        """Until it is ready, at most `seconds`; whether it is."""
        return self._ready.wait(seconds)

    def assistant(self) -> Assistant:
        """Waits until it is ready. Raises what stood in the way."""
        self._ready.wait()
        if self._assistant is None:
            raise self._problem or AskPapersError("AskPapers did not start.", hint="Look at the log of `make app`.")
        return self._assistant

    def index(self) -> Index:
        """Waits until it is ready. Raises what stood in the way."""
        self._ready.wait()
        if self._index is None:
            raise self._problem or AskPapersError("The index did not open.", hint="Look at the log of `make app`.")
        return self._index

    def embedder(self) -> Embedder:
        """Waits until it is ready. Raises what stood in the way."""
        self._ready.wait()
        if self._embedder is None:
            raise self._problem or AskPapersError("The embeddings did not load.", hint="Look at the log of `make app`.")
        return self._embedder

    def mismatch(self, holdings: Holdings) -> IndexMismatchError | None:
        """Whether the index that is published now was made with other embeddings than the settings ask for."""
        if not self.is_ready or self._embedder is None or holdings.passport is None or holdings.empty:
            return None
        try:
            holdings.passport.check(self._embedder.identity)
        except IndexMismatchError as error:
            return error
        return None

    def close(self) -> None:
        """Close the index and the endpoint's connections."""
        if self._assistant is not None:
            self._assistant.close()
        if self._index is not None:
            self._index.close()

    def _make_ready(self) -> None:
        try:
            from rag.index import Index

            self._index = Index.open(self.settings.data_dir, chroma_url=self.settings.chroma_url)
            from rag.answer import Assistant
            from rag.chosen_embedder import open_embedder

            self._embedder = open_embedder(self.settings)
            self._assistant = Assistant(self._index, self._embedder, self.settings)
            self._ready.set()
            self._warm(self._assistant, self._index)
        except AskPapersError as error:
            self._problem = error
        except Exception:  # the boundary of the thread: nothing above it could tell the person
            logger.exception("AskPapers could not start")
            self._problem = AskPapersError(
                "AskPapers could not start.", hint="The log of `make app` holds the details; start it again."
            )
        finally:
            self._ready.set()

    def _warm(self, assistant: Assistant, index: Index) -> None:
        """Load what the first questions would wait for: the model, Chroma, LlamaIndex. Questions may come meanwhile."""
        try:
            assistant.warm_up()
            index.warm()
        except AskPapersError as error:
            logger.info("%s", error)  # the first question meets it again and tells the person


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings of this server. Raises SettingsError."""
    return load_settings()


@st.cache_resource(show_spinner=False, on_release=Engine.close)
def engine() -> Engine:
    """The one engine of this server; the first call begins to make it ready and returns at once."""
    return Engine(settings())


def start_again() -> None:
    """Forget settings and engine, so that the next run of the page makes them anew."""
    settings.clear()  # first: another session may ask for the engine at once, and makes it with the settings of then
    engine.clear()
