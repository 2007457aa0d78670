"""The map on its way: made in a thread of its own, since it takes seconds and the page must go on answering."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from rag.errors import AskPapersError
from rag.page import notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.job import Job

if TYPE_CHECKING:
    from rag.corpus_map.model import CorpusMap

Tell = Callable[[str], None]


class MapMaking(Job):
    """A map that is being made, or is there, or could not be made."""

    def __init__(self, make: Callable[[Tell], CorpusMap]) -> None:
        self.step = "Opening the index"  # what is done at the moment
        self.made: CorpusMap | None = None
        self.problem: AskPapersError | None = None
        self._make = make
        super().__init__("map", "The map could not be made.")

    def work(self) -> None:
        """Make the map."""
        self.made = self._make(self._tell)

    def fail(self, problem: AskPapersError) -> None:
        """Keep the problem in the map's place."""
        self.problem = problem

    def _tell(self, step: str) -> None:
        self.step = step


def map_of(engine: Engine, holdings: Holdings) -> MapMaking:
    """The map of what is published; the first call begins to make it."""
    return _begin(str(engine.settings.data_dir), holdings.state.corpus, holdings.state.generation, engine)


def draw_problem(engine: Engine, holdings: Holdings, failed: MapMaking) -> None:
    """Why there is no map, and a button that tries again: a disk does not stay full for ever."""
    if failed.problem:
        notices.problem(failed.problem)
        st.button("Try again", key="map-again", on_click=_make_again, args=(engine, holdings, failed))


def _make_again(engine: Engine, holdings: Holdings, failed: MapMaking) -> None:
    """Forget the map that failed; one that somebody began meanwhile goes on."""
    if map_of(engine, holdings) is failed:
        _begin.clear(str(engine.settings.data_dir), holdings.state.corpus, holdings.state.generation, engine)


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
