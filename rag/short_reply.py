"""A short answer of a language model to a prompt of ours, within a bounded time, without its thoughts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import closing

from rag.endpoint import ChatModel
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
        splitter = ThoughtSplitter()
        try:
            with closing(self._model.stream(self._messages, max_tokens=self._max_tokens)) as pieces:
                for piece in pieces:
                    if self._given_up:
                        return
                    list(splitter.feed(piece.text))
            list(splitter.finish())
            self._text = splitter.text.strip()
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
