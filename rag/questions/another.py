"""A follow-up that goes on to another paper: "And what about TIDE?", "But how does TIDE train?".

The paper spoken of before is not meant then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.corpus import Paper, Turn, normalise_title
from rag.embedder import Embedder
from rag.named import name_of
from rag.query import parse_query
from rag.questions.follow_ups import goes_on_whole, names_of
from rag.questions.pointing import papers_named_last
from rag.questions.wording import bare_line
from rag.search import search_for
from rag.words import stems

if TYPE_CHECKING:
    from rag.index import Reading

_GOES_ON = re.compile(
    r"(?:(?:and|but|or|so|ok(?:ay)?),? )?(?:(?:and|what about|how about) )(?:the )?"
    r"(?P<name>[\w.+-]+(?: [\w.+-]+){0,2}?)(?: (?:paper|model|method))?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'-]{2,}")
_LOOKED_AT = 5  # first hits whose titles may hold the name
_ASPECTS = 4  # words of the question before that stay


def about_another(reading: Reading, embedder: Embedder, question: str, history: Sequence[Turn]) -> str:
    """The question as it is meant, where it names a held paper that was not spoken of; else ""."""
    match = _GOES_ON.fullmatch(bare_line(question))
    only_named = _only_named(reading, embedder, question, match["name"], history) if match else ""
    return only_named or _whole(reading, question, history)


def _only_named(reading: Reading, embedder: Embedder, question: str, name: str, history: Sequence[Turn]) -> str:
    """The question with what the one before asked, where all that it says is the name of another held paper."""
    before, _ = papers_named_last(reading, history)
    bearing = _bearing(reading, name)
    is_name = any(names_of(f"the {written}") for written in (name, *(name_of(paper.title) for paper in bearing)))
    if not is_name and not _is_rare(reading, name, len(bearing)):
        return ""  # "and memory?", whether or not a paper is called "Memory: ..."
    if not bearing and not _is_spoken_of(name, before):
        bearing = _with_name_in_title(reading, embedder, name)
    if not bearing or any(paper in before for paper in bearing):
        return ""
    asked = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    known = {*stems(" ".join(paper.title for paper in before)), *stems(question)}
    names = set(names_of(asked))
    aspects = [
        word for word in _WORD.findall(asked) if word not in names and (new := stems(word)) and known.isdisjoint(new)
    ]
    return f"{question} ({', '.join(aspects[:_ASPECTS])})" if aspects else question


def _whole(reading: Reading, question: str, history: Sequence[Turn]) -> str:
    """The question without its "And", where all that it names are held papers, none of which was spoken of."""
    rest = goes_on_whole(question)
    names = names_of(f"so {rest}") if rest else []
    before, _ = papers_named_last(reading, history)
    there = [_bearing(reading, name) for name in names]
    known = not all(there) or any(_is_spoken_of(name, before) for name in names)
    return "" if not names or known else rest


def _bearing(reading: Reading, name: str) -> list[Paper]:
    """Papers that bear the name: their title begins with it, before a colon."""
    there = reading.papers(reading.titles_beginning([normalise_title(name)])).values()
    return [paper for paper in there if normalise_title(name_of(paper.title)) == normalise_title(name)]


def _is_rare(reading: Reading, name: str, most: int) -> bool:
    """Whether no more papers hold the words than bear them as their name."""
    return all(reading.frequency(stem) <= most for stem in stems(name))


def _with_name_in_title(reading: Reading, embedder: Embedder, name: str) -> list[Paper]:
    """Papers that have the name in their title as it is written."""
    whole = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    hits = search_for(reading, embedder, parse_query(name), k=_LOOKED_AT)
    return [hit.paper for hit in hits if whole.search(hit.paper.title)]


def _is_spoken_of(name: str, papers: Sequence[Paper]) -> bool:
    """Whether the papers cited last hold it: "And ImageNet?" then asks for their figures on it."""
    return any(name.casefold() in f"{paper.title} {paper.abstract}".casefold() for paper in papers)
