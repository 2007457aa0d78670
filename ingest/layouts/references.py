"""Markdown with reference links, as text browsers print: `### [Title][32]`, and at the end what 32 stands for.

lynx and elinks print `[32]Title` instead, the link ending with its paragraph. A file may hold several pages, one behind
the other, each with numbers of its own. The lists are read first, in a pass of their own, which finds out where a page
ends; of their addresses only those are kept that say something of a paper.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby

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
_ENTRY = re.compile(r"\s*(?:\[([^\[\]]{1,40})\]:?|(\d{1,6})[.:)])\s+\S")  # in a list already, wherever it leads
_LINKED = re.compile(r"^(?:#{1,6} [^\n]*)?\]\[\d{1,6}\]\s*$|^#{1,6} \[[^\n]*\]\[\d{1,6}\]\s*$", re.MULTILINE)
_MARKER = re.compile(r"\[(\d{1,6})\](?=[^\s(\[:]|\(BUTTON\))")
_ITEM = re.compile(r"^[*+•]\s+")
_BUTTON = re.compile(r"^\(BUTTON\)\s*")
_LIST = re.compile(r"^(?:References|Visible links):?[ \t]*$", re.MULTILINE)
_LIST_HEADS = ("References", "Visible links", "Hidden links")
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
    pages = _pages(text)
    ends = [page.last for page in pages[:-1]]
    numbered = groupby(text.lines(), key=lambda line: bisect_left(ends, line[0]))
    parts = ((lines, pages[number].references()) for number, lines in numbered)
    if _LINKED.search(text.sample):
        level, _ = title_level(text)
        return CardReader(level).read(chain.from_iterable(read_blocks(*part) for part in parts))
    return chain.from_iterable(CardReader(0).read(_marked_blocks(*part)) for part in parts)


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


@dataclass(slots=True)
class _Links:
    """Entries of a list of links that stand together."""

    sure: bool  # a list of links it is, for it has a head or is written as Markdown's definitions are
    headed: bool  # "References" or the like stands above
    last: int = 0  # line
    addresses: dict[str, str] = field(default_factory=dict)
    lowest: int = sys.maxsize  # of the numbers, as is the next
    highest: int = 0


@dataclass(slots=True)
class _Page:
    """One page of the file."""

    last: int = 0  # line; of no use for the file's last page
    listed: dict[str, str] = field(default_factory=dict)
    loose: dict[str, str] = field(default_factory=dict)  # from what may be a list of links or a text's own

    def references(self) -> Mapping[str, str]:
        """The names of the reference links and where they lead."""
        return ChainMap(self.listed, self.loose)


def _pages(text: Text) -> list[_Page]:
    """The pages of a file. One ends with a headed list, and before a list whose numbers begin anew."""
    pages, highest, end = [_Page()], 0, 0
    for links in _lists(text.lines()):
        if not links.sure:
            pages[-1].loose.update(links.addresses)
            continue
        if links.lowest <= highest:
            pages[-1].last, highest = end, 0
            pages.append(_Page())
        pages[-1].listed.update(links.addresses)
        highest, end = max(highest, links.highest), links.last
        if links.headed:
            pages[-1].last, highest = end, 0
            pages.append(_Page())
    text.unreadable.clear()  # it is told when the text is read
    return pages


def _lists(lines: Iterable[tuple[int, str]]) -> Iterator[_Links]:
    headed, links, kept = False, None, 0
    for number, line in lines:
        if not (stripped := line.strip()):
            continue
        definition = _DEFINITION.match(line) if "/" in line else None
        entry = definition or (_ENTRY.match(line) if headed or links else None)
        if entry is None:
            if stripped.rstrip(":") in _LIST_HEADS:
                headed = True
                continue
            if links:
                yield links
            headed, links = False, None
            continue
        links = links or _Links(headed or stripped.startswith(f"[{entry[1]}]:"), headed)
        links.last = number
        name = (entry[1] or entry[2]).strip().lower()
        if name.isdecimal():
            links.lowest, links.highest = min(links.lowest, int(name)), max(links.highest, int(name))
        if definition and kept < _MOST and _says_something(definition[3]):
            links.addresses[name] = definition[3]
            kept += 1
    if links:
        yield links


def _says_something(address: str) -> bool:
    return bool(address_id(address) or login_id(address) or code_address(address) or _OWNER.match(address))


MARKDOWN_REFERENCES = Layout("Markdown with reference links", _likelihood, _read)
