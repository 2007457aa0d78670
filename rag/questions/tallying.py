"""Counts and lists papers by a rule that can be told in a sentence: a topic's words, code, dates, dumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.corpus import Paper
from rag.filters import Filters
from rag.questions.kinds import Wanted
from rag.topics.on_topic import OnTopic, Side, papers_on

if TYPE_CHECKING:
    from rag.index import Reading

SHOWN = 10  # papers of a list; the page's own list shows all


@dataclass(frozen=True, slots=True)
class Tallied:
    """What was counted, and the first of it."""

    rule: str  # which papers count: "title or abstract holds ..."
    order: str  # how they are ordered, in a sentence
    count: int
    of: int
    papers: tuple[Paper, ...]  # the first SHOWN, or as many as were asked for
    forms: tuple[str, ...]  # the wordings of the topic; () where there is none


def tally(reading: Reading, wanted: Wanted, filters: Filters) -> Tallied:
    """Count the papers that are wanted and that the filters permit."""
    topic = papers_on(reading, wanted.topic) if wanted.topic else None
    chosen: Sequence[str] | None = topic.paper_ids if topic else None
    if wanted.releases_code:
        releasing = reading.releasing_code()
        allowed = set(releasing)
        chosen = releasing if chosen is None else [paper_id for paper_id in chosen if paper_id in allowed]
    by_date = wanted.newest or wanted.oldest or filters.by_date
    most = min(wanted.most or SHOWN, SHOWN)
    if chosen is None:
        count = reading.count_where(filters)
        first = reading.ids_where(filters, newest=by_date, oldest=wanted.oldest, limit=most)
    else:
        permitted = set(reading.ids_where(filters, newest=False, limit=len(chosen), among=chosen)) if filters else None
        kept = [paper_id for paper_id in chosen if permitted is None or paper_id in permitted]
        count = len(kept)
        first = kept[:most]
        if by_date or wanted.releases_code:
            first = reading.ids_where(filters, newest=by_date, oldest=wanted.oldest, limit=most, among=kept)
    papers = reading.papers(first)
    return Tallied(
        rule=_rule(wanted, topic, filters),
        order=_order(reading, wanted, filters, by_date=by_date),
        count=count,
        of=reading.counts().papers,
        papers=tuple(papers[paper_id] for paper_id in first if paper_id in papers),
        forms=topic.forms if topic else (),
    )


def _rule(wanted: Wanted, topic: OnTopic | None, filters: Filters) -> str:
    """Which papers count, as the end of "Counted: papers ..."."""
    parts = []
    if topic:
        parts.append("whose title or abstract holds " + ", and ".join(map(_held, topic.sides)))
    if wanted.releases_code:
        parts.append("that have a link to code, or whose abstract says that code is released")
    if not parts:
        return f"papers {filters.in_words()}" if filters else "all papers in the index"
    rule = "papers " + " and ".join(parts)
    return f"{rule}; of those only papers {filters.in_words()}" if filters else rule


def _held(side: Side) -> str:
    """What a paper holds, to stand behind "holds"."""
    forms = " or ".join(f"“{form}”" for form in side.forms)
    if side.close:
        return f"the words of {forms} close together in any form"
    several = any(len(form.split()) > 1 for form in side.forms)
    return f"all words of {forms} in any form" if several else f"{forms} in any form"


def _order(reading: Reading, wanted: Wanted, filters: Filters, *, by_date: bool) -> str:
    if not by_date:
        return "The best match comes first." if wanted.topic else "The last added come first."
    undated = reading.undated()
    if undated == reading.counts().papers:
        return "No paper here has a date; the last added come first."
    last = undated and (filters.undated or not filters.by_date)
    which = "oldest" if wanted.oldest else "newest"
    return f"The {which} come first, and those without a date last." if last else f"The {which} come first."
