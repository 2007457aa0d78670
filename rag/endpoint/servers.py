"""Which models a server offers, and which servers run on this machine. Nothing else is ever contacted.

Uses the standard library alone, so that the page and `doctor` can look without waiting for an SDK.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rag.endpoint import faults
from rag.endpoint.complaints import message_in
from rag.errors import ModelError
from rag.redaction import user_header, without_user

KNOWN_PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
_PROBE_SECONDS = 0.5
LIST_SECONDS = 3.0
_LONGEST_LIST = 2_000_000  # bytes


@dataclass(frozen=True, slots=True)
class LocalServer:
    """An OpenAI-compatible server on this machine."""

    name: str  # by its port, for example "Ollama"
    base_url: str
    models: tuple[str, ...]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another address."""

    def redirect_request(self, *_: Any) -> None:
        return None


def is_loopback(url: str) -> bool:
    """True for an address on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def list_models(base_url: str, api_key: str = "", *, timeout: float = LIST_SECONDS) -> tuple[str, ...]:
    """The names that `/models` lists, in its order. Raises ModelError; kind "no_list" where there is no such list."""
    place = faults.Place(base_url, "", api_key, timeout, 0)
    headers = {"Accept": "application/json", "User-Agent": "AskPapers", **_credentials(base_url, api_key)}
    request = urllib.request.Request(f"{without_user(base_url)}/models", headers=headers)  # noqa: S310 - settings allow http and https alone
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if is_loopback(base_url):
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=timeout) as response:
            body = json.loads(response.read(_LONGEST_LIST))
    except urllib.error.HTTPError as error:
        with error:
            if 300 <= error.code < 400:
                raise faults.redirected(place, error.headers.get("Location", "")) from None
            # 501 is said of what a server does not do; other faults of its own pass, and say nothing about a list.
            if error.code in (401, 403, 408, 429) or (error.code >= 500 and error.code != 501):
                raise faults.from_status(error.code, _words(error), place) from None
            raise _no_list(place, is_known=error.code == 501) from None
    except ValueError as error:
        raise _no_list(place) from error
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        fault = faults.from_exception(reason if isinstance(reason, BaseException) else error, place, begun=False)
        raise (faults.list_timed_out(place) if fault.kind == "timeout" else fault) from error
    entries = _entries(body)
    if entries is None:
        raise _no_list(place)
    names = (str(each.get("id") or each.get("name") or "") for each in entries if isinstance(each, dict))
    return tuple(name for name in names if name)


def _credentials(base_url: str, api_key: str) -> dict[str, str]:
    """As the SDK's transport sends them with a question: user name and password of the address before a key."""
    return user_header(base_url) or ({"Authorization": f"Bearer {api_key}"} if api_key else {})


def _words(error: urllib.error.HTTPError) -> str:
    """What a server says about an error status; "" for a web page."""
    try:
        return message_in(json.loads(error.read(_LONGEST_LIST)))
    except (ValueError, OSError, http.client.HTTPException):
        return ""


def _entries(body: object) -> list[Any] | None:
    """The models of a list, which may stand bare; None where there is no list. Ollama writes an empty one as null."""
    if isinstance(body, dict):
        found = body.get("data") or body.get("models") or body.get("data", body.get("models"))
        body = [] if found is None and body.get("object") == "list" else found
    return body if isinstance(body, list) else None


def find_local_servers(ports: dict[int, str] | None = None) -> list[LocalServer]:
    """The known servers that answer on loopback right now, in the order of `ports` (port -> name)."""
    chosen = KNOWN_PORTS if ports is None else ports
    with ThreadPoolExecutor(max_workers=max(1, len(chosen))) as pool:
        found = list(pool.map(_probe, chosen.items()))
    return [server for server in found if server is not None]


def _probe(known: tuple[int, str]) -> LocalServer | None:
    port, name = known
    base_url = f"http://127.0.0.1:{port}/v1"
    try:
        return LocalServer(name, base_url, list_models(base_url, timeout=_PROBE_SECONDS))
    except ModelError:
        return None


def _no_list(place: faults.Place, *, is_known: bool = False) -> ModelError:
    """`is_known`: the server says itself that it keeps no list, so that its address is right."""
    by_hand = "LLM_MODEL has to be set by hand."
    return ModelError(
        f"{place.shown} does not list its models.",
        hint=f"That is no fault; {by_hand}"
        if is_known
        else f"LLM_BASE_URL may be wrong: it usually ends in /v1. If it is right, {by_hand}",
        kind="no_list",
    )
