"""The map on its way: made in a thread of its own, since it takes seconds and the page must go on answering."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from rag.errors import AskPapersError
from rag.page.engine import Engine
from rag.page.holdings import Holdings

if TYPE_CHECKING:
    from rag.corpus_map.model import CorpusMap

logger = logging.getLogger(__name__)

Tell = Callable[[str], None]


class MapMaking:
    """A map that is being made, or is there, or could not be made."""

    def __init__(self, make: Callable[[Tell], CorpusMap]) -> None:
        self.step = "Opening the index"  # what is done at the moment
        self.made: CorpusMap | None = None
        self.problem: AskPapersError | None = None
        self._make = make
        self._over = threading.Event()
        threading.Thread(target=self._work, name="map", daemon=True).start()

    @property
    def over(self) -> bool:
        """True once there is a map or a problem."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Until it is over, at most `seconds`; whether it is."""
        return self._over.wait(seconds)

    def _work(self) -> None:
        try:
            self.made = self._make(self._tell)
        except AskPapersError as error:
            self.problem = error
        except Exception:  # the boundary of the thread: nothing above it could tell the person
            logger.exception("the map could not be made")
            self.problem = AskPapersError("The map could not be made.", hint="The log of `make app` holds the details.")
        finally:
            self._over.set()

    def _tell(self, step: str) -> None:
        self.step = step


def map_of(engine: Engine, holdings: Holdings) -> MapMaking:
    """The map of what is published; the first call begins to make it."""
    return _begin(str(engine.settings.data_dir), holdings.state.corpus, holdings.state.generation, engine)


@st.cache_resource(show_spinner=False, max_entries=2)
def _begin(data_dir: str, corpus: str, generation: int, _engine: Engine) -> MapMaking:
    del data_dir, corpus, generation  # they name the map in the cache

    def make(tell: Tell) -> CorpusMap:
        from rag.corpus_map.store import open_map
        from rag.index import Index

        # An index of its own, without Chroma and LlamaIndex: the engine's is there only after their slow imports.
        index = Index.open(settings.data_dir, chroma_url=settings.chroma_url)
        try:
            return open_map(index, settings.data_dir, tell)
        finally:
            index.close()

    settings = _engine.settings
    return MapMaking(make)
