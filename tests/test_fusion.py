"""Fusing two rankings by their scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rag.fusion import fuse

SCORES = st.floats(0, 1, allow_nan=False)


def ids(cosines: dict[str, list[tuple[str, float]]], bm25: dict[str, float], size: int = 100) -> list[str]:
    return [paper.paper_id for paper in fuse(cosines, bm25, corpus_size=size)]


def test_words_decide_between_papers_of_like_meaning_and_meaning_between_papers_of_like_words() -> None:
    assert ids({"a": [("a:0", 0.5)], "b": [("b:0", 0.5)]}, {"a": 1.0, "b": 9.0}) == ["b", "a"]
    assert ids({"a": [("a:0", 0.7)], "b": [("b:0", 0.5)]}, {"a": 3.0, "b": 3.0}) == ["a", "b"]


def test_a_paper_without_any_word_of_the_query_can_still_be_first() -> None:
    assert ids({"a": [("a:0", 0.9)], "b": [("b:0", 0.1)]}, {"b": 5.0})[0] == "a"


def test_the_best_chunk_is_named_and_the_mean_of_all_counts_too() -> None:
    first, second = fuse({"a": [("a:0", 0.2), ("a:1", 0.6)], "b": [("b:0", 0.6)]}, {}, corpus_size=9)
    assert (first.paper_id, second.chunk_id, second.cosine) == ("b", "a:1", 0.6)


def test_equal_scores_are_ordered_by_id() -> None:
    assert ids({"b": [("b:0", 0.5)], "a": [("a:0", 0.5)]}, {}) == ["a", "b"]


def test_the_weight_of_words_shrinks_as_scores_grow_with_the_corpus() -> None:
    gains = []
    for size in (100, 10_000):
        with_words = fuse({"a": [("a:0", 0.5)]}, {"a": 4.0}, corpus_size=size)[0].score
        gains.append(with_words - fuse({"a": [("a:0", 0.5)]}, {}, corpus_size=size)[0].score)
    assert gains[0] > gains[1] > 0


def test_no_candidates_give_no_ranking() -> None:
    assert fuse({}, {}, corpus_size=0) == []


@hypothesis_settings(max_examples=50)
@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(SCORES, SCORES), min_size=1))
def test_every_candidate_comes_once_best_first(scores: dict[str, tuple[float, float]]) -> None:
    found = fuse(
        {name: [(f"{name}:0", cosine)] for name, (cosine, _) in scores.items()},
        {name: 10 * words for name, (_, words) in scores.items()},
        corpus_size=50,
    )
    assert sorted(paper.paper_id for paper in found) == sorted(scores)
    assert [paper.score for paper in found] == sorted((paper.score for paper in found), reverse=True)
    assert all(paper.score == pytest.approx(paper.score) for paper in found)
