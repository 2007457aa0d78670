"""Pages that list papers in blocks alike, told by the names that their mark-up gives the parts: "title", "abstract".

arXiv's lists of new submissions (`<dt>` with the id; `<dd>` with `.list-title`, `.list-authors` and a paragraph), its
search results (`li.arxiv-result` with `p.title`, `p.authors`, `.abstract-full`), and lists of other sites and of one's
own. The abstract is the part of that name; below a title with an arXiv id, else the first paragraph of prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urljoin

from ingest.layouts.cards import SECTION
from ingest.layouts.elements import Element, Event, Passage
from ingest.layouts.facts import address_id, arxiv_id, code_address, read_date, web_address
from ingest.layouts.fields import author_names, record_of
from ingest.layouts.furniture import furniture
from ingest.layouts.layout import Reading
from ingest.layouts.titles import CERTAIN_ABSTRACT, reads_as_prose
from ingest.layouts.wrapping import one_line
from ingest.record import Record

_ROLES = (  # of the part that has one of these words in its class, id or itemprop
    ("cut", frozenset({"short", "preview", "truncated", "teaser", "snippet"})),
    ("abstract", frozenset({"abstract"})),
    ("authors", frozenset({"authors", "author", "creators"})),
    ("title", frozenset({"title", "ptitle"})),
    ("date", frozenset({"date", "published", "submitted"})),
    ("other", frozenset({"comments", "subjects", "keywords", "tags", "venue", "doi", "journal", "footer", "nav"})),
)
_LABEL = re.compile(r"\A(?:title|authors?|abstract|published|submitted|date)(?::\s*|\s*\n\s*)", re.IGNORECASE)
_IDENTIFIER = re.compile(r"arxiv:\s*(\S+?)(?:\s*[\[(].*)?", re.IGNORECASE | re.DOTALL)
_DATE = re.compile(r"\b(?:submitted|published|posted)(?: on)?:? +([^;|]{6,30}?)(?=[;.|]|\Z)", re.IGNORECASE)
_NO_NAME = re.compile(r"et al|\d|additional authors", re.IGNORECASE)
_SAVED_FROM = ("canonical", "og:url")
_ENTRY = frozenset({"li", "dd", "dt", "article", "tr"})
_PARAGRAPHS = frozenset({"p", "blockquote"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6", "strong"})


@dataclass(slots=True)
class _Part:
    element: Element
    role: str
    passage: Passage = field(default_factory=Passage)
    holds_title: bool = False  # it is no part of a paper, but the block of one


@dataclass(slots=True)
class _Entry:
    """What has been read of a paper so far."""

    title: str
    line: int
    place: Element | None  # what the title stands in; beyond it only an "abstract" is still the paper's
    address: str
    listed: bool  # as the item of a list, with its id before or in the title: what is said below it is the abstract
    headed: bool  # it is the page's own heading
    abstract: str = ""
    cut: str = ""
    prose: str = ""  # the first paragraph beside the title
    authors: tuple[str, ...] = ()
    date: str = ""
    code: list[str] = field(default_factory=list)

    def fields(self) -> dict[str, object]:
        """As ingest/layouts/fields.py reads them."""
        return {
            "title": self.title,
            "abstract": self.abstract or (self.prose if self.listed else "") or self.cut,
            "authors": list(self.authors),
            "date": self.date,
            "url": self.address,
            "code": self.code,
        }


class _EntryReader:
    """Turns the elements of a page into records."""

    def __init__(self) -> None:
        self.open: list[Element] = []
        self.parts: list[_Part] = []
        self.entry: _Entry | None = None
        self.base = "https://arxiv.org/"  # whose pages give their addresses without a host
        self.address = ""  # of a paper, seen before its title
        self.headed = False  # the last record's title is the heading of the page
        self.heading: tuple[_Part, str] | None = None  # linked; the title of an abstract whose title has no name

    def read(self, events: Iterable[Event]) -> Reading:
        """The records in their order, and the titles that have no abstract."""
        for event in events:
            if event.kind == "start":
                self._begin(event)
            elif event.kind == "end":
                yield from self._end(event)
            elif self.parts:
                self.parts[-1].passage.take(event)
        yield from self._finish()

    def _begin(self, event: Event) -> None:
        element = event.element
        if element.tag in ("link", "meta"):
            names = element.attributes.get("rel"), element.attributes.get("property")
            address = element.attributes.get("href") or element.attributes.get("content") or ""
            if any(name in _SAVED_FROM for name in names) and web_address(address):
                self.base = address
        role = self._role(element)
        if self.parts and not role:
            self.parts[-1].passage.take(event)
        if role:
            self.parts.append(_Part(element, role))
            if element.tag == "a":
                self.parts[-1].passage.take(event)
        elif element.tag == "a" and not self._inside("abstract"):
            self._link(element)
        elif element.tag == "time" and self.entry is not None:
            self.entry.date = self.entry.date or read_date(element.attributes.get("datetime", "")[:10]) or ""
        if element.tag in ("li", "dt", "tr", "article") and not self._within():
            self.address = ""
        self.open.append(element)

    def _role(self, element: Element) -> str:
        """What the element holds of a paper; "" for nothing, or for more of what it stands in."""
        within = self._within()
        if element.tag in ("html", "body", "main", "button", "input", "svg", "img", "link", "meta"):
            return ""
        roles = [role for role, words in _ROLES if not words.isdisjoint(element.words)]
        if element.tag == "a":
            return "title" if roles == ["title"] and not within else ""
        if "title" in roles and "abstract" in roles:
            roles = []
        if roles[:1] == ["cut"]:
            return "cut" if within == "abstract" or "abstract" in roles else ""
        role = roles[0] if roles else ""
        if not role and not within and element.tag in _PARAGRAPHS and self._beside_title():
            return "paragraph"
        if not role and within in ("", "paragraph") and element.tag in _HEADINGS:
            return "heading"
        return "" if role == within or (within == "abstract" and role != "title") else role

    def _within(self) -> str:
        """The role of the part that is open; "" for none."""
        return self.parts[-1].role if self.parts and not self.parts[-1].holds_title else ""

    def _beside_title(self) -> bool:
        return self.entry is not None and self.entry.place is not None and self.entry.place in self.open

    def _inside(self, role: str) -> bool:
        return any(part.role == role and not part.holds_title for part in self.parts)

    def _link(self, element: Element) -> None:
        address = self._whole(element.attributes.get("href", ""))
        if address_id(address) is None:
            if self.entry is not None and not self._within() and (code := code_address(address)):
                self.entry.code.append(code)
        elif self.entry is not None and self._beside_title():
            self.entry.address = self.entry.address or address
        elif self._inside("title") or not (self.address or any(one.tag in _PARAGRAPHS for one in self.open[-4:])):
            self.address = address

    def _whole(self, address: str) -> str:
        try:
            return urljoin(self.base, address.strip())
        except ValueError:  # for example an unclosed bracket of an IPv6 host
            return ""

    def _end(self, event: Event) -> Reading:
        element = event.element
        if self.open and self.open[-1] is element:
            self.open.pop()
        if self.parts and self.parts[-1].element is element:
            part = self.parts.pop()
            if not part.holds_title:
                yield from self._take(part)
        elif self.parts:
            self.parts[-1].passage.take(event)
        entry, more = self.entry, element.tag in ("dt", "tr")  # whose abstract may stand in the next one
        if entry is not None and entry.place is element and element.tag in _ENTRY and (entry.abstract or not more):
            yield from self._finish()

    def _take(self, part: _Part) -> Reading:
        text = _LABEL.sub("", part.passage.text())
        if part.role == "heading":
            self.heading = (part, one_line(text)) if part.passage.links else self.heading
            if self.parts:
                self.parts[-1].passage.parts.append(text)  # of a paragraph, it is also a word in bold
            return
        if part.role == "abstract" and self.heading:
            yield from self._title(*self.heading)
        if part.role == "title":
            yield from self._title(part, one_line(text))
            return
        entry = self.entry
        if entry is None:
            return
        if part.role == "abstract":
            entry.abstract = entry.abstract or text
            addresses = (address for _, address in part.passage.links)
            entry.code += [code for address in addresses if (code := code_address(address))]
        elif part.role == "cut":
            entry.cut = entry.cut or text
        elif part.role == "authors":
            linked = [name for name, _ in part.passage.links if name and not _NO_NAME.search(name)]
            entry.authors = entry.authors or tuple(linked) or author_names(text)
        elif part.role == "date":
            entry.date = entry.date or read_date(one_line(text)) or ""
        elif part.role == "paragraph":
            dates = [date for found in _DATE.findall(text) if (date := read_date(found))]
            if dates and len(text) <= 300:  # "Submitted 5 May, 2024; v1 submitted 3 April, 2024": the first version's
                entry.date = entry.date or min(dates)
            elif not entry.prose and reads_as_prose(text):
                entry.prose = text

    def _title(self, part: _Part, text: str) -> Reading:
        if found := _IDENTIFIER.fullmatch(text):  # arXiv's search calls this line "list-title"
            if identifier := arxiv_id(found[1]):
                self.address = f"https://arxiv.org/abs/{identifier}"
            return
        if not text or len(text) > CERTAIN_ABSTRACT or SECTION.fullmatch(text) or furniture(text) == "certain":
            return
        yield from self._finish()
        self.heading = None
        for outer in self.parts:
            outer.holds_title = True
        place = next((one for one in reversed(self.open[-6:]) if one.tag in _ENTRY), None)
        place = place or (self.open[-1] if self.open else None)
        links = (self._whole(address) for _, address in part.passage.links)
        own = next((address for address in links if web_address(address) and "#" not in address), "")
        address = self.address or own
        listed = address_id(address) is not None and place is not None and place.tag in _ENTRY
        self.entry, self.address = _Entry(text, part.element.line, place, address, listed, part.element.tag == "h1"), ""

    def _finish(self) -> Reading:
        entry, self.entry = self.entry, None
        if entry is None:
            return
        if entry.abstract or entry.cut or entry.authors or address_id(entry.address):
            self.headed = entry.headed if entry.abstract else self.headed
            yield record_of(entry.fields(), entry.line)  # else it was the title of a page


def read_entries(events: Iterable[Event]) -> Reading:
    """The papers of a page's list, and the titles that have no abstract."""
    return _EntryReader().read(events)


def read_headed_paper(events: Iterable[Event]) -> Record | None:
    """The paper of a page whose heading is its title, whatever its sections are called; None where there are more."""
    reader = _EntryReader()
    found = list(islice(_records(reader.read(events)), 2))
    return found[0] if len(found) == 1 and reader.headed else None


def _records(reading: Reading) -> Iterator[Record]:
    return (item for item in reading if isinstance(item, Record))
