"""Inline Markdown to plain text and links, as far as saved pages use it (https://spec.commonmark.org/0.31.2/#inlines).

Links are `[text](address)`, `[text][number]`, `<address>`; images and a link's picture (`[[picture] Name](...)`) go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_IMAGE = re.compile(r"!\[[^\]]{0,500}\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])")
_PICTURE = re.compile(r"^\s*(?:[-*]\s+)?\[[^\[\]]{0,80}\](?![(\[])\s*")
_PICTURE_WORD = re.compile(
    r"\[(?:图片|圖片|画像|image|img|picture|photo|avatar|logo)\s*\d*\s*[:：][^\]\n]*\]", re.IGNORECASE
)
_ADDRESS = re.compile(r"\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+[\"'(][^)]*)?\)")
_ATTRIBUTES = re.compile(r"\{[.#:][^{}\n]*\}")  # as pandoc writes them
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,40})\]")
_AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>")
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|button|center|code|details|div|em|figure|font|hr|i|img|input|kbd|label|li|ol|p|picture|"
    r"section|small|source|span|strong|sub|summary|sup|svg|time|u|ul|video)(?:\s[^<>]{0,2000}=[^<>]{0,2000})?\s{0,9}/?>|<!--[^>]{0,2000}-->",
    re.IGNORECASE | re.DOTALL,
)
_HARD_BREAK = re.compile(r"(?<!\\)\\+[ \t]*(?:\n|$)|\\(?=[ \t])")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_WRAPPED = re.compile(r"(\*\*\*|\*\*|\*|___|__|_|`)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_BRACKETS = re.compile(r"\\[\[\]\\]|[\[\]]")  # with escaped ones, which do not count
_LONGEST_TEXT = 40_000  # characters of a link's text


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its text, cleaned, and where it leads ("" where a reference leads nowhere)."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Inline:
    """A piece of Markdown: its text with links replaced by their texts, the text outside links, and the links."""

    text: str
    outside: str
    links: tuple[Link, ...]


def read_inline(source: str, references: Mapping[str, str]) -> Inline:
    """Take a piece of Markdown apart; `references` maps the names of reference links to addresses."""
    source = _ATTRIBUTES.sub("", _IMAGE.sub("", source)) if "{" in source else _IMAGE.sub("", source)
    source = _PICTURE_WORD.sub("", source)
    source = _TAG.sub(" ", source)
    ends = brackets(source)
    links: list[Link] = []
    whole: list[str] = []
    outside: list[str] = []
    place = 0
    while (start := source.find("[", place)) >= 0:
        before = source[place:start]
        whole.append(before)
        outside.append(before)
        found = _link_at(source, start, ends.get(start, -1), references)
        if found is None:
            whole.append("[")
            outside.append("[")
            place = start + 1
            continue
        link, place = found
        links.append(link)
        whole.append(link.text)
    whole.append(source[place:])
    outside.append(source[place:])
    links += [Link(address, address) for address in _AUTOLINK.findall(source)]
    return Inline(plain("".join(whole)), plain("".join(outside)), tuple(links))


def _link_at(source: str, start: int, end: int, references: Mapping[str, str]) -> tuple[Link, int] | None:
    """The link whose text's brackets stand at `start` and `end`, and where it ends."""
    if end < 0 or end - start > _LONGEST_TEXT:
        return None
    text = source[start + 1 : end]
    if found := _ADDRESS.match(source, end + 1):
        return Link(link_text(text), found[1]), found.end()
    if found := _REFERENCE.match(source, end + 1):
        return Link(link_text(text), references.get(found[1].strip().lower(), "")), found.end()
    return None


def brackets(source: str) -> dict[int, int]:
    """Where each square bracket that opens is closed; those that never are have no entry."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACKETS.finditer(source):
        if found[0] == "[":
            opened.append(found.start())
        elif found[0] == "]" and opened:
            ends[opened.pop()] = found.start()
    return ends


def link_text(text: str) -> str:
    """A link's text without its picture and list marks."""
    text = _IMAGE.sub("", text)
    while found := _PICTURE.match(text):
        text = text[found.end() :]
    return plain(text)


def plain(text: str) -> str:
    """The text as it reads: escapes and hard breaks resolved, line ends kept, no address brackets."""
    if "\\" in text:
        text = _HARD_BREAK.sub("\n", text)
        text = _ESCAPE.sub(r"\1", text)
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", text)
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def without_emphasis(text: str) -> str:
    """The text without the stars or underscores that enclose all of it."""
    while (found := _WRAPPED.fullmatch(text.strip())) and found[1] not in found[2]:
        text = found[2]
    return text.strip()
