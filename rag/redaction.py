"""A server's own words made fit to be shown: one short line, without keys, user names and passwords."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

_KEY_LIKE = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf|key)[-_][A-Za-z0-9*_\-]{4,}|(?i:bearer)\s+\S+|\b[A-Za-z0-9_\-]{32,}\b"
)
_PROVIDERS_KEY = re.compile(r"\b(?:sk|pk|rk|gsk|xai|hf)[-_](?=[A-Za-z_\-]*\d)[A-Za-z0-9_\-]{16,}")
_SHORTEST_KEY = 8  # characters
_USER_IN_URL = re.compile(r"(?<=://)[^/\s]+@")
_LONGEST = 200  # characters


def redact(text: str, *, api_key: str) -> str:
    """`text` on one line of at most 200 characters, without `api_key` or anything like a key or a password.

    As in `hide_keys`, a key of a few characters stays: `x` is one of many a word, and no secret.
    """
    if len(api_key) >= _SHORTEST_KEY:
        text = text.replace(api_key, "(key)")
    text = _KEY_LIKE.sub("(key)", _USER_IN_URL.sub("", text))
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3].rstrip() + "..."


def without_user(url: str) -> str:
    """An address without user name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def user_header(url: str) -> dict[str, str]:
    """The header that carries the user name and password of an address; none without them."""
    parts = urlsplit(url)
    if not (parts.username or parts.password):
        return {}
    both = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}


def without_secrets(written: str) -> str:
    """What was written for an address as it may be repeated, though it is none: without what stands before an `@`,
    where a password may be, and behind a `?` or `#`, where a key may be."""
    found = re.search(r"[?#]", written)
    if not found:
        return written.rpartition("@")[2]
    if "@" in written[found.end() :]:  # the sign may be one of a password
        return "..."
    return f"{written[: found.start()].rpartition('@')[2]}{found[0]}..."


def hide_keys(text: str, keys: Sequence[str]) -> str:
    """`text` without the configured `keys` and without what has the form of a provider's key; all else as it was.

    Keys of fewer than eight characters stay: servers on one's own machine take any word, and it may be one of the text.
    """
    for key in keys:
        if len(key) >= _SHORTEST_KEY:
            text = text.replace(key, "(key)")
    return _PROVIDERS_KEY.sub("(key)", text)
