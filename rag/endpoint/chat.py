"""What a writer needs of a language model, wherever it runs."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.prompts import Message

# How servers name an end that came before the model's own.
CUT = frozenset({"length", "max_tokens", "max_length", "model_length"})
FILTERED = frozenset({"content_filter", "safety"})
_OPENS_THOUGHT = re.compile(r"(?:^|[^a-z])(?:r1|qwq|thinking|reasoner|reasoning)(?:[^a-z]|$)", re.IGNORECASE)


def opens_thought(model_name: str) -> bool:
    """Whether the template of a model of this name is known to open the thought, so that only its end is seen."""
    return bool(_OPENS_THOUGHT.search(model_name))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a stream, as it came. Any part may be empty."""

    text: str = ""
    reasoning: str = ""  # where the server keeps thoughts apart from the answer
    finish_reason: str | None = None  # "stop", "length", "content_filter" ... on the last piece
    prompt_tokens: int | None = None  # where the server counts them
    completion_tokens: int | None = None


class ChatModel(Protocol):
    """A model that answers messages."""

    @property
    def name(self) -> str:
        """As shown to people."""

    @property
    def context_window(self) -> int:
        """Tokens that prompt and answer may have together."""

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Generator[Piece, None, None]:
        """The answer, piece by piece. Closing it ends the request. Raises ModelError."""
