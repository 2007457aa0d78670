"""A name that few papers hold brings up those that do, though no embedding model knows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.index import Index
from rag.minilm import bundled_embedder
from rag.named import rare_names, written_as_names
from rag.query import parse_query
from rag.search import search


@pytest.fixture(scope="module")
def index(sample_index: Path) -> Iterator[Index]:
    with closing(Index.open(sample_index)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What accuracy is reached on Cora?", ["Cora"]),
        ("Cora", ["Cora"]),
        ("Which optimizers need less memory than adam?", []),
        ("find my keys", []),
        ("is the KV cache of GPT-3 larger", ["KV", "GPT-3"]),
        ("FP8", ["FP8"]),
    ],
)
def test_names_are_words_that_are_written_like_one(text: str, names: list[str]) -> None:
    assert written_as_names(text) == names


@pytest.mark.parametrize(
    "query",
    [
        "Cora",
        "cora",
        "accuracy on Cora",
        "What is the state of the art on Cora?",
        "Which papers report results on Cora?",
    ],
)
def test_a_rare_name_brings_up_the_papers_that_hold_it(index: Index, query: str) -> None:
    with index.reading() as reading:
        hits = search(reading, bundled_embedder(), query, k=2)
    assert all("Cora" in hit.paper.abstract for hit in hits)


def test_a_name_weighs_as_much_as_it_tells_apart(index: Index) -> None:
    with index.reading() as reading:
        alone = rare_names(reading, parse_query("Cora"))
        beside = rare_names(reading, parse_query("Which accuracy of a classifier is reached on Cora?"))
        common = rare_names(reading, parse_query("What do Transformers learn of Language?"))
    assert alone == {"cora": 1.0}
    assert 0 < beside["cora"] < 1
    assert common == {}
