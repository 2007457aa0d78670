"""The best sentences of the hits: verbatim, numbered, the ones that answer first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from rag.close_reading import CLOSE, read_closely
from rag.corpus import Chunk, Evidence, Hit, Paper
from rag.evidence import QUOTES, gather_evidence
from rag.minilm import BundledEmbedder
from tests.small_corpus import PAPERS


@pytest.fixture(scope="module")
def embedder() -> BundledEmbedder:
    return BundledEmbedder()


def gather(question: str, found: Sequence[Hit], embedder: BundledEmbedder, *, limit: int) -> tuple[Evidence, ...]:
    return gather_evidence(question, found, read_closely(question, found, embedder), limit=limit)


def hits(*numbers: int) -> list[Hit]:
    found = []
    for rank, number in enumerate(numbers, start=1):
        title, text = PAPERS[number]
        paper = Paper(f"{number:016}", title, text)
        chunk = Chunk(f"{paper.paper_id}:0", paper.paper_id, 0, len(text))
        found.append(Hit(paper, chunk, rank, 1.0 - 0.1 * rank, 0.6, 5.0))
    return found


def test_evidence_is_numbered_in_the_order_of_the_hits_and_verbatim(embedder: BundledEmbedder) -> None:
    evidence = gather("How much memory do the states need?", hits(0, 1, 3), embedder, limit=8)
    assert [one.number for one in evidence] == [1, 2, 3]
    for one in evidence:
        assert 1 <= len(one.quotes) <= QUOTES
        assert all(one.paper.abstract[quote.start : quote.end] == quote.text for quote in one.quotes)
        assert [quote.score for quote in one.quotes] == sorted((quote.score for quote in one.quotes), reverse=True)


@pytest.mark.parametrize(
    ("question", "number", "answer"),
    [
        ("How large is the mean error after one year?", 2, "4.2 metres"),
        ("By how much do the states of the optimizer shrink?", 0, "56 GB to 15 GB"),
        ("How much quieter do the drones become?", 7, "six decibels"),
        ("To what share do proved theorems rise?", 6, "31 % to 44 %"),
    ],
)
def test_the_best_quote_holds_the_answer(question: str, number: int, answer: str, embedder: BundledEmbedder) -> None:
    others = [other for other in (3, 5, 8) if other != number]
    evidence = gather(question, hits(number, *others), embedder, limit=4)
    best = max((quote for one in evidence for quote in one.quotes), key=lambda quote: quote.score)
    assert answer in best.text


def test_neighbouring_sentences_join_and_no_sentence_stands_in_two_quotes(embedder: BundledEmbedder) -> None:
    evidence = gather("What are the states of an optimizer stored in?", hits(0), embedder, limit=1)
    spans = sorted((quote.start, quote.end) for quote in evidence[0].quotes)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert len(spans) < 4  # of four sentences at least two were joined


def test_the_limit_holds_and_later_papers_still_show_a_sentence(embedder: BundledEmbedder) -> None:
    evidence = gather("memory", hits(*range(10)), embedder, limit=8)
    assert len(evidence) == 8
    assert all(len(one.quotes) == 1 for one in evidence[CLOSE:])
    assert gather("memory", [], embedder, limit=8) == ()
    assert gather("memory", hits(1), embedder, limit=0) == ()


def test_an_abstract_without_a_sentence_has_no_quotes(embedder: BundledEmbedder) -> None:
    bare = Hit(Paper("x", "A Title", ""), Chunk("x:0", "x", 0, 0), 1, 0.5, 0.5, 0.0)
    assert gather("memory", [bare], embedder, limit=1)[0].quotes == ()
