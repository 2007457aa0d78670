"""An index with its embeddings, ready to be measured: one side of a comparison, or the only one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from rag.answer import Assistant
from rag.chosen_embedder import open_embedder
from rag.corpus import Answer, Hit
from rag.embedder import Embedder, EmbedderIdentity
from rag.errors import EmptyIndexError
from rag.evaluation.evaluate import Evaluation, evaluate
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet
from rag.evaluation.report import Configuration
from rag.evaluation.withheld import PartialIndex
from rag.filters import EVERYTHING, Filters
from rag.index import Index, Reading
from rag.questions.searching import search_as_meant
from rag.reranker import Reranker, open_order
from rag.settings import Settings

Result = TypeVar("Result")

_ENDPOINT = "endpoint:"  # how the fingerprint of an endpoint's embeddings begins, see rag/endpoint_embedder


class Side:
    """One index, searched with the embeddings that it was made with."""

    def __init__(self, data_dir: Path, settings: Settings, embedder: Embedder) -> None:
        """Raises EmptyIndexError where nothing was ingested, IndexMismatchError where the embeddings do not fit."""
        self.data_dir = data_dir
        self._settings = settings
        self._embedder = embedder
        self._index = PartialIndex(data_dir, chroma_url=settings.chroma_url, embedder=embedder)
        self._reranker = Reranker()  # one, so that search and answer of a question ask for one order
        self._order = open_order(settings, self._reranker)
        with ExitStack() as on_failure:
            on_failure.callback(self.close)
            with self._index.reading() as reading:
                if reading.passport is None:
                    raise _nothing_in(data_dir)
                reading.passport.check(embedder.identity)
            on_failure.pop_all()

    @classmethod
    def by_passport(cls, data_dir: Path, settings: Settings) -> Side:
        """The index in a folder with whatever embeddings it names, which the settings need not name."""
        with closing(Index.open(data_dir, chroma_url=settings.chroma_url)) as index, index.reading() as reading:
            if reading.passport is None:
                raise _nothing_in(data_dir)
            identity = reading.passport.identity
        return cls(data_dir, settings, open_embedder_of(identity, settings))

    def close(self) -> None:
        """Give the index back."""
        self._index.close()
        if self._order is not None:
            self._order.close()

    def read(self, reader: Callable[[Reading], Result]) -> Result:
        """What `reader` finds in the index."""
        self._index.hide(None)
        with self._index.reading() as reading:
            return reader(reading)

    def paper_ids(self) -> set[str]:
        """Every paper's id."""
        return set(self.read(lambda reading: reading.ids_where(Filters(), newest=False, limit=reading.counts().papers)))

    def unknown(self, questions: QuestionSet) -> list[str]:
        """The relevant papers that no paper of the index is, as the question set names them."""
        wanted = {key: shown for question in questions.questions for key, shown in question.wanted.items()}

        def known(reading: Reading) -> set[str]:
            named = reading.named(list(wanted), list(wanted))
            return {questions.key(paper) for paper in reading.papers(named).values()}

        found = self.read(known)
        return [shown for key, shown in wanted.items() if key not in found]

    def evaluate(
        self,
        questions: QuestionSet,
        *,
        answers: bool,
        use_model: bool,
        k: int,
        progress: Callable[[int, int], None] | None = None,
    ) -> Evaluation:
        """Search for every question, and answer it where wanted; with `use_model` a language model writes."""
        assistant = Assistant(self._index, self._embedder, self._settings, reranker=self._reranker) if answers else None

        def prepare(question: EvaluationQuestion) -> None:
            self._index.hide(question.withheld)

        def find(question: EvaluationQuestion, depth: int) -> Sequence[Hit]:
            with self._index.reading() as reading:  # as `rag search` does
                return search_as_meant(
                    reading,
                    self._embedder,
                    question.text,
                    k=depth,
                    history=question.history,
                    given=_chosen(question),
                    reorder=self._order,
                )[1]

        def ask(question: EvaluationQuestion) -> Answer:
            assert assistant is not None  # noqa: S101 - only called where there is one
            return assistant.ask(question.text, question.history, use_model=use_model, filters=_chosen(question))

        try:
            return evaluate(
                questions, find=find, ask=ask if assistant else None, prepare=prepare, k=k, progress=progress
            )
        finally:
            self._index.hide(None)
            if assistant is not None:
                assistant.close()

    def configuration(self, *, questions: str, answers: str | None, note: str = "") -> Configuration:
        """What is measured here."""

        def facts(reading: Reading) -> Configuration:
            counts, identity = reading.counts(), self._embedder.identity
            return Configuration(
                questions=questions,
                data=str(self.data_dir),
                papers=counts.papers,
                chunks=counts.chunks,
                dumps=counts.dumps,
                generation=reading.generation,
                embeddings=identity.model,
                fingerprint=identity.fingerprint,
                dimension=identity.dimension,
                answers=answers,
                note=note,
                measured=datetime.now(UTC).isoformat(timespec="seconds"),
                ordered_by=self._order.in_words if self._order else None,
            )

        return self.read(facts)


def open_embedder_of(identity: EmbedderIdentity, settings: Settings) -> Embedder:
    """The embedder that a passport names.

    The key of the settings goes only to the server that the settings name, or to OpenAI where they name none.
    """
    if not identity.fingerprint.startswith(_ENDPOINT):
        return open_embedder(settings.model_copy(update={"embed_base_url": "", "embed_model": ""}))
    from rag.endpoint_embedder import EndpointEmbedder
    from rag.endpoint_embedder.embedding import OPENAI_URL
    from rag.redaction import without_user

    address = identity.fingerprint.removeprefix(_ENDPOINT).removesuffix(f":{identity.model}")
    configured = settings.embed_base_url or OPENAI_URL
    if address == without_user(configured):
        return EndpointEmbedder(configured, identity.model, api_key=settings.embed_api_key.get_secret_value())
    return EndpointEmbedder(address, identity.model)


def _chosen(question: EvaluationQuestion) -> Filters:
    """A title or sentence restricts no papers: by what it puts in quotes the paper that hides it would be known."""
    return Filters(settled=True) if question.withheld else EVERYTHING


def _nothing_in(data_dir: Path) -> EmptyIndexError:
    return EmptyIndexError(
        f"No papers have been ingested into {data_dir} yet.",
        hint="Run `python -m ingest PATH` with a saved page of papers.",
    )
