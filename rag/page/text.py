"""Text of others made safe to show as it is: in HTML, and in the Markdown that Streamlit makes of its labels.

Titles and abstracts are full of `$x$`, `a_b`, `<eos>`, `[1]`, `:red[x]`, `~` and `->`. In our own HTML, escaping is
enough. Streamlit's labels (buttons, links) take Markdown with its own additions, so there each sign is taken apart.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence

_BLANKS = re.compile(r"\s+")
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+!|$~-])")
_WORD_JOINER = "\u2060"  # invisible and without width: splits what Streamlit would read as one sign
_STREAMLIT_SIGNS = re.compile(r"(:|<-|->|--|<=|>=|~=)")


def printable(text: str) -> str:
    """The text without control, private and direction-changing characters, which can break or disguise a page."""
    kept = (sign if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs", "Co"} else " " for sign in text)
    return "".join(sign for sign in kept if sign not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def escape(text: str) -> str:
    """The text for HTML, between tags or in a quoted attribute."""
    return html.escape(printable(text), quote=True)


def one_line(text: str) -> str:
    """The text with every run of blanks as one."""
    return _BLANKS.sub(" ", text).strip()


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a blank where one is near, with an ellipsis where something was cut."""
    text = one_line(text)
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > limit // 2 else cut).rstrip(" ,;:-") + "…"


def sentence(text: str) -> str:
    """The text as a sentence: a capital at its beginning, a full stop at its end."""
    text = text.strip()
    return text and text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")


def label(text: str) -> str:
    """The text for a Streamlit label, which is Markdown: it shows as it stands.

    Backslashes keep Markdown's own signs. Streamlit turns colons (`:red[x]`, `:smile:`) and arrows into something
    else after Markdown has been read, where no backslash helps; an invisible word joiner takes those apart.
    """
    apart = _STREAMLIT_SIGNS.sub(lambda sign: sign[0][:1] + _WORD_JOINER + sign[0][1:], one_line(printable(text)))
    escaped = _MARKDOWN_SIGNS.sub(r"\\\1", apart)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)


def count(number: int, singular: str, plural: str = "") -> str:
    """`1 paper`, `12,345 papers`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(words: Sequence[str], *, limit: int) -> str:
    """`Ann Lee, Bo Chen and 4 more`: at most `limit` of the words, then how many more."""
    if len(words) <= limit:
        return ", ".join(words)
    return f"{', '.join(words[:limit])} and {len(words) - limit} more"


def safe_url(url: str | None) -> str | None:
    """The address where it is plain http or https, else None."""
    if not url or not re.match(r"https?://[^\s/$.?#][^\s<>\"']*$", url, re.IGNORECASE):
        return None
    return url
