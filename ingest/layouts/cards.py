"""Papers as cards: a title that is a heading or a link, an abstract, and small facts around them.

All layouts that keep links come down to blocks (a heading, or a paragraph with its links); this reads the blocks. The
pages print: upvotes behind a login link (before the title or after the abstract), the title, the abstract, authors or
an organisation, "·", a date, a count of comments, links to code and arXiv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.layouts.card import LABELLED, Card, whole_address
from ingest.layouts.facts import (
    address_id,
    code_address,
    date_in_line,
    login_id,
    read_count,
    web_address,
)
from ingest.layouts.formulas import is_formula
from ingest.layouts.furniture import GENERATED, furniture
from ingest.layouts.habits import address_of
from ingest.layouts.layout import Reading
from ingest.layouts.markdown import Link, without_emphasis
from ingest.layouts.titles import ends_sentence, reads_as_prose, title_likeness
from ingest.layouts.wrapping import one_line, unwrap
from ingest.record import rejected

_COUNT = re.compile(r"[-–—]|\d+(?:\.\d+)?[kKmM]?")
_AUTHORS = re.compile(r"[-*•\s]*\d+ authors?", re.IGNORECASE)
_PLAIN_UPVOTE = re.compile(r"(?:\[[-x ]\]|▲|👍|upvoted?:?)\s*([\d.,]+\s*[km]?|[-–—])", re.IGNORECASE)
_UPVOTE = re.compile(r"(?:\[?[-x ]?\]?\s*)?(?:▲|👍)?\s*(?:upvoted?)?\s*([\d.,]+\s*[km]?|[-–—])", re.IGNORECASE)
_NAVIGATION = frozenset(
    {
        "models",
        "datasets",
        "spaces",
        "docs",
        "enterprise",
        "pricing",
        "login",
        "join",
        "papers",
        "blog",
        "posts",
        "learn",
    }
    | {"terms-of-service", "privacy", "huggingface", "storage", "tasks", "chat", "collections", "languages", "settings"}
    | {"organizations", "support", "inference-endpoints", "akhaliq", "new", "front", "brand", "join-us", "content"}
)
_ORGANISATION = re.compile(r"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co))?/([\w.-]+)/?")
_END_MATTER = re.compile(
    r"(?:community|comments?|(?:models|datasets|spaces|collections)(?: (?:citing|including|linking) this paper)?|"
    r"related papers|similar papers|references|bibtex|citation|sources|links)(?: *\(?\d+\)?)?:?",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"(?:abstract|summary)\s*:?", re.IGNORECASE)
# Headings of a paper's parts, as people and their tools write them below its title
SECTION = re.compile(
    r"(?:my |own |personal |reading |key |main |short )*(?:abstract|summary|authors?|meta ?data|details|info|"
    r"information|properties|notes?|thoughts?|comments?|remarks?|highlights|annotations|take-?aways?|contributions?|"
    r"keywords?|tags?|topics?|links?|files?(?: and links)?|urls?|code|source|status|tl;?dr|bibtex|citation|"
    r"references|related)\s*:?",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"(\*\*|__|\*|_|)(?:my (?:own )?(?:notes?|thoughts?|comments?|summary|take|opinion|remarks?)|"
    r"(?:personal |reading )?notes|thoughts)(?:\1\s*:|:\s*\1)",
    re.IGNORECASE,
)
LISTED, CALLOUT, FRONT_MATTER = 7, 8, 9  # levels of titles in lists, of callouts' headings, of front matter's title
_ABSTRACT_PREFIX = re.compile(r"(?:abstract|summary)\s*[:.—–-]\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"\A(?:\d{1,3}[.)]\s+(?=\S)|#\d{1,3}\s+|[-*•]\s+(?=\S))")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph."""

    text: str  # links replaced by their texts
    line: int
    links: tuple[Link, ...] = ()
    outside: str = ""  # what stands outside the links
    level: int = 0  # of a heading, from 1; 0 for a paragraph; CALLOUT without a text where a callout ends


class CardReader:
    """Turns blocks into records. `level`: of the headings that are titles, 0 where only links tell."""

    def __init__(self, level: int) -> None:
        self.level = level
        self.card: Card | None = None
        self.upvotes: tuple[str | None, int] | None = None  # seen before the title that they are of
        self.hint: str | None = None  # an arXiv id seen before its title
        self.addresses_lead: bool | None = None  # so do the papers' own addresses; None until one stands alone
        self.name_follows = False  # "Submitted by" was the last line
        self.counts_lead: bool | None = None  # upvotes stand before their titles; None until one is seen

    def read(self, blocks: Iterable[Block]) -> Reading:
        """Records of the blocks, and the titles that have no abstract."""
        for block in blocks:
            yield from self._heading(block) if block.level else self._paragraph(block)
        yield from self._finish()

    def _heading(self, block: Block) -> Reading:
        title = _title(block.text)
        paper = next((link for link in block.links if address_id(link.address)), None)
        if not title:
            if self.card is not None and block.level == CALLOUT:
                self.card.open_section("")
            return
        if _ABSTRACT.fullmatch(title) and paper is None:
            if self.card is not None:
                self.card.open_abstract(is_summary=title.lower().startswith("summary"))
            return
        if paper is None and (_names_part(title) or block.level != self.level):
            if self.card is not None:
                self.card.open_section(title)
            return
        others = (found for link in block.links if (found := web_address(link.address)))
        address = paper.address if paper else next(others, "")
        yield from self._begin(title, block.line, address)

    def _begin(self, title: str, line: int, address: str) -> Reading:
        yield from self._finish()
        identifier = address_id(address) or self.hint
        self.hint = None
        self.card = Card(title, line, identifier, whole_address(address, identifier))
        if self.upvotes and self.upvotes[0] in (None, identifier):
            self.card.upvotes = self.upvotes[1]
        self.upvotes = None

    def _finish(self) -> Reading:
        card, self.card = self.card, None
        if card is not None:
            yield card.record() or rejected(card.line, "A title without an abstract.", card.title)

    def _paragraph(self, block: Block) -> Reading:
        name_follows, self.name_follows = self.name_follows, False
        text = self._without_addresses(block.text.strip())
        if not text and block.text.strip():
            return
        if text.lower().rstrip(":").endswith("submitted by") and len(text) < 40:
            self.name_follows = True
            return
        if GENERATED.fullmatch(text) and self.card is not None:
            self.card.take_as_summary()
            return
        if (listed := self._listed(block)) is not None:
            yield from self._begin(_title(block.links[0].text), block.line, block.links[0].address)
            self._prose(listed)
            return
        outside_is_furniture = not block.outside.strip() or bool(furniture(one_line(block.outside)))
        for link in block.links:
            if outside_is_furniture and (identifier := address_id(link.address)) and "#" not in link.address:
                yield from self._paper_link(link, identifier, block)
            elif link.address:
                self._small_link(link, alone=outside_is_furniture)
            elif not block.outside.strip() and not _is_prose(text):
                self._lost_link(one_line(link.text))
        if (found := LABELLED.fullmatch(text)) and self.card is not None:
            self.card.take_links(found, block.links)
        self._date(block.outside.strip() or text)
        if not block.links and (found := _PLAIN_UPVOTE.fullmatch(text)):
            self._plain_count(read_count(found[1]))
            return
        if name_follows and len(text) <= 60:
            return
        if block.links and outside_is_furniture:
            if self.card and self.card.abstract and any(_AUTHORS.fullmatch(link.text) for link in block.links):
                self.card.closed = True
            if any(link.address for link in block.links) or not _is_prose(text):
                return
        self._prose(text)

    def _without_addresses(self, text: str) -> str:
        """A paragraph without the lines at its ends that are a paper's address, or its arXiv id, and nothing else."""
        lines = text.split("\n")
        while lines and (identifier := address_id(address := address_of(lines[0].strip()))):
            self._lone_address(address, identifier)
            del lines[0]
        while lines and (identifier := address_id(address := address_of(lines[-1].strip()))):
            if len(lines) > 1 and not ends_sentence(lines[-2]):  # "... is at" that address
                break
            self._lone_address(address, identifier)
            del lines[-1]
        return "\n".join(lines)

    def _lone_address(self, address: str, identifier: str) -> None:
        """A paper's address that its title is no link to: a page prints them all above their titles, or all below."""
        if self.addresses_lead is None:
            self.addresses_lead = self.card is None
        if self.card is not None and (not self.addresses_lead or not (self.card.arxiv or self.card.abstract)):
            self.card.take_address(address, identifier)
        else:
            self.hint = identifier

    def _listed(self, block: Block) -> str | None:
        """The abstract of a list's item that holds a whole paper: "[Title](address) - abstract"; None for others."""
        first = next(iter(block.links), None)
        if first is None or address_id(first.address) is None or title_likeness(first.text) < 0.0:
            return None
        bare = block.text.lstrip("*_ ")
        rest = bare.removeprefix(first.text).lstrip("*_ \n")
        if len(rest) == len(bare) or rest[:1] not in tuple(":-–—|"):
            return None
        rest = rest.lstrip(":-–—| ")
        return rest if len(rest) >= 40 and _is_prose(rest) else None

    def _paper_link(self, link: Link, identifier: str, block: Block) -> Reading:
        """A link to a paper's page: its title, its abstract, its authors, or a picture."""
        text = unwrap(link.text)
        if _COUNT.fullmatch(text) or _AUTHORS.search(text[-14:]) or furniture(text):
            if self.card is not None and self.card.abstract:
                self.card.closed = True
            if "arxiv.org" in link.address:
                self._lone_address(link.address, identifier)
            return
        card = self.card
        if not text:
            if card is None or card.arxiv != identifier:
                self.hint = identifier
            return
        if card is not None and (card.arxiv == identifier or (card.arxiv is None and not card.abstract)):
            card.take_address(link.address, identifier)
            if _title(text) != card.title:
                self._prose(text)
            return
        if title_likeness(text) < -9.0:
            yield rejected(block.line, "A text without a title.", text)
            return
        self.hint = None
        yield from self._begin(_title(text), block.line, link.address)

    def _small_link(self, link: Link, *, alone: bool) -> None:
        """A link beside the paper's own; `alone`: it stands outside running text."""
        card = self.card
        if identifier := login_id(link.address):
            found = _UPVOTE.fullmatch(one_line(link.text))
            count = read_count(found[1]) if found else None
            if count is None:
                return
            if card is not None and card.arxiv == identifier:
                card.upvotes, card.closed = count, card.closed or bool(card.abstract)
            else:
                self.upvotes = (identifier, count)
            return
        if card is None:
            return
        if (code := code_address(link.address)) and not _is_prose(link.text):
            card.code.append(code)
            card.closed = card.closed or (alone and bool(card.abstract))
        elif found := _ORGANISATION.fullmatch(link.address):
            name = one_line(link.text)
            free = alone and card.abstract and not card.organisation and not card.date
            if free and found[1].lower() not in _NAVIGATION and 0 < len(name) <= 80 and furniture(name) != "certain":
                card.organisation, card.closed = name, True

    def _plain_count(self, count: int | None) -> None:
        """Upvotes that no link says the paper of: a page prints them all before the titles, or all behind."""
        if count is None:
            return
        if self.counts_lead is None:
            self.counts_lead = self.card is None
        if self.counts_lead:
            self.upvotes = (None, count)
        elif self.card is not None and self.card.upvotes is None:
            self.card.upvotes, self.card.closed = count, self.card.closed or bool(self.card.abstract)

    def _lost_link(self, text: str) -> None:
        """A short link whose address is lost: the upvotes before a title, or the organisation after an abstract."""
        card = self.card
        if card is None or card.closed:
            found = _UPVOTE.fullmatch(text)
            count = read_count(found[1]) if found else None
            self.upvotes = (None, count) if count is not None else self.upvotes
        elif card.abstract and not furniture(text) and len(text) <= 80:
            card.organisation, card.closed = text or None, True

    def _date(self, text: str) -> None:
        card = self.card
        text = one_line(text)
        if card is None or card.date or len(text) > 80:
            return
        if not card.abstract and not text.lower().startswith("published"):
            return
        if date := date_in_line(text):
            card.date, card.closed = date, bool(card.abstract)

    def _prose(self, text: str) -> None:
        """A paragraph that may be the abstract, or more of it."""
        card = self.card
        if card is None or card.closed:
            if card is not None and card.section:
                card.take_in_section(text)
            return
        text = unwrap(text)
        if _NOTES.match(text):  # of whoever saved the page
            card.closed = bool(card.abstract)
            return
        if _AUTHORS.fullmatch(text):
            card.closed = bool(card.abstract)
        if not text or furniture(text):
            return
        if (found := LABELLED.fullmatch(text)) and card.take_labelled(found):
            return
        if found and found["name"].lower() in ("abstract", "summary"):
            text, card.headed = found["value"], card.headed or found["name"].lower() == "abstract"
        elif found := _ABSTRACT_PREFIX.match(text):
            text = text[found.end() :]
        if _is_prose(text) or (card.abstract and is_formula(text, card.abstract[-1])):
            if text not in card.abstract:
                card.abstract.append(text)
        elif not card.abstract and not card.doubtful:
            card.doubtful = text


def _title(text: str) -> str:
    """A title's text on one line, without emphasis and the number or mark of a list."""
    return _NUMBERED.sub("", without_emphasis(one_line(text)), count=1)


def _names_part(title: str) -> bool:
    """Whether a heading is a page's furniture or names a part of a paper, whatever its level."""
    return bool(furniture(title) or _END_MATTER.fullmatch(title) or SECTION.fullmatch(title))


def _is_prose(text: str) -> bool:
    """Whether a paragraph is more likely an abstract's than a label."""
    return reads_as_prose(text) or (title_likeness(text) < 0.0 and text.count(" ") >= 1)
