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

if TYPE_CHECKING:
    from rag.index import Reading

_PAPERS = r"(?:papers|articles|publications|preprints|abstracts|works)"
_NAMES_NONE = re.compile(
    r"(?:(?:ok(?:ay)?|so|now|please)\b,? )*(?:(?:which|what)(?: are| were)?|how many|(?:list|show|give|find|get|display"
    rf"|name|print|enumerate)(?: me| us)?)(?: the)? {_PAPERS}(?: (?:please|(?:are|were) (?:they|these|those|that)))?",
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
    if not history or wanted.kind == "content":
        return request
    if wanted.kind == "authors":
        return _authors(reading, request, history)
    if wanted.topic:
        return request
    several = points_at_several(request.text)
    if several:
        return _among_cited(reading, request, with_papers_named(request.text, several), history)
    return _as_before(reading, request, history) if _leaves_open_which(question, wanted) else request


def kept_to(request: Request, pointed: Pointed) -> Request:
    """The request kept to the papers that it points at."""
    papers = pointed.papers
    name = f"“{papers[0].title}”" if len(papers) == 1 else f"the {len(papers)} papers cited before"
    filters = request.filters.and_also(Filters(only=tuple(paper.paper_id for paper in papers), only_name=name))
    understood = replace(request.understood, filters=filters, text=pointed.question)
    return replace(request, text=pointed.question, understood=understood)


def _leaves_open_which(question: str, wanted: Wanted) -> bool:
    """ "Show me the papers", "newest first"."""
    line = " ".join(question.split()).strip(" ?.!")
    return _NAMES_NONE.fullmatch(line) is not None or (wanted.newest and not _SAYS_WHICH.search(line))


def _among_cited(reading: Reading, request: Request, asked: str, history: Sequence[Turn]) -> Request:
    papers, _ = papers_named_last(reading, history)
    return kept_to(request, Pointed(asked, papers)) if papers else replace(request, wanted=CONTENT)


def _as_before(reading: Reading, request: Request, history: Sequence[Turn]) -> Request:
    """What the question before counted or listed; where it did neither, the papers that its answer cites are listed."""
    wanted = request.wanted
    last = next((place for place in range(len(history) - 1, -1, -1) if history[place].role == "user"), None)
    if last is None:
        return request
    asked = history[last].content
    before = resume(reading, asked, understand(reading, asked, given=request.filters), history[:last])
    if before.wanted.kind in ("count", "list"):
        text = f"{request.text} ({before.wanted.topic})" if before.wanted.topic else request.text
        return replace(
            before,
            text=text,
            wanted=replace(before.wanted, kind=wanted.kind, newest=wanted.newest or before.wanted.newest),
            understood=replace(before.understood, text=text),
        )
    if wanted.kind == "count":
        return replace(request, wanted=CONTENT)
    return _among_cited(reading, request, request.text, history)


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
