"""OpenAILike with the little that servers differ in: which fields they take, and how long we wait.

This file imports LlamaIndex and the SDK (seconds), so it is imported only when a model is asked.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import openai
import openai.resources.chat  # the SDK would import it at the first question, which then waits for it
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]  # it ships no py.typed
from pydantic import PrivateAttr

from rag.endpoint.sdk_client import Client
from rag.endpoint.servers import is_loopback
from rag.prompts import Message

_OPTIONAL = ("stream_options", "temperature", "max_tokens")  # what a server may live without, likeliest culprit first
_CONNECT_SECONDS = 10.0
_SYSTEM_ROLE = re.compile(
    r"system.{0,20}role|role.{0,20}system|only user and assistant|roles must alternate|developer instruction",
    re.IGNORECASE,
)

# Such a complaint names `max_tokens`, too, and means that prompt and answer together are too long.
_TOO_LONG = re.compile(r"context (?:length|size|window)", re.IGNORECASE)


class WrongContentError(Exception):
    """The answer to a chat request is a web page."""


class PlainJSONError(Exception):
    """The server answers with one JSON object although a stream was asked for."""


class Latest(threading.local):
    """The answer that this thread has begun to read last; closing it ends the request."""

    response: Any = None


@dataclass(frozen=True, slots=True)
class Form:
    """What of a usual request is sent, as far as a server's complaints have taught."""

    dropped: frozenset[str] = frozenset()
    renamed: frozenset[tuple[str, str]] = frozenset()  # usual name and the server's
    folds_system: bool = False  # the system's words go into the first message
    streams: bool = True

    def name_of(self, field: str) -> str:
        """What the server calls a field."""
        return dict(self.renamed).get(field, field)

    def adapted_to(self, status: int, complaint: str) -> Form:
        """The form that this complaint does not hold for; itself where there is nothing to change."""
        if status in (400, 422, 500) and not self.folds_system and _SYSTEM_ROLE.search(complaint):
            return replace(self, folds_system=True)
        if status not in (400, 422) or _TOO_LONG.search(complaint):
            return self
        renamed = ("max_tokens", "max_completion_tokens")
        if all(name in complaint for name in renamed) and renamed not in self.renamed:
            return replace(self, renamed=self.renamed | {renamed})
        left = [name for name in _OPTIONAL if name not in self.dropped]
        named = [name for name in left if name in complaint or self.name_of(name) in complaint]
        if not named and status == 422:
            named = left[:1]
        return replace(self, dropped=self.dropped.union(named))


class AdaptingModel(OpenAILike):  # type: ignore[misc]  # untyped, as above
    """OpenAILike that can leave fields out, rename them, and do without a system role."""

    _form: Form = PrivateAttr(default_factory=Form)
    _latest: Latest = PrivateAttr(default_factory=Latest)
    _client: openai.OpenAI | None = PrivateAttr(default=None)

    def _get_model_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        fields: dict[str, Any] = super()._get_model_kwargs(**kwargs)
        form = self._form
        return {form.name_of(name): value for name, value in fields.items() if name not in form.dropped}

    def _get_client(self) -> openai.OpenAI:
        if self._client is None:
            self._client = Client(**self._get_credential_kwargs())
        return self._client

    def _get_credential_kwargs(self, is_async: bool = False) -> dict[str, Any]:
        given: dict[str, Any] = super()._get_credential_kwargs(is_async)
        given["timeout"] = openai.Timeout(self.timeout, connect=min(_CONNECT_SECONDS, self.timeout))
        # The SDK would add these from the environment, whoever the server is.
        given["default_headers"] = {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
        return given

    @property
    def form(self) -> Form:
        """How requests are made now."""
        return self._form

    @form.setter
    def form(self, form: Form) -> None:
        self._form = form

    @property
    def latest(self) -> Latest:
        """What each thread reads."""
        return self._latest

    def close(self) -> None:
        """Close the connections, without opening a client in order to close it."""
        if self._client is not None:
            self._client.close()
        elif self._http_client is not None:
            self._http_client.close()

    def to_chat(self, messages: Sequence[Message]) -> list[ChatMessage]:
        """Our messages as LlamaIndex's; the system's words go into the first message where the role is not known."""
        if self._form.folds_system:
            system = "\n\n".join(message.content for message in messages if message.role == "system")
            rest = [message for message in messages if message.role != "system"]
            if system and rest:
                rest[0] = Message(rest[0].role, f"{system}\n\n{rest[0].content}")
            messages = rest
        return [ChatMessage(role=MessageRole(message.role), content=message.content) for message in messages]


def make_model(name: str, *, base_url: str, api_key: str, context_window: int, timeout: float) -> AdaptingModel:
    """A model at an endpoint; `timeout` in seconds. Raises ValueError for what LlamaIndex knows to be no chat model."""
    latest = Latest()

    def remember(response: Any) -> None:
        latest.response = response
        response.iter_bytes = partial(_while_it_speaks, response.iter_bytes, timeout)

    how: dict[str, Any] = {
        "timeout": openai.Timeout(timeout, connect=min(_CONNECT_SECONDS, timeout)),
        "trust_env": not is_loopback(base_url),  # no proxy stands before this machine
        "follow_redirects": False,  # they would carry the question and its papers to a server that nobody named
    }
    client = openai.DefaultHttpxClient(**how, event_hooks={"response": [remember, _look_at]})
    model = AdaptingModel(
        model=name,
        api_base=base_url,
        api_key=api_key or "none",  # the SDK insists on one, and would take OPENAI_API_KEY by itself
        is_chat_model=True,
        context_window=context_window,
        temperature=0.1,
        max_retries=0,  # for the SDK and for LlamaIndex; the one retry is in rag/endpoint/client.py
        timeout=timeout,
        http_client=client,
        async_http_client=openai.DefaultAsyncHttpxClient(**how),  # for others, who take the model as LlamaIndex's
    )
    model._latest = latest
    return model


def _while_it_speaks(read: Callable[..., Iterator[bytes]], seconds: float, *given: Any) -> Iterator[bytes]:
    """What a response holds, as long as events come. Lines that begin with ":" only keep a connection alive, and the
    transport's time-out never ends a server that sends nothing else. Raises TimeoutError."""
    heard = time.monotonic()
    for piece in read(*given):
        now = time.monotonic()
        if any(line and not line.startswith(b":") for line in map(bytes.strip, piece.splitlines())):
            heard = now
        elif now - heard > seconds:
            raise TimeoutError
        yield piece


def _look_at(response: Any) -> None:
    """Raises WrongContentError for a web page, and PlainJSONError for JSON where a stream was asked for."""
    if response.status_code != 200:
        return
    kind = response.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind in ("text/html", "application/xhtml+xml"):
        raise WrongContentError(kind)
    if kind == "application/json" and '"stream":true' in bytes(response.request.content).decode(
        "utf-8", "replace"
    ).replace(" ", ""):
        raise PlainJSONError(kind)
