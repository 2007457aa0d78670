"""A language model puts the first hits of a search in order, where that is wished (LLM_RERANK).

It sees titles and how the best passages begin, numbered, and names the numbers of those that answer, best first. What
it leaves out follows in the order of the search. Upon anything odd, and where it takes too long, the search's order
stays. Papers that the question names by their title stay in front whatever it says.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.corpus import Hit, Usage
from rag.endpoint import ChatModel, Endpoint
from rag.metering import MeteredModel
from rag.prompts import order_prompt, prompt_tokens
from rag.search import NAMED
from rag.settings import Settings
from rag.short_reply import short_reply

logger = logging.getLogger(__name__)

DEPTH = 15  # hits that are put in order
_PATIENCE = 20.0  # seconds
_WORDS = 45  # of a passage that are shown
_ANSWER_SHARE = 5  # a fifth of the context is kept for what the model thinks and says,
_LONGEST_ANSWER = 1024  # but no more than these tokens
_FEWEST = 2  # hits that have an order
_KEPT = 256  # orders that are remembered
_FOREIGN_SHARE = 0.34  # of the numbers that name no paper, at most

_IN_BRACKETS = re.compile(r"\[\s*(\d{1,3}(?:\s*[,;>]\s*\d{1,3})*)\s*\]")
_FIRST_OF_LINE = re.compile(r"^[\s*#>(-]*(\d{1,3})\b")
_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?![\w]|\.\d)")


@dataclass(frozen=True, slots=True)
class Reordered:
    """Hits in a new order, or in the old one."""

    hits: list[Hit]
    by_model: bool  # False where the model gave no order


class Reranker:
    """Remembers the orders that models gave in this session. Threads may share it."""

    def __init__(self, *, seconds: float = _PATIENCE) -> None:
        self._seconds = seconds
        self._orders: OrderedDict[tuple[str, str, tuple[str, ...]], tuple[int, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def reorder(self, question: str, hits: Sequence[Hit], model: ChatModel) -> Reordered:
        """The hits with the first `DEPTH` of them in the model's order, ranks counted anew.

        The scores stay where they were: the best one belongs to whatever comes first.
        """
        named = next((place for place, hit in enumerate(hits) if hit.score < NAMED), len(hits))
        first, rest = hits[named : named + DEPTH], hits[named + DEPTH :]
        order = self._order(question, first, model) if len(first) >= _FEWEST else None
        if order is None:
            return Reordered(list(hits), by_model=False)
        chosen = [*hits[:named], *(first[place] for place in order), *rest]
        scores = sorted((hit.score for hit in hits), reverse=True)
        ranked = [
            replace(hit, rank=rank, score=score)
            for rank, (hit, score) in enumerate(zip(chosen, scores, strict=True), start=1)
        ]
        return Reordered(ranked, by_model=True)

    def _order(self, question: str, hits: Sequence[Hit], model: ChatModel) -> tuple[int, ...] | None:
        key = (model.name, question, tuple(hit.paper.paper_id for hit in hits))
        with self._lock:
            if key in self._orders:
                self._orders.move_to_end(key)
                return self._orders[key]
        order = self._ask(question, hits, model)
        if order is not None:
            with self._lock:
                self._orders[key] = order
                while len(self._orders) > _KEPT:
                    self._orders.popitem(last=False)
        return order

    def _ask(self, question: str, hits: Sequence[Hit], model: ChatModel) -> tuple[int, ...] | None:
        max_tokens = min(_LONGEST_ANSWER, model.context_window // _ANSWER_SHARE)
        listed = [(hit.paper.title, _beginning(hit)) for hit in hits]
        while prompt_tokens(messages := order_prompt(question, listed)) > model.context_window - max_tokens:
            listed.pop()
            if len(listed) < _FEWEST:
                return None
        answer = short_reply(model, messages, max_tokens=max_tokens, seconds=self._seconds)
        named = parse_order(answer, len(listed))
        if named is None:
            logger.info("the model gave no order that could be read")
            return None
        return (*named, *(place for place in range(len(hits)) if place not in named))


def parse_order(text: str, count: int) -> tuple[int, ...] | None:
    """Places from 0 in the order in which their numbers (from 1 to `count`) are named; None where that cannot be told.

    Numbers in brackets count alone where there are any: "1. [4] Title" names the fourth. Where lines begin with a
    number those count, since titles hold numbers of their own; else the line with the most of them.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    bracketed = [int(number) for group in _IN_BRACKETS.findall(text) for number in re.findall(r"\d+", group)]
    begun = [int(found[1]) for found in map(_FIRST_OF_LINE.match, lines) if found]
    most = max(([int(number) for number in _NUMBER.findall(line)] for line in lines), key=len, default=[])
    numbers = bracketed or (begun if len(begun) > 1 and 2 * len(begun) >= len(lines) else most)
    known = [number - 1 for number in numbers if 1 <= number <= count]
    if not known or len(numbers) - len(known) > _FOREIGN_SHARE * len(numbers):
        return None
    return tuple(dict.fromkeys(known))


def _beginning(hit: Hit) -> str:
    words = hit.passage.split()
    return " ".join(words[:_WORDS]) + (" ..." if len(words) > _WORDS else "")


class EndpointOrder:
    """A reranker with the endpoint that the settings name, which counts what that takes. For one thread at a time."""

    def __init__(self, settings: Settings, reranker: Reranker | None = None) -> None:
        """Imports what asking takes, and contacts nobody. Raises ModelError."""
        self._endpoint = Endpoint(settings)
        self._endpoint.warm_up()
        self._model = MeteredModel(self._endpoint, settings)
        self._reranker = reranker or Reranker()
        self.asked = 0
        self.given = 0  # orders that could be read

    @property
    def depth(self) -> int:
        """How many hits are put in order."""
        return DEPTH

    @property
    def in_words(self) -> str:
        """`qwen3:8b, for 118 of 120 questions (90,400 tokens read and 2,100 written)`."""
        used = f" ({self.usage.in_words})" if self.usage else ""
        return f"{self._endpoint.name or 'no model'}, for {self.given} of {self.asked} questions{used}"

    @property
    def usage(self) -> Usage | None:
        """What was read and written so far; None where nothing was."""
        return self._model.usage

    def __call__(self, question: str, hits: list[Hit]) -> list[Hit]:
        """The hits in the model's order."""
        reordered = self._reranker.reorder(question, hits, self._model)
        self.asked += 1
        self.given += reordered.by_model
        return reordered.hits

    def close(self) -> None:
        """Close the endpoint's connections."""
        self._endpoint.close()


def open_order(settings: Settings, reranker: Reranker | None = None) -> EndpointOrder | None:
    """What puts hits in order outside of an answer; None where that is not wished, or without a model."""
    return EndpointOrder(settings, reranker) if settings.llm_rerank and settings.has_model else None
