"""What a fake endpoint is told to say, and what it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

FaultKind = Literal[
    "disconnect",  # the connection is closed without an answer
    "unauthorised",  # 401
    "model_not_found",  # 404, in Ollama's words
    "unknown_field",  # 422, in pydantic's words
    "rate_limited",  # 429 with Retry-After
    "server_error",  # 500
    "loading",  # 503, in llama.cpp's words
    "context_exceeded",  # 400, in llama.cpp's words
    "html",  # 200 with a web page
    "broken_json",  # 200 with JSON that ends in the middle
    "no_choices",  # 200 with `choices == []` and nothing else
    "dropped",  # a stream that ends in the middle, without an ending
    "stall",  # a stream that falls silent in the middle
    "silent",  # headers, then nothing
    "kept_alive",  # a stream that falls silent but for comments
    "error_in_stream",  # 200, then an error object among the events
    "odd_shape",  # 200 with JSON that is no completion
]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says, and how it comes."""

    text: str = ""
    pieces: Sequence[str] | None = None  # how a stream is cut; by words unless given
    reasoning: str = ""  # sent as `reasoning_content` before the text
    finish_reason: str | None = "stop"
    first_delay: float = 0.0  # seconds before the first piece
    piece_delay: float = 0.0  # seconds between pieces
    usage: bool = True
    endless: bool = False  # the pieces are repeated until the client goes away
    trailing_empty_choices: bool = False  # a last event with `choices == []`

    def cut(self) -> Sequence[str]:
        """The pieces of the stream; joined they are the text."""
        return self.pieces if self.pieces is not None else re.findall(r"\s*\S+|\s+", self.text)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    kind: FaultKind
    text: str = "The first words arrive"  # sent before a stream breaks
    retry_after: float | None = 30.0  # seconds, for "rate_limited"
    message: str = ""  # in place of the usual wording


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer byte for byte, for what only some servers send."""

    body: str
    content_type: str = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]  # names in lower case
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """All messages as one text."""
        return "\n".join(str(message.get("content", "")) for message in self.body.get("messages", []))


Scripted = str | Reply | Fault | Raw
Script = Scripted | Callable[[Request], Scripted]
