"""Search for a question as a person writes it: its filters, names and spelling are read first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from rag.corpus import Hit, Turn
from rag.embedder import Embedder
from rag.filters import EVERYTHING, Filters
from rag.query import parse_query
from rag.questions.follow_ups import is_follow_up
from rag.questions.request import Request, understand
from rag.search import search_for

if TYPE_CHECKING:
    from rag.index import Reading


class Order(Protocol):
    """Puts the first hits of a question in another order."""

    @property
    def depth(self) -> int:
        """How many hits it wants to see."""

    def __call__(self, question: str, hits: list[Hit]) -> list[Hit]:
        """All of them, in the new order."""


def search_as_meant(
    reading: Reading,
    embedder: Embedder,
    question: str,
    *,
    k: int,
    history: Sequence[Turn] = (),
    given: Filters = EVERYTHING,
    reorder: Order | None = None,
) -> tuple[Request, list[Hit]]:
    """The k papers that fit a question best, as `rag.search.search` gives them, and how the question was read.

    What restricts papers in it, beside the filters `given`, restricts the search; its spelling is mended. `history`
    steers the search of a question that leans on it, as it does where questions are answered. `reorder` puts the first
    hits in another order.
    """
    request = understand(reading, question, given=given)
    before = history if is_follow_up(question, history) else ()
    query = parse_query(request.text, before, typed=request.typed)
    hits = search_for(reading, embedder, query, k=max(k, reorder.depth) if reorder else k, filters=request.filters)
    return request, (reorder(request.text, hits) if reorder else hits)[:k]
