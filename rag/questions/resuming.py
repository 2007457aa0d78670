"""A question about the collection that leans on the answer before: "how many of them release code?", "who wrote it?".

Only "which papers?" of somebody who said nothing before means all papers of the index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from rag.corpus import Turn
from rag.filters import Filters
from rag.questions.dates import SPAN, days_of
from rag.questions.kinds import CONTENT, Kind, Wanted
from rag.questions.kinds import wanted as read_kind
from rag.questions.narrowing import narrow
from rag.questions.pointing import Pointed, papers_named_last, point, points_at_several, with_papers_named
from rag.questions.request import Request, understand
from rag.questions.settling import settle
from rag.questions.tallying import tally
from rag.questions.wording import bare_line

if TYPE_CHECKING:
    from rag.index import Reading

_PAPERS = r"(?:papers|articles|publications|preprints|abstracts|works)"
_NAMES_NONE = re.compile(
    r"(?:(?:ok(?:ay)?|so|now|please)\b,? )*(?:(?:which|what)(?: are| were)?|how many|(?:list|show|give|find|get|display"
    rf"|name|print|enumerate)(?: me| us)?)(?: the)? {_PAPERS}(?: (?:please|(?:are|were) (?:they|these|those|that)))?",
    re.IGNORECASE,
)
# Of papers only where the question before counted or listed some; else they may be methods, data or anything.
_COUNTS_THEM = re.compile(r"(?:(?:and|so) )?how many(?: of them| are (?:there|they|these|those))*", re.IGNORECASE)
_LISTS_THEM = re.compile(
    r"(?:(?:and|so) )?which(?: ones?)?(?: are (?:they|these|those))?|(?:please )?(?:list|show|give|name)(?: me| us)?"
    r" (?:all of )?(?:them|these|those)(?: all)?",
    re.IGNORECASE,
)
_THOSE = (
    r"(?=.*\b(?:them|these|those|ones?|which|how many|only|just)\b)(?:(?:and|so|ok(?:ay)?),? )?"
    r"(?:(?P<counts>how many)|which|what|(?:list|show|give|name)(?: me| us)?)?(?: ?\b(?:only|just))?"
    r"(?: ?\b(?:ones?|papers))?(?: ?\bof (?:them|these|those))?(?: ?\b(?:those|them|these|the ones))?"
    r"(?: (?:are|were|is|was))?"
)
_PERIOD = (
    rf"(?:(?:published|released|posted|written|dated) )?(?:(?P<word>in|from|of|since|after|before|until|till) )?"
    rf"(?P<date>{SPAN})"
)
_THEM = re.compile(rf"\b(?:of )?(?:them|(?:these|those)(?: {_PAPERS}| ones)?)\b", re.IGNORECASE)
_ONLY_THOSE = re.compile(_THOSE, re.IGNORECASE)
_ONLY_OF_PERIOD = re.compile(rf"{_THOSE} {_PERIOD}(?: only| please)?", re.IGNORECASE)
_OTHER_PERIOD = re.compile(
    rf"(?:(?:and|or|what about|how about|and what about)(?: the ones| those| papers)?) {_PERIOD}", re.IGNORECASE
)
# "How many papers from 2024?" says itself of which papers, "which of those papers are from 2024?" does not.
_OWN_SET = re.compile(rf"(?!.*\b(?:them|these|those|ones?|only|just)\b).*\b{_PAPERS}\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"^(?:(?:and|but|so),? )?how many(?= )", re.IGNORECASE)
_SAYS_WHICH = re.compile(rf"\b(?:{_PAPERS}|everything|all)\b", re.IGNORECASE)
_ONE = re.compile(r"(?:it|this|that)(?: (?:one|paper|article|work|method|approach))?", re.IGNORECASE)
_SEVERAL = re.compile(rf"(?:them|they|(?:these|those)(?: {_PAPERS})?|{_PAPERS})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Restricted:
    """What a follow-up that says nothing else asks of the papers of the question before."""

    kind: Kind | None  # None: as before
    filters: Filters
    replaces: bool = False  # the span of time takes the place of the one before
    own_set: bool = False  # it may mean all papers as well: only what was counted or listed is narrowed


def resume(reading: Reading, question: str, request: Request, history: Sequence[Turn]) -> Request:
    """The request kept to what the last answer was about, where it leans on that; its content where that is nothing.

    `request` is how `question` was read by itself.
    """
    wanted = request.wanted
    if not history:
        return request
    if not wanted.releases_code and (restricted := _restricted(question, datetime.now().astimezone().date())):
        return _restricted_before(reading, request, restricted, history) or request
    if wanted.kind == "content":
        if found := _on_topic_too(reading, request, bare_line(question), history):
            return found
        those = _means_those(question)
        return (_counted_before(reading, replace(request, wanted=those), history) if those else None) or request
    if wanted.kind in ("authors", "date"):
        return _of_cited(reading, request, history)
    if wanted.kind in ("uncounted", "talk") or wanted.topic:
        return request
    several = points_at_several(request.text)
    if several or _leaves_open_which(question, wanted):
        asked = with_papers_named(request.text, several) if several else request.text
        return _counted_before(reading, request, history) or _among_cited(reading, request, asked, history)
    return request


def kept_to(request: Request, pointed: Pointed, *, by: str = "cited before") -> Request:
    """The request kept to the papers that it points at; `by` says how, where they are several."""
    papers = pointed.papers
    name = f"“{papers[0].title}”" if len(papers) == 1 else f"the {len(papers)} papers {by}"
    filters = request.filters.and_also(Filters(only=tuple(paper.paper_id for paper in papers), only_name=name))
    understood = replace(request.understood, filters=filters, text=pointed.question)
    return replace(request, text=pointed.question, understood=understood)


def _means_those(question: str) -> Wanted | None:
    """What "how many?" and "list them" ask for after papers were counted or listed."""
    line = bare_line(question)
    if _COUNTS_THEM.fullmatch(line):
        return Wanted("count")
    return Wanted("list") if _LISTS_THEM.fullmatch(line) else None


def _on_topic_too(reading: Reading, request: Request, line: str, history: Sequence[Turn]) -> Request | None:
    """ "How many of them are about tides?": those that the question before counted or listed and that hold that, too.

    "How many are about tides?" means all papers. None for other questions, and where nothing was counted before.
    """
    named, those = _THEM.subn("papers", line)
    asked = read_kind(named if those else _HOW_MANY.sub(r"\g<0> papers", line))
    before = _counted(reading, request, history) if asked.kind in ("count", "list") and asked.topic else None
    if before is None:
        return None
    if not those:
        return replace(request, wanted=asked)
    topic = " and ".join(filter(None, (before.wanted.topic, asked.topic)))
    wanted = replace(before.wanted, kind=asked.kind, topic=topic, most=asked.most)
    if not tally(reading, wanted, before.filters).count:
        wanted = replace(wanted, kind="count")  # a list of none would be searched for by meaning, among all papers
    text = f"{request.text} ({topic})"
    return replace(before, text=text, wanted=wanted, understood=replace(before.understood, text=text))


def _restricted(question: str, today: date) -> _Restricted | None:
    """What "only those from 2025", "which of them do not release code?" and "and from 2024?" say; None for others."""
    line = bare_line(question)
    other = _OTHER_PERIOD.fullmatch(line)
    if match := other or _ONLY_OF_PERIOD.fullmatch(line):
        span = days_of(match["word"] or "in", match["date"], today)
        if span is None:
            return None
        kind: Kind | None = None if other else "count" if match["counts"] else "list"
        own_set = _OWN_SET.match(line) is not None
        return _Restricted(kind, Filters(since=span[0], until=span[1]), replaces=other is not None, own_set=own_set)
    named, said = _THEM.subn("papers", line)
    found = narrow(named, today)
    those = _ONLY_THOSE.fullmatch(found.text.strip(" ?.!")) if said and found.filters else None
    return _Restricted("count" if those["counts"] else "list", found.filters) if those else None


def _restricted_before(
    reading: Reading, request: Request, restricted: _Restricted, history: Sequence[Turn]
) -> Request | None:
    """Those papers that the question before counted or listed, or else that the last answer cites, which fit."""
    alone = replace(request, understood=replace(request.understood, filters=request.given))
    before = _counted(reading, alone, history)
    if before is None:
        papers, _ = papers_named_last(reading, history)
        if not papers or restricted.replaces or restricted.own_set:
            return None
        before = kept_to(replace(alone, wanted=Wanted("list")), Pointed(request.text, papers))
    filters = before.filters
    if not request.given.settled:  # else the restriction was taken away by hand
        filters = (
            replace(filters, since="", until="", without_times=(), undated=False) if restricted.replaces else filters
        )
        filters = filters.and_also(restricted.filters)
    settled = settle(reading, filters, counting=True)
    wanted = replace(before.wanted, kind=restricted.kind or before.wanted.kind)
    if not tally(reading, wanted, settled.filters).count:
        wanted = replace(wanted, kind="count")  # a list of none would be searched for by meaning, among all papers
    text = f"{request.text} ({wanted.topic})" if wanted.topic else request.text
    understood = replace(
        before.understood, filters=settled.filters, text=text, notes=settled.notes, undated=settled.undated
    )
    return replace(before, text=text, wanted=wanted, understood=understood)


def _leaves_open_which(question: str, wanted: Wanted) -> bool:
    """ "Show me the papers", "newest first"."""
    line = bare_line(question)
    return _NAMES_NONE.fullmatch(line) is not None or (
        (wanted.newest or wanted.oldest) and not _SAYS_WHICH.search(line)
    )


def _among_cited(reading: Reading, request: Request, asked: str, history: Sequence[Turn]) -> Request:
    """The papers that the last answer cites. How many those are is no answer to "how many papers?"."""
    papers, _ = papers_named_last(reading, history)
    wanted = request.wanted
    if not papers or (wanted.kind == "count" and not wanted.releases_code):
        return replace(request, wanted=CONTENT)
    return kept_to(request, Pointed(asked, papers))


def _counted_before(reading: Reading, request: Request, history: Sequence[Turn]) -> Request | None:
    """All that the question before counted or listed, not only the papers shown of it; None where it did neither."""
    before = _counted(reading, request, history)
    if before is None or not tally(reading, before.wanted, before.filters).count:
        return None
    newest = request.wanted.newest or before.wanted.newest
    oldest = request.wanted.oldest or before.wanted.oldest
    wanted = replace(
        before.wanted,
        kind=request.wanted.kind,
        newest=newest and not request.wanted.oldest,
        oldest=oldest and not request.wanted.newest,
        most=request.wanted.most,
        releases_code=request.wanted.releases_code or before.wanted.releases_code,
    )
    text = f"{request.text} ({wanted.topic})" if wanted.topic else request.text
    return replace(before, text=text, wanted=wanted, understood=replace(before.understood, text=text))


def _counted(reading: Reading, request: Request, history: Sequence[Turn]) -> Request | None:
    """The question before as it was read, where it counted or listed papers."""
    last = next((place for place in range(len(history) - 1, -1, -1) if history[place].role == "user"), None)
    asked = history[last].content if last is not None else ""
    if last is None or not any(letter.isalnum() for letter in asked):
        return None
    before = resume(reading, asked, understand(reading, asked, given=request.filters), history[:last])
    return before if before.wanted.kind in ("count", "list") else None


def _of_cited(reading: Reading, request: Request, history: Sequence[Turn]) -> Request:
    """With a topic that is only "it" or "the second one", the filters name the papers, and the topic is empty."""
    pointed, topic = point(reading, request.text, history), request.wanted.topic
    papers = pointed.papers
    if not papers and (_ONE.fullmatch(topic) or _SEVERAL.fullmatch(topic)):
        cited, _ = papers_named_last(reading, history)
        papers = cited if len(cited) == 1 or _SEVERAL.fullmatch(topic) else ()
    if not papers:
        return request
    return kept_to(replace(request, wanted=Wanted(request.wanted.kind)), Pointed(pointed.question, papers))
