"""The example questions of the first visit: found in a thread, since each is searched for before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress

import streamlit as st

from rag.errors import AskPapersError
from rag.page.engine import Engine
from rag.page.examples import SAMPLE, example_questions, sample_questions
from rag.page.following import is_answered
from rag.page.holdings import Holdings, some_papers
from rag.page.job import Job
from rag.page.text import label

_WANTED = 4
_LOOKS_AGAIN = 0.3  # seconds
_HEADING = '<p class="small-heading">For example</p>'


class ExampleFinding(Job):
    """Example questions that are being found, or are there."""

    def __init__(self, engine: Engine, *, seed: int) -> None:
        self.questions: tuple[str, ...] = ()
        self._engine = engine
        self._seed = seed
        super().__init__("examples", "No example questions were found.")

    def work(self) -> None:
        """Draw them from the papers, once the index is open; those that it does not answer are left out."""
        engine = self._engine
        papers = some_papers(engine.settings.data_dir)
        index = engine.index()
        with index.reading() as reading:
            embedder, mapping = engine.embedder(), index.mapping(reading)

            def answered(question: str, holders: Collection[str]) -> bool:
                return is_answered(question, holders, reading, embedder, mapping)

            self.questions = example_questions(papers, wanted=_WANTED, seed=self._seed, answered=answered)

    def fail(self, problem: AskPapersError) -> None:
        """What is wrong is told where the page says why it cannot answer; here there is only nothing to show."""
        with suppress(AskPapersError):
            papers = some_papers(self._engine.settings.data_dir)
            self.questions = example_questions(papers, wanted=_WANTED, seed=self._seed)


def draw(engine: Engine, holdings: Holdings, ask: Callable[[str], None]) -> None:
    """The examples, or their places until they are found."""
    if [dump.name for dump in holdings.dumps] == [SAMPLE.name]:
        _draw(sample_questions(wanted=_WANTED), ask)
        return
    found = _found(str(engine.settings.data_dir), holdings.state.corpus, holdings.state.generation, engine)
    if found.over:
        _draw(found.questions, ask)
    else:
        _wait(found)


@st.cache_resource(show_spinner=False, max_entries=4)
def _found(data_dir: str, corpus: str, generation: int, _engine: Engine) -> ExampleFinding:
    """Once per published corpus."""
    del data_dir, corpus  # they name the corpus in the cache
    return ExampleFinding(_engine, seed=generation)


def _draw(questions: tuple[str, ...], ask: Callable[[str], None]) -> None:
    if questions:
        st.html(_HEADING)
    with st.container(key="examples"):
        for number, question in enumerate(questions):
            st.button(label(question), key=f"example-{number}", on_click=ask, args=(question,), width="stretch")


def _wait(found: ExampleFinding) -> None:
    """Places of the size of the questions, so that nothing moves when they come."""
    st.html(_HEADING)
    st.html(f'<div class="examples-to-come" aria-hidden="true">{"<div></div>" * _WANTED}</div>')

    @st.fragment(run_every=_LOOKS_AGAIN)
    def look() -> None:
        if found.over:
            st.rerun(scope="app")

    look()
