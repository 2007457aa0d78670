"""HTML as its elements: where each begins and ends, and the text between; with the ends that HTML lets be left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

LARGEST_TAG = 64_000_000  # characters; a page's data is a few hundred thousand

_DEEPEST = 200  # elements inside each other; what is deeper is read as text of these
_EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SILENT = frozenset({"script", "style", "svg", "noscript", "template", "select", "textarea"})
# A tag that begins ends those of the second group, unless one of the third stands between.
_ENDS = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
}
_BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th", "section", "article", "blockquote"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "main", "nav", "pre", "hr", "form", "figure"}
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SET_FORMULA = re.compile(r"\bMathJax(?:_(?:Preview|Display|SVG|CHTML))?\b")  # its source stands in a script behind it


@dataclass(slots=True, eq=False)
class Element:
    """A tag that has begun."""

    tag: str
    attributes: dict[str, str]
    line: int
    words: frozenset[str] = frozenset()  # of its classes, its id and its itemprop, in lower case


class Event(NamedTuple):
    """An element begins or ends, or a text stands in it."""

    kind: str  # "start", "end", "text"
    element: Element
    text: str = ""


@dataclass(slots=True)
class Passage:
    """The text of an element, with its links, while it is put together from events."""

    parts: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)  # what stands outside the links
    links: list[tuple[str, str]] = field(default_factory=list)  # text, address as it stands
    _link: tuple[int, str] | None = None  # where in `parts` the open link begins, and its address

    def take(self, event: Event) -> None:
        """Take the next event inside the element."""
        tag = event.element.tag
        if event.kind == "text":
            self.parts.append(event.text)
            if self._link is None:
                self.outside.append(event.text)
        elif tag in ("a", "button"):
            self._end_link()
            if event.kind == "start":
                self._link = len(self.parts), event.element.attributes.get("href", "")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")

    def _end_link(self) -> None:
        if self._link is None:
            return
        (place, address), self._link = self._link, None
        text = " ".join("".join(self.parts[place:]).split())
        if _MORE.fullmatch(text):
            del self.parts[place:]
        elif _HIDDEN_ADDRESS.fullmatch(text) and address.startswith("http"):  # arXiv shows it as "this https URL"
            self.parts[place:] = [address]
        self.links.append((text, address))

    def text(self) -> str:
        """The paragraphs, parted by blank lines."""
        self._end_link()
        return spaced("".join(self.parts))


_MORE = re.compile(r"[△▽▲▼▸▾+\[… ]*(?:(?:show|read|see|view) )?(?:more|less)[\]… ]*", re.IGNORECASE)
_HIDDEN_ADDRESS = re.compile(r"this (?:https?|ftp) URL")


def spaced(text: str) -> str:
    """The text with its paragraphs in one line each, as a browser shows it."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


class _ElementParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = [Element("", {}, 1)]
        self.found: list[Event] = []
        self.silent = 0  # how many elements are open whose content is not shown

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._end_others(tag)
        names = " ".join(values.get(name, "") for name in ("class", "id", "itemprop"))
        words = frozenset(word.lower() for word in _WORD.findall(names))
        element = Element(tag, values, self.getpos()[0], words)
        self._say(Event("start", element))
        if tag in _EMPTY or len(self.open) > _DEEPEST:
            self._say(Event("end", element))
            return
        self.open.append(element)
        self.silent += _is_silent(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # HTML knows no "<div/>": the slash says nothing

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                self._end_from(place)
                return
            if self.open[place].tag == "table" and tag != "table":
                return

    def handle_data(self, data: str) -> None:
        element = self.open[-1]
        kind = element.attributes.get("type", "") if element.tag == "script" else ""
        if "ld+json" in kind:
            self.found.append(Event("text", element, data))
        elif kind.startswith("math/tex"):
            self._say(Event("text", self.open[-2], f"${data}$"), inside=1)
        else:
            self._say(Event("text", element, data))

    def _say(self, event: Event, *, inside: int = 0) -> None:
        if self.silent <= inside:
            self.found.append(event)

    def _end_others(self, tag: str) -> None:
        """End the elements whose end tags HTML lets be left out before this one."""
        if tag in _BLOCKS and self.open[-1].tag == "p":
            self._end_from(len(self.open) - 1)
        ended, between = _ENDS.get(tag, (frozenset(), frozenset()))
        if not ended:
            return
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag in ended:
                self._end_from(place)
                return
            if self.open[place].tag in between:
                return

    def _end_from(self, place: int) -> None:
        while len(self.open) > place:
            element = self.open.pop()
            self.silent -= _is_silent(element)
            self._say(Event("end", element))

    def close_all(self) -> None:
        """The page is over: whatever is open ends."""
        self._end_from(1)

    def taken(self) -> list[Event]:
        """What was found since the last call."""
        found, self.found = self.found, []
        return found


def _is_silent(element: Element) -> bool:
    shown = element.attributes.get("class", "")
    return element.tag in _SILENT or ("MathJax" in shown and bool(_SET_FORMULA.search(shown)))


def feed_whole_tags(parser: HTMLParser, chunks: Iterable[str]) -> Iterator[None]:
    """Feed a page to a parser, and stop after each time. A tag is parsed when it is whole: long ones are read once."""
    waiting: list[str] = []
    length = 0
    for piece in chunks:
        waiting.append(piece)
        length += len(piece)
        if length < len(parser.rawdata):
            continue
        parser.feed("".join(waiting))
        waiting, length = [], 0
        yield
    parser.feed("".join(waiting))


def read_elements(chunks: Iterable[str]) -> Iterator[Event]:
    """The events of a page in its order."""
    parser = _ElementParser()
    for _ in feed_whole_tags(parser, chunks):
        yield from parser.taken()
        if len(parser.rawdata) > LARGEST_TAG:
            parser.rawdata = ""
    if not parser.rawdata.startswith("<"):
        parser.close()
    parser.close_all()
    yield from parser.taken()
