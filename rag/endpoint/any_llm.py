"""Any of LlamaIndex's language models as our writer."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from rag.endpoint.chat import Piece
from rag.errors import ModelError
from rag.prompts import Message

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


class AnyLLM:
    """A ChatModel made of a LlamaIndex LLM, with whatever time-outs and retries it has itself."""

    def __init__(self, llm: LLM) -> None:
        self._llm = llm

    @property
    def name(self) -> str:
        """The model's name, else its class."""
        return (
            str(self._llm.metadata.model_name) if self._llm.metadata.model_name != "unknown" else self._llm.class_name()
        )

    @property
    def context_window(self) -> int:
        """As the LLM says."""
        return self._llm.metadata.context_window

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Generator[Piece, None, None]:
        """See ChatModel. `max_tokens` is the LLM's own affair: not every LLM takes it with a request."""
        from llama_index.core.base.llms.types import ChatMessage, MessageRole

        chat = [ChatMessage(role=MessageRole(message.role), content=message.content) for message in messages]
        try:
            responses = self._llm.stream_chat(chat)
            with closing(responses) as stream:
                for response in stream:
                    yield Piece(response.delta or "", response.additional_kwargs.get("thinking_delta") or "")
        except ModelError:
            raise
        except Exception as error:  # the boundary to a library of others: any class of error may come
            raise ModelError(
                f"The model {self.name} failed with {type(error).__name__}.", hint="Ask again, or ask without a model."
            ) from error
        yield Piece(finish_reason="stop")
