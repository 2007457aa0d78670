"""Search over a small real index: order, fewer than k, follow-ups, names, awkward input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.chosen_embedder import open_embedder
from rag.corpus import Hit, Turn
from rag.embedder import Embedder
from rag.errors import UsageError
from rag.index import Index
from rag.query import parse_query
from rag.search import search
from rag.settings import Settings
from rag.topic import topic_of
from tests.small_corpus import PAPERS, index_small_corpus


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return index_small_corpus(tmp_path_factory.mktemp("search") / "data")


@pytest.fixture(scope="module")
def embedder(settings: Settings) -> Embedder:
    return open_embedder(settings)


@pytest.fixture(scope="module")
def index(settings: Settings) -> Iterator[Index]:
    with closing(Index.open(settings.data_dir)) as opened:
        yield opened


def find(index: Index, embedder: Embedder, query: str, *, k: int = 5, history: tuple[Turn, ...] = ()) -> list[Hit]:
    with index.reading() as reading:
        return search(reading, embedder, query, k=k, history=history)


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("How much memory do optimizer states need with eight bits?", "p0"),
        ("Where will the dunes be next year?", "p2"),
        ("a smaller cache for long contexts", "p3"),
        ("insects visiting plants, watched by machines", "p9"),
        ("kv cache", "p3"),
    ],
)
def test_the_right_paper_comes_first_by_words_and_by_meaning(
    index: Index, embedder: Embedder, query: str, best: str
) -> None:
    hits = find(index, embedder, query)
    assert hits[0].paper.external_id == best
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_hit_keeps_both_scores_both_ranks_and_its_best_passage(index: Index, embedder: Embedder) -> None:
    best = find(index, embedder, "decibels of drones")[0]
    assert best.cosine_rank == best.bm25_rank == 1
    assert best.cosine > 0.3
    assert best.bm25 > 0
    assert best.passage in best.paper.abstract


def test_a_paper_found_by_meaning_alone_has_no_rank_by_words(index: Index, embedder: Embedder) -> None:
    hits = find(index, embedder, "insects visiting plants", k=10)
    assert hits[0].bm25 == 0.0
    assert hits[0].bm25_rank is None


def test_never_more_papers_than_there_are_and_each_once(index: Index, embedder: Embedder) -> None:
    hits = find(index, embedder, "memory of language models", k=50)
    assert len({hit.paper.paper_id for hit in hits}) == len(hits) == len(PAPERS)
    assert find(index, embedder, "memory", k=0) == []


def test_an_exact_title_brings_that_paper_first(index: Index, embedder: Embedder) -> None:
    for number, (title, _) in enumerate(PAPERS):
        assert find(index, embedder, title.upper() + "?")[0].paper.external_id == f"p{number}"


def test_a_title_in_quotes_and_an_id_bring_that_paper_first(index: Index, embedder: Embedder) -> None:
    question = 'How does "SignStep: One State Is Enough" compare with eight bits?'
    assert find(index, embedder, question)[0].paper.external_id == "p1"
    assert find(index, embedder, "p7")[0].paper.external_id == "p7"


def test_an_arxiv_id_with_or_without_version_brings_its_paper_first(index: Index, embedder: Embedder) -> None:
    for query in ("2410.05434", "arXiv:2410.05434v3", "What does 2410.05434 say about memory?"):
        assert find(index, embedder, query)[0].paper.arxiv_id == "2410.05434"


def test_a_phrase_in_quotes_lifts_the_paper_that_holds_it(index: Index, embedder: Embedder) -> None:
    assert find(index, embedder, "memory of language models and optimizers")[0].paper.external_id != "p9"
    lifted = find(index, embedder, 'memory of language models and optimizers "three months on one battery"')
    assert lifted[0].paper.external_id == "p9"


def test_a_follow_up_is_steered_by_the_turns_before(index: Index, embedder: Embedder) -> None:
    history = (
        Turn("user", "Who forecasts the movement of desert dunes?"),
        Turn("assistant", "Tides of Sand does, from satellite images [1]."),
    )
    assert find(index, embedder, "And how large is its error?", history=history)[0].paper.external_id == "p2"


def test_a_new_topic_is_found_in_spite_of_the_turns_before(index: Index, embedder: Embedder) -> None:
    history = (Turn("user", "Who forecasts the movement of desert dunes?"), Turn("assistant", "Tides of Sand."))
    best = find(index, embedder, "How are the voices of a choir separated without a score?", history=history)[0]
    assert best.paper.external_id == "p4"


@pytest.mark.parametrize("query", ["", "  \n", "?!", "..."])
def test_an_empty_query_is_one_sentence(index: Index, embedder: Embedder, query: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        find(index, embedder, query)


@pytest.mark.parametrize(
    "query",
    ['C++ (a:b "LSTM', "memory AND OR NOT *", "記憶", "a" * 30_000, "\ud800 memory", "the of and", "title:dunes^5~"],
)
def test_awkward_queries_are_searched_for_all_the_same(index: Index, embedder: Embedder, query: str) -> None:
    assert len(find(index, embedder, query, k=3)) == 3


def test_an_empty_corpus_has_no_hits(tmp_path: Path, embedder: Embedder) -> None:
    with closing(Index.open(tmp_path / "nothing")) as empty, empty.reading() as reading:
        assert search(reading, embedder, "memory", k=5) == []


def test_a_query_knows_its_phrases_and_arxiv_ids() -> None:
    query = parse_query('papers with "effective resistance" like arXiv:2410.05434v2 or 2501.12948?')
    assert query.phrases == ("effective resistance",)
    assert query.arxiv_ids == ("2410.05434", "2501.12948")
    assert parse_query("a loss of 1234.56789012 and v2.0").arxiv_ids == ()


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Provide me with some recent research papers on how drones become quieter.", "drones become quieter."),
        ("Could you please recommend papers about counting bees in meadows?", "counting bees in meadows?"),
        ("What are the latest methods for separating choirs of four voices?", "separating choirs of four voices?"),
        ("How do caches shrink in long contexts? Please explain in detail.", "How do caches shrink in long contexts?"),
        ("Give me papers on bees.", "Give me papers on bees."),
        ("What are EvoNorms?", "What are EvoNorms?"),
        ("Which optimizers need less memory than Adam?", "Which optimizers need less memory than Adam?"),
    ],
)
def test_words_that_only_ask_are_left_out_of_the_topic(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_only_the_latest_turns_are_context() -> None:
    turns = [Turn("user", f"question number {number} " + "x" * 600) for number in range(9)]
    context = parse_query("and then?", turns).context
    assert len(context) <= 2000
    assert "number 8" in context
    assert "number 1" not in context
