"""A question about the collection that leans on the answer before: "how many of them release code?", "who wrote it?".

Only "which papers?" of somebody who said nothing before means all papers of the index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.corpus import Turn
from rag.filters import Filters
from rag.questions.kinds import CONTENT, Wanted
from rag.questions.pointing import Pointed, papers_named_last, point, points_at_several, with_papers_named
from rag.questions.request import Request, understand
from rag.questions.tallying import tally

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
_SAYS_WHICH = re.compile(rf"\b(?:{_PAPERS}|everything|all)\b", re.IGNORECASE)
_ONE = re.compile(r"(?:it|this|that)(?: (?:one|paper|article|work|method|approach))?", re.IGNORECASE)
_SEVERAL = re.compile(rf"(?:them|they|(?:these|those)(?: {_PAPERS})?|{_PAPERS})", re.IGNORECASE)


def resume(reading: Reading, question: str, request: Request, history: Sequence[Turn]) -> Request:
    """The request kept to what the last answer was about, where it leans on that; its content where that is nothing.

    `request` is how `question` was read by itself.
    """
    wanted = request.wanted
    if not history:
        return request
    if wanted.kind == "content":
        those = _means_those(question)
        return (_counted_before(reading, replace(request, wanted=those), history) if those else None) or request
    if wanted.kind == "authors":
        return _authors(reading, request, history)
    if wanted.topic:
        return request
    several = points_at_several(request.text)
    if several or _leaves_open_which(question, wanted):
        asked = with_papers_named(request.text, several) if several else request.text
        return _counted_before(reading, request, history) or _among_cited(reading, request, asked, history)
    return request


def kept_to(request: Request, pointed: Pointed) -> Request:
    """The request kept to the papers that it points at."""
    papers = pointed.papers
    name = f"“{papers[0].title}”" if len(papers) == 1 else f"the {len(papers)} papers cited before"
    filters = request.filters.and_also(Filters(only=tuple(paper.paper_id for paper in papers), only_name=name))
    understood = replace(request.understood, filters=filters, text=pointed.question)
    return replace(request, text=pointed.question, understood=understood)


def _means_those(question: str) -> Wanted | None:
    """What "how many?" and "list them" ask for after papers were counted or listed."""
    line = " ".join(question.split()).strip(" ?.!")
    if _COUNTS_THEM.fullmatch(line):
        return Wanted("count")
    return Wanted("list") if _LISTS_THEM.fullmatch(line) else None


def _leaves_open_which(question: str, wanted: Wanted) -> bool:
    """ "Show me the papers", "newest first"."""
    line = " ".join(question.split()).strip(" ?.!")
    return _NAMES_NONE.fullmatch(line) is not None or (wanted.newest and not _SAYS_WHICH.search(line))


def _among_cited(reading: Reading, request: Request, asked: str, history: Sequence[Turn]) -> Request:
    """The papers that the last answer cites. How many those are is no answer to "how many papers?"."""
    papers, _ = papers_named_last(reading, history)
    wanted = request.wanted
    if not papers or (wanted.kind == "count" and not wanted.releases_code):
        return replace(request, wanted=CONTENT)
    return kept_to(request, Pointed(asked, papers))


def _counted_before(reading: Reading, request: Request, history: Sequence[Turn]) -> Request | None:
    """All that the question before counted or listed, not only the papers shown of it; None where it did neither."""
    last = next((place for place in range(len(history) - 1, -1, -1) if history[place].role == "user"), None)
    asked = history[last].content if last is not None else ""
    if last is None or not any(letter.isalnum() for letter in asked):
        return None
    before = resume(reading, asked, understand(reading, asked, given=request.filters), history[:last])
    if before.wanted.kind not in ("count", "list") or not tally(reading, before.wanted, before.filters).count:
        return None
    wanted = replace(
        before.wanted,
        kind=request.wanted.kind,
        newest=request.wanted.newest or before.wanted.newest,
        releases_code=request.wanted.releases_code or before.wanted.releases_code,
    )
    text = f"{request.text} ({wanted.topic})" if wanted.topic else request.text
    return replace(before, text=text, wanted=wanted, understood=replace(before.understood, text=text))


def _authors(reading: Reading, request: Request, history: Sequence[Turn]) -> Request:
    """With a topic that is only "it" or "the second one", the filters name the papers, and the topic is empty."""
    pointed, topic = point(reading, request.text, history), request.wanted.topic
    papers = pointed.papers
    if not papers and (_ONE.fullmatch(topic) or _SEVERAL.fullmatch(topic)):
        cited, _ = papers_named_last(reading, history)
        papers = cited if len(cited) == 1 or _SEVERAL.fullmatch(topic) else ()
    if not papers:
        return request
    return kept_to(replace(request, wanted=Wanted("authors")), Pointed(pointed.question, papers))
