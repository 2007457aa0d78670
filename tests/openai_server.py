"""A fake OpenAI-compatible server over real HTTP on loopback, with scripted replies and every fault seen in the wild.

`replies` is used up from its front, one per chat request; then `default_reply` answers. A reply is a text, a `Reply`,
a `Fault`, a `Raw`, or a function of the `Request` that returns one of them. Properties such as `accepted_key`,
`rejected_fields` or `reads_tokens` last for the server's whole life. Every request is kept in `requests`.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.openai_http import QuietServer, embed, handler_for
from tests.openai_script import Fault, FaultKind, Raw, Reply, Request, Script, Scripted

__all__ = [
    "Fault",
    "FaultKind",
    "OpenAIServer",
    "Raw",
    "Reply",
    "Request",
    "Script",
    "Scripted",
    "closed_port_url",
    "embed",
    "openai_server",
]


@dataclass
class OpenAIServer:
    """The server's script and its memory. Start it with `with OpenAIServer() as server`."""

    replies: list[Script] = field(default_factory=list)
    default_reply: Script = "The first paper says so [1]."
    models: list[str] | None = field(default_factory=lambda: ["tiny"])  # None: there is no /models
    listing: tuple[int, object] | None = None  # status and JSON of /models in place of the list
    first_listings: list[tuple[int, object]] = field(default_factory=list)  # the same, used up from the front
    listing_delay: float = 0.0  # seconds before /models answers
    accepted_key: str | None = None  # another key is answered with 401
    rejected_fields: set[str] = field(default_factory=set)  # their names are answered with 422
    wants_max_completion_tokens: bool = False  # `max_tokens` is answered with 400
    fixed_temperature: bool = False  # `temperature` is answered with 400
    refuses_system_role: bool = False
    ignores_stream: bool = False  # answers with plain JSON although a stream is asked for
    reads_tokens: int | None = None  # longer prompts lose their head without a word, as with Ollama; 4 characters each
    prefix: str = "/v1"
    meeting: threading.Barrier | None = None  # where requests wait for one another before they are refused
    redirects_to: str = ""  # every request is sent on to this base URL
    knows_no_404: bool = False  # other paths are answered with 200 and an error in JSON, as by LM Studio
    embedding_dimension: int = 64
    embedding_batch_limit: int | None = None  # more inputs are answered with 400
    embedding_faults: list[Fault] = field(default_factory=list)  # used up from the front, before any answer
    requests: list[Request] = field(default_factory=list)
    streaming: int = 0  # streams that are being written right now

    def __post_init__(self) -> None:
        self._released = threading.Event()  # set when the server stops, so that no stalled handler outlives its test
        self._http = QuietServer(("127.0.0.1", 0), handler_for(self))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def root_url(self) -> str:
        """The address without the `/v1`."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def base_url(self) -> str:
        """What belongs into LLM_BASE_URL."""
        return self.root_url + self.prefix

    def chats(self) -> list[Request]:
        """The chat requests so far."""
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    @property
    def is_stopping(self) -> bool:
        """True once the test is over."""
        return self._released.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, but no longer than the server lives."""
        self._released.wait(seconds)

    def is_busy_after(self, seconds: float) -> bool:
        """Whether a stream is still being written after that long at most."""
        deadline = time.monotonic() + seconds
        while self.streaming and time.monotonic() < deadline:
            time.sleep(0.01)
        return bool(self.streaming)

    def meet(self) -> None:
        """Wait until as many requests are to be refused as the meeting is for."""
        if self.meeting is not None:
            with suppress(threading.BrokenBarrierError):
                self.meeting.wait(20)

    def next_reply(self, request: Request) -> Reply | Fault | Raw:
        """What the script holds for this request."""
        scripted = self.replies.pop(0) if self.replies else self.default_reply
        if callable(scripted):
            scripted = scripted(request)
        return Reply(scripted) if isinstance(scripted, str) else scripted

    def as_read(self, request: Request) -> Request:
        """The request as a server reads it that silently cuts the head off long prompts."""
        if self.reads_tokens is None:
            return request
        room = self.reads_tokens * 4
        kept: list[dict[str, Any]] = []
        for message in reversed(request.body["messages"]):
            text = str(message["content"])
            kept.insert(0, {**message, "content": text[max(0, len(text) - room) :]})
            room = max(0, room - len(text))
        return Request(request.path, request.headers, {**request.body, "messages": kept})


def closed_port_url() -> str:
    """A base URL where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


@pytest.fixture
def openai_server() -> Iterator[OpenAIServer]:
    """A fresh fake server, stopped when the test ends."""
    with OpenAIServer() as server:
        yield server
