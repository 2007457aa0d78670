"""Who is visiting, as far as it matters for whose conversations are listed.

The person at this machine, somebody who signed in, or anybody else. Conversations of the three never mix: only what
belongs to the visitor is listed and opened. Strangers have no list beyond their session; they come back to a
conversation by its address, which nobody can guess.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

HERE = ""
STRANGER = "link"
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")


def visitor() -> str:
    """The owner of this visitor's conversations: HERE, STRANGER, or `user:` with digits that stand for a person."""
    signed_in = _signed_in()
    if signed_in:
        return signed_in
    return HERE if is_here(st.context.headers, st.context.ip_address) else STRANGER


def is_here(headers: Mapping[str, str], address: str | None) -> bool:
    """True where the browser runs on this machine: it asked for a name of this machine, and nothing stands between.

    A proxy before the page also calls from this machine, but with the headers of a proxy or another host's name.
    Without any header there is no browser at all.
    """
    origin = headers.get("Origin")  # the page's own address in the browser, which a silent proxy leaves as it is
    if any(headers.get(name) for name in _FORWARDED) or (origin and not _is_local_page(origin)):
        return False
    return _is_loopback(urlsplit(f"//{headers.get('Host') or 'localhost'}").hostname) and _is_loopback(address)


def _is_local_page(origin: str) -> bool:
    host = urlsplit(origin).hostname
    return host is not None and _is_loopback(host)


def _is_loopback(host: str | None) -> bool:
    if not host or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _signed_in() -> str:
    """Empty where nobody is signed in, or sign-in is not set up."""
    person = st.user.to_dict()
    name = person.get("sub") or person.get("email")
    if not person.get("is_logged_in") or not name:
        return ""
    digits = hashlib.sha256(f"{person.get('iss')} {name}".encode()).hexdigest()
    return f"user:{digits[:16]}"
