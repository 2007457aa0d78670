"""Marks of HTML and JATS in texts that should be plain: the tags go, the named characters become themselves.

Crossref's abstracts are JATS (https://jats.nlm.nih.gov), feeds' are HTML, titles in tables have italics. An abstract
may also speak of tags or hold formulas, so only known tags go, and those that enclose a text only where one of their
name is closed.
"""

from __future__ import annotations

import html
import re

MARKUP_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>(?:jats|mml):[\w-]+|a|abbr|abstract|article|b|big|blockquote|bold|br|center|cite|code|dd|del|"
    r"div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|inf|ins|italic|kbd|li|mark|monospace|ol|p|pre|q|s|sc|scp|sec|"
    r"section|small|span|strike|strong|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul|underline|wbr)"
    r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>",
    re.IGNORECASE,
)
_ALONE = frozenset({"br", "hr", "img", "li", "p", "wbr"})  # may stand without an end
_PARTS = frozenset(
    {"abstract", "article", "blockquote", "dd", "div", "dl", "dt", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
    | {"li", "list", "list-item", "ol", "p", "pre", "sec", "section", "table", "title", "tr", "ul"}
)
_POWER = re.compile(r"(?<=\d)<(?:jats:)?sup>(?=[-+−–]?\d)", re.IGNORECASE)  # "10<sup>3</sup>" is not 103
_FORMULA_TWICE = re.compile(r"<mml:math\b[^<]*(?:<(?!/?mml:math\b)[^<]*)*</mml:math>")  # beside its own LaTeX
_HEADING = re.compile(r"\A\s*(?:abstract|summary)\s*[:.]?\s*\n", re.IGNORECASE)
_NAMED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def without_markup(text: str, *, keep_links: bool = False) -> str:
    """The text as a reader of the page sees it; its paragraphs are parted by blank lines.

    `keep_links`: an `<a href="...">` stays, for without it the address would be lost.
    """
    if "<" in text:
        if "tex-math" in text:
            text = _FORMULA_TWICE.sub("", text)
        ended = {found["name"].lower() for found in MARKUP_TAG.finditer(text) if found["end"]}
        if keep_links:
            ended.discard("a")
        plain = MARKUP_TAG.sub(lambda found: _instead(found, ended), _POWER.sub(r"^\g<0>", text))
        text = _HEADING.sub("", plain) if plain != text else text
    if "&" in text:
        text = _NAMED.sub(lambda found: html.unescape(found[0]).replace("\xa0", " "), text)
    return text


def _instead(found: re.Match[str], ended: set[str]) -> str:
    name = found["name"].lower()
    if name not in ended and name not in _ALONE and not found[0].endswith("/>"):
        return found[0]
    if name == "br":
        return "\n"
    if name in ("td", "th"):
        return " "
    return "\n\n" if name.partition(":")[2] in _PARTS or name in _PARTS else ""
