"""The page of one paper, by what it says about itself: as arXiv, OpenReview, the ACL Anthology and journals do.

`<meta name="citation_title">` and its like (https://scholar.google.com/intl/en/scholar/inclusion.html#indexing), Dublin
Core, and JSON-LD (https://schema.org/ScholarlyArticle). Where these hold no abstract, the page's own part of that name
is taken. Descriptions made for other sites ("og:description") may be cut, so they come last, and never make a paper.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ingest.layouts.elements import Element, Event, Passage
from ingest.layouts.facts import address_id, arxiv_id, web_address
from ingest.layouts.fields import author_names, record_of, turned
from ingest.layouts.markup import without_markup
from ingest.layouts.titles import ends_sentence
from ingest.record import Record

_TITLE = ("citation_title", "bepress_citation_title", "eprints.title", "dc.title", "dcterms.title")
_ABSTRACT = ("citation_abstract", "dcterms.abstract", "eprints.abstract")
_DESCRIPTION = ("dc.description", "dcterms.description", "description", "og:description")
_AUTHORS = ("citation_author", "citation_authors", "bepress_citation_author", "dc.creator", "dcterms.creator")
_DATE = ("citation_date", "citation_publication_date", "citation_online_date", "citation_cover_date",
         "bepress_citation_date", "dc.date", "dcterms.issued", "article:published_time", "citation_year")  # fmt: skip
_ADDRESS = ("citation_abstract_html_url", "citation_public_url", "canonical", "og:url", "citation_pdf_url")
_ARTICLES = frozenset({"ScholarlyArticle", "MedicalScholarlyArticle", "Thesis", "Report", "TechArticle"})
_LABEL = re.compile(r"\A(?:abstract|summary)(?::\s*|\.\s+|\s*[—–]\s*|\s*\n\s*)", re.IGNORECASE)
_CUT = re.compile(r"(?:\.\.\.|…)\s*\Z")
_FEWEST, _MOST = 80, 8_000  # characters of an abstract whose name is less than certain
_WORDS = 4  # a title of fewer may stand in the abstract
_LEVELS = 6  # levels of objects and lists, or of parts called "abstract", that are looked into


def read_paper_page(events: Iterable[Event]) -> Record | None:
    """The paper that a page is about, or None where it says of none, or of several, or has no abstract."""
    said: dict[str, list[str]] = defaultdict(list)
    articles: list[Mapping[str, object]] = []
    line = 1
    for event in _noted(events, said):
        attributes = event.element.attributes
        if event.kind == "text" and event.element.tag == "script":
            articles += _articles(event.text)
        elif event.kind == "start" and event.element.tag in ("meta", "link"):
            name = (attributes.get("name") or attributes.get("property") or attributes.get("rel", "")).lower()
            if value := (attributes.get("content") or attributes.get("href", "")).strip():
                line = event.element.line if name in _TITLE and not said[name] else line
                said[name].append(value)
    article = articles[0] if len(articles) == 1 else {}
    titles = _first(said, _TITLE) or [str(article.get("headline") or article.get("name") or "")]
    if len(set(titles)) > 1 or not titles[0]:
        return None
    item = record_of(_fields(titles[0], said, article), line)
    return item if isinstance(item, Record) else None


def _noted(events: Iterable[Event], said: dict[str, list[str]]) -> Iterator[Event]:
    """The events; the texts of the page's own abstracts are put under "abstract"."""
    open_ones: list[tuple[Element, Passage]] = []  # a page may call all of it "abstract", and again a part
    for event in events:
        if open_ones and event.kind == "end" and event.element is open_ones[-1][0]:
            text = _LABEL.sub("", open_ones.pop()[1].text())
            if _FEWEST <= len(text) <= _MOST:
                said["abstract"].append(text)
        for _, passage in open_ones:
            passage.take(event)
        if event.kind == "start" and "abstract" in event.element.words and len(open_ones) < _LEVELS:
            open_ones.append((event.element, Passage()))
        yield event


def _fields(title: str, said: Mapping[str, list[str]], article: Mapping[str, object]) -> dict[str, object]:
    addresses = [found for name in _ADDRESS for one in said.get(name, ()) if (found := web_address(one))]
    doi = next(iter(said.get("citation_doi", ())), "").removeprefix("doi:").strip()
    named = [*said.get("citation_arxiv_id", ()), *(found for one in addresses if (found := address_id(one)))]
    identifier = next((found for one in named if (found := arxiv_id(one))), "")
    links = (web_address(article.get(name)) for name in ("url", "@id", "identifier", "sameAs"))
    authors: object = _first(said, _AUTHORS) or article.get("author") or article.get("creator") or ""
    if isinstance(authors, list) and len(authors) == 1 and isinstance(authors[0], str):
        authors = authors[0].strip(" ;")  # perhaps all in one
    return {
        "title": title,
        "abstract": _abstract(said, article, _about(title, authors)),
        "authors": authors,
        "date": next(iter(_first(said, _DATE)), "") or article.get("datePublished", ""),
        "url": next(iter([*addresses, *filter(None, links)]), "") or (f"https://doi.org/{doi}" if doi else ""),
        "arxivid": identifier,
        "id": identifier or doi,
    }


def _about(title: str, authors: object) -> list[str]:
    """What a page's own sentence about a paper says and its abstract does not: the whole title, an author's name."""
    names = (
        [one for one in authors if isinstance(one, str)] if isinstance(authors, list) else author_names(str(authors))
    )
    known = [turned(name).casefold() for name in names]
    return [name for name in known if " " in name] + ([title.casefold()] if title.count(" ") >= _WORDS - 1 else [])


def _abstract(said: Mapping[str, list[str]], article: Mapping[str, object], about: list[str]) -> str:
    """The abstract at its best: named so, whole and long before cut."""
    known = [*_first(said, _ABSTRACT), article.get("abstract"), *sorted(said.get("abstract", ()), key=len)[-1:]]
    texts = [without_markup(text).strip() for text in known if isinstance(text, str)]
    if whole := next((text for text in texts if text and not _CUT.search(text)), ""):
        return _LABEL.sub("", whole)
    described = [*(text for name in _DESCRIPTION for text in said.get(name, ())), article.get("description")]
    plain = [without_markup(text).strip() for text in described if isinstance(text, str)]
    plain = [text for text in plain if not any(name in text.casefold() for name in about)]
    texts = [text for text in (*texts, *plain) if len(text) >= _FEWEST]
    return max(texts, key=lambda text: (ends_sentence(text) and not _CUT.search(text), len(text)), default="")


def _first(said: Mapping[str, list[str]], names: Iterable[str]) -> list[str]:
    return next((values for name in names if (values := said.get(name))), [])


def _articles(source: str) -> list[Mapping[str, object]]:
    """The scholarly articles in a JSON-LD text, without the works that they cite or are part of."""
    try:
        return list(_articles_in(json.loads(source, strict=False), _LEVELS))
    except (ValueError, RecursionError):
        return []


def _articles_in(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth == 0:
        return
    if isinstance(value, list):
        for part in value:
            yield from _articles_in(part, depth - 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if not _ARTICLES.isdisjoint(kinds if isinstance(kinds, list) else [str(kinds)]):
            yield value
            return
        for name in ("@graph", "mainEntity"):
            yield from _articles_in(value.get(name), depth - 1)
