"""One paper as it is put together while a page is read: its title and address, its abstract, the facts around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.layouts.facts import (
    address_id,
    arxiv_id,
    code_address,
    code_in_text,
    paper_url,
    read_date,
    web_address,
    without_repeats,
)
from ingest.layouts.fields import author_names
from ingest.layouts.markdown import Link
from ingest.layouts.summaries import is_one_sentence_summary
from ingest.layouts.titles import ends_sentence
from ingest.record import Record

# "**arXiv:** https://..." as people write in their notes, "arXiv:: https://..." as Obsidian and Logseq have it; without
# stars only before the abstract, or where a label has told the abstract
LABELLED = re.compile(
    r"(?P<mark>\*\*|__|\*|_|)(?P<name>authors?|arxiv(?: id)?|urls?|links?|source|paper|pdf|code|github|repository|"
    r"date|published|year|venue|journal|conference|categories|subjects?|tags|topics|keywords|abstract|summary)"
    r"(?:\s*(?:::?|：)\s*(?P=mark)|(?P=mark)\s*(?:::?|：))\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FACTS = re.compile(r"authors?|meta ?data|details|info(?:rmation)?|properties|links?|urls?|code", re.IGNORECASE)
WIKI_LINK = re.compile(r"\[\[(?:[^\[\]\n|]*\|)?([^\[\]\n|]*)\]\]")  # [[Name]], [[Note|Name]]
_LONGEST_FACT = 400  # characters
_OF_ADDRESS = ("arxiv", "arxiv id", "url", "urls", "link", "links", "source", "paper", "pdf")
_FEWEST_BLANKS = 3  # of a text that may be an abstract although it ends like none


@dataclass(slots=True)
class Card:
    """What has been read of a paper so far."""

    title: str
    line: int
    arxiv: str | None
    url: str | None
    abstract: list[str] = field(default_factory=list)
    doubtful: str = ""  # a first text that may be a label rather than the abstract
    authors: tuple[str, ...] = ()
    organisation: str | None = None
    date: str | None = None
    upvotes: int | None = None
    code: list[str] = field(default_factory=list)
    closed: bool = False  # small facts have followed the abstract
    generated: bool = False  # a mark said that `doubtful` was made by a model
    section: str = ""  # the heading below the title that facts stand under; "" elsewhere
    headed: bool = False  # the abstract stands under a heading "Abstract", or behind that word and a colon

    def take_address(self, address: str, identifier: str) -> None:
        """The address and id of its page, where none is known yet."""
        if self.arxiv is None:
            self.arxiv, self.url = identifier, whole_address(address, identifier)

    def open_abstract(self, *, is_summary: bool) -> None:
        """The abstract's heading: what came before is none. A summary is one only where no abstract has its heading."""
        if is_summary and self.headed and self.abstract:
            self.open_section("")
            return
        self.abstract, self.doubtful, self.closed, self.section = [], "", False, ""
        self.headed = not is_summary

    def open_section(self, name: str) -> None:
        """A heading below the title, or "" where a part ends: what follows is not the abstract, if that has come."""
        self.closed = bool(name or self.abstract)
        self.section = name if _FACTS.fullmatch(name.rstrip(": ")) else ""

    def take_in_section(self, text: str) -> None:
        """Take what stands under a heading of facts."""
        if found := LABELLED.fullmatch(text.strip()):
            self.take_labelled(found, after_abstract=True)
        elif self.section.lower().startswith("author") and len(text) <= _LONGEST_FACT and not ends_sentence(text):
            names = author_names(WIKI_LINK.sub(r"\1", text))
            self.authors += tuple(name for name in names if name not in self.authors)

    def take_links(self, found: re.Match[str], links: Iterable[Link]) -> None:
        """The paper's address in a fact whose text does not show it: "**Link:** [arXiv](https://...)"."""
        if found["name"].lower() in _OF_ADDRESS and (found["mark"] or not self.abstract or self.section):
            for link in links:
                if identifier := address_id(link.address):
                    self.take_address(link.address, identifier)

    def take_labelled(self, found: re.Match[str], *, after_abstract: bool = False) -> bool:
        """Take the fact that a paragraph says, `LABELLED`'s match; False where it is (part of) the abstract."""
        name, value = found["name"].lower(), WIKI_LINK.sub(r"\1", found["value"].strip())
        marked = bool(found["mark"]) or after_abstract or self.headed or not self.abstract
        if name in ("abstract", "summary") or len(value) > _LONGEST_FACT or not marked:
            return False
        address = value.strip("<>")
        if name.startswith("author"):
            self.authors = self.authors or author_names(value)
        elif identifier := address_id(address) or arxiv_id(value):
            if self.arxiv is None:
                self.arxiv, self.url = identifier, self.url or whole_address(address, identifier)
        elif code := code_address(address):
            self.code.append(code)
        elif name in ("date", "published", "year"):
            self.date = self.date or read_date(value)
        return True

    def take_as_summary(self) -> None:
        """The text so far was made by a model, says a mark behind it; the abstract follows, if anything does."""
        self.doubtful = "\n\n".join(self.abstract) or self.doubtful
        self.abstract, self.closed, self.generated = [], False, True

    def record(self) -> Record | None:
        """The paper; None where no abstract was found."""
        summary = self.generated and not self.abstract
        texts = self.abstract
        if not texts and (self.doubtful.count(" ") >= _FEWEST_BLANKS or ends_sentence(self.doubtful)):
            texts = [self.doubtful]
        abstract = "\n\n".join(texts)
        if not abstract:
            return None
        return Record(
            title=self.title,
            abstract=abstract,
            line=self.line,
            external_id=self.arxiv,
            arxiv_id=self.arxiv,
            url=self.url,
            organisation=self.organisation,
            date=self.date,
            authors=self.authors,
            upvotes=self.upvotes,
            code_urls=without_repeats([*self.code, *code_in_text(abstract)]),
            is_summary=summary or is_one_sentence_summary(abstract),
        )


def whole_address(address: str, identifier: str | None) -> str | None:
    """The address of a paper's page on its site, without the part behind "#"; None where it is none."""
    if address.startswith("/papers/") and identifier:
        return paper_url(identifier)
    whole = web_address(address)
    return whole.split("#")[0] if whole else None
