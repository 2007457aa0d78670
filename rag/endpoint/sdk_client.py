"""The SDK's client, where LlamaIndex would stumble over what servers and proxies send beside an answer.

This file imports the SDK (seconds), so it is imported only when a model is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
from openai._streaming import ServerSentEvent, SSEDecoder

from rag.endpoint.complaints import message_in


class ErrorInAnswerError(Exception):
    """An error object in place of an answer, with status 200; its text is the server's."""


class Client(openai.OpenAI):
    """Every answer and every event of a stream has a list of choices, and each choice of an event a delta."""

    def _process_response_data(self, *, data: object, **given: Any) -> Any:
        return super()._process_response_data(data=_whole(data), **given)

    def _make_sse_decoder(self) -> SSEDecoder:
        return _Events()


class _Events(SSEDecoder):
    """Server-sent events; those without data are none, as the standard has it and the SDK does not."""

    def iter_bytes(self, iterator: Iterator[bytes]) -> Iterator[ServerSentEvent]:
        return (event for event in SSEDecoder.iter_bytes(self, iterator) if event.data)


def _whole(data: object) -> object:
    """Token counts and signs of life may come with choices that are null or missing, and an end with such a delta."""
    if not isinstance(data, dict):
        return data
    choices = data.get("choices") or []
    if not choices and data.get("error"):
        raise ErrorInAnswerError(message_in(data["error"]))
    if isinstance(choices, list):
        choices = [
            {**choice, "delta": choice.get("delta") or {}} if isinstance(choice, dict) else choice for choice in choices
        ]
    return {**data, "choices": choices}
