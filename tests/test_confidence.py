"""When the papers answer, when they are only related, when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from rag.calibration import OddsMapping
from rag.close_reading import read_closely
from rag.confidence import Confidence, is_on_topic, is_plainly_on_topic, judge
from rag.index import Index
from rag.minilm import BundledEmbedder
from rag.search import search
from tests.small_corpus import index_small_corpus
from tests.word_embedder import WordEmbedder


@pytest.fixture(scope="module")
def embedder() -> BundledEmbedder:
    return BundledEmbedder()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    settings = index_small_corpus(tmp_path_factory.mktemp("confidence") / "data")
    with closing(Index.open(settings.data_dir)) as opened:
        yield opened


def judged(index: Index, embedder: BundledEmbedder, question: str) -> Confidence:
    with index.reading() as reading:
        hits = search(reading, embedder, question, k=8)
    return judge(question, hits, read_closely(question, hits, embedder))


@pytest.mark.parametrize(
    "question",
    [
        "How much memory do the optimizer states need in eight bits?",
        "How are the voices of a choir separated without a score?",
        "Which papers make the memory of optimizers smaller?",
        "What does code in the pretraining data do for reasoning?",
    ],
)
def test_what_the_papers_say_is_answered(index: Index, embedder: BundledEmbedder, question: str) -> None:
    found = judged(index, embedder, question)
    assert found.outcome == "answered"
    assert found.probability >= 0.5
    assert "Every word of the question is in the nearest papers, or one like it." in found.reasons


@pytest.mark.parametrize(
    "question",
    [
        "How are sourdough breads baked at high altitude?",
        "Which vaccine protects cattle against anthrax?",
        "Who composed the opera about the Venetian merchant?",
    ],
)
def test_another_topic_is_nothing_and_the_reason_names_what_is_missing(
    index: Index, embedder: BundledEmbedder, question: str
) -> None:
    found = judged(index, embedder, question)
    assert found.outcome == "nothing"
    assert found.probability < 0.4
    assert "Nothing in the nearest papers is like" in found.reasons[0]


def test_a_near_miss_is_related_not_nothing(index: Index, embedder: BundledEmbedder) -> None:
    found = judged(
        index, embedder, "How accurate are the forecasts of desert dunes in Patagonia during eruptions of volcanoes?"
    )
    assert found.outcome == "related"
    assert "volcanoes" in found.reasons[0] or "Patagonia" in found.reasons[0]


def test_a_number_that_no_sentence_holds_lowers_the_confidence(index: Index, embedder: BundledEmbedder) -> None:
    without = judged(index, embedder, "What is lowered by the sign of a single momentum?")
    asked = judged(index, embedder, "How many hours does the sign of a single momentum take?")
    assert asked.probability < without.probability


def test_a_question_without_a_topic_is_not_answered(index: Index, embedder: BundledEmbedder) -> None:
    assert judged(index, embedder, "what is it?").outcome == "related"


@pytest.mark.parametrize("question", ["42", "2 + 2", "7*8 = ?"])
def test_numbers_alone_name_no_topic(index: Index, embedder: BundledEmbedder, question: str) -> None:
    assert judged(index, embedder, question).reasons == ("The question names no topic.",)


def test_a_question_whose_words_are_there_but_not_its_meaning_is_not_answered(
    index: Index, embedder: BundledEmbedder
) -> None:
    question = "what time is it"
    with index.reading() as reading:
        hits = [replace(hit, cosine=0.1) for hit in search(reading, embedder, question, k=8)]
    read = read_closely(question, hits, embedder)
    near = [replace(hit, cosine=0.4) for hit in hits]
    assert judge(question, hits, read).probability < judge(question, near, read).probability - 0.2


def test_cosines_of_other_embeddings_say_nothing_of_how_far_a_paper_is(index: Index, embedder: BundledEmbedder) -> None:
    question = "How are the voices of a choir separated without a score?"
    with index.reading() as reading:
        hits = search(reading, embedder, question, k=8)
    read = read_closely(question, hits, WordEmbedder())
    lower = [replace(hit, cosine=0.05) for hit in hits]
    assert judge(question, lower, read).probability == judge(question, hits, read).probability


def test_without_hits_there_is_nothing(embedder: BundledEmbedder) -> None:
    found = judge("What is Lion?", [], read_closely("What is Lion?", [], embedder))
    assert (found.outcome, found.probability) == ("nothing", 0.0)


def test_what_speaks_for_and_against_is_told_in_words(index: Index, embedder: BundledEmbedder) -> None:
    found = judged(index, embedder, "How much memory do the optimizer states need in eight bits?")
    assert found.reasons[0] == "Every word of the question is in the nearest papers, or one like it."
    assert "The question asks for a number, and a sentence near to it holds one." in found.reasons
    other = judged(index, embedder, "Which vaccine protects cattle against anthrax?")
    assert "In meaning, no paper is very near to the question." in other.reasons
    assert "No sentence seems to say what is asked." in other.reasons


@pytest.mark.parametrize(
    ("threshold", "told"),
    [(-9.0, "No single sentence plainly says what is asked."), (9.0, "No sentence seems to say what is asked.")],
)
def test_a_fact_that_was_not_seen_is_not_denied_where_the_papers_are_enough(
    index: Index, embedder: BundledEmbedder, threshold: float, told: str
) -> None:
    question = "Who painted the propellers of the drones?"
    with index.reading() as reading:
        hits = search(reading, embedder, question, k=8)
    found = judge(question, hits, read_closely(question, hits, embedder), OddsMapping(threshold=threshold))
    assert found.outcome == ("answered" if threshold < 0 else "related")
    assert [reason for reason in found.reasons if "sentence" in reason] == [told]


def test_both_searches_are_only_said_to_differ_where_one_of_them_puts_the_first_paper_first(
    index: Index, embedder: BundledEmbedder
) -> None:
    question = "How much memory do the optimizer states need in eight bits?"
    with index.reading() as reading:
        first, *others = search(reading, embedder, question, k=8)

    def told(cosine_rank: int, bm25_rank: int) -> str:
        hits = [replace(first, cosine_rank=cosine_rank, bm25_rank=bm25_rank), *others]
        return " ".join(judge(question, hits, read_closely(question, hits, embedder)).reasons)

    assert "puts the same paper first" in told(1, 1)
    assert "puts different papers first" in told(1, 3)
    assert "Searching by words" not in told(2, 2)


def test_the_corpus_own_mapping_moves_how_sure_it_is_and_not_what_it_does(
    index: Index, embedder: BundledEmbedder
) -> None:
    question = "How are the voices of a choir separated without a score?"
    with index.reading() as reading:
        hits = search(reading, embedder, question, k=8)
    read = read_closely(question, hits, embedder)
    usual, alike = judge(question, hits, read), judge(question, hits, read, OddsMapping(3.0))
    assert alike.probability < usual.probability
    assert (alike.outcome, alike.reasons) == (usual.outcome, usual.reasons)
    assert judge(question, hits, read, OddsMapping(9.0, threshold=9.0)).outcome == "related"


@pytest.mark.parametrize(
    ("question", "on_topic"),
    [
        ("How much memory do the optimizer states need in eight bits?", True),
        ("How accurate are the forecasts of desert dunes in Patagonia during eruptions of volcanoes?", True),
        ("what is it?", True),
        ("How are sourdough breads baked at high altitude?", False),
        ("Who composed the opera about the Venetian merchant?", False),
    ],
)
def test_a_topic_is_seen_in_the_first_paper_and_further_reading_agrees(
    index: Index, embedder: BundledEmbedder, question: str, on_topic: bool
) -> None:
    with index.reading() as reading:
        hits = search(reading, embedder, question, k=8)
    glance = read_closely(question, hits[:1], embedder, together=False)
    assert [one.reading for one in glance.matches] == [None]
    assert is_on_topic(glance) == on_topic
    assert on_topic or not is_plainly_on_topic(hits[0])
    assert (judge(question, hits, read_closely(question, hits, embedder)).outcome != "nothing") == on_topic


@pytest.mark.parametrize(
    ("question", "plainly"),
    [
        ("How are the voices of a choir separated without a score?", True),
        ("Is there anything on animals?", False),
    ],
)
def test_where_words_and_meaning_agree_no_reading_is_needed(
    index: Index, embedder: BundledEmbedder, question: str, plainly: bool
) -> None:
    with index.reading() as reading:
        [first] = search(reading, embedder, question, k=1)
    assert is_plainly_on_topic(first) == plainly


def test_a_reading_that_goes_on_is_the_same_as_one_that_was_never_broken_off(
    index: Index, embedder: BundledEmbedder
) -> None:
    question = "How are the voices of a choir separated without a score?"
    with index.reading() as reading:
        hits = search(reading, embedder, question, k=5)
    begun = read_closely(question, hits[:2], embedder, together=False)
    whole, continued = read_closely(question, hits, embedder), read_closely(question, hits, embedder, begun=begun)
    assert [one.reading for one in continued.matches] == [one.reading for one in whole.matches]
    assert judge(question, hits, continued) == judge(question, hits, whole)


def test_where_a_name_of_the_question_is_held_the_distance_does_not_count(
    index: Index, embedder: BundledEmbedder
) -> None:
    question = "How are the voices of a choir separated without a score?"
    with index.reading() as reading:
        hits = search(reading, embedder, question, k=8)
    name = max(hits[0].paper.title.split(), key=len).strip(":,.")
    for asked, counts in ((question, True), (f"{question} By {name.title()}", False)):
        read = read_closely(asked, hits, embedder)
        far = [replace(hit, cosine=0.05) for hit in hits]
        assert (judge(asked, far, read).probability < judge(asked, hits, read).probability) == counts
