"""Questions that may follow an answer: drawn from the papers around it, and shown only where the corpus answers them.

Works without a model. What the cited papers and those near to them say becomes questions of several kinds
(`rag/page/question_forms.py`); the ones shown are of different kinds and about different papers, near to what was
asked but not the same. Each is searched for and its evidence judged as if it had been asked, which is why this runs
after the answer, in the thread that made it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice
from typing import TYPE_CHECKING

from rag.corpus import Answer, Paper
from rag.errors import AskPapersError
from rag.export import cited_in
from rag.page.examples import shared_topics
from rag.page.phrases import name_of_system
from rag.page.question_forms import drawn_from
from rag.page.shared_names import baselines, yardsticks

if TYPE_CHECKING:
    from rag import calibration
    from rag.embedder import Embedder
    from rag.index import Index, Reading

WANTED = 3
_TRIED = 9  # candidates that are searched for; each takes some 30 ms
_WEIGHED = 48  # candidates whose nearness to the question is measured
_AROUND = 16  # papers near the question that are looked at
_LIKE = 0.42  # cosine, at least
_NEAR = 0.7  # share of the best cosine
_SURE = 0.6  # probability that the papers answer
_LOOKED_AT = 2  # papers that are read closely for it
_SAME = 0.9  # cosine of two questions that ask for the same
_WORTH = 0.45  # weight of a question, at least; below it asks for something else
_CITED_LAST = 0.05  # cosine by which a paper that was not cited yet may be further off
_OWN = 0.5  # weight of the question's own cosine; a name in it makes that small
_PLAIN = {"how": 0.4, "topic": 0.15}  # cosine by which the kinds that ask for little are put back
_AGAIN = frozenset(
    {"figure", "contrast", "relation", "finding", "aim", "means", "meaning", "topic"}
)  # kinds that may come twice


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be shown."""

    text: str
    kind: str
    papers: frozenset[str]  # one of them must come up for it; empty: any may
    near: float = 0.0  # cosine of the nearest of its papers to what was asked
    is_new: bool = False  # none of its papers was cited


def suggest_questions(index: Index, embedder: Embedder, answer: Answer, *, known: Sequence[str]) -> tuple[str, ...]:
    """At most three questions, none of `known` in other words; none where the index cannot be read just now."""
    if answer.outcome == "nothing":
        return ()
    try:
        with index.reading() as reading:
            near = _near(answer, reading, embedder)
            candidates = list(islice(_candidates(cited_in([answer]), near), _WEIGHED))
            ordered = _ordered(candidates, answer.standalone_question, known, embedder)
            return tuple(_chosen(ordered, reading, embedder, index.mapping(reading)))
    except AskPapersError:
        return ()


def _near(answer: Answer, reading: Reading, embedder: Embedder) -> dict[str, tuple[Paper, float]]:
    """Papers near the question with their cosine, by their ids, the nearest first; none that is far off."""
    from rag.search import search

    hits = search(reading, embedder, answer.standalone_question, k=_AROUND)
    least = max(_LIKE, _NEAR * max((hit.cosine for hit in hits), default=0.0))
    return {hit.paper.paper_id: (hit.paper, hit.cosine) for hit in hits if hit.cosine >= least}


def _candidates(cited: Sequence[Paper], near: Mapping[str, tuple[Paper, float]]) -> Iterator[Candidate]:
    """What several papers share first, then what each says, the cited and the near ones in turn."""
    known = {paper.paper_id for paper in cited}
    around = [paper for paper_id, (paper, _) in near.items() if paper_id not in known]

    def made(text: str, kind: str, holders: Collection[str]) -> Candidate:
        cosines = [max(near[each][1] if each in near else 0.0, _LIKE * (each in known)) for each in holders]
        return Candidate(text, kind, frozenset(holders), max(cosines, default=_LIKE), not known & set(holders))

    papers = [*cited, *around]
    for text, holders in (*baselines(papers), *yardsticks(papers)):
        yield made(text, "list", holders)
    for topic in shared_topics(papers):
        yield made(f"Which papers are about {topic}?", "list", ())
    named = [(name, paper) for paper in cited if (name := name_of_system(paper))]
    for (first, one), (second, other) in islice(combinations(named, 2), 2):
        yield made(f"How do {first} and {second} differ?", "comparison", {one.paper_id, other.paper_id})
    for paper in _in_turn(cited, around):
        for drawn in drawn_from(paper):
            yield made(drawn.text, drawn.kind, {paper.paper_id})


def _in_turn(cited: Sequence[Paper], around: Sequence[Paper]) -> Iterator[Paper]:
    for place in range(max(len(cited), len(around))):
        yield from cited[place : place + 1]
        yield from around[place : place + 1]


def _ordered(candidates: Sequence[Candidate], asked: str, known: Sequence[str], embedder: Embedder) -> list[Candidate]:
    """The nearest to what was asked first, without those that ask for the same as a question of this conversation."""
    if not candidates:
        return []
    said = list(dict.fromkeys([asked, *known]))
    vectors = embedder.embed_queries([*said, *(each.text for each in candidates)])
    before, own = vectors[: len(said)], vectors[len(said) :]
    alike = own @ before.T
    weighed = [
        (each.near + _OWN * float(near[0]), each)
        for each, near in zip(candidates, alike, strict=True)
        if float(near.max()) < _SAME and not _is_known(each, said)
    ]
    worth = [(weight + _CITED_LAST * each.is_new, each) for weight, each in weighed if weight >= _WORTH]
    return [each for _, each in sorted(worth, key=lambda pair: _PLAIN.get(pair[1].kind, 0.0) - pair[0])]


def _is_known(candidate: Candidate, said: Collection[str]) -> bool:
    """Whether it was asked; "How does X work?" says nothing new to whoever has asked about X."""
    if candidate.kind == "how":
        name = _bare(candidate.text.removeprefix("How does ").removesuffix(" work?"))
        return any(f" {name} " in f" {_bare(question)} " for question in said)
    return _bare(candidate.text) in map(_bare, said)


def _bare(question: str) -> str:
    return re.sub(r"\W+", " ", question).casefold().strip()


def _chosen(
    ordered: Sequence[Candidate], reading: Reading, embedder: Embedder, mapping: calibration.OddsMapping
) -> Iterator[str]:
    """Those that are answered, at most `WANTED`, about different papers: of different kinds as far as there are any."""
    kinds: set[str] = set()
    papers: set[str] = set()
    found = tried = 0
    passed: list[Candidate] = []
    for candidate in chain(ordered, iter(passed)):  # those passed over stand in at the end
        if found == WANTED or tried == _TRIED:
            return
        if papers & candidate.papers:
            continue
        if candidate.kind in kinds and candidate not in passed:
            passed += [candidate] if candidate.kind in _AGAIN else []
            continue
        tried += 1
        if is_answered(candidate.text, candidate.papers, reading, embedder, mapping):
            found += 1
            kinds.add(candidate.kind)
            papers |= candidate.papers
            yield candidate.text


def is_answered(
    question: str, papers: Collection[str], reading: Reading, embedder: Embedder, mapping: calibration.OddsMapping
) -> bool:
    """Whether the corpus answers a question: papers are counted for it, or their evidence is good enough.

    `papers`: one of them must be among the first; empty: any may. `mapping`: the corpus' own, by which the question
    will be judged when it is asked.
    """
    from rag.close_reading import read_closely
    from rag.confidence import judge
    from rag.query import parse_query
    from rag.questions.request import understand
    from rag.questions.tallying import tally
    from rag.search import search_for

    request = understand(reading, question)
    if request.wanted.kind != "content":
        return tally(reading, request.wanted, request.filters).count > 1
    query = parse_query(request.text, typed=request.typed)
    hits = search_for(reading, embedder, query, k=_LOOKED_AT, filters=request.filters)
    if papers and not any(hit.paper.paper_id in papers for hit in hits):
        return False
    confidence = judge(request.text, hits, read_closely(request.text, hits, embedder), mapping)
    return confidence.outcome == "answered" and confidence.probability >= _SURE
