"""A model writing one answer, as events: its stream with the citations resolved on the way."""

from __future__ import annotations

from contextlib import closing

from rag.citations import CitationStream
from rag.clock import Clock
from rag.endpoint import ChatModel
from rag.events import Events, ReasoningDelta, Retracted, TextDelta
from rag.prompts import Prompt
from rag.writer import Draft, Writer


class Writing:
    """One model writing one answer: its events, and what came of it."""

    def __init__(self, model: ChatModel) -> None:
        self._writer = Writer(model)
        self.shown = False  # text was given out
        self.reasoning = ""
        self.text = ""  # resolved
        self.used: list[int] = []  # evidence numbers in order of first use

    @property
    def draft(self) -> Draft:
        """What the model wrote, once the stream has ended."""
        return self._writer.draft

    def stream(self, prompt: Prompt, clock: Clock) -> Events:
        """Text and thoughts as they come. Raises ModelError."""
        papers = [item.paper for item in prompt.evidence]
        numbers = [item.number for item in prompt.evidence]
        citations = CitationStream(papers)
        clock.mark("prompt")
        with closing(self._writer.stream(prompt)) as deltas:
            for delta in deltas:
                clock.mark_once("first_token")
                if delta.retract:
                    citations = CitationStream(papers)
                    if self.shown:
                        yield Retracted()
                    self.shown = False
                if delta.reasoning:
                    self.reasoning += delta.reasoning
                    yield ReasoningDelta(delta.reasoning)
                if delta.text:
                    text = citations.feed(delta.text)
                    if text:
                        self.shown = True
                        yield TextDelta(text, tuple(papers[number - 1] for number in citations.used))
        rest = citations.finish()
        if rest:
            self.shown = True
            yield TextDelta(rest, tuple(papers[number - 1] for number in citations.used))
        final = CitationStream(papers)  # of what is kept: a repetition may have been cut off
        self.text = (final.feed(self.draft.text) + final.finish()).strip()
        self.used = [numbers[number - 1] for number in final.used]
        clock.mark("writing")
