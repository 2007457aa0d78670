"""Whose words a sentence of an answer has: it gets no citation that does not carry it, and keeps no other's."""

from __future__ import annotations

import pytest

from rag.checking import Checked, check_answer
from rag.corpus import Paper
from rag.support import check_sentence
from tests.answering import evidence_of

TERN = Paper(
    "tern",
    "Tern: Learning Sea Routes from Bird Rings",
    "Tern reads the rings of 9,000 birds and learns the routes between their islands. Tern hides 12% of the stops and "
    "fills them in. The answer is given as a map, and good maps need two seasons of rings.",
)
PLOVER = Paper(
    "plover",
    "Plover: Faster Route Search on top of Tern",
    "Rankers of routes are accurate but slow. Plover stores one vector per island and searches them ahead of time. "
    "Building its index on top of Tern becomes 12% faster. The price of Plover is a larger index.",
)


def checked(text: str, used: tuple[int, ...] = ()) -> Checked:
    return check_answer(text, used, evidence_of(TERN, PLOVER))


@pytest.mark.parametrize(
    "sentence",
    [
        "Unsupported: Tern is loved by everyone.",
        "Tern is loved by everyone.",
        "I hope the answer is good.",
        "Plover is just a good one.",
        "Note: Plover is liked.",
    ],
)
def test_a_shared_name_or_word_alone_brings_no_citation(sentence: str) -> None:
    [found] = checked(sentence).sentences
    assert (found.support, found.citations) == ("unsupported", ())


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("Tern learns the routes between islands from the rings of 9,000 birds.", "Tern"),
        ("Before the search, Plover stores one vector for each island.", "Plover"),
        ("Plover does have larger indexes.", "Plover"),
    ],
)
def test_a_sentence_whose_words_a_paper_has_gets_its_citation(sentence: str, title: str) -> None:
    found = checked(sentence)
    assert [citation.paper.title.split(":")[0] for citation in found.citations] == [title]


def test_another_papers_words_are_not_supported_by_the_one_cited() -> None:
    [wrong] = checked("Tern hides 12% of the stops [1].", (2,)).sentences
    assert wrong.support == "unsupported"
    assert wrong.reason == "it is “Tern: Learning Sea Routes from Bird Rings” that says this, which is not cited here"
    [right] = checked("Tern hides 12% of the stops [1].", (1,)).sentences
    assert right.support == "supported"


@pytest.mark.parametrize("label", ["Unsupported: ", "In short: "])
def test_a_label_before_a_sentence_makes_it_no_truer(label: str) -> None:
    title = "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over BERT"
    abstract = (
        "Rankers based on BERT are accurate but need a full forward pass for every pair of query and document. ColBERT "
        "encodes the query and the document separately into one vector per token. The score is the sum, over the "
        "query's tokens, of the best match among the document's tokens; this step is called late interaction. Document "
        "vectors can be computed ahead of time and searched with a nearest-neighbour index. On MS MARCO and TREC CAR "
        "it is about as effective as BERT rankers, two orders of magnitude faster, and uses far fewer operations per "
        "query. The price is a larger index."
    )
    assert check_sentence("BERT is loved by everyone.", title, abstract).support == "partial"
    assert check_sentence(f"{label}BERT is loved by everyone.", title, abstract).support == "partial"
    assert check_sentence(f"{label}It is two orders of magnitude faster.", title, abstract).support == "supported"
