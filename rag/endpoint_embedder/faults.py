"""Everything that goes wrong at an embedding endpoint -> an EmbedderError in plain words, never with a key in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from rag.errors import EmbedderError
from rag.redaction import redact, without_user

_MODEL_UNKNOWN = re.compile(
    r"model.{0,80}(?:not found|not exist|not (?:been )?(?:loaded|available|supported)|unknown|invalid)"
    r"|(?:unknown|invalid|no such|no) model|try pulling|model_not_found",
    re.IGNORECASE | re.DOTALL,
)
_TOO_LONG = re.compile(
    r"context (?:length|size|window)|context_length|exceed_context|too many tokens|too large to process"
    r"|maximum.{0,30}tokens|input.{0,30}too (?:long|large)|longer than",
    re.IGNORECASE,
)
_NO_EMBEDDINGS = re.compile(r"(?:not|n't) support (?:embed|pooling)|--embedding|not an embedding", re.IGNORECASE)
_ADDRESS = "EMBED_BASE_URL usually ends in /v1, for example http://localhost:11434/v1."
_BUNDLED = "or clear EMBED_BASE_URL and EMBED_MODEL to use the bundled model"


@dataclass(frozen=True, slots=True)
class Place:
    """Which endpoint it was, for the sentences."""

    url: str
    model: str
    api_key: str

    @property
    def shown(self) -> str:
        """The address without user name and password."""
        return without_user(self.url)

    def clean(self, text: str) -> str:
        """A server's own words on one line, short, without the key or anything like one."""
        return redact(text, api_key=self.api_key)


def is_too_long(status: int, said: str) -> bool:
    """Whether the server complains of a text longer than its model reads."""
    return status in (400, 413, 422, 500) and bool(_TOO_LONG.search(said))


def may_pass_if_smaller(status: int, said: str) -> bool:
    """Whether fewer or shorter texts may be taken where these were refused."""
    refused = status in (400, 413, 422) and not _MODEL_UNKNOWN.search(said) and not _NO_EMBEDDINGS.search(said)
    return refused or is_too_long(status, said)


def is_misplaced(status: int, said: str) -> bool:
    """Whether nothing answers there, as against a model that is not known."""
    return status in (301, 302, 303, 307, 308, 404, 405) and not _MODEL_UNKNOWN.search(said)


def from_status(status: int, said: str, place: Place) -> EmbedderError:
    """The error for an answer with an error status; `said` is the server's message."""
    detail = f": {place.clean(said)}" if said.strip() else ""
    if status == 401:
        problem = "does not accept the key" if place.api_key else "asks for a key"
        return EmbedderError(f"{place.shown} {problem}.", hint="Set EMBED_API_KEY to a valid key of that provider.")
    if status == 402 or "insufficient_quota" in said:
        return EmbedderError(f"The account at {place.shown} has no credit left.", hint=f"Top it up, {_BUNDLED}.")
    if status == 403:
        return EmbedderError(
            f"{place.shown} does not allow this key to use {place.model}.", hint="Choose another EMBED_MODEL or key."
        )
    if _NO_EMBEDDINGS.search(said):
        return EmbedderError(
            f"{place.model} at {place.shown} makes no embeddings{detail}.",
            hint="Set EMBED_MODEL to an embedding model; llama.cpp's server needs --embedding.",
        )
    if status in (400, 404) and _MODEL_UNKNOWN.search(said):
        pull = f"Run `ollama pull {place.model}`" if ":11434" in place.url or "pull" in said else "Load it there"
        return EmbedderError(
            f"{place.shown} does not have the model {place.model}.", hint=f"{pull}, or correct EMBED_MODEL."
        )
    if is_misplaced(status, said):
        return EmbedderError(f"Nothing at {place.shown} makes embeddings (status {status}).", hint=_ADDRESS)
    if status == 429:
        return EmbedderError(
            f"{place.shown} takes no more texts for now (rate limit).",
            hint="Run it again later: what is embedded already is kept.",
        )
    if status >= 500:
        return EmbedderError(
            f"{place.shown} failed with status {status}{detail}.", hint="Try again; the server's own log tells more."
        )
    return EmbedderError(
        f"{place.shown} refuses the texts with status {status}{detail}.",
        hint=f"Check that {place.model} is an embedding model, {_BUNDLED}.",
    )


def from_exception(error: BaseException, place: Place, timeout: float) -> EmbedderError:
    """The error for a request that got no answer, or one that cannot be read. `timeout` in seconds."""
    chain = list(_chain(error))
    names = {kind.__name__ for each in chain for kind in type(each).__mro__}
    words = " ".join(str(each) for each in chain)
    if any("SSL" in name for name in names) or "[SSL" in words or "CERTIFICATE_VERIFY" in words:
        return EmbedderError(
            f"The secure connection to {place.shown} could not be made.",
            hint="Write http:// in EMBED_BASE_URL for a server on your own machine, or install its certificate.",
        )
    if "ConnectTimeout" in names:
        return EmbedderError(f"No connection to {place.shown} within the time-out.", hint="Check EMBED_BASE_URL.")
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return EmbedderError(
            f"{place.shown} gave no embeddings within {timeout:g} seconds.",
            hint="It may still be loading the model: try again, or choose a smaller one.",
        )
    if names & {"JSONDecodeError", "UnicodeDecodeError", "DecodingError", "APIResponseValidationError"}:
        return not_embeddings(place)
    if "gaierror" in names or "Name or service not known" in words or "nodename nor servname" in words:
        return EmbedderError(
            f"The address {place.shown} cannot be found.", hint="Check EMBED_BASE_URL for a misspelling."
        )
    if names & {"RemoteProtocolError", "ReadError", "WriteError"}:
        return EmbedderError(
            f"{place.shown} closed the connection without an answer.", hint="Try again; its own log tells more."
        )
    start = "`ollama serve`" if ":11434" in place.url else "the server"
    return EmbedderError(
        f"Nothing answers at {place.shown}.", hint=f"Start {start}, correct EMBED_BASE_URL, {_BUNDLED}."
    )


def redirected(place: Place, location: str) -> EmbedderError:
    """The server names another address, which is not followed: nobody has chosen it."""
    target = place.clean(location.partition("?")[0].removesuffix("/embeddings")) or "another address"
    return EmbedderError(
        f"{place.shown} sends requests on to {target}, and nothing was sent there.",
        hint="If you trust that address, set EMBED_BASE_URL to it.",
    )


def not_embeddings(place: Place) -> EmbedderError:
    """A web page, or other JSON."""
    return EmbedderError(f"{place.shown} answers with something that is no list of embeddings.", hint=_ADDRESS)


def message_in(body: object) -> str:
    """The words inside an error's body, in any of the usual shapes."""
    if isinstance(body, dict):
        found = next((body[name] for name in ("error", "message", "detail", "msg") if body.get(name)), None)
        return message_in(found) if found is not None else json.dumps(body)
    if isinstance(body, list):
        return "; ".join(message_in(item) for item in body)
    return "" if body is None else str(body)


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found
