"""Search for a question as a person writes it: its filters, names and spelling are read first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.corpus import Hit, Turn
from rag.embedder import Embedder
from rag.filters import EVERYTHING, Filters
from rag.query import parse_query
from rag.questions.request import Request, understand
from rag.search import search_for

if TYPE_CHECKING:
    from rag.index import Reading


def search_as_meant(
    reading: Reading,
    embedder: Embedder,
    question: str,
    *,
    k: int,
    history: Sequence[Turn] = (),
    given: Filters = EVERYTHING,
) -> tuple[Request, list[Hit]]:
    """The k papers that fit a question best, as `rag.search.search` gives them, and how the question was read.

    What restricts papers in it, beside the filters `given`, restricts the search; its spelling is mended.
    """
    request = understand(reading, question, given=given)
    query = parse_query(request.text, history, typed=request.typed)
    return request, search_for(reading, embedder, query, k=k, filters=request.filters)
