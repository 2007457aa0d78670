"""From a question to a checked answer: the steps in order. Start reading here.

question -> standalone question -> hits -> numbered evidence -> enough of it? -> a model writes, or extracts are taken
-> citations resolved -> each sentence checked -> `Answer`
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rag.checking import Checked, check_answer
from rag.clock import Clock
from rag.close_reading import warm_up
from rag.confidence import Confidence
from rag.corpus import Answer, Evidence, Outcome, Style, Turn, Usage, level_of
from rag.embedder import Embedder
from rag.endpoint import ChatModel, Endpoint
from rag.endpoint.any_llm import AnyLLM
from rag.errors import ModelError, UsageError
from rag.events import AnswerEvent, Events, Finished, ReasoningDelta, Retracted, Step, TextDelta
from rag.extractive import write_extract, write_no_answer, write_refusal
from rag.filters import EVERYTHING, Filters
from rag.finding import NEAREST, Asked, Finder
from rag.index import Index
from rag.metering import MeteredModel
from rag.prompts import Prompt, answer_prompt
from rag.refusal import is_refusal
from rag.reranker import Reranker
from rag.second_judge import Claim, SecondReading, read_again
from rag.settings import Settings
from rag.tables import cite_every_cell, write_table
from rag.writing import Writing

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

logger = logging.getLogger(__name__)

__all__ = [
    "AnswerEvent",
    "Assistant",
    "Events",
    "Finished",
    "ReasoningDelta",
    "Retracted",
    "Step",
    "TextDelta",
    "check_question",
]

LONGEST_QUESTION = 4000  # characters; a longer one is a pasted text, and no model of 4,096 tokens could read it


_Reading = Future[tuple[tuple[Evidence, ...], Confidence]]


class Assistant:
    """Answers questions from an index. Threads may share it."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        settings: Settings,
        *,
        llm: LLM | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """With `llm`, any of LlamaIndex's models writes; else the endpoint of the settings; else extracts are taken.

        `reranker`: one that knows some orders already, where LLM_RERANK wishes for one.
        """
        self._embedder = embedder
        self._finder = Finder(index, embedder, (reranker or Reranker()) if settings.llm_rerank else None)
        self._settings = settings
        self._model: ChatModel | None = None
        if llm is not None:
            self._model = AnyLLM(llm)
        elif settings.has_model:
            self._model = Endpoint(settings)

    @property
    def model(self) -> ChatModel | None:
        """What writes; None where extracts are taken."""
        return self._model

    def warm_up(self) -> None:
        """Import and load what the first question would wait for. Contacts no endpoint of a language model."""
        self._embedder.embed_queries(["ready"])
        warm_up()
        if isinstance(self._model, Endpoint):
            try:
                self._model.warm_up()
            except ModelError as error:
                logger.info("%s", error)  # the first question says it where a person is told

    def close(self) -> None:
        """Close the endpoint's connections; the index is its owner's."""
        if isinstance(self._model, Endpoint):
            self._model.close()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        k: int | None = None,
        use_model: bool = True,
        style: Style = "plain",
        standalone: str = "",
        filters: Filters = EVERYTHING,
    ) -> Answer:
        """The answer to one question; see `stream`."""
        events = self.stream(
            question, history, k=k, use_model=use_model, style=style, standalone=standalone, filters=filters
        )
        for event in events:
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("an answer's stream ends with Finished")

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        k: int | None = None,
        use_model: bool = True,
        style: Style = "plain",
        standalone: str = "",
        filters: Filters = EVERYTHING,
        on_stop: Callable[[Usage], None] | None = None,
    ) -> Events:
        """What happens while a question is answered; the last event is Finished.

        `history` are the turns before, oldest first; `k` papers are read (RAG_TOP_K); without `use_model` extracts are
        taken. With `standalone` the question has been made understandable alone before, and is not again. `filters` say
        which papers may answer, besides what the question itself says of them. Closing the generator stops the model,
        and `on_stop` is told what it has read and written until then. Raises UsageError for a question that cannot be
        asked, StoreError and EmbedderError. A failing language model raises nothing: extracts take its place.
        """
        clock = Clock()
        question = check_question(question)
        model = MeteredModel(self._model, self._settings) if use_model and self._model is not None else None
        limit = k or self._settings.top_k
        try:
            yield Step("searching")
            asked = self._finder.find(
                question, history, model, limit=limit, clock=clock, style=style, standalone=standalone, filters=filters
            )
            yield Step("reading", _papers(len(asked.evidence)))
            if asked.extract or model is None or asked.confidence.outcome == "nothing":
                yield from self._extract(asked, clock)
            else:
                yield from self._write(asked, model, clock)
        except GeneratorExit:
            if on_stop and model and model.usage:
                on_stop(model.usage)
            raise

    def _extract(self, asked: Asked, clock: Clock, *, notice: str = "", reasoning: str = "") -> Events:
        """An answer of verbatim sentences, or that there is none."""
        outcome, evidence = asked.confidence.outcome, asked.evidence
        if asked.extract:
            extract = asked.extract
        elif outcome != "answered":
            doubtful = level_of(1 - asked.confidence.probability) == "low"
            extract = write_refusal(outcome, asked.hits, evidence, each_of=asked.each_of, doubtful=doubtful)
        elif asked.style == "table":
            extract = write_table(evidence, each_of=asked.each_of)
        else:
            extract = write_extract(asked.standalone, evidence, short=asked.style == "shorter", each_of=asked.each_of)
        if not extract.sentences and outcome == "answered" and not asked.extract:
            outcome, extract = "nothing", write_refusal("nothing", asked.hits)
        yield TextDelta(extract.text)
        clock.mark("writing")
        yield Finished(
            Answer(
                question=asked.question,
                standalone_question=asked.standalone,
                outcome=outcome,
                mode="extractive",
                model=None,
                text=extract.text,
                sentences=extract.sentences,
                citations=extract.citations,
                evidence=evidence,
                confidence=asked.confidence.probability,
                sure_because=asked.confidence.reasons,
                nearest=() if outcome == "answered" else asked.hits[:NEAREST],
                notice=notice,
                reasoning=reasoning,
                generation=asked.generation,
                timings_ms=clock.timings(),
                usage=asked.model.usage if asked.model else None,
                style=asked.style,
                provenance=asked.provenance,
                understood=asked.understood,
            )
        )

    def _write(self, asked: Asked, model: MeteredModel, clock: Clock) -> Events:
        """A model writes, and meanwhile the papers are read closely for the check.

        Where the model fails, extracts take its place and the notice says why.
        """
        writing = Writing(model)
        aside = ThreadPoolExecutor(max_workers=1)
        reading: _Reading | None = None
        try:
            prompt = answer_prompt(
                asked.asked_as or asked.standalone,
                asked.evidence,
                context_window=model.context_window,
                style=asked.style,
            )
            yield Step("writing", model.name)
            with closing(writing.stream(prompt, clock)) as events:
                for event in events:
                    yield event
                    reading = reading or aside.submit(self._read, asked)
        except ModelError as error:
            logger.warning("the language model failed: %s", error.kind)
            if writing.shown:
                yield Retracted()
            evidence, confidence = self._result(reading, asked)
            asked = replace(asked, evidence=evidence, confidence=confidence)
            yield from self._extract(asked, clock, notice=str(error), reasoning=writing.reasoning)
            return
        finally:
            aside.shutdown(wait=False)  # a reader who stops the answer does not wait
        yield Step("checking")
        evidence, confidence = self._result(reading, asked)
        asked = replace(asked, evidence=evidence[: len(prompt.evidence)], confidence=confidence)
        yield Finished(self._checked(asked, model, prompt, writing, clock))

    def _result(self, reading: _Reading | None, asked: Asked) -> tuple[tuple[Evidence, ...], Confidence]:
        """What was read aside; a model that fails before its first word leaves that to be done now."""
        return reading.result() if reading else self._read(asked)

    def _read(self, asked: Asked) -> tuple[tuple[Evidence, ...], Confidence]:
        return self._finder.read(asked.standalone, asked.hits, len(asked.evidence), asked.mapping)

    def _checked(self, asked: Asked, model: MeteredModel, prompt: Prompt, writing: Writing, clock: Clock) -> Answer:
        draft, text = writing.draft, writing.text
        if asked.style == "table":
            text = cite_every_cell(text)
        refused = draft.refused or is_refusal(text)
        outcome: Outcome = "related" if refused else "answered"
        if draft.refused and not text:
            checked = Checked(write_no_answer(asked.hits[:NEAREST]), (), ())
        else:
            language = asked.understood.language
            checked = check_answer(text, writing.used, asked.evidence, language=language, second=self._second(model))
        told = (draft.notice, _left_out(prompt, model), "" if refused else _unread(checked))
        clock.mark("checking")
        return Answer(
            question=asked.question,
            standalone_question=asked.standalone,
            outcome=outcome,
            mode="llm",
            model=model.name,
            text=checked.text,
            sentences=checked.sentences,
            citations=checked.citations,
            evidence=asked.evidence,
            confidence=asked.confidence.probability,
            sure_because=asked.confidence.reasons,
            nearest=asked.hits[:NEAREST] if refused else (),
            notice=" ".join(part for part in told if part),
            reasoning=draft.reasoning,
            generation=asked.generation,
            timings_ms=clock.timings(),
            prompt_fingerprint=prompt.fingerprint,
            usage=model.usage,
            style=asked.style,
            provenance=asked.provenance,
            understood=asked.understood,
            second_judge=checked.second_judge,
        )

    def _second(self, model: MeteredModel) -> Callable[[Sequence[Claim]], SecondReading] | None:
        """The second judge, where one is wished; it has as long as a model may be silent."""
        if not self._settings.llm_judge:
            return None
        return partial(read_again, model=model, seconds=self._settings.llm_timeout)


def check_question(question: str) -> str:
    """The question without blanks around it. Raises UsageError where it cannot be asked."""
    asked = question.strip()
    if not any(letter.isalnum() for letter in asked):
        raise UsageError("The question is empty.", hint="Write what you want to know about the papers.")
    if len(asked) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(asked):,} characters; up to {LONGEST_QUESTION:,} can be asked.",
            hint="Ask in a few sentences, without pasted text.",
        )
    return asked


def _papers(number: int) -> str:
    return "1 paper" if number == 1 else f"{number} papers"


def _unread(checked: Checked) -> str:
    """A sentence where nothing of an answer was checked, as of one that is all code."""
    if checked.citations or any(sentence.checked for sentence in checked.sentences):
        return ""
    return "Nothing in this answer could be checked against the papers."


def _left_out(prompt: Prompt, model: ChatModel) -> str:
    """Sentences on what the model did not see."""
    told: list[str] = []
    room = f"fit into {model.context_window} tokens (LLM_CONTEXT_WINDOW)."
    if prompt.shortened:
        told.append(f"Of {_papers(prompt.shortened)} only the beginning was read: abstracts so long do not {room}")
    if prompt.left_out:
        verb = "was" if prompt.left_out == 1 else "were"
        number = f"{_papers(prompt.left_out)} of {prompt.left_out + len(prompt.evidence)}"
        told.append(f"{number} {verb} left out: more do not {room}")
    return " ".join(told)
