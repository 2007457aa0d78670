"""Papers that a search can hardly tell apart: which are read, and that those that answer come first."""

from __future__ import annotations

import pytest

from rag.corpus import Paper
from rag.near_ties import MOST, count_near_ties, order_by_reading

MEASURED = Paper(
    "a",
    "Sluice: Streaming Attention on Phones",
    "Language models on phones run out of memory. Sluice keeps only the newest keys and values of each layer in fast "
    "memory. On three phones it makes decoding 2.4 times as fast as full attention at the same accuracy.",
)
RELATED = Paper(
    "b",
    "Weir: Attention with a Bounded Cache",
    "Language models on phones run out of memory. Weir proves that a cache of bounded size suffices for every model "
    "with local attention. We discuss how such caches might be made on devices.",
)
OTHER = Paper(
    "c",
    "Counting Bees with Cameras",
    "Cameras above a meadow watch which insects come to which plants. A small network counts them by kind.",
)
QUESTION = "How much faster does decoding on phones become?"


@pytest.mark.parametrize(
    ("scores", "read"),
    [
        ([], 0),
        ([0.9], 0),
        ([0.9, 0.7, 0.69], 0),
        ([0.9, 0.88, 0.86], 2),
        ([0.5, 0.465, 0.3], 2),
        ([0.5, 0.455, 0.45], 0),
        ([0.5] * (MOST + 3), MOST),
    ],
)
def test_only_papers_near_the_first_are_read(scores: list[float], read: int) -> None:
    assert count_near_ties(scores) == read


def test_the_paper_that_answers_comes_first_wherever_it_stood() -> None:
    for papers in ([MEASURED, RELATED, OTHER], [OTHER, RELATED, MEASURED]):
        order = order_by_reading(QUESTION, papers, [0.5, 0.5, 0.5])
        assert papers[order[0]] is MEASURED
        assert sorted(order) == [0, 1, 2]


def test_papers_that_read_alike_stay_in_their_order() -> None:
    assert order_by_reading("What is a cactus?", [OTHER, OTHER], [0.5, 0.5]) == [0, 1]


def test_a_paper_without_text_does_no_harm() -> None:
    empty = Paper("d", "", "")
    assert order_by_reading(QUESTION, [empty, MEASURED], [0.5, 0.5]) == [1, 0]
