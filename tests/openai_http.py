"""The HTTP side of the fake endpoint: requests in, replies and faults out, in the words of real servers."""

from __future__ import annotations

import base64
import json
import re
import socket
import struct
import sys
import zlib
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.openai_script import Fault, Raw, Reply, Request

if TYPE_CHECKING:
    from tests.openai_server import OpenAIServer

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


class QuietServer(ThreadingHTTPServer):
    """Clients that hang up are part of the tests, and nothing to report."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typed for sockets alone


def handler_for(server: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Tests stay quiet."""

        def do_GET(self) -> None:
            request = Request(self.path, self._headers(), {})
            server.requests.append(request)
            if server.redirects_to:
                return self._redirect()
            if self.path != f"{server.prefix}/models":
                return self._elsewhere()
            server.wait(server.listing_delay)
            listing = server.first_listings.pop(0) if server.first_listings else server.listing
            if listing is not None:
                return self._json(*listing)
            if server.models is not None:
                if self._key_is_wrong():
                    return self._error("unauthorised")
                return self._json(
                    200, {"object": "list", "data": [{"id": m, "object": "model"} for m in server.models]}
                )
            return self._elsewhere()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            request = Request(self.path, self._headers(), body)
            server.requests.append(request)
            if server.redirects_to:
                return self._redirect()
            if self.path not in (f"{server.prefix}/chat/completions", f"{server.prefix}/embeddings"):
                return self._elsewhere()
            if self._key_is_wrong():
                return self._error("unauthorised")
            if self.path.endswith("/embeddings"):
                return self._embeddings(request)
            if self._refuse_fields(request):
                return None
            return self._chat(request)

        def _redirect(self) -> None:
            location = server.redirects_to + self.path.removeprefix(server.prefix)
            self._send(307, b"", "text/plain", Location=location)

        def _elsewhere(self) -> None:
            server.meet()
            if server.knows_no_404:
                return self._json(200, {"error": f"Unexpected endpoint or method. ({self.command} {self.path})"})
            return self._send(404, b"404 page not found", "text/plain")

        def _chat(self, request: Request) -> None:
            reply = server.next_reply(server.as_read(request))
            streamed = bool(request.body.get("stream")) and not server.ignores_stream
            if isinstance(reply, Fault):
                return self._fault(reply, request, streamed=streamed)
            if isinstance(reply, Raw):
                return self._send(200, reply.body.encode(), reply.content_type)
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
                while going and not server.is_stopping:
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
            if fault.kind == "kept_alive":
                self._keep_alive()
            if fault.kind == "error_in_stream":
                self._event({"error": {"message": fault.message or "CUDA out of memory", "type": "server_error"}})
                self._write_chunk(b"data: [DONE]\n\n")
            if fault.kind in ("dropped", "error_in_stream"):
                self._write_chunk(b"")  # a proper end of the body: the SDK sees nothing wrong
            self.close_connection = True

        def _keep_alive(self) -> None:
            try:
                while not server.is_stopping:
                    self._write_chunk(b": still here\n\n")
                    server.wait(0.05)
            except OSError:  # the client has gone
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
                server.meet()
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

        def _json(self, status: int, body: object, **headers: str) -> None:
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


def embed(text: str, dimension: int) -> list[float]:
    """Word counts hashed into `dimension` places, so that texts with like words are near each other."""
    counts = [0.0] * dimension
    for word in re.findall(r"\w+", text.casefold()):
        counts[zlib.crc32(word.encode()) % dimension] += 1.0
    return counts if any(counts) else [1.0] + [0.0] * (dimension - 1)


def _base64(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
