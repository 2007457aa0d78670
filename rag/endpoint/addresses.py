"""The addresses that LLM_BASE_URL may mean, since it is written in many ways."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

OPENAI_URL = "https://api.openai.com/v1"
_OF_ONE_REQUEST = re.compile(
    r"/(?:chat/completions|completions|models|embeddings|responses)$"
    r"|(?<=/api)/(?:chat|generate|tags)$|(?<=/v1)/chat$"
)
_VERSION = re.compile(r"/v\d+\w*$")
_OLLAMAS_OWN = (
    "/api"  # it speaks its own protocol there, and OpenAI's beside it; Open WebUI speaks OpenAI's right there
)


def base_urls(configured: str) -> tuple[str, ...]:
    """As it is, then with the `/v1` that people forget. What belongs to one kind of request is taken off."""
    if not configured:
        return (OPENAI_URL,)
    url = _OF_ONE_REQUEST.sub("", configured.rstrip("/"))
    path = urlsplit(url).path
    if _VERSION.search(path):
        return (url,)
    beside = (f"{url.removesuffix(_OLLAMAS_OWN)}/v1",) if path.endswith(_OLLAMAS_OWN) else ()
    return (url, f"{url}/v1", *beside)
