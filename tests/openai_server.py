"""A fake OpenAI-compatible server over real HTTP on loopback, with scripted replies and every fault seen in the wild.

`replies` is used up from its front, one per chat request; then `default_reply` answers. A reply is a text, a `Reply`,
a `Fault`, or a function of the `Request` that returns one of them. Properties such as `accepted_key`, `rejected_fields`
or `reads_tokens` last for the server's whole life. Every request is kept in `requests`.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import pytest

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
class Request:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]  # names in lower case
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """All messages as one text."""
        return "\n".join(str(message.get("content", "")) for message in self.body.get("messages", []))


Scripted = str | Reply | Fault
Script = Scripted | Callable[[Request], Scripted]


@dataclass
class OpenAIServer:
    """The server's script and its memory. Start it with `with OpenAIServer() as server`."""

    replies: list[Script] = field(default_factory=list)
    default_reply: Script = "The first paper says so [1]."
    models: list[str] | None = field(default_factory=lambda: ["tiny"])  # None: there is no /models
    accepted_key: str | None = None  # another key is answered with 401
    rejected_fields: set[str] = field(default_factory=set)  # their names are answered with 422
    wants_max_completion_tokens: bool = False  # `max_tokens` is answered with 400
    fixed_temperature: bool = False  # `temperature` is answered with 400
    refuses_system_role: bool = False
    ignores_stream: bool = False  # answers with plain JSON although a stream is asked for
    reads_tokens: int | None = None  # longer prompts lose their head without a word, as with Ollama; 4 characters each
    prefix: str = "/v1"
    embedding_dimension: int = 64
    embedding_batch_limit: int | None = None  # more inputs are answered with 400
    embedding_faults: list[Fault] = field(default_factory=list)  # used up from the front, before any answer
    requests: list[Request] = field(default_factory=list)
    streaming: int = 0  # streams that are being written right now

    def __post_init__(self) -> None:
        self._released = threading.Event()  # set when the server stops, so that no stalled handler outlives its test
        self._http = _QuietServer(("127.0.0.1", 0), _handler_for(self))
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

    def wait(self, seconds: float) -> None:
        """Sleep, but no longer than the server lives."""
        self._released.wait(seconds)

    def is_busy_after(self, seconds: float) -> bool:
        """Whether a stream is still being written after that long at most."""
        deadline = time.monotonic() + seconds
        while self.streaming and time.monotonic() < deadline:
            time.sleep(0.01)
        return bool(self.streaming)

    def next_reply(self, request: Request) -> Reply | Fault:
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


def embed(text: str, dimension: int) -> list[float]:
    """Word counts hashed into `dimension` places, so that texts with like words are near each other."""
    counts = [0.0] * dimension
    for word in re.findall(r"\w+", text.casefold()):
        counts[zlib.crc32(word.encode()) % dimension] += 1.0
    return counts if any(counts) else [1.0] + [0.0] * (dimension - 1)


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


_ERRORS: dict[str, tuple[int, str]] = {
    "unauthorised": (401, "Incorrect API key provided: {key}. You can find your API key at the provider's page."),
    "model_not_found": (404, 'model "{model}" not found, try pulling it first'),
    "rate_limited": (429, "Rate limit reached for requests"),
    "server_error": (500, "The server had an error while processing your request"),
    "loading": (503, "Loading model"),
    "context_exceeded": (
        400,
        "the request exceeds the available context size. try increasing the context size or enable context shift "
        "(n_ctx = 2048)",
    ),
}


class _QuietServer(ThreadingHTTPServer):
    """Clients that hang up are part of the tests, and nothing to report."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typed for sockets alone


def _handler_for(server: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Tests stay quiet."""

        def do_GET(self) -> None:
            request = Request(self.path, self._headers(), {})
            server.requests.append(request)
            if self.path == f"{server.prefix}/models" and server.models is not None:
                if self._key_is_wrong():
                    return self._error("unauthorised")
                return self._json(
                    200, {"object": "list", "data": [{"id": m, "object": "model"} for m in server.models]}
                )
            return self._send(404, b"404 page not found", "text/plain")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            request = Request(self.path, self._headers(), body)
            server.requests.append(request)
            if self.path not in (f"{server.prefix}/chat/completions", f"{server.prefix}/embeddings"):
                return self._send(404, b"404 page not found", "text/plain")
            if self._key_is_wrong():
                return self._error("unauthorised")
            if self.path.endswith("/embeddings"):
                return self._embeddings(request)
            if self._refuse_fields(request):
                return None
            return self._chat(request)

        def _chat(self, request: Request) -> None:
            reply = server.next_reply(server.as_read(request))
            streamed = bool(request.body.get("stream")) and not server.ignores_stream
            if isinstance(reply, Fault):
                return self._fault(reply, request, streamed=streamed)
            if not streamed:
                server.wait(reply.first_delay)
                return self._json(200, _completion(request, reply))
            return self._stream(request, reply)

        def _stream(self, request: Request, reply: Reply) -> None:
            self._begin_stream()
            server.streaming += 1
            try:
                server.wait(reply.first_delay)
                self._event(_chunk(request, {"role": "assistant", "content": ""}))
                if reply.reasoning:
                    self._event(_chunk(request, {"reasoning_content": reply.reasoning}))
                going = True
                while going and not server._released.is_set():
                    for piece in reply.cut():
                        self._event(_chunk(request, {"content": piece}))
                        server.wait(reply.piece_delay or (0.001 if reply.endless else 0.0))
                    going = reply.endless
                self._event(_chunk(request, {}, finish_reason=reply.finish_reason))
                if reply.usage and (request.body.get("stream_options") or {}).get("include_usage"):
                    self._event({**_chunk(request, {}), "choices": [], "usage": _usage(request, reply)})
                elif reply.trailing_empty_choices:
                    self._event({**_chunk(request, {}), "choices": []})
                self._write_chunk(b"data: [DONE]\n\n")
                self._write_chunk(b"")
            except OSError:  # the client has gone
                self.close_connection = True
            finally:
                server.streaming -= 1

        def _fault(self, fault: Fault, request: Request, *, streamed: bool) -> None:
            if fault.kind == "disconnect":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return None
            if fault.kind == "html":
                return self._send(200, b"<!DOCTYPE html><html><body>Welcome</body></html>", "text/html; charset=utf-8")
            if fault.kind == "unknown_field":
                return self._unprocessable("stream_options")
            if fault.kind == "odd_shape":
                return self._json(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"})
            if fault.kind in _ERRORS:
                return self._error(fault.kind, fault=fault, model=str(request.body.get("model")))
            if not streamed:
                broken = {"broken_json": b'{"id": "1", "choices": [{"mess', "no_choices": b'{"id": "1", "choices": []}'}
                return self._send(200, broken.get(fault.kind, b'{"id": "1", "cho'), "application/json")
            return self._broken_stream(fault, request)

        def _broken_stream(self, fault: Fault, request: Request) -> None:
            self._begin_stream()
            if fault.kind == "silent":
                server.wait(60)
            elif fault.kind == "no_choices":
                self._event({**_chunk(request, {}), "choices": []})
                self._write_chunk(b"data: [DONE]\n\n")
                self._write_chunk(b"")
                return
            elif fault.kind == "broken_json":
                self._write_chunk(b'data: {"id": "1", "choices": [{"del\n\n')
                self._write_chunk(b"")
                return
            for piece in Reply(fault.text).cut():
                self._event(_chunk(request, {"content": piece}))
            if fault.kind == "stall":
                server.wait(60)
            if fault.kind == "error_in_stream":
                self._event({"error": {"message": fault.message or "CUDA out of memory", "type": "server_error"}})
                self._write_chunk(b"data: [DONE]\n\n")
            if fault.kind in ("dropped", "error_in_stream"):
                self._write_chunk(b"")  # a proper end of the body: the SDK sees nothing wrong
            self.close_connection = True

        def _embeddings(self, request: Request) -> None:
            if server.embedding_faults:
                return self._fault(server.embedding_faults.pop(0), request, streamed=False)
            given = request.body.get("input", [])
            texts = [given] if isinstance(given, str) else list(given)
            limit = server.embedding_batch_limit
            if limit is not None and len(texts) > limit:
                return self._json(400, {"error": {"message": f"batch size {len(texts)} exceeds the limit of {limit}"}})
            vectors = [embed(text, server.embedding_dimension) for text in texts]
            packed = request.body.get("encoding_format") == "base64"
            data = [
                {"object": "embedding", "index": i, "embedding": _base64(vector) if packed else vector}
                for i, vector in enumerate(vectors)
            ]
            usage = {"prompt_tokens": 1, "total_tokens": 1}
            body = {"object": "list", "model": request.body.get("model"), "data": data, "usage": usage}
            return self._json(200, body)

        def _refuse_fields(self, request: Request) -> bool:
            body = request.body
            for name in sorted(server.rejected_fields & set(body)):
                self._unprocessable(name)
                return True
            problem = ""
            if server.wants_max_completion_tokens and "max_tokens" in body:
                problem = (
                    "Unsupported parameter: 'max_tokens' is not supported with this model. "
                    "Use 'max_completion_tokens' instead."
                )
            elif server.fixed_temperature and "temperature" in body:
                problem = "Unsupported value: 'temperature' does not support 0.1 with this model."
            elif server.refuses_system_role and any(m.get("role") == "system" for m in body["messages"]):
                problem = "System role not supported"
            if problem:
                self._json(400, {"error": {"message": problem, "type": "invalid_request_error", "code": None}})
            return bool(problem)

        def _unprocessable(self, name: str) -> None:
            detail = [{"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted"}]
            self._json(422, {"detail": detail})

        def _key_is_wrong(self) -> bool:
            return (
                server.accepted_key is not None
                and self._headers().get("authorization") != f"Bearer {server.accepted_key}"
            )

        def _headers(self) -> dict[str, str]:
            return {name.lower(): value for name, value in self.headers.items()}

        def _error(self, kind: str, *, fault: Fault | None = None, model: str = "") -> None:
            status, wording = _ERRORS[kind]
            key = self._headers().get("authorization", "").removeprefix("Bearer ")
            message = (fault.message if fault else "") or wording.format(model=model, key=key)
            extra = {}
            if kind == "rate_limited" and fault and fault.retry_after is not None:
                extra["Retry-After"] = f"{fault.retry_after:g}"
            body = {"error": {"message": message, "type": "api_error", "param": None, "code": None}}
            self._json(status, body, **extra)

        def _json(self, status: int, body: dict[str, Any], **headers: str) -> None:
            self._send(status, json.dumps(body).encode(), "application/json", **headers)

        def _send(self, status: int, body: bytes, content_type: str, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _begin_stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()

        def _event(self, data: dict[str, Any]) -> None:
            self._write_chunk(b"data: " + json.dumps(data).encode() + b"\n\n")

        def _write_chunk(self, data: bytes) -> None:
            """One chunk of the body; an empty one ends it."""
            self.wfile.write(f"{len(data):X}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

    return Handler


def _chunk(request: Request, delta: dict[str, Any], *, finish_reason: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": request.body.get("model"),
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }


def _completion(request: Request, reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or "".join(reply.cut())}
    if reply.reasoning:
        message["reasoning_content"] = reply.reasoning
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": request.body.get("model"),
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason}],
    }
    return {**body, "usage": _usage(request, reply)} if reply.usage else body


def _usage(request: Request, reply: Reply) -> dict[str, int]:
    prompt, completion = len(request.prompt) // 4, len(reply.cut())
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _base64(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
