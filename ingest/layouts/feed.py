"""Feeds in XML: Atom, as arXiv's API answers (RFC 4287), and RSS, as arXiv, bioRxiv and journals publish it.

The entries are cut out of the text, and each is given by itself to the standard library's expat. So damage costs the
entry that it is in, and no document type ever reaches the parser: without one no entity can be declared, neither one
that names a file or an address nor one that grows without end. Prefixes are not looked up ("dc:creator" is "creator").
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from xml.parsers import expat

from ingest.layouts.facts import address_id, read_date
from ingest.layouts.fields import record_of
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.markup import MARKUP_TAG, without_markup
from ingest.reading import Text
from ingest.record import Record, Rejected, rejected

_BEFORE_ROOT = re.compile(
    r"(?:This XML file does not appear[^\n]*\n)?"  # as browsers show a feed
    r"(?:\s|(?><\?.*?\?>)|(?><!--.*?-->)|(?><!DOCTYPE\b[^>\[]*(?:\[.*?\]\s*)?>))*+<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)",
    re.DOTALL | re.IGNORECASE,
)
_ROOTS = frozenset({"feed", "rss", "rdf", "channel", "entry", "item"})
_MARK = re.compile(r"<!\[CDATA\[|<!--|<(?:[\w.-]+:)?(?:entry|item)(?=[\s>])|</(?:[\w.-]+:)?(?:entry|item)\s*>")
_LARGEST_ENTRY = 4_000_000  # characters
_LONE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:[A-Za-z][A-Za-z0-9]{1,30};)?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML
_OTHER_VOCABULARIES = ("media:", "itunes:", "googleplay:")  # of pictures and sound; they repeat the title
_DATES = ("published", "pubdate", "date", "publicationdate", "issued", "created", "updated", "modified")
_MAILBOX = re.compile(r"\S+@\S+\s+\((.+)\)")  # RSS: "ada@example.org (Ada Byron)"
_ANNOUNCED = re.compile(r"\A\s*arXiv:\S+\s+Announce Type:\s*[\w-]+\s+(?:Abstract:\s*)?", re.IGNORECASE)
_IN_TITLE = re.compile(r"\.?\s*\(arXiv:(\S+)(?: \[[^\]]*\])?(?: UPDATED)?\)\s*$")  # arXiv's RSS until 2024
_ABSTRACT_BELOW = re.compile(r"(?:\A|\n)\s*abstract\s*:?\s*\n", re.IGNORECASE)  # PubMed puts the journal above
_ABSTRACT_LABEL = re.compile(r"\A\s*abstract\s*[:.]\s+", re.IGNORECASE)
_PUBLISHED_ONLINE = re.compile(r"\A[^\n]{0,100}\bPublished online: [^\n]*\n")  # above the abstract, Nature
_BELOW_ABSTRACT = re.compile(r"\n\s*(?:PMID:|The post [^\n]+ appeared first on ).*\Z", re.DOTALL)
_CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*\Z")


def xml_root(sample: str) -> str:
    """The name of the element that XML or HTML begins with, in lower case without a prefix; "" for any other text."""
    found = _BEFORE_ROOT.match(sample.lstrip("\ufeff"))
    return found[1].lower() if found else ""


def is_feed(sample: str) -> bool:
    """Whether XML begins like a feed."""
    root = xml_root(sample)
    return root in _ROOTS and (root in ("feed", "rss") or bool(_MARK.search(sample)))


def _likelihood(text: Text) -> float:
    return 0.98 if is_feed(text.sample) else 0.0


def _read(text: Text) -> Reading:
    for line, source, whole in _entries(text.chunks()):
        if not whole:
            yield rejected(line, "The feed breaks off inside this entry.", source)
            continue
        try:
            found = _fields(source)
        except expat.ExpatError as error:
            yield rejected(line, f"This entry of the feed is damaged: {expat.ErrorString(error.code)}.", source)
        else:
            yield _record(found, line)


def _entries(chunks: Iterator[str]) -> Iterator[tuple[int, str, bool]]:
    """The line, the source and whether it is whole of every entry."""
    text, place, line, ended = "", 0, 1, False
    while True:
        start, end = _bounds(text, place)
        if end < 0 and not ended and (start < 0 or len(text) - start < _LARGEST_ENTRY):
            kept = start if start >= 0 else max(len(text) - 100, place)  # a mark may be cut in two
            line += text.count("\n", place, kept)
            parts, place = [text[kept:]], 0
            wanted = max(len(parts[0]), 1)  # doubling keeps the work linear
            while wanted > 0 and not ended:
                piece = next(chunks, None)
                ended = piece is None
                parts.append(piece or "")
                wanted -= len(parts[-1])
            text = "".join(parts)
            continue
        if start < 0:
            return
        line += text.count("\n", place, start)
        source = text[start:end] if end >= 0 else text[start : start + 400]
        yield line, source, end >= 0
        line += source.count("\n") if end >= 0 else 0
        place = end if end >= 0 else start + 1


def _bounds(text: str, place: int) -> tuple[int, int]:
    """Where the next entry begins and ends, -1 where that is not in the text. Another entry ends one left open."""
    start = -1
    while found := _MARK.search(text, place):
        mark, place = found[0], found.end()
        if mark.startswith("<!"):
            close = text.find("-->" if mark == "<!--" else "]]>", place)
            if close < 0:
                return start, -1
            place = close + 3
        elif start >= 0:
            return start, place if mark.startswith("</") else found.start()
        elif not mark.startswith("</"):
            start = found.start()
    return start, -1


def _fields(source: str) -> dict[str, list[str]]:
    """The texts of an entry's elements by name; HTML inside them with its tags. Raises expat.ExpatError."""
    found: dict[str, list[list[str]]] = defaultdict(list)  # each text in the pieces that the parser gives
    path: list[str] = []

    def said(text: str) -> None:
        if len(path) > 2 and path[1] in ("author", "contributor") and path[2] != "name":
            return  # an author's address, mail or affiliation
        if len(path) > 1:
            found[path[1]][-1].append(text)

    def begin(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        path.append(f"other {local}" if len(path) == 1 and name.startswith(_OTHER_VOCABULARIES) else local)
        if len(path) == 2:
            found[path[1]].append([])
            if local == "link" and attributes.get("rel", "alternate") == "alternate":
                found["link"][-1] = [attributes.get("href", "")]
        elif MARKUP_TAG.fullmatch(f"<{local}>"):
            said(f"<{local}>")

    def end(name: str) -> None:
        local = name.rpartition(":")[2].lower()
        if len(path) > 2 and MARKUP_TAG.fullmatch(f"</{local}>"):
            said(f"</{local}>")
        path.pop()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, said
    parser.Parse(_FORBIDDEN.sub("", _LONE.sub(_named, source)), True)
    return {name: ["".join(pieces) for pieces in texts] for name, texts in found.items()}


def _named(found: re.Match[str]) -> str:
    """A "&" that begins none of XML's own entities: HTML's become their characters, any other is a mere "&"."""
    character = html.unescape(found[0]) if found[0].endswith(";") else found[0]
    return f"&amp;{found[0][1:]}" if character == found[0] or character in "<>&" else character


def _record(found: dict[str, list[str]], line: int) -> Record | Rejected:
    def first(*names: str) -> str:
        return next((text.strip() for name in names for text in found.get(name, ()) if text.strip()), "")

    title, identifier = first("title"), first("id", "guid", "identifier").removeprefix("oai:arXiv.org:")
    abstract = _abstract(first("summary", "description", "abstract"))
    if (whole := _abstract(first("encoded", "content"))) and (not abstract or _CUT.search(abstract)):
        abstract = whole
    if "arxiv.org/api/errors" in identifier:
        return rejected(line, "arXiv answered with an error instead of papers.", abstract or title)
    in_title = _IN_TITLE.search(title)
    named = found.get("author", []) or found.get("creator", [])
    people = [name for one in named if (name := _MAILBOX.sub(r"\1", without_markup(one).strip()))]
    links = [link.strip() for link in [*found.get("link", ()), *found.get("guid", ()), *found.get("id", ())]]
    doi = first("doi").removeprefix("doi:")
    fields: dict[str, object] = {
        "title": title[: in_title.start()] if in_title else title,
        "abstract": abstract,
        "authors": people if len(people) > 1 else next(iter(people), ""),
        "published": next((text for name in _DATES if read_date(text := first(name))), ""),
        "url": next((link for link in links if link.startswith("http")), f"https://doi.org/{doi}" if doi else ""),
        "id": identifier,
        "arxivid": in_title[1] if in_title else next((link for link in links if address_id(link)), ""),
    }
    return record_of(fields, line)


def _abstract(text: str) -> str:
    """What a feed says of a paper, without what it says around the abstract."""
    text = without_markup(_ANNOUNCED.sub("", text)).strip()
    if found := _ABSTRACT_BELOW.search(text):
        text = text[found.end() :]
    text = _ABSTRACT_LABEL.sub("", _PUBLISHED_ONLINE.sub("", text))
    return _BELOW_ABSTRACT.sub("", text)


FEED = Layout("Atom/RSS feed", _likelihood, _read)
