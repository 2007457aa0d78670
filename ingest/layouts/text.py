"""Text copied from the papers page: titles and abstracts in turn, with the page's furniture anywhere.

Two layouts share the reader: **blank-line text**, whose parts stand apart, and **compact text**, one part a line.
Labels ("Title:", "Abstract:"), numbers before titles and addresses between the parts are understood as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.layouts.bylines import bylines_stand_below, mark_bylines
from ingest.layouts.facts import address_id, code_address, code_in_text, web_address, without_repeats
from ingest.layouts.fields import author_names, says_no_abstract
from ingest.layouts.habits import (
    addresses_may_lead,
    authors_stand_below,
    numbering,
    numberings,
    parted_by_blank_lines,
    wrapped_at,
)
from ingest.layouts.labels import find_labels
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.lines import TextLines
from ingest.layouts.pairing import Fact, Line, Page, Pair, join_lines, pair_lines
from ingest.layouts.rhythm import abstracts_stand_alone
from ingest.layouts.titles import NUMBERED, ends_sentence, is_names, title_likeness, width
from ingest.layouts.wrapping import join_wrapped
from ingest.reading import Text
from ingest.record import Record, rejected

_NAME_MARKS = re.compile(
    r",? et al\.?(?: \([^()]*\))?(?=,|$)| \([^()]*\)|,? and \d+ others?|\+ ?\d+ (?:more|others?|authors?)|"
    r"[*†‡\d]+|^(?:by:?|[–—-]) ",
    re.IGNORECASE,
)
_LISTED_NAMES = re.compile(r"(?![a-z])[^\d()?!:]+[,;،、，；·•⋅|][^\d()?!:]+")  # where names are known to stand
_NAME_ENDS = re.compile(r"[,;]| (?:[|·•⋅&]|and)(?= |$)")
_BULLET = re.compile(r"[-*•]\s+(?=\S)")
_SHORTEST_ABSTRACT = 50  # of what does not end as a sentence does
_SURELY_TITLE = 4.5  # the title_likeness of what is no abstract


def read_pairs(text: Text, *, blank_lines: bool) -> Reading:
    """Records of the pairs of a text, and what could not be paired.

    Addresses and dates stand behind the paper that they are of, unless addresses stand above their papers.
    """
    labels = find_labels(text.sample)
    with_authors = not labels.authors and authors_stand_below(text.sample, labels)
    with_bylines = not labels.authors and bylines_stand_below(text.sample, labels)
    page = Page(blank_lines, wrapped_at(text.sample), labels.titles, with_authors, with_bylines)
    page = replace(page, whole_abstracts=abstracts_stand_alone(text.sample))
    lines = TextLines(text, page, labels)
    waiting: Record | None = None
    may_lead, facts_lead = addresses_may_lead(text, labels), False
    above, between = 0, 0  # papers whose address stands above them, and inside them
    number, forms = 0, numberings(text.sample)
    pairs = pair_lines(lines if page.titles_named else mark_bylines(lines), page)
    for pair in _turned_round(pairs) if labels.abstract_first else pairs:
        first = min([*pair.title, *pair.abstract], key=lambda line: line.number)
        own = [fact for line in [*pair.title, *pair.abstract] if line is not first for fact in line.facts]
        own += [fact for line in pair.stray for fact in line.facts]
        own += _authors(pair, page)
        if pair.title and pair.abstract:
            between += _has_address(own)
            above += _has_address(first.facts) and not _has_address(own)
        facts_lead = may_lead and 0 < above >= between
        behind = _behind(first.facts, facts_lead=facts_lead, labelled=labels.titles)
        own = [*first.facts[behind:], *own]
        if waiting is not None:
            yield _with_facts(waiting, first.facts[:behind])
        waiting = None
        title = join_wrapped([line.text for line in pair.title]) if pair.title else ""
        form, place = numbering(title)
        if form in forms or place in (1, number + 1):
            number, title = place, NUMBERED.sub("", title, count=1)
        title = _BULLET.sub("", title, count=1) if title[:1] in "-*•" else title
        if says_no_abstract(join_lines(pair.abstract)):
            pair.abstract = []
        unnamed = labels.titles and not any(line.hint > 0.0 for line in pair.title)
        if not pair.abstract or (unnamed and not ends_sentence(pair.abstract[-1].last)):  # what stands above, mostly
            yield rejected(pair.line, "A title without an abstract.", title or join_lines(pair.abstract))
        elif _is_another_title(pair):
            if title:
                yield rejected(pair.line, "A title without an abstract.", title)
            yield rejected(pair.abstract[0].number, "A title without an abstract.", pair.abstract[0].text)
        elif not title:
            yield rejected(pair.line, "A text without a title.", pair.abstract[0].text)
        else:
            waiting = _with_facts(_record(title, pair), own)
    if waiting is not None:
        behind = _behind(lines.facts, facts_lead=facts_lead, labelled=labels.titles)
        yield _with_facts(waiting, lines.facts[:behind])


def _has_address(facts: Sequence[Fact]) -> bool:
    return any(address_id(fact.value) for fact in facts)


def _behind(facts: Sequence[Fact], *, facts_lead: bool, labelled: bool) -> int:
    """How many of the facts between two papers are still of the first one; what is labelled stands together."""
    if not facts_lead:
        return len(facts)
    ids = [(n, found) for n, fact in enumerate(facts) if (found := address_id(fact.value))]
    own = [n for n, found in ids if found == ids[-1][1]]  # one that stands above it is the first one's
    if labelled and own == [n for n, _ in ids]:
        return 0
    return own[0] if own else len(facts)


def _turned_round(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The pairs of a text that has each title below its abstract."""
    abstract: list[Line] = []
    for pair in pairs:
        if pair.title or abstract:
            yield Pair(pair.title, abstract, pair.stray)
        abstract = pair.abstract
    if abstract:
        yield Pair([], abstract)


def _is_another_title(pair: Pair) -> bool:
    """Whether what was left for the abstract is a title or a label too: a page that prints titles alone, or menus."""
    if len(pair.abstract) != 1 or pair.abstract[0].hint:
        return False
    text = pair.abstract[0].text
    if width(text) <= _SHORTEST_ABSTRACT and not ends_sentence(text):
        return True
    return text.count(" ") >= 2 and text[-1:] != "." and title_likeness(text) >= _SURELY_TITLE


def _record(title: str, pair: Pair) -> Record:
    abstract = join_lines(pair.abstract)
    if abstract[:1] in "-*•" and "\n" not in abstract:  # the only item of a list
        abstract = _BULLET.sub("", abstract, count=1)
    return Record(title, abstract, pair.line, code_urls=without_repeats(code_in_text(abstract)))


def _authors(pair: Pair, page: Page) -> list[Fact]:
    """The lines of a pair that are names, as one fact."""
    below = pair.abstract[0].number if pair.abstract else 0
    lines = [
        line.text
        for line in pair.stray
        if is_names(line.text, few=page.with_authors and line.number < below)
        or (page.with_bylines and line.number < below and _LISTED_NAMES.fullmatch(line.text))
    ]
    names = _NAME_ENDS.sub(",", _NAME_MARKS.sub("", ", ".join(lines)))
    return [Fact("authors", names)] if names else []


def _with_facts(record: Record, facts: Sequence[Fact]) -> Record:
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


def _likelihood(text: Text, *, blank_lines: bool) -> float:
    return 0.2 if parted_by_blank_lines(text.sample) is blank_lines else 0.0


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
