"""From a question to a checked answer: the steps in order. Start reading here.

question -> standalone question -> hits -> numbered evidence -> enough of it? -> a model writes, or extracts are taken
-> citations resolved -> each sentence checked -> `Answer`
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.checking import Checked, check_answer
from rag.clock import Clock
from rag.close_reading import read_closely
from rag.confidence import Confidence, judge
from rag.conversation import is_follow_up, keep_at_hand, standalone_question
from rag.corpus import Answer, Evidence, Hit, Outcome, Provenance, Style, Turn
from rag.embedder import Embedder
from rag.endpoint import ChatModel, Endpoint
from rag.endpoint.any_llm import AnyLLM
from rag.errors import EmptyIndexError, ModelError, UsageError
from rag.events import AnswerEvent, Events, Finished, ReasoningDelta, Retracted, Step, TextDelta
from rag.evidence import gather_evidence
from rag.extractive import write_extract, write_no_answer, write_refusal
from rag.index import Index, Reading
from rag.metering import MeteredModel
from rag.prompts import Prompt, answer_prompt
from rag.refusal import is_refusal
from rag.search import search
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
_GLANCED_AT = 3  # papers that tell whether anything answers
_NEAREST = 3  # papers named where the papers do not answer


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what was found for it."""

    question: str
    standalone: str
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    confidence: Confidence
    generation: int
    style: Style
    model: MeteredModel | None  # None where extracts are wanted
    provenance: Provenance


_Reading = Future[tuple[tuple[Evidence, ...], Confidence]]


class Assistant:
    """Answers questions from an index. Threads may share it."""

    def __init__(self, index: Index, embedder: Embedder, settings: Settings, *, llm: LLM | None = None) -> None:
        """With `llm`, any of LlamaIndex's models writes; else the endpoint of the settings; else extracts are taken."""
        self._index = index
        self._embedder = embedder
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
    ) -> Answer:
        """The answer to one question; see `stream`."""
        for event in self.stream(question, history, k=k, use_model=use_model, style=style, standalone=standalone):
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
    ) -> Events:
        """What happens while a question is answered; the last event is Finished.

        `history` are the turns before, oldest first; `k` papers are read (RAG_TOP_K); without `use_model` extracts are
        taken. With `standalone` the question has been made understandable alone before, and is not again. Closing the
        generator stops the model. Raises UsageError for a question that cannot be asked, StoreError and EmbedderError.
        A failing language model raises nothing: extracts take its place.
        """
        clock = Clock()
        question = check_question(question)
        model = MeteredModel(self._model, self._settings) if use_model and self._model is not None else None
        limit = k or self._settings.top_k
        yield Step("searching")
        asked = self._find(question, history, model, limit, clock, style, standalone)
        yield Step("reading", _papers(len(asked.evidence)))
        if model is None or asked.confidence.outcome == "nothing":
            yield from self._extract(asked, clock)
            return
        yield from self._write(asked, model, clock)

    def _find(
        self,
        question: str,
        history: Sequence[Turn],
        model: MeteredModel | None,
        limit: int,
        clock: Clock,
        style: Style,
        standalone: str,
    ) -> _Asked:
        """Search, read the first hits closely, choose their best sentences, judge whether they are enough."""
        follows = is_follow_up(question, history)
        if not standalone:
            standalone = standalone_question(question, history, model) if follows else question
        clock.mark("standalone")
        with self._index.reading() as reading:
            if reading.passport is None:
                raise EmptyIndexError(
                    "No papers have been ingested yet.", hint="Run `python -m ingest PATH` with a saved page of papers."
                )
            reading.passport.check(self._embedder.identity)
            provenance = self._provenance(reading, limit, model)
            before = history if follows else ()
            hits = search(reading, self._embedder, standalone, k=max(limit, _NEAREST), history=before)
            hits = keep_at_hand(reading, hits, before, question)[: max(limit, _NEAREST)]
            generation = reading.generation
        clock.mark("search")
        if model is None:
            evidence, confidence = self._read(standalone, hits, limit)
        else:
            evidence = tuple(Evidence(number, hit, ()) for number, hit in enumerate(hits[:limit], start=1))
            confidence = self._glance(standalone, hits)
        clock.mark("reading")
        return _Asked(question, standalone, tuple(hits), evidence, confidence, generation, style, model, provenance)

    def _provenance(self, reading: Reading, limit: int, model: MeteredModel | None) -> Provenance:
        identity = self._embedder.identity
        window = model.context_window if model else None
        return Provenance(reading.corpus, identity.model, identity.fingerprint, limit, window)

    def _read(self, question: str, hits: Sequence[Hit], limit: int) -> tuple[tuple[Evidence, ...], Confidence]:
        """Read the first hits closely, choose their best sentences, judge whether they are enough."""
        read = read_closely(question, hits[:limit], self._embedder)
        return gather_evidence(question, hits, read, limit=limit), judge(question, hits, read)

    def _glance(self, question: str, hits: Sequence[Hit]) -> Confidence:
        """Whether it is worth asking a model, from as few papers as tell: each takes time before the first word."""
        confidence = judge(question, hits, read_closely(question, hits[:1], self._embedder))
        if confidence.outcome == "answered":
            return confidence
        return judge(question, hits, read_closely(question, hits[:_GLANCED_AT], self._embedder))

    def _extract(self, asked: _Asked, clock: Clock, *, notice: str = "", reasoning: str = "") -> Events:
        """An answer of verbatim sentences, or that there is none."""
        outcome, evidence = asked.confidence.outcome, asked.evidence
        if outcome != "answered":
            extract = write_refusal(outcome, asked.hits, evidence)
        elif asked.style == "table":
            extract = write_table(evidence)
        else:
            extract = write_extract(asked.standalone, evidence, short=asked.style == "shorter")
        if not extract.sentences and outcome == "answered":
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
                nearest=() if outcome == "answered" else asked.hits[:_NEAREST],
                notice=notice,
                reasoning=reasoning,
                generation=asked.generation,
                timings_ms=clock.timings(),
                usage=asked.model.usage if asked.model else None,
                style=asked.style,
                provenance=asked.provenance,
            )
        )

    def _write(self, asked: _Asked, model: MeteredModel, clock: Clock) -> Events:
        """A model writes, and meanwhile the papers are read closely for the check.

        Where the model fails, extracts take its place and the notice says why.
        """
        writing = Writing(model)
        aside = ThreadPoolExecutor(max_workers=1)
        reading: _Reading | None = None
        try:
            prompt = answer_prompt(
                asked.standalone, asked.evidence, context_window=model.context_window, style=asked.style
            )
            yield Step("writing", model.name)
            for event in writing.stream(prompt, clock):
                yield event
                reading = reading or aside.submit(self._read, asked.standalone, asked.hits, len(asked.evidence))
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

    def _result(self, reading: _Reading | None, asked: _Asked) -> tuple[tuple[Evidence, ...], Confidence]:
        """What was read aside; a model that fails before its first word leaves that to be done now."""
        return reading.result() if reading else self._read(asked.standalone, asked.hits, len(asked.evidence))

    def _checked(self, asked: _Asked, model: MeteredModel, prompt: Prompt, writing: Writing, clock: Clock) -> Answer:
        draft, text = writing.draft, writing.text
        if asked.style == "table":
            text = cite_every_cell(text)
        refused = draft.refused or is_refusal(text)
        outcome: Outcome = "related" if refused else "answered"
        if draft.refused and not text:
            checked = Checked(write_no_answer(asked.hits[:_NEAREST]), (), ())
        else:
            checked = check_answer(text, writing.used, asked.evidence, self._embedder)
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
            nearest=asked.hits[:_NEAREST] if refused else (),
            notice=" ".join(part for part in (draft.notice, _left_out(prompt, model)) if part),
            reasoning=draft.reasoning,
            generation=asked.generation,
            timings_ms=clock.timings(),
            prompt_fingerprint=prompt.fingerprint,
            usage=model.usage,
            style=asked.style,
            provenance=asked.provenance,
        )


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


def _left_out(prompt: Prompt, model: ChatModel) -> str:
    if not prompt.left_out:
        return ""
    verb = "was" if prompt.left_out == 1 else "were"
    return (
        f"{_papers(prompt.left_out)} of {prompt.left_out + len(prompt.evidence)} {verb} left out: "
        f"more do not fit into {model.context_window} tokens (LLM_CONTEXT_WINDOW)."
    )
