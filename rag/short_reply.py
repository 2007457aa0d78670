"""A short answer of a language model to a prompt of ours, without its thoughts; also within a bounded time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import closing

from rag.endpoint import ChatModel, Piece
from rag.endpoint.chat import CUT, FILTERED, opens_thought
from rag.errors import ModelError
from rag.prompts import Message
from rag.thoughts import ThoughtSplitter

logger = logging.getLogger(__name__)


def short_reply(model: ChatModel, messages: Sequence[Message], *, max_tokens: int, seconds: float) -> str:
    """What the model says; "" where it fails, says nothing, or is not done after `seconds`."""
    asking = _Asking(model, messages, max_tokens)
    asking.start()
    asking.join(seconds)
    return asking.end()


class Heard:
    """What a model has said so far."""

    def __init__(self, model: ChatModel) -> None:
        self._splitter = ThoughtSplitter(begins_in_thought=opens_thought(model.name))
        self._finish_reason = ""

    def take(self, piece: Piece) -> None:
        """The next piece of the stream."""
        self._finish_reason = (piece.finish_reason or "").casefold() or self._finish_reason
        list(self._splitter.think(piece.reasoning) if piece.reasoning else ())
        list(self._splitter.feed(piece.text))

    def end(self) -> str:
        """The answer; "" where it was cut off while it was still thinking."""
        if self._splitter.text or not self.was_cut:
            list(self._splitter.finish())
        return self._splitter.text.strip()

    @property
    def was_cut(self) -> bool:
        """The model had more to say."""
        return self._finish_reason in CUT | FILTERED

    @property
    def length(self) -> int:
        """Characters so far, with the thoughts."""
        return len(self._splitter.text) + len(self._splitter.reasoning)


class _Asking(threading.Thread):
    """One request in a thread of its own, which a slow model may keep longer than anybody waits."""

    def __init__(self, model: ChatModel, messages: Sequence[Message], max_tokens: int) -> None:
        super().__init__(name="short-reply", daemon=True)
        self._model = model
        self._messages = messages
        self._max_tokens = max_tokens
        self._given_up = False
        self._text = ""
        self._error: Exception | None = None

    def run(self) -> None:
        heard = Heard(self._model)
        try:
            with closing(self._model.stream(self._messages, max_tokens=self._max_tokens)) as pieces:
                for piece in pieces:
                    if self._given_up:
                        return
                    heard.take(piece)
            self._text = heard.end()
        except ModelError as error:
            logger.info("a short request failed: %s", error.kind)
        except Exception as error:  # noqa: BLE001 - the boundary of the thread: raised again where it is waited for
            self._error = error

    def end(self) -> str:
        """What there is now; a request that goes on ends with its next piece."""
        if self.is_alive():
            self._given_up = True
            logger.info("a short request took too long")
            return ""
        if self._error is not None:
            raise self._error
        return self._text
