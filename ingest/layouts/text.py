"""Text copied from the papers page: titles and abstracts in turn, with the page's furniture anywhere.

Two layouts share the reader: **blank-line text**, whose parts stand apart, and **compact text**, one part a line.
Labels ("Title:", "Abstract:"), numbers before titles and addresses between the parts are understood as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise
from statistics import median

from ingest.layouts.facts import (
    address_id,
    arxiv_id,
    code_address,
    code_in_text,
    date_in_line,
    web_address,
    without_repeats,
)
from ingest.layouts.fields import author_names
from ingest.layouts.front_matter import front_matter
from ingest.layouts.furniture import furniture, unglue
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.markdown import without_emphasis
from ingest.layouts.pairing import Fact, Line, Page, Pair, join_lines, pair_lines
from ingest.layouts.titles import CERTAIN_ABSTRACT, columns, ends_sentence, title_likeness
from ingest.layouts.wrapping import join_wrapped
from ingest.reading import Text
from ingest.record import Record, rejected

_ADDRESS = re.compile(r"[<(\[]?(https?://[^\s<>\]]+?)[>)\]]?")
_ARXIV = re.compile(r"\[?arxiv:\s*(\S+?)\]?(?:\s+\[.*)?", re.IGNORECASE)
_LABEL = re.compile(
    r"(Title|Abstract|Summary|Authors?|Comments|Subjects?|Keywords|Categories|Journal-ref|Report-no|DOI|"
    r"(?:MSC|ACM)-class|Date(?= ?: ?(?:\w{3}, ?)?\d))\s*[:：]\s*(.*)"
)
_NUMBER = re.compile(r"\[?(\d{1,4})[.)\]]\s+(?=\S)")
_BULLET = re.compile(r"[-*•]\s+(?=\S)")
_LEADS_ON = re.compile(r"(?:\b(?:at|in|on|from|see|via|here|available|under|visit|is|to|code|page|link)|[:(])$", re.I)
_RULE = re.compile(r"(?:```|~~~)\w*|#{1,6}|\\\\.{0,80}")  # fences, empty headings, the marks of arXiv's mails
_SURELY_TITLE = 4.5  # the title_likeness of what is no abstract
_LONGEST_PREAMBLE = 60  # lines
_SAID = 8.0  # how much a label weighs, as title_likeness counts


class _Lines:
    """The lines that are title or abstract. Furniture is left out; it leaves a gap, and the facts that it says."""

    def __init__(self, text: Text, *, blank_lines: bool) -> None:
        self.text = text
        self.blank_lines = blank_lines
        self.facts: list[Fact] = []
        self.name_follows = False  # "Submitted by" stood alone
        self.hint = 0.0

    def __iter__(self) -> Iterator[Line]:
        gap, parted, before, together = True, False, "", 0
        for number, raw in _without_preamble(self.text.lines()):
            line = raw.strip()
            if not line:
                gap = True
                continue
            together = 0 if gap or parted else together + 1  # lines before this one in its paragraph
            leads_on = _LEADS_ON.search(before[-30:]) is not None or (self.blank_lines and together >= 2)
            if self._is_furniture(line, bool(together) and _goes_on(before), bool(together) and leads_on):
                gap = parted = True
                before = ""
                continue
            line = self._unlabelled(unglue(line, after_furniture=parted or not before))
            if not line:
                gap = parted = True
                continue
            indented = raw[:2].isspace() and not raw[:2].strip()
            yield Line(line, number, gap, indented, parted and bool(before or number > 1), self.hint, tuple(self.facts))
            self.hint, self.facts = 0.0, []
            gap, parted, before = False, False, line

    def _is_furniture(self, line: str, goes_on: bool, leads_on: bool) -> bool:
        """`goes_on`: a tool may have wrapped the line before here; `leads_on`: that line leads up to an address."""
        kind = furniture(line)
        name_follows, self.name_follows = self.name_follows, False
        if kind == "likely" and goes_on:
            return False  # the rest of a wrapped line
        if kind:
            self.name_follows = line.lower().rstrip(":").endswith("submitted by")
            if line.rstrip(":").lower() == "abstract":
                self.hint = -_SAID / 2
            dated = re.search(r"\d{4}|·|published", line, re.IGNORECASE) is not None
            if dated and (date := date_in_line(line)):
                self.facts.append(Fact("date", date))
            return True
        if address := _address(line):
            if "://" in line and (goes_on or (leads_on and not address_id(address))):
                return False  # an abstract's last line, wrapped
            self.facts.append(Fact("address", address))
            return True
        return (name_follows and len(line) <= 40) or _RULE.fullmatch(line) is not None

    def _unlabelled(self, line: str) -> str:
        """The line without its label; "" where the label says that it is neither title nor abstract."""
        if found := _LABEL.fullmatch(line):
            name = found[1]
            if name == "Title":
                if len(line) > CERTAIN_ABSTRACT:
                    return line
                self.hint = _SAID
            elif name in ("Abstract", "Summary"):
                self.hint = -_SAID
            else:
                if name.startswith("Author"):
                    self.facts.append(Fact("authors", found[2]))
                return ""
            return found[2]
        if line.startswith(("**", "__")) and (bare := without_emphasis(line)) != line:
            self.hint = self.hint or 2.0
            return bare
        return line


def _without_preamble(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines without what clipping tools write above a page: front matter, or "Title: ... URL Source: ..."."""
    head = list(islice(lines, _LONGEST_PREAMBLE))
    stripped = [raw.strip("\ufeff \t") for _, raw in head]
    first = next((place for place, line in enumerate(stripped) if line), 0)
    end = front_matter([raw for _, raw in head])
    if any(line.startswith("URL Source: ") for line in stripped[first : first + 6]):
        end = next((place + 1 for place, line in enumerate(stripped[:15]) if line == "Markdown Content:"), end)
    yield from head[end:]
    yield from lines


def _goes_on(before: str) -> bool:
    return 40 <= len(before) <= 200 and not ends_sentence(before)


def read_pairs(text: Text, *, blank_lines: bool) -> Reading:
    """Records of the pairs of a text, and what could not be paired.

    Addresses and dates stand behind the paper that they are of, unless addresses
    stand above their papers.
    """
    page = Page(blank_lines, _wrapped_at(text.sample))
    lines = _Lines(text, blank_lines=blank_lines)
    waiting: Record | None = None
    facts_lead, may_lead = False, _addresses_may_lead(text)
    number = 0
    for pair in pair_lines(lines, page):
        if pair.stray:
            continue
        first = (pair.title or pair.abstract)[0]
        if may_lead and pair.title and pair.abstract and any(address_id(fact.value) for fact in first.facts):
            facts_lead = True
        own = [fact for line in [*pair.title, *pair.abstract] if line is not first for fact in line.facts]
        if facts_lead:
            own = [*first.facts, *own]
        elif waiting is not None:
            waiting = _with_facts(waiting, first.facts)
        if waiting is not None:
            yield waiting
        waiting = None
        title = join_wrapped([line.text for line in pair.title]) if pair.title else ""
        if (found := _NUMBER.match(title)) and int(found[1]) in (1, number + 1):
            number, title = int(found[1]), title[found.end() :]
        title = _BULLET.sub("", title, count=1) if title[:1] in "-*•" else title
        if not pair.abstract:
            yield rejected(pair.line, "A title without an abstract.", title)
        elif _is_another_title(pair):
            yield rejected(pair.line, "A title without an abstract.", title)
            yield rejected(pair.abstract[0].number, "A title without an abstract.", pair.abstract[0].text)
        elif not title:
            yield rejected(pair.line, "A text without a title.", pair.abstract[0].text)
        else:
            waiting = _with_facts(_record(title, pair), own)
    if waiting is not None:
        yield waiting if facts_lead else _with_facts(waiting, lines.facts)


def _addresses_may_lead(text: Text) -> bool:
    """Whether papers' addresses may stand above their papers: there is room for a paper below the last one.

    Where there is room above the first one, too, it counts with what the addresses stand together.
    """
    lines = [line.strip() for line in text.sample.split("\n")]
    places = [place for place, line in enumerate(lines) if address_id(_address(line))]
    if not places:
        return False
    above, *between, below = (sum(map(len, lines[a + 1 : b])) for a, b in pairwise([-1, *places, len(lines)]))
    room = (median(between) if between else max(above, below)) / 2
    if text.complete and below < room:
        return False
    if above < room:
        return True
    words = [bool(re.search(r"\w", line)) for line in [*lines, ""]]
    return sum(words[place + 1] - words[place - 1] for place in places) > len(places) / 2


def _address(line: str) -> str:
    """The address that is all of a line, "" where it is something else."""
    if found := _ADDRESS.fullmatch(line):
        return found[1]
    if (found := _ARXIV.fullmatch(line)) and (identifier := arxiv_id(found[1])):
        return f"https://arxiv.org/abs/{identifier}"
    return ""


def _is_another_title(pair: Pair) -> bool:
    """Whether what was left for the abstract is plainly a title too: a page that prints titles alone."""
    if len(pair.abstract) != 1 or pair.abstract[0].hint:
        return False
    text = pair.abstract[0].text
    return text.count(" ") >= 2 and text[-1:] != "." and title_likeness(text) >= _SURELY_TITLE


def _record(title: str, pair: Pair) -> Record:
    abstract = join_lines(pair.abstract)
    return Record(title, abstract, pair.line, code_urls=without_repeats(code_in_text(abstract)))


def _with_facts(record: Record, facts: list[Fact] | tuple[Fact, ...]) -> Record:
    for fact in facts:
        if fact.kind == "date":
            record = replace(record, date=record.date or fact.value)
        elif fact.kind == "authors":
            record = replace(record, authors=record.authors or author_names(fact.value))
        elif identifier := address_id(fact.value):
            if record.arxiv_id in (None, identifier):
                url = record.url or web_address(fact.value)
                record = replace(record, arxiv_id=identifier, external_id=identifier, url=url)
        elif code := code_address(fact.value):
            record = replace(record, code_urls=without_repeats([*record.code_urls, code]))
    return record


def _wrapped_at(sample: str) -> int:
    """The column that a tool has wrapped the text at, 0 where lines are as long as their texts.

    It is the one that explains most line ends: the line fits, and with the next word it would not.
    """
    lines = [line.strip() for line in sample.split("\n")]
    ends = [(columns(line), columns(below.split(" ", 1)[0])) for line, below in pairwise(lines) if line and below]
    if not ends or sum(length > 200 for length, _ in ends) > 0.02 * len(ends):
        return 0
    explained = Counter(column for length, word in ends for column in range(length, length + 1 + min(word, 40)))
    column = max(explained, key=lambda one: (explained[one], one))
    return column if explained[column] > len(ends) / 3 else 0


def _likelihood(text: Text, *, blank_lines: bool) -> float:
    return 0.2 if _parted_by_blank_lines(text.sample) is blank_lines else 0.0


def _parted_by_blank_lines(sample: str) -> bool:
    """Whether blank lines part the texts: most lines stand alone, or blocks are parted and hold wrapped lines."""
    lines = sample.strip().split("\n")
    blank = sum(not line.strip() for line in lines)
    return blank >= (0.04 if _wrapped_at(sample) else 0.15) * len(lines)


BLANK_LINE_TEXT = Layout(
    "blank-line text",
    lambda text: _likelihood(text, blank_lines=True),
    lambda text: read_pairs(text, blank_lines=True),
)
COMPACT_TEXT = Layout(
    "compact text",
    lambda text: _likelihood(text, blank_lines=False),
    lambda text: read_pairs(text, blank_lines=False),
)
