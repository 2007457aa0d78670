"""Questions that may follow an answer: made of the papers around it, and shown only where the corpus can answer them.

Works without a model. Each question is searched for and its evidence judged as if it had been asked, which is why this
runs after the answer, in the thread that made it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, combinations
from typing import TYPE_CHECKING

from rag.corpus import Answer, Paper
from rag.errors import AskPapersError
from rag.export import cited_in
from rag.page.examples import about_figures, about_systems, named_systems, shared_topics

if TYPE_CHECKING:
    from rag.embedder import Embedder
    from rag.index import Index, Reading

WANTED = 3
_TRIED = 8  # candidates that are looked at; each takes some 30 ms
_AROUND = 16  # papers near the question that are looked at
_LIKE = 0.3  # cosine, at least
_NEAR, _FIRST = 0.5, 4  # share of the best score; a paper that the question names is far ahead, so not for the first
_SURE = 0.6  # probability that the papers answer
_LOOKED_AT = 2  # papers that are read closely for it

Form = Callable[[Sequence[tuple[str, Paper]]], Iterator[str]]
Candidate = tuple[str, Collection[str]]  # a question, and the papers one of which must come up for it


def suggest_questions(index: Index, embedder: Embedder, answer: Answer, *, known: Sequence[str]) -> tuple[str, ...]:
    """At most three questions, none of `known`; none where the index cannot be read just now."""
    asked = {question.casefold() for question in known}
    found: list[str] = []
    if answer.outcome == "nothing":
        return ()
    try:
        with index.reading() as reading:
            candidates = _mixed(answer, _around(answer, reading, embedder))
            for question, papers in list(candidates)[:_TRIED]:
                if question.casefold() not in asked and _is_answered(question, papers, reading, embedder):
                    found.append(question)
                if len(found) == WANTED:
                    break
    except AskPapersError:
        return ()
    return tuple(found)


def _around(answer: Answer, reading: Reading, embedder: Embedder) -> list[Paper]:
    """Papers near the question that the answer does not cite, the nearest first; none that is far off."""
    from rag.search import search

    cited = {paper.paper_id for paper in cited_in([answer])}
    hits = search(reading, embedder, answer.standalone_question, k=_AROUND)
    return [
        hit.paper
        for hit in hits
        if hit.paper.paper_id not in cited
        and hit.cosine >= _LIKE
        and (hit.rank <= _FIRST or hit.score >= _NEAR * hits[0].score)
    ]


def _mixed(answer: Answer, around: Sequence[Paper]) -> Iterator[Candidate]:
    """One of each kind in turn: cited papers side by side, a figure of one, a paper nearby, a topic around."""
    cited = cited_in([answer])
    kinds: list[Iterator[Candidate]] = [
        _comparisons(cited),
        _each(_systems(cited), about_figures),
        _topics([*cited, *around]),
        _each(_systems(around), about_systems),
        _each(_systems(around), about_figures),
    ]
    while kinds:
        for kind in list(kinds):
            candidate = next(kind, None)
            if candidate is None:
                kinds.remove(kind)
            else:
                yield candidate


def _systems(papers: Sequence[Paper]) -> list[tuple[str, Paper]]:
    return named_systems(papers, also_words=True)


def _comparisons(cited: Sequence[Paper]) -> Iterator[Candidate]:
    for (first, one), (second, other) in combinations(_systems(cited), 2):
        yield f"How do {first} and {second} differ?", {one.paper_id, other.paper_id}


def _each(named: Sequence[tuple[str, Paper]], form: Form) -> Iterator[Candidate]:
    return chain.from_iterable(((question, {pair[1].paper_id}) for question in form([pair])) for pair in named)


def _topics(papers: Sequence[Paper]) -> Iterator[Candidate]:
    for topic in shared_topics(papers):
        yield f"What is known about {topic}?", ()


def _is_answered(question: str, papers: Collection[str], reading: Reading, embedder: Embedder) -> bool:
    from rag.close_reading import read_closely
    from rag.confidence import judge
    from rag.search import search

    hits = search(reading, embedder, question, k=_LOOKED_AT)
    if papers and not any(hit.paper.paper_id in papers for hit in hits):
        return False
    confidence = judge(question, hits, read_closely(question, hits, embedder))
    return confidence.outcome == "answered" and confidence.probability >= _SURE
