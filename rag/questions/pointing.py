"""What a follow-up points at among the papers cited before: "the second one", "which of them", "paper 3"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.corpus import Paper, Turn, normalise_title

if TYPE_CHECKING:
    from rag.index import Reading

_ORDINALS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "last": -1, "former": 0, "latter": -1,
}  # fmt: skip
_THING = r"(?:one|paper|method|approach|work|result|answer|item|title)"
_ORDINAL = re.compile(
    rf"\bthe (?P<word>{'|'.join(_ORDINALS)})\b"
    rf"(?: {_THING}\b|(?: of (?:them|these|those))?(?=\W*(?:$|\b(?:is|do|does|and|or)\b)))"
    r"|\b(?:paper|source|number|result|item) (?P<number>\d{1,2})\b|(?<!\w)\[(?P<marker>\d{1,2})\]",
    re.IGNORECASE,
)
_AMONG = re.compile(
    r"\b(?:which|what|any|one|none|all|both|each|either|neither|some|most|who|compare|among|between)\b(?: of)? "
    r"(?P<them>them|(?:these|those)(?!\s+\w{4,}s\b)|the (?:papers|methods|approaches|two|three|four))\b"
    r"|\b(?P<ones>which ones?)\b",
    re.IGNORECASE,
)
_QUOTED_TITLE = re.compile(r"[“\"]([^”\"\n]{4,300})[”\"]")


@dataclass(frozen=True, slots=True)
class Pointed:
    """A follow-up with what it points at put in its place."""

    question: str
    papers: tuple[Paper, ...]  # the ones it is about; () where it points at none in particular


def point(reading: Reading, question: str, history: Sequence[Turn]) -> Pointed:
    """Which papers of the last answer a question means, in the order in which that answer named them."""
    ordinal, among = _ORDINAL.search(question), _AMONG.search(question)
    if not history or not (ordinal or among):
        return Pointed(question, ())
    papers, said = _named_last(reading, history)
    if ordinal and papers:
        place = _behind_marker(ordinal, said, papers) if ordinal["marker"] else _place(ordinal, len(papers))
        if place is not None:
            title = f"“{papers[place].title}”"
            asked = f"{question[: ordinal.start()]}{title}{question[ordinal.end() :]}"
            return Pointed(" ".join(asked.split()), (papers[place],))
    if among and len(papers) > 1:
        group = "them" if among["them"] else "ones"
        words = "these papers" if group == "them" else "which of these papers"
        return Pointed(f"{question[: among.start(group)]}{words}{question[among.end(group) :]}", papers)
    return Pointed(question, ())


def _place(found: re.Match[str], count: int) -> int | None:
    if found["word"]:
        place = _ORDINALS[found["word"].casefold()]
        return place if -count <= place < count else None
    place = int(found["number"]) - 1
    return place if 0 <= place < count else None


def _behind_marker(found: re.Match[str], said: str, papers: Sequence[Paper]) -> int | None:
    """The paper that [3] stands for: in extracts the title before it, else the third paper that was cited."""
    before, there, _ = said.partition(found[0])
    titles = [normalise_title(title) for title in _QUOTED_TITLE.findall(before)]
    known = {normalise_title(paper.title): place for place, paper in enumerate(papers)}
    if there and titles and titles[-1] in known:
        return known[titles[-1]]
    place = int(found["marker"]) - 1
    return place if 0 <= place < len(papers) else None


def _named_last(reading: Reading, history: Sequence[Turn]) -> tuple[tuple[Paper, ...], str]:
    """The papers of the last answer that named any, and its text: those it cites, else those whose titles it quotes."""
    for turn in reversed(history):
        if turn.role != "assistant":
            continue
        ids = list(dict.fromkeys(turn.cited))
        if not ids:
            titles = dict.fromkeys(normalise_title(title) for title in _QUOTED_TITLE.findall(turn.content))
            ids = [paper_id for title in titles for paper_id in reading.named([title], [])]
        papers = reading.papers(ids)
        if papers:
            return tuple(papers[paper_id] for paper_id in dict.fromkeys(ids) if paper_id in papers), turn.content
    return (), ""
