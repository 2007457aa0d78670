"""Asks a kept question again against the index as it is now, and tells whether the answer would be another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer import Assistant
from rag.conversation import as_turns
from rag.conversations import KeptExchange
from rag.corpus import Answer, Evidence, Paper
from rag.export import cited_in

Change = Literal["none", "evidence", "answer"]


@dataclass(frozen=True, slots=True)
class Replay:
    """A kept answer beside the one that is given now."""

    exchange_id: str
    before: Answer
    after: Answer

    @property
    def new_evidence(self) -> tuple[Paper, ...]:
        """Papers that the writer could not use then."""
        return _without(self.after.evidence, self.before.evidence)

    @property
    def dropped_evidence(self) -> tuple[Paper, ...]:
        """Papers that the writer could use then and cannot now."""
        return _without(self.before.evidence, self.after.evidence)

    @property
    def changed_papers(self) -> tuple[Paper, ...]:
        """Papers of both whose abstract is another one now, as it is now."""
        abstracts = {item.paper.paper_id: item.paper.abstract for item in self.before.evidence}
        papers = (item.paper for item in self.after.evidence)
        return tuple(paper for paper in papers if abstracts.get(paper.paper_id, paper.abstract) != paper.abstract)

    @property
    def same_prompt(self) -> bool | None:
        """Whether a model was asked exactly the same; None where it was not asked both times."""
        prompts = self.before.prompt_fingerprint, self.after.prompt_fingerprint
        return prompts[0] == prompts[1] if all(prompts) else None

    @property
    def same_writer(self) -> bool:
        """Whether the same model, or extracts, made both; else their words and citations cannot be compared."""
        return (self.before.mode, self.before.model) == (self.after.mode, self.after.model)

    @property
    def same_embeddings(self) -> bool:
        """Whether the index was searched with the same embeddings."""
        then, now = self.before.provenance, self.after.provenance
        return bool(then and now and then.embeddings_fingerprint == now.embeddings_fingerprint)

    @property
    def change(self) -> Change:
        """What the index has changed.

        "answer" where the outcome or the cited papers differ, or without a model the quoted sentences. Where a model
        was asked exactly the same, other words are its own whim, and the change is "none".
        """
        if self.same_prompt:
            return "none"
        if self.before.outcome != self.after.outcome:
            return "answer"
        if self.same_writer and _cited(self.before) != _cited(self.after):
            return "answer"
        return "evidence" if self.new_evidence or self.dropped_evidence or self.changed_papers else "none"


def replay(assistant: Assistant, exchanges: Sequence[KeptExchange]) -> Iterator[Replay]:
    """Every answered question of a conversation asked again, each with the history that it had.

    It is asked as it was understood then, of the same dumps and years, in the same style, with as many papers, and with
    a model where one was asked: only the index may make a difference. Raises UsageError, StoreError and EmbedderError.
    """
    before: list[Answer] = []
    for exchange in exchanges:
        answer = exchange.answer
        if answer is None:
            continue
        made = answer.provenance
        after = assistant.ask(
            answer.question,
            as_turns(before, exchange.set_aside),
            k=made.papers_read if made else None,
            use_model=bool(made and made.context_window) or answer.mode == "llm",
            style=answer.style,
            standalone=answer.standalone_question,
            filters=replace(answer.understood.filters, settled=True),
        )
        before.append(answer)
        yield Replay(exchange.exchange_id, answer, after)


def _cited(answer: Answer) -> set[tuple[str, str]]:
    """The cited papers; of extracts also what is quoted."""
    if answer.mode == "extractive":
        return {(each.paper.paper_id, each.quote) for each in answer.citations}
    return {(paper.paper_id, "") for paper in cited_in([answer])}


def _without(these: Sequence[Evidence], those: Sequence[Evidence]) -> tuple[Paper, ...]:
    known = {item.paper.paper_id for item in those}
    return tuple(item.paper for item in these if item.paper.paper_id not in known)
