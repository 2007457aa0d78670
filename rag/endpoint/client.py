"""One configured endpoint: asks it, adapts to it, tries once more where that helps, and says what went wrong."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.endpoint import faults, responses
from rag.endpoint.addresses import base_urls
from rag.endpoint.chat import Piece
from rag.endpoint.complaints import body_text
from rag.endpoint.servers import LIST_SECONDS, list_models
from rag.errors import ModelError, SettingsError
from rag.prompts import Message
from rag.settings import Settings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.endpoint.adapting import AdaptingModel, Form

logger = logging.getLogger(__name__)

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
        self._llms: dict[
            tuple[str, str], AdaptingModel
        ] = {}  # by address and name: what one learned holds for it alone
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
        return self._place(self._urls[0], self._name)

    @property
    def llm(self) -> LLM:
        """The model as any part of LlamaIndex takes it. Imports LlamaIndex. Raises ModelError."""
        name = self.settle_name()
        return self._model(self._urls[0], name)

    def warm_up(self) -> None:
        """Import what a first question would wait for (seconds). Contacts nobody. Raises ModelError."""
        if self._name:
            self._model(self._urls[0], self._name)
        else:
            import rag.endpoint.adapting  # noqa: F401 - imported for its own sake

    def close(self) -> None:
        """Close its connections. It opens new ones when it is asked again."""
        with self._lock:
            for llm in self._llms.values():
                llm.close()
            self._llms.clear()

    def models(self) -> tuple[str, ...]:
        """The models that the server lists. Raises ModelError where it lists none."""
        return self._list(LIST_SECONDS)

    def settle_name(self) -> str:
        """The model's name; where LLM_MODEL is not set, the server's first chat model. One retry. Raises ModelError."""
        name = self._name
        if name:
            return name
        seconds = self._settings.llm_timeout
        try:
            offered = self._list(seconds)
        except ModelError as error:
            wait = self._seconds_before_retry(error)
            if wait is None:
                raise
            time.sleep(wait)
            offered = self._list(seconds)
        name = next((each for each in offered if not _EMBEDS.search(each)), "")
        if not name:
            raise faults.no_model_listed(self.place)
        self._name = name
        return name

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Generator[Piece, None, None]:
        """The answer, piece by piece; see ChatModel. One retry, only before the first piece."""
        name = self.settle_name()
        urls = self._urls
        wrong_place: ModelError | None = None
        tried_again = named_again = False
        for _ in range(_ADAPTATIONS + len(urls) + 2):
            begun = False
            try:
                with closing(self._pieces(urls[0], name, messages, max_tokens)) as pieces:
                    for piece in pieces:
                        begun = begun or bool(piece.text or piece.reasoning)
                        yield piece
            except _Again:
                continue
            except ModelError as error:
                if begun:
                    raise
                if error.kind in _WRONG_PLACE:
                    wrong_place = wrong_place or error
                    urls = urls[1:]
                    if urls:
                        continue
                    raise wrong_place from wrong_place.__cause__
                if error.kind == "model_not_found" and not self._settings.llm_model and not named_again:
                    named_again = True  # nobody chose it, and the server has been given another one since
                    name = self._name_after(name)
                    continue
                wait = self._seconds_before_retry(error)
                if tried_again or wait is None:
                    raise self._with_choices(error, urls[0], name) from error.__cause__
                tried_again = True
                logger.info("%s: trying once more in %s s", error.kind, wait)
                time.sleep(wait)
            else:
                return
        raise faults.from_status(400, "", self._place(urls[0], name))

    def _pieces(
        self, url: str, name: str, messages: Sequence[Message], max_tokens: int
    ) -> Generator[Piece, None, None]:
        """One request. Raises ModelError, or _Again where it has learned how to ask better."""
        llm = self._model(url, name)
        form = llm.form
        begun = False
        try:
            with closing(self._ask(llm, messages, max_tokens)) as pieces:
                for piece in pieces:
                    if not begun:
                        self._prefer(url)
                    begun = begun or bool(piece.text or piece.reasoning)
                    yield piece
        except ModelError:
            raise
        except Exception as error:  # the boundary to the libraries: whatever they raise becomes one of our sentences
            if not begun:
                self._learn(llm, form, error)
            fault = faults.from_exception(error, self._place(url, name), begun=begun)
            if fault.kind == "error_in_answer":  # that it came in one piece says nothing of how answers come
                llm.form = replace(llm.form, streams=True)
            raise fault from error

    def _ask(self, llm: AdaptingModel, messages: Sequence[Message], max_tokens: int) -> Generator[Piece, None, None]:
        chat = llm.to_chat(messages)
        if not llm.form.streams:
            response = llm.chat(chat, max_tokens=max_tokens)
            thoughts = "".join(
                block.content or "" for block in response.message.blocks if block.block_type == "thinking"
            )
            self._check_declined(response.message.content, responses.refusal(response.raw))
            yield Piece(response.message.content or "", thoughts, **responses.about(response.raw))
            return
        said = refusal = ""
        in_deltas = False  # a whole message after them holds it all once more
        try:
            for response in llm.stream_chat(chat, max_tokens=max_tokens, stream_options={"include_usage": True}):
                thoughts = response.additional_kwargs.get("thinking_delta") or ""
                in_deltas = in_deltas or bool(response.delta or thoughts)
                text = (response.delta or "") if in_deltas else responses.message_text(response.raw)
                said += text
                refusal += responses.refusal(response.raw)
                yield Piece(text, thoughts, **responses.about(response.raw))
            self._check_declined(said, refusal)
        finally:  # LlamaIndex's generator would leave the connection open, and the server writing
            if llm.latest.response is not None:
                llm.latest.response.close()
                llm.latest.response = None

    def _check_declined(self, said: str | None, refusal: str) -> None:
        """Raises ModelError where a refusal is all that came."""
        if refusal and not (said or "").strip():
            raise faults.declined(self.place, refusal)

    def _learn(self, llm: AdaptingModel, form: Form, error: Exception) -> None:
        """Raises _Again where asking differently may help; `form` is how this request asked."""
        names = {type(each).__name__ for each in (error, error.__cause__)}
        status = getattr(error, "status_code", None)
        with self._lock:
            if "PlainJSONError" in names:
                better = replace(form, streams=False)
            elif isinstance(status, int):
                better = form.adapted_to(status, body_text(error))
            else:
                return
            if llm.form == form:  # else another thread has learned meanwhile
                if better == form:
                    return
                llm.form = better
                logger.info("the endpoint does not take requests in that form; asking in another")
        raise _Again from error

    def _model(self, url: str, name: str) -> AdaptingModel:
        with self._lock:
            if (url, name) not in self._llms:
                self._llms[url, name] = self._make(url, name)
            return self._llms[url, name]

    def _make(self, url: str, name: str) -> AdaptingModel:
        from rag.endpoint.adapting import make_model

        settings = self._settings
        try:
            return make_model(
                name,
                base_url=url,
                api_key=self._key,
                context_window=settings.llm_context_window,
                timeout=settings.llm_timeout,
            )
        except ValueError as error:
            raise ModelError(
                f"The model {name} does not answer chat requests.",
                hint="Set LLM_MODEL to a chat model.",
                kind="rejected",
            ) from error

    def _place(self, url: str, name: str) -> faults.Place:
        settings = self._settings
        return faults.Place(url, name, self._key, settings.llm_timeout, settings.llm_context_window)

    def _prefer(self, url: str) -> None:
        """Try this address first from now on. The others stay: one that fails for now may be the right one."""
        with self._lock:
            self._urls = (url, *(each for each in self._urls if each != url))

    def _list(self, seconds: float) -> tuple[str, ...]:
        """The models that the first address lists which lists any. Raises ModelError."""
        no_list: ModelError | None = None
        for url in self._urls:
            try:
                offered = list_models(url, self._key, timeout=seconds)
            except ModelError as error:
                if error.kind not in _NO_LIST:
                    raise
                no_list = no_list or error
            else:
                self._prefer(url)
                return offered
        raise no_list or AssertionError("there is always an address")

    def _name_after(self, name: str) -> str:
        """The model that the server offers in place of this one. Raises ModelError."""
        with self._lock:
            if self._name == name:
                self._name = ""
        return self.settle_name()

    def _seconds_before_retry(self, error: ModelError) -> float | None:
        """None where a retry is of no use."""
        if error.kind not in _ONCE_MORE:
            return None
        told = re.search(r"in (\d+) seconds", error.hint)
        if error.kind == "rate_limited" and told:
            return float(told[1]) if float(told[1]) <= _LONGEST_WAIT else None
        return self._pause

    def _with_choices(self, error: ModelError, url: str, name: str) -> ModelError:
        """An unknown model's error with the models that are there, where the server lists them."""
        if error.kind != "model_not_found":
            return error
        try:
            offered = self.models()
        except ModelError:
            return error
        return faults.model_unknown(self._place(url, name), error.hint, offered)


class _Again(Exception):  # noqa: N818 - a signal inside this file, never seen outside
    """The same request is worth asking again at once, in another form."""
