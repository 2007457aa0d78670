"""One configured endpoint: asks it, adapts to it, tries once more where that helps, and says what went wrong."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.endpoint import faults
from rag.endpoint.chat import Piece
from rag.endpoint.complaints import body_text
from rag.endpoint.servers import list_models
from rag.errors import ModelError, SettingsError
from rag.prompts import Message
from rag.settings import Settings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.endpoint.adapting import AdaptingModel

logger = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
_ADAPTATIONS = 5  # of one request, at most
_LONGEST_WAIT = 5.0  # seconds we wait on "try again later"; longer ones are told to the person
_ONCE_MORE = {"rate_limited", "server_error", "loading", "disconnected"}
_EMBEDS = re.compile(r"embed|bge-|e5-|minilm|rerank", re.IGNORECASE)  # names of models that do not chat
_NO_LIST = {"no_list", "redirected"}
_WRONG_PLACE = {"not_found", "not_an_endpoint", "error_in_answer", "redirected"}


class Endpoint:
    """The language model that the settings name. Threads may share it. A ChatModel."""

    def __init__(self, settings: Settings, *, pause: float = 1.0) -> None:
        """Nothing is contacted yet. `pause` is the seconds before the one retry. Raises SettingsError."""
        if not settings.has_model:
            raise SettingsError(
                "No language model is configured.", hint="Set LLM_BASE_URL to a server; .env.example shows how."
            )
        self._settings = settings
        self._pause = pause
        self._key = settings.llm_api_key.get_secret_value()
        self._urls = base_urls(settings.llm_base_url)  # the first is tried first; the one that answered moves there
        self._name = settings.llm_model  # "" until the server has been asked what it has
        self._llm: AdaptingModel | None = None
        self._streams = True
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's name; where LLM_MODEL is not set, "" until the first answer."""
        return self._name

    @property
    def context_window(self) -> int:
        """Tokens that prompt and answer may have together."""
        return self._settings.llm_context_window

    @property
    def base_url(self) -> str:
        """Where requests go, as far as known."""
        return self._urls[0]

    @property
    def place(self) -> faults.Place:
        """For the sentences of errors."""
        settings = self._settings
        return faults.Place(self._urls[0], self._name, self._key, settings.llm_timeout, settings.llm_context_window)

    @property
    def llm(self) -> LLM:
        """The model as any part of LlamaIndex takes it. Imports LlamaIndex."""
        return self._model()

    def warm_up(self) -> None:
        """Import what a first question would wait for (seconds). Contacts nobody. Raises ModelError."""
        if self._name:
            self._model()
        else:
            import rag.endpoint.adapting  # noqa: F401 - imported for its own sake

    def close(self) -> None:
        """Close its connections. It opens new ones when it is asked again."""
        with self._lock:
            if self._llm is not None:
                self._llm.close()
                self._llm = None

    def models(self) -> tuple[str, ...]:
        """The models that the server lists. Raises ModelError where it lists none."""
        while True:
            try:
                return list_models(self._urls[0], self._key)
            except ModelError as error:
                if error.kind not in _NO_LIST or self._name or not self._next_url():
                    raise

    def settle_name(self) -> str:
        """The model's name; where LLM_MODEL is not set, the server's first chat model. Raises ModelError."""
        if not self._name:
            offered = self.models()
            self._name = next((name for name in offered if not _EMBEDS.search(name)), "")
            if not self._name:
                raise faults.no_model_listed(self.place)
        return self._name

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Generator[Piece, None, None]:
        """The answer, piece by piece; see ChatModel. One retry, only before the first piece."""
        self.settle_name()
        tried_again = False
        for _ in range(_ADAPTATIONS + 2):
            begun = False
            try:
                with closing(self._pieces(messages, max_tokens)) as pieces:
                    for piece in pieces:
                        begun = begun or bool(piece.text or piece.reasoning)
                        yield piece
            except _Again:
                continue
            except ModelError as error:
                if begun:
                    raise
                if error.kind == "error_in_answer":
                    self._streams = True  # that it came in one piece says nothing of how answers come
                if error.kind in _WRONG_PLACE and self._next_url():
                    continue
                wait = self._seconds_before_retry(error)
                if tried_again or wait is None:
                    raise self._with_choices(error) from error.__cause__
                tried_again = True
                logger.info("%s: trying once more in %s s", error.kind, wait)
                time.sleep(wait)
            else:
                return
        raise faults.from_status(400, "", self.place)

    def _pieces(self, messages: Sequence[Message], max_tokens: int) -> Generator[Piece, None, None]:
        """One request. Raises ModelError, or _Again where it has learned how to ask better."""
        llm = self._model()
        begun = False
        try:
            with closing(self._ask(llm, messages, max_tokens)) as pieces:
                for piece in pieces:
                    begun = begun or bool(piece.text or piece.reasoning)
                    yield piece
        except ModelError:
            raise
        except Exception as error:  # the boundary to the libraries: whatever they raise becomes one of our sentences
            self._learn(llm, error, begun=begun)
            raise faults.from_exception(error, self.place, begun=begun) from error

    def _ask(self, llm: AdaptingModel, messages: Sequence[Message], max_tokens: int) -> Generator[Piece, None, None]:
        chat = llm.to_chat(messages)
        if not self._streams:
            response = llm.chat(chat, max_tokens=max_tokens)
            thoughts = "".join(
                block.content or "" for block in response.message.blocks if block.block_type == "thinking"
            )
            self._check_declined(response.message.content, _refusal(response.raw))
            yield Piece(response.message.content or "", thoughts, **_about(response.raw))
            return
        said = refusal = ""
        try:
            for response in llm.stream_chat(chat, max_tokens=max_tokens, stream_options={"include_usage": True}):
                said += response.delta or ""
                refusal += _refusal(response.raw)
                yield Piece(
                    response.delta or "", response.additional_kwargs.get("thinking_delta") or "", **_about(response.raw)
                )
            self._check_declined(said, refusal)
        finally:  # LlamaIndex's generator would leave the connection open, and the server writing
            if llm.latest.response is not None:
                llm.latest.response.close()
                llm.latest.response = None

    def _check_declined(self, said: str | None, refusal: str) -> None:
        """Raises ModelError where a refusal is all that came."""
        if refusal and not (said or "").strip():
            raise faults.declined(self.place, refusal)

    def _learn(self, llm: AdaptingModel, error: Exception, *, begun: bool) -> None:
        """Raises _Again where asking differently may help."""
        if begun:
            return
        names = {type(each).__name__ for each in (error, error.__cause__)}
        if "PlainJSONError" in names and self._streams:
            self._streams = False
            raise _Again from error
        status = getattr(error, "status_code", None)
        if isinstance(status, int) and llm.adapt_to(status, body_text(error)):
            logger.info("the endpoint refused a field; asking without it")
            raise _Again from error

    def _model(self) -> AdaptingModel:
        with self._lock:
            if self._llm is None:
                self._llm = self._make()
            return self._llm

    def _make(self) -> AdaptingModel:
        from rag.endpoint.adapting import make_model

        settings = self._settings
        try:
            return make_model(
                self.settle_name(),
                base_url=self._urls[0],
                api_key=self._key,
                context_window=settings.llm_context_window,
                timeout=settings.llm_timeout,
            )
        except ValueError as error:
            raise ModelError(
                f"The model {self._name} does not answer chat requests.",
                hint="Set LLM_MODEL to a chat model.",
                kind="rejected",
            ) from error

    def _next_url(self) -> bool:
        """Turn to the next address that LLM_BASE_URL may have meant; False where all were tried."""
        if len(self._urls) == 1:
            return False
        self.close()
        self._urls = self._urls[1:]
        self._streams = True  # what was learned of the other address does not hold for this one
        return True

    def _seconds_before_retry(self, error: ModelError) -> float | None:
        """None where a retry is of no use."""
        if error.kind not in _ONCE_MORE:
            return None
        told = re.search(r"in (\d+) seconds", error.hint)
        if error.kind == "rate_limited" and told:
            return float(told[1]) if float(told[1]) <= _LONGEST_WAIT else None
        return self._pause

    def _with_choices(self, error: ModelError) -> ModelError:
        """An unknown model's error with the models that are there, where the server lists them."""
        if error.kind != "model_not_found":
            return error
        try:
            offered = self.models()
        except ModelError:
            return error
        return faults.model_unknown(self.place, error.hint, offered)


class _Again(Exception):  # noqa: N818 - a signal inside this file, never seen outside
    """The same request is worth asking again at once, in another form."""


def base_urls(configured: str) -> tuple[str, ...]:
    """The addresses that a configured one may mean: as it is, then with the `/v1` that people forget."""
    if not configured:
        return (OPENAI_URL,)
    url = re.sub(r"/(?:chat/completions|completions|models)/?$", "", configured.rstrip("/"))
    if re.search(r"/v\d+\w*$", urlsplit(url).path):
        return (url,)
    return (url, f"{url}/v1")


def _first_choice(raw: Any) -> Any:
    """What a raw response offers; None where it has nothing but token counts, for example."""
    return next(iter(getattr(raw, "choices", None) or []), None)


def _refusal(raw: Any) -> str:
    """The words of a refusal, which OpenAI sends beside the text; "" where there are none."""
    choice = _first_choice(raw)
    said = getattr(choice, "message", None) or getattr(choice, "delta", None)
    return str(getattr(said, "refusal", None) or "")


def _about(raw: Any) -> dict[str, Any]:
    """Finish reason and token counts of a raw response, where it has them."""
    usage = getattr(raw, "usage", None)
    return {
        "finish_reason": getattr(_first_choice(raw), "finish_reason", None),
        "prompt_tokens": getattr(usage, "prompt_tokens", None),
        "completion_tokens": getattr(usage, "completion_tokens", None),
    }
