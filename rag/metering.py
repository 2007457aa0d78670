"""Counts what a language model reads and writes for one answer, and what that costs.

An answer may take several requests: a follow-up is rewritten first. The endpoint's own counts are used where it tells
them; else ours, which are rather too many than too few (`count_tokens`).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing

from rag.corpus import Usage
from rag.endpoint.chat import ChatModel, Piece
from rag.prompts import Message, count_tokens
from rag.settings import Settings

_PRICED = 1_000_000  # tokens that a price is for


class MeteredModel:
    """A ChatModel that passes everything on and keeps count. For one answer, in one thread at a time."""

    def __init__(self, model: ChatModel, settings: Settings) -> None:
        self._model = model
        self._settings = settings
        self._prompt_tokens = 0
        self._completion_tokens = 0
        self._estimated = False
        self._asked = False

    @property
    def name(self) -> str:
        """See ChatModel."""
        return self._model.name

    @property
    def context_window(self) -> int:
        """See ChatModel."""
        return self._model.context_window

    @property
    def usage(self) -> Usage | None:
        """What was read and written so far; None where nothing was."""
        if not self._asked:
            return None
        cost = self._cost()
        currency = self._settings.llm_currency if cost is not None else ""
        return Usage(self._prompt_tokens, self._completion_tokens, self._estimated, cost, currency)

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Generator[Piece, None, None]:
        """See ChatModel. A request that fails before its first piece costs nothing."""
        written: list[str] = []
        counts: tuple[int, int] | None = None
        begun = False
        try:
            with closing(self._model.stream(messages, max_tokens=max_tokens)) as pieces:
                for piece in pieces:
                    begun = True
                    written += (piece.text, piece.reasoning)
                    if piece.prompt_tokens is not None:
                        counts = (piece.prompt_tokens, piece.completion_tokens or 0)
                    yield piece
        finally:
            if begun:
                self._count(messages, "".join(written), counts)

    def _count(self, messages: Sequence[Message], written: str, counts: tuple[int, int] | None) -> None:
        self._asked = True
        if counts is None:
            self._estimated = True
            counts = (sum(count_tokens(message.content) for message in messages), count_tokens(written))
        self._prompt_tokens += counts[0]
        self._completion_tokens += counts[1]

    def _cost(self) -> float | None:
        price_in, price_out = self._settings.llm_price_in, self._settings.llm_price_out
        if not price_in and not price_out:
            return None
        return (self._prompt_tokens * price_in + self._completion_tokens * price_out) / _PRICED
