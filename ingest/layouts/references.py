"""Markdown with reference links, as text browsers print: `### [Title][32]`, and at the end what 32 stands for.

lynx and elinks print `[32]Title` instead, the link ending with its paragraph. The list is read first, in a pass of its
own; of its addresses only those are kept that say something of a paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ingest.layouts.blocks import read_blocks
from ingest.layouts.cards import Block, CardReader
from ingest.layouts.facts import address_id, code_address, login_id
from ingest.layouts.furniture import furniture
from ingest.layouts.headings import title_level
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.markdown import Link
from ingest.layouts.wrapping import join_wrapped
from ingest.reading import Text

_DEFINITION = re.compile(r"\s*(?:\[([^\[\]]{1,40})\]:?|(\d{1,6})[.:)])\s+<?(https?://\S+?|/\S+?)>?(?:\s+[\"'(].*)?$")
_LINKED = re.compile(r"^(?:#{1,6} [^\n]*)?\]\[\d{1,6}\]\s*$|^#{1,6} \[[^\n]*\]\[\d{1,6}\]\s*$", re.MULTILINE)
_MARKER = re.compile(r"\[(\d{1,6})\](?=[^\s(\[:]|\(BUTTON\))")
_ITEM = re.compile(r"^[*+•]\s+")
_BUTTON = re.compile(r"^\(BUTTON\)\s*")
_LIST = re.compile(r"^(?:References|Visible links):?[ \t]*$", re.MULTILINE)
_OWNER = re.compile(r"https?://huggingface\.co/[\w.-]+/?$")
_MOST = 1_000_000  # addresses; facts of later ones are left out


def _likelihood(text: Text) -> float:
    if _LINKED.search(text.sample):
        level, _ = title_level(text)
        return 0.88 if level else 0.0
    return 0.85 if len(_MARKER.findall(text.sample)) >= 3 and _LIST.search(_end_of(text)) else 0.0


def _end_of(text: Text) -> str:
    """Where the list stands: in the sample's end, or in the whole text's."""
    if text.complete:
        return text.sample
    last = ""
    for piece in text.chunks():
        last = (last + piece)[-200_000:]
    return last


def _read(text: Text) -> Reading:
    references = _references(text)
    if _LINKED.search(text.sample):
        level, _ = title_level(text)
        return CardReader(level).read(read_blocks(text.lines(), references))
    return CardReader(0).read(_marked_blocks(text.lines(), references))


def _marked_blocks(lines: Iterable[tuple[int, str]], references: Mapping[str, str]) -> Iterator[Block]:
    """Paragraphs as lynx and elinks print them: "[32]" begins a link, which ends with its paragraph."""
    paragraph: list[tuple[int, str]] = []
    for number, raw in lines:
        line = raw.strip()
        if _LIST.fullmatch(line):
            break
        marked = _MARKER.match(line) is not None
        if paragraph and (not line or marked or _ITEM.match(line) or furniture(line)):
            yield _marked_block(paragraph, references)
            paragraph = []
        if line:
            paragraph.append((number, line))
            if furniture(_MARKER.sub("", line)):
                yield _marked_block(paragraph, references)
                paragraph = []
    if paragraph:
        yield _marked_block(paragraph, references)


def _marked_block(paragraph: list[tuple[int, str]], references: Mapping[str, str]) -> Block:
    source = join_wrapped([_ITEM.sub("", line) for _, line in paragraph])
    text = _MARKER.sub("", source).strip()
    names = _MARKER.findall(source)
    if source.startswith("[") and names:
        return Block(text, paragraph[0][0], (Link(_BUTTON.sub("", text), references.get(names[0], "")),), "")
    return Block(text, paragraph[0][0], (), text)


def _references(text: Text) -> dict[str, str]:
    """The names of the reference links and where they lead."""
    found: dict[str, str] = {}
    for _, line in text.lines():
        if "/" in line and (definition := _DEFINITION.match(line)):
            address = definition[3]
            useful = address_id(address) or login_id(address) or code_address(address) or _OWNER.match(address)
            if useful and len(found) < _MOST:
                found[(definition[1] or definition[2]).strip().lower()] = address
    return found


MARKDOWN_REFERENCES = Layout("Markdown with reference links", _likelihood, _read)
