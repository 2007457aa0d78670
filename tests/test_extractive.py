"""Answers without a model: which sentences, in which order, and what is said where nothing answers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.corpus import Evidence, Hit, Outcome, Quote
from rag.extractive import Extract, write_extract, write_refusal
from rag.sentences import split_sentences
from tests.answering import evidence_of, paper

TINY, BLOCK, KEYS = (
    paper(title)
    for title in (
        "TinyState: One Momentum Is Enough",
        "BlockMoments: Optimizer States in Eight Bits",
        "Keys in Two Bits",
    )
)
QUESTION = "What does TinyState need?"


def scored(scores: Sequence[Sequence[float]]) -> tuple[Evidence, ...]:
    """TINY, BLOCK and KEYS as evidence; `scores` of each one's sentences in the order of its text."""
    found = []
    for item, own in zip(evidence_of(TINY, BLOCK, KEYS), scores, strict=True):
        quotes = [
            Quote(q.text, q.start, q.end, score)
            for q, score in zip(split_sentences(item.paper.abstract), own, strict=False)
        ]
        found.append(Evidence(item.number, item.hit, tuple(sorted(quotes, key=lambda quote: -quote.score))))
    return tuple(found)


def order(extract: Extract) -> list[tuple[str, int]]:
    """(paper, place of the sentence in its abstract) of each citation."""
    places = []
    for citation in extract.citations:
        sentences = [quote.text for quote in split_sentences(citation.paper.abstract)]
        places.append((citation.paper.title[:4], sentences.index(citation.quote)))
    return places


def test_the_three_best_come_first_in_each_papers_own_order() -> None:
    extract = write_extract(QUESTION, scored([[0.5, 0.2, 0.9], [0.8, 0.1], [0.1]]))
    assert order(extract) == [("Tiny", 0), ("Tiny", 2), ("Bloc", 0)]
    assert [citation.number for citation in extract.citations] == [1, 2, 3]
    assert extract.text.startswith("“TinyState: One Momentum Is Enough”: Optimizers keep two numbers")
    assert extract.text.count("\n\n") == 1


def test_papers_that_are_nearly_as_good_follow_with_one_sentence() -> None:
    extract = write_extract(QUESTION, scored([[0.9, 0.8, 0.7], [0.65, 0.64], [0.3]]))
    assert order(extract) == [("Tiny", 0), ("Tiny", 1), ("Tiny", 2), ("Bloc", 0)]


def test_a_question_for_a_list_gets_one_sentence_of_each_paper() -> None:
    extract = write_extract("Which papers need less memory?", scored([[0.9, 0.8, 0.7], [0.4, 0.5], [0.1]]))
    assert order(extract) == [("Tiny", 0), ("Bloc", 1), ("Keys", 0)]


def test_nothing_to_quote_gives_an_empty_extract() -> None:
    assert write_extract(QUESTION, ()) == Extract("", (), ())


def hits(evidence: Sequence[Evidence]) -> list[Hit]:
    """The hits behind evidence."""
    return [item.hit for item in evidence]


def refusal(outcome: Outcome) -> Extract:
    """A refusal over all three papers."""
    evidence = scored([[0.9], [0.8], [0.7]])
    return write_refusal(outcome, hits(evidence), evidence)


def test_off_topic_names_the_nearest_and_cites_nothing() -> None:
    extract = refusal("nothing")
    assert "hold nothing about this" in extract.text
    assert "“Keys in Two Bits”" in extract.text
    assert extract.citations == ()


def test_a_near_miss_says_what_the_papers_do_say() -> None:
    extract = refusal("related")
    assert "do not state the answer" in extract.text
    assert [citation.number for citation in extract.citations] == [1, 2, 3]
    assert extract.citations[0].quote in extract.text


@pytest.mark.parametrize("outcome", ["nothing", "related"])
def test_a_doubtful_refusal_is_not_told_as_a_fact(outcome: Outcome) -> None:
    evidence = scored([[0.9], [0.8], [0.7]])
    assert refusal(outcome).text.startswith("The papers ")
    doubtful = write_refusal(outcome, hits(evidence), evidence, doubtful=True)
    assert doubtful.text == refusal(outcome).text.replace("The papers ", "It seems that the papers ", 1)


def test_an_index_without_a_hit_says_so() -> None:
    assert write_refusal("nothing", ()).text == "The papers hold nothing about this."
