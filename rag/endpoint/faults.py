"""Everything that goes wrong at an endpoint -> a ModelError in plain words. Keys never get into one.

The SDK's transport may be httpx or httpx2, and dropped streams raise its errors as they are, so they are told apart
by their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.endpoint.complaints import body_text, header
from rag.errors import ModelError
from rag.redaction import redact, without_user

_MODEL_UNKNOWN = re.compile(
    r"model.{0,80}(?:not found|(?:does )?not exist|not (?:been )?(?:loaded|available|supported)|unknown|invalid)"
    r"|(?:unknown|invalid|no such|not find(?: the)?|no) model|try pulling|model_not_found",
    re.IGNORECASE | re.DOTALL,
)
_CONTEXT = re.compile(
    r"context (?:length|size|window)|context_length|exceed_context|too many tokens|prompt is too long"
    r"|maximum.{0,30}tokens|input.{0,20}too long",
    re.IGNORECASE,
)
_CONTEXT_SIZE = re.compile(
    r"(?:n_ctx\D{0,6}|(?:context (?:length|size|window)|maximum)\D{0,30})(\d{3,7})", re.IGNORECASE
)
_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing|credit", re.IGNORECASE)
_LOADING = re.compile(r"loading", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Which endpoint it was, for the sentences."""

    url: str
    model: str
    api_key: str
    timeout: float  # seconds
    context_window: int

    @property
    def shown(self) -> str:
        """The address without user name and password."""
        return without_user(self.url)

    def clean(self, text: str) -> str:
        """A server's own words on one line, short, without the key or anything like one."""
        return redact(text, api_key=self.api_key)


def from_exception(error: BaseException, place: Place, *, begun: bool) -> ModelError:
    """The ModelError for what a library raised. `begun`: part of the answer had already come."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        if 300 <= status < 400:
            return redirected(place, header(error, "location"))
        retry_after = _retry_after(error)
        return from_status(status, body_text(error), place, retry_after=retry_after)
    names = _names(error)
    words = " ".join(str(each) for each in _chain(error))
    if "WrongContentError" in names:
        return not_an_endpoint(place)
    if "ErrorInAnswerError" in names:
        return from_message(str(error), place) if begun else from_error_in_answer(str(error), place)
    if any("SSL" in name for name in names) or "[SSL" in words or "CERTIFICATE_VERIFY" in words:
        return ModelError(
            f"The secure connection to {place.shown} could not be made: its certificate cannot be checked.",
            hint="Write http:// in LLM_BASE_URL for a server on your own machine, or install its certificate.",
            kind="tls",
        )
    if names & {"ConnectTimeout", "PoolTimeout"}:
        return ModelError(
            f"No connection to {place.shown} within the time-out.",
            hint="Check LLM_BASE_URL and that the machine can be reached.",
            kind="connect_timeout",
        )
    if names & {"ReadTimeout", "WriteTimeout", "APITimeoutError", "TimeoutError"}:
        return timed_out(place, begun=begun)
    if names & {
        "JSONDecodeError",
        "DecodingError",
        "ValidationError",
        "UnicodeDecodeError",
        "APIResponseValidationError",
    }:
        return ModelError(
            f"{place.shown} answered with something that is no answer of a language model.",
            hint="Check that LLM_BASE_URL is the address of an OpenAI-compatible server; try again.",
            kind="broken",
        )
    if type(error).__name__ == "APIError":  # an error object among the events of a stream
        return from_message(body_text(error) or str(error), place)
    if not begun and names & {"TypeError", "IndexError", "KeyError", "AttributeError"}:  # other JSON than a completion
        return not_an_endpoint(place)
    if begun or names & {"RemoteProtocolError", "ReadError", "WriteError", "IncompleteRead"}:
        return dropped(place) if begun else disconnected(place)
    if names & {"gaierror"} or "Name or service not known" in words or "nodename nor servname" in words:
        return ModelError(
            f"The address {place.shown} cannot be found.",
            hint="Check LLM_BASE_URL for a misspelling.",
            kind="unknown_host",
        )
    if names & {"ConnectError", "ConnectionRefusedError", "ConnectionError", "OSError"}:
        return refused(place)
    detail = place.clean(str(error))
    return ModelError(
        f"The language model at {place.shown} could not be asked" + (f": {detail}" if detail else "."),
        hint="Run `python -m rag doctor` to see what is wrong.",
    )


def from_status(status: int, text: str, place: Place, *, retry_after: float | None = None) -> ModelError:
    """The ModelError for an answer with an error status."""
    detail = "" if text.lstrip().startswith("<") else place.clean(text)  # a web page says nothing
    said = f" ({detail})" if detail else ""
    if status == 401:
        with_key = "does not accept the key" if place.api_key else "asks for a key"
        return ModelError(
            f"{place.shown} {with_key}.", hint="Set LLM_API_KEY to a valid key of that provider.", kind="unauthorised"
        )
    if status == 402 or (status in (403, 429) and _QUOTA.search(text)):
        return ModelError(
            f"The account at {place.shown} has no credit left.",
            hint="Top it up, or choose another endpoint.",
            kind="quota",
        )
    if status == 403:
        use, choose = f"use the model {place.model}", "Choose another LLM_MODEL, or another key."
        if not place.model:  # it was asked which ones it has
            use, choose = "see its models", "Set LLM_MODEL by hand, or LLM_API_KEY to another key."
        key = "this key" if place.api_key else "anybody without a key"
        return ModelError(f"{place.shown} does not allow {key} to {use}.", hint=choose, kind="forbidden")
    if status in (400, 404) and _MODEL_UNKNOWN.search(text):
        return model_unknown(place, text)
    if status in (404, 405):
        words = f"status {status}: {detail.rstrip('.')}" if detail else f"status {status}"
        return ModelError(
            f"Nothing at {place.shown} answers chat requests ({words}).",
            hint="LLM_BASE_URL usually ends in /v1, for example http://localhost:11434/v1.",
            kind="not_found",
        )
    if status in (400, 413, 422, 500) and _CONTEXT.search(text):
        return context_exceeded(place, text)
    if status == 429:
        when = f"in {retry_after:.0f} seconds" if retry_after and retry_after < 3600 else "later"
        return ModelError(
            f"{place.shown} takes no more questions for now (rate limit).",
            hint=f"Ask again {when}.",
            kind="rate_limited",
        )
    if status == 503 and _LOADING.search(text):
        return ModelError(f"{place.shown} is still loading the model.", hint="Ask again in a moment.", kind="loading")
    if status >= 500 or status == 408:
        return ModelError(
            f"{place.shown} failed with status {status}{said}.",
            hint="Ask again; the server's own log tells more.",
            kind="server_error",
        )
    return ModelError(
        f"{place.shown} refuses the request with status {status}{said}.",
        hint="Run `python -m rag doctor`; the model may not be made for chat.",
        kind="rejected",
    )


def _known(text: str, place: Place) -> ModelError | None:
    """The ModelError for what a server says of the model or of the question's length, whatever the status."""
    if _MODEL_UNKNOWN.search(text):
        return model_unknown(place, text)
    return context_exceeded(place, text) if _CONTEXT.search(text) else None


def from_message(text: str, place: Place) -> ModelError:
    """The ModelError for an error that came inside an answer with status 200; `text` is the server's."""
    detail = place.clean(text)
    said = f": {detail.rstrip('.')}." if detail else "."
    return _known(text, place) or ModelError(
        f"{place.shown} reported an error while it wrote{said}",
        hint="Ask again; the server's own log tells more.",
        kind="server_error",
    )


def from_error_in_answer(text: str, place: Place) -> ModelError:
    """The ModelError for an error that came in place of an answer, with status 200; `text` is the server's."""
    return _known(text, place) or ModelError(
        f"{place.shown} answers with an error: {place.clean(text).rstrip('.')}.",
        hint="Ask again later. If it stays, check LLM_BASE_URL, which usually ends in /v1.",
        kind="error_in_answer",
    )


def redirected(place: Place, location: str) -> ModelError:
    """The server names another address, which is not followed: nobody has chosen it."""
    target = location.partition("?")[0].removesuffix("/chat/completions").removesuffix("/models")
    shown = place.clean(target) or "another address"
    return ModelError(
        f"{place.shown} sends requests on to {shown}, and nothing was sent there.",
        hint="If you trust that address, set LLM_BASE_URL to it.",
        kind="redirected",
    )


def declined(place: Place, words: str) -> ModelError:
    """The model gave a refusal in place of an answer."""
    return ModelError(
        f"The model {place.model} declined to answer: {place.clean(words).rstrip('.')}.",
        hint="Ask in other words, or choose another LLM_MODEL.",
        kind="declined",
    )


def model_unknown(place: Place, text: str = "", offered: tuple[str, ...] = ()) -> ModelError:
    """The server does not have the model."""
    ollama = ":11434" in place.url or "pull" in text
    choices = f" The server has: {', '.join(offered[:8])}." if offered else ""
    hint = (
        f"Run `ollama pull {place.model}`, or set LLM_MODEL to a model that is there."
        if ollama
        else "Set LLM_MODEL to one of its models."
    )
    return ModelError(
        f"{place.shown} does not have the model {place.model}.", hint=hint + choices, kind="model_not_found"
    )


def no_model_listed(place: Place) -> ModelError:
    """The server runs, but has nothing that could write."""
    pull = "Run `ollama pull qwen3:8b`, for example." if ":11434" in place.url else "Load a chat model into it."
    return ModelError(f"{place.shown} offers no chat model.", hint=pull, kind="model_not_found")


def context_exceeded(place: Place, text: str = "") -> ModelError:
    """The prompt is longer than the server reads."""
    size = _CONTEXT_SIZE.search(text)
    reads = f" It reads {size[1]} tokens." if size else ""
    return ModelError(
        f"The question with its papers is longer than {place.model} reads.{reads}",
        hint=f"Set LLM_CONTEXT_WINDOW (now {place.context_window}) to what the server reads, or start it with more.",
        kind="context",
    )


def refused(place: Place) -> ModelError:
    """Nothing listens there."""
    start = {"11434": "`ollama serve`", "1234": "LM Studio's server"}.get(place.url.rsplit(":", 1)[-1].split("/")[0])
    return ModelError(
        f"Nothing answers at {place.shown}.",
        hint=f"Start {start or 'the server'}, or correct LLM_BASE_URL.",
        kind="refused",
    )


def disconnected(place: Place) -> ModelError:
    """The connection was closed before an answer."""
    return ModelError(
        f"{place.shown} closed the connection without an answer.",
        hint="Ask again; the server's own log tells more.",
        kind="disconnected",
    )


def dropped(place: Place) -> ModelError:
    """The stream ended in the middle."""
    return ModelError(
        f"The connection to {place.shown} broke off in the middle of the answer.", hint="Ask again.", kind="dropped"
    )


def timed_out(place: Place, *, begun: bool) -> ModelError:
    """No sign of life for too long."""
    if begun:
        return ModelError(
            f"The model fell silent in the middle of its answer for {place.timeout:g} seconds.",
            hint="Ask again, or raise LLM_TIMEOUT.",
            kind="stalled",
        )
    return ModelError(
        f"The model gave no first word within {place.timeout:g} seconds.",
        hint="It may still be loading: ask again, or raise LLM_TIMEOUT.",
        kind="timeout",
    )


def list_timed_out(place: Place) -> ModelError:
    """The server did not say in time which models it has."""
    return ModelError(
        f"{place.shown} did not list its models within {place.timeout:g} seconds.",
        hint="It may still be starting: ask again, or set LLM_MODEL by hand.",
        kind="timeout",
    )


def empty(place: Place) -> ModelError:
    """A proper answer without a word."""
    return ModelError(
        f"The model {place.model} gave an empty answer.", hint="Ask again, or choose another LLM_MODEL.", kind="empty"
    )


def not_an_endpoint(place: Place) -> ModelError:
    """A web page, or other JSON."""
    return ModelError(
        f"{place.shown} is no language-model endpoint: it answers with something else.",
        hint="LLM_BASE_URL usually ends in /v1, for example http://localhost:11434/v1.",
        kind="not_an_endpoint",
    )


def _retry_after(error: BaseException) -> float | None:
    try:
        return float(header(error, "retry-after"))
    except ValueError:
        return None


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found


def _names(error: BaseException) -> set[str]:
    """The names of the error's classes and of what caused it."""
    return {kind.__name__ for each in _chain(error) for kind in type(each).__mro__}
