"""Pages of papers, saved as HTML: the papers page itself, from the JSON that it embeds, else from its cards' markup.

A page that says of itself which paper it is about (ingest/layouts/paper_page.py, entries.py) gives that one. Any other
is read as what gives the most papers: cards, a list whose mark-up names the parts, a table (html_table.py).

`<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="...">` holds HTML-escaped JSON with the
whole abstracts; the cards (`<article><h3><a href="/papers/...">`) hold what is shown. Where a page has the first, the
second would only repeat it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import islice

from ingest.layouts.cards import Block, CardReader
from ingest.layouts.elements import LARGEST_TAG, Event, feed_whole_tags, read_elements, spaced
from ingest.layouts.entries import read_entries, read_headed_paper
from ingest.layouts.facts import arxiv_id, read_date
from ingest.layouts.fields import record_of
from ingest.layouts.headings import level_of_titles
from ingest.layouts.html_table import read_tables
from ingest.layouts.json_feed import papers_in, read_objects
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.markdown import Link
from ingest.layouts.paper_page import read_paper_page
from ingest.reading import Text
from ingest.record import Record, Rejected

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_DATA = re.compile(r"\bdata-props=[\"']")
_PIECE = re.compile(r"<(?:div|article|section|h[1-6]|p|a|span|script|main|ul|table)\b[^>]*>", re.IGNORECASE)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BREAKS = frozenset(
    {"p", "div", "li", "ul", "ol", "article", "section", "header", "footer", "main", "nav", "table", "tr", "td", "th"}
    | {"dl", "dt", "dd", "blockquote", "pre", "figure", "form", "fieldset", "aside", "hr", "button", "time", *_HEADINGS}
)
_SILENT = frozenset({"script", "style", "svg", "noscript", "template", "head", "select", "textarea"})
_IN_HEAD = frozenset({"title", "meta", "link", "base", "script", "style", "noscript", "template"})
_FORMATS = frozenset({"abs", "html", "other", "pdf", "ps"})  # of a paper, as its links are called
_HELD = 2  # megabytes of a page whose elements are held, to be read in several ways
_LOOKED_AT = 8  # megabytes of a page by which it is told how to read it


class _PageParser(HTMLParser):
    """HTML to blocks, and to the JSON texts that it embeds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block | tuple[int, str]] = []  # blocks, and (line, JSON)
        self.parts: list[str] = []
        self.outside: list[str] = []
        self.links: list[Link] = []
        self.line = 0
        self.level = 0
        self.address: str | None = None
        self.link_parts: list[str] = []
        self.silent: list[str] = []
        self.script = ""  # type of a script that may hold JSON
        self.script_parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "data-props" in values:
            self.found.append((self.getpos()[0], values["data-props"]))
        if tag == "script" and "json" in values.get("type", ""):
            self.script, self.script_parts = "json", []
        if tag == "body":
            self.silent.clear()
        elif self.silent[-1:] == ["head"] and tag not in _IN_HEAD:
            self.silent.pop()  # HTML lets "</head>" be left out, and "<body>" too
        if tag in _SILENT:
            self.silent.append(tag)
            return
        if self.silent:
            return
        if tag in _BREAKS and not (tag == "time" or (self.address is not None and tag not in _HEADINGS)):
            self.break_off()
        elif tag in _BREAKS:
            self._text(" " if tag in ("time", "button") else "\n\n")
        if tag in _HEADINGS:
            self.level = _HEADINGS[tag]
        elif tag == "a":
            self._end_link()
            self.address = values.get("href", "")
        elif tag == "br":
            self._text("\n")
        elif tag == "time" and (date := read_date(values.get("datetime", "")[:10])):
            self.break_off()
            self.found.append(Block(f"· {date}", self.getpos()[0], (), f"· {date}"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.script:
            self.found.append((self.getpos()[0], "".join(self.script_parts)))
            self.script = ""
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            elif tag in self.silent:
                del self.silent[self.silent.index(tag) :]
            return
        if tag == "a":
            self._end_link()
        if tag in _BREAKS and tag != "time" and (self.address is None or tag in _HEADINGS):
            self.break_off()
        if tag in _HEADINGS:
            self.level = 0

    def handle_data(self, data: str) -> None:
        if self.script:
            self.script_parts.append(data)
        if not self.silent:
            self._text(data)

    def _text(self, data: str) -> None:
        if not self.line and data.strip():
            self.line = self.getpos()[0]
        if self.address is not None:
            self.link_parts.append(data)
        else:
            self.outside.append(data)
        self.parts.append(data)

    def _end_link(self) -> None:
        if self.address is None:
            return
        text = spaced("".join(self.link_parts))
        self.links.append(Link(text, self.address))
        self.address, self.link_parts = None, []

    def break_off(self) -> None:
        """The paragraph so far becomes a block."""
        address = self.address
        self._end_link()
        text = spaced("".join(self.parts))
        if text or self.links:
            line = self.line or self.getpos()[0]
            outside = spaced("".join(self.outside))
            self.found.append(Block(text, line, tuple(self.links), outside, self.level if text else 0))
        self.parts, self.outside, self.links, self.line = [], [], [], 0
        self.address = address

    def taken(self) -> list[Block | tuple[int, str]]:
        """What was found since the last call."""
        found, self.found = self.found, []
        return found


def _parsed(chunks: Iterable[str]) -> Iterator[Block | tuple[int, str]]:
    """What the page holds, in its order."""
    parser = _PageParser()
    for _ in feed_whole_tags(parser, chunks):
        yield from parser.taken()
        if len(parser.rawdata) > LARGEST_TAG:
            yield (parser.getpos()[0], "")
            parser.rawdata = ""
    rest = parser.rawdata
    if not rest.startswith("<"):
        parser.close()
    parser.break_off()
    yield from parser.taken()
    if rest.startswith("<") and (found := _DATA.search(rest)):  # the file was cut inside the page's data
        yield (parser.getpos()[0], html.unescape(rest[found.end() :]))


def _read(text: Text) -> Reading:
    level = _level(text)
    if _DATA.search(text.sample):
        yield from _read_cards(_parsed(text.chunks()), level)
        return
    looked_at = list(islice(text.chunks(), _LOOKED_AT + 1))
    is_whole = len(looked_at) <= _LOOKED_AT
    beginning = looked_at[:_LOOKED_AT]
    held = list(read_elements(beginning)) if len(beginning) <= _HELD else []

    def events() -> Iterable[Event]:
        return held or read_elements(beginning)

    for read_one in (read_paper_page, read_headed_paper):
        paper = read_one(events())
        if paper and not is_whole:
            paper = read_one(read_elements(text.chunks()))
        if paper:
            yield paper
            return
    cards = list(_read_cards(_parsed(beginning), level))
    entries, rows = list(read_entries(events())), list(read_tables(events()))
    best = max((cards, entries, rows), key=_understood)
    if is_whole:
        yield from best
    elif best is cards:
        yield from _read_cards(_parsed(text.chunks()), level)
    else:
        yield from (read_entries if best is entries else read_tables)(read_elements(text.chunks()))


def _understood(reading: Iterable[Record | Rejected]) -> tuple[int, int]:
    """How many papers there are, then how few that are none: the text of a link ("html", "arXiv:2401.00001") is taken
    for their titles."""
    titles = {item.title.casefold() for item in reading if isinstance(item, Record)}
    none = sum(title in _FORMATS or arxiv_id(title) is not None for title in titles)
    return len(titles) - none, -none


def _read_cards(found: Iterator[Block | tuple[int, str]], level: int) -> Reading:
    data: list[Record | Rejected] = []
    known: set[str] = set()

    def blocks() -> Iterator[Block]:
        for item in found:
            if isinstance(item, Block):
                yield item
            else:
                data.extend(_embedded(*item))

    for item in CardReader(level).read(blocks()):
        yield from _new(data, known)
        if isinstance(item, Rejected) or item.title.casefold() in known:
            if not known:
                yield item
            continue
        yield item
    yield from _new(data, known)


def _new(data: list[Record | Rejected], known: set[str]) -> Reading:
    """The records from a page's data; their titles are remembered, for the cards repeat them."""
    for item in data:
        if isinstance(item, Record):
            known.add(item.title.casefold())
        yield item
    data.clear()


def _embedded(line: int, source: str) -> Reading:
    """The papers in a JSON text that the page embeds; other JSON has none."""
    if '"title"' not in source:
        return
    try:
        found = list(papers_in(json.loads(source, strict=False)))
    except (ValueError, RecursionError):
        if '"dailyPapers"' in source or '"summary"' in source:
            for item in read_objects(iter([source]), numbered=False):
                yield replace(item, line=line)
        return
    for mapping in found:
        yield record_of(mapping, line)


def _level(text: Text) -> int:
    """The level of the headings that are titles, in the sample: those that link to papers, or that stand above an
    "Abstract", as on the page of one paper; 3 as on the papers page where neither is seen."""
    parser = _PageParser()
    parser.feed(text.sample)
    if text.complete:
        parser.break_off()
    blocks = [item for item in parser.taken() if isinstance(item, Block)]
    level, linked = level_of_titles(blocks)
    named = any(block.text.lower().rstrip(":") == "abstract" for block in blocks)
    return level if level and (linked or named) else 3


def _likelihood(text: Text) -> float:
    if _PAGE.match(text.sample):
        return 0.99
    start = text.sample[:20_000].lstrip("\ufeff \n\t")
    if 'data-props="' in start and start.startswith("<"):
        return 0.99
    return 0.9 if start.startswith("<") and len(_PIECE.findall(start)) >= 3 else 0.0


HTML_PAGE = Layout("HTML page", _likelihood, _read)
