"""One paper as it is put together while a page is read: its title and address, its abstract, the facts around it."""

from __future__ import annotations

import re
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
from ingest.layouts.summaries import is_one_sentence_summary
from ingest.layouts.titles import ends_sentence
from ingest.record import Record

# "**arXiv:** https://..." as people write in their notes; without stars only before the abstract
LABELLED = re.compile(
    r"(?P<mark>\*\*|__|\*|_|)(?P<name>authors?|arxiv(?: id)?|urls?|links?|source|paper|pdf|code|github|repository|"
    r"date|published|year|venue|journal|conference|categories|subjects?|tags|topics|keywords|abstract|summary)"
    r"(?:\s*[:：]\s*(?P=mark)|(?P=mark)\s*[:：])\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_FACT = 400  # characters
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

    def take_address(self, address: str, identifier: str) -> None:
        """The address and id of its page, where none is known yet."""
        if self.arxiv is None:
            self.arxiv, self.url = identifier, whole_address(address, identifier)

    def take_labelled(self, found: re.Match[str]) -> bool:
        """Take the fact that a paragraph says, `LABELLED`'s match; False where it is (part of) the abstract."""
        name, value = found["name"].lower(), found["value"].strip()
        if name in ("abstract", "summary") or len(value) > _LONGEST_FACT or (self.abstract and not found["mark"]):
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
