"""The SDK's client, where LlamaIndex would stumble over what servers and proxies send beside an answer.

This file imports the SDK (seconds), so it is imported only when a model is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import openai
from openai._streaming import ServerSentEvent, SSEDecoder

from rag.endpoint.complaints import message_in

_SAID = ("delta", "message")
_THOUGHTS = ("thinking", "reasoning")  # types of parts that are no answer
_BLANK = b" \t\r\n\xef\xbb\xbf"  # with the byte order mark, which may stand before a stream


class ErrorInAnswerError(Exception):
    """An error object in place of an answer, with status 200; its text is the server's."""


class Client(openai.OpenAI):
    """Every answer and every event of a stream has a list of choices, and each choice of an event a delta."""

    def _process_response_data(self, *, data: object, **given: Any) -> Any:
        error = _error_in_choice(data)
        if error:  # told as the SDK tells of an error object that is an event of its own
            raise openai.APIError(message_in(error), request=given["response"].request, body=error)
        return super()._process_response_data(data=_whole(data), **given)

    def _make_sse_decoder(self) -> SSEDecoder:
        return _Events()


class _Events(SSEDecoder):
    """Server-sent events; those without data are none, as the standard has it and the SDK does not.

    A body that is JSON, whatever its content type says, is one event.
    """

    def iter_bytes(self, iterator: Iterator[bytes]) -> Iterator[ServerSentEvent]:
        head = b""
        for piece in iterator:
            head += piece
            if head.strip(_BLANK):
                break
        body = chain([head.lstrip(_BLANK)], iterator)
        if head.strip(_BLANK).startswith(b"{"):
            yield ServerSentEvent(data=b"".join(body).decode("utf-8", "replace"))
            return
        yield from (event for event in SSEDecoder.iter_bytes(self, body) if event.data)


def _whole(data: object) -> object:
    """Token counts and signs of life may come with choices that are null or missing, an end with such a delta.

    Text may come in parts.
    """
    if not isinstance(data, dict):
        return data
    choices = data.get("choices") or []
    error = data.get("error") or (data if data.get("object") == "error" else None)
    if not choices and error:
        raise ErrorInAnswerError(message_in(error))
    if isinstance(choices, list):
        choices = [
            {**choice, "delta": {}, **{name: _in_one_text(choice[name]) for name in _SAID if choice.get(name)}}
            if isinstance(choice, dict)
            else choice
            for choice in choices
        ]
    return {**data, "choices": choices}


def _error_in_choice(data: object) -> object:
    choices = data.get("choices") if isinstance(data, dict) else None
    found = (choice.get("error") for choice in choices if isinstance(choice, dict)) if isinstance(choices, list) else ()
    return next(filter(None, found), None)


def _in_one_text(said: object) -> object:
    """A delta or message whose content may be a list of parts, some of them thoughts."""
    if not isinstance(said, dict) or not isinstance(said.get("content"), list):
        return said
    thoughts = [part for part in said["content"] if isinstance(part, dict) and part.get("type") in _THOUGHTS]
    text = _text_of([part for part in said["content"] if part not in thoughts])
    return {**said, "content": text, **({"reasoning_content": _text_of(thoughts)} if thoughts else {})}


def _text_of(part: object) -> str:
    """The text of a part, which may hold parts itself: `{"type": "thinking", "thinking": [{"type": "text", ...}]}`."""
    if isinstance(part, list):
        return "".join(map(_text_of, part))
    if isinstance(part, dict):
        return _text_of(next((part[name] for name in ("text", *_THOUGHTS) if part.get(name)), ""))
    return part if isinstance(part, str) else ""
