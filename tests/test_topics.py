"""Which papers are on a topic: both of two things, the forms of a word, what the word index cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from rag.answer import Assistant
from rag.embedder import Embedder
from rag.filters import Filters
from rag.index import Index
from rag.settings import Settings
from rag.topics.on_topic import papers_on
from rag.topics.variants import in_both_numbers
from tests.answering import embedder
from tests.dated_corpus import index_dated_corpus

__all__ = ["embedder"]

TITLES = [
    "Queues on One GPU",
    "Timetables by MILP",
    "Bounds for Slow MILPs",
    "Filling GPUs with Work that Nobody Waits for",
    "Geese over Wetlands, and what Reeds Tell of the Winter",
    "Geese without any Water",
    "Reeds for Roofs",
    "Fine-Tuning Harps",
    "Finetuning of Lutes",
    "Fine Tuning for Bagpipes",
    "Gases in Mines",
    "Evolving Bridges by GAs",
    "Letters to Us from the Coast",
    "Rules for Mail in the US",
    "Fast Sorting in C++",
    "Vitamin C in Peppers",
    "Overfitting of Small Forests",
    "Shoes that Fit",
    "Grading Essays with GPT-4",
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return index_dated_corpus(tmp_path_factory.mktemp("topics"), titled=TITLES)


@pytest.fixture(scope="module")
def index(settings: Settings) -> Iterator[Index]:
    with closing(Index.open(settings.data_dir)) as opened:
        yield opened


def titles_on(index: Index, topic: str) -> set[str]:
    with index.reading() as reading:
        return {paper.title for paper in reading.papers(papers_on(reading, topic).paper_ids).values()}


GEESE, ROOFS = "Geese over Wetlands, and what Reeds Tell of the Winter", "Reeds for Roofs"


@pytest.mark.parametrize(
    ("topic", "titles"),
    [
        ("geese and reeds", {GEESE}),
        ("both geese and reeds", {GEESE}),
        ("geese, reeds and winter", {GEESE}),
        ("geese & roofs", set()),
        ("reeds and winter or roofs", {GEESE, ROOFS}),
        ("roofs, peppers or bagpipes", {ROOFS, "Vitamin C in Peppers", "Fine Tuning for Bagpipes"}),
    ],
)
def test_two_things_are_held_wherever_they_stand(index: Index, topic: str, titles: set[str]) -> None:
    assert titles_on(index, topic) == titles


def test_the_rule_names_each_thing_that_is_held(index: Index, embedder: Embedder, settings: Settings) -> None:
    answer = Assistant(index, embedder, settings).ask("How many papers mention geese and fine-tuning or reeds?")
    assert answer.understood.tally is not None
    assert answer.understood.tally.rule == (
        "papers whose title or abstract holds “geese” in any form, and the words of “fine-tuning” or “finetuning” or "
        "“reeds” close together in any form"
    )
    assert answer.understood.tally.count == 1


@pytest.mark.parametrize(
    ("topics", "titles"),
    [
        (("GPU", "GPUs", "GPU's", "gpus"), {"Queues on One GPU", "Filling GPUs with Work that Nobody Waits for"}),
        (
            ("fine tuning", "fine-tuning", "finetuning"),
            {"Fine-Tuning Harps", "Finetuning of Lutes", "Fine Tuning for Bagpipes"},
        ),
        (("GPT-4", "GPT4", "GPT 4"), {"Grading Essays with GPT-4"}),
        (("MILP", "MILPs", "milps"), {"Timetables by MILP", "Bounds for Slow MILPs"}),
        (("slow MILP", "slow MILPs", "slow milps"), {"Bounds for Slow MILPs"}),
        (("MILPs or reeds",), {"Timetables by MILP", "Bounds for Slow MILPs", GEESE, ROOFS}),
    ],
)
def test_forms_of_a_word_are_the_same_papers(index: Index, topics: tuple[str, ...], titles: set[str]) -> None:
    for topic in topics:
        assert titles_on(index, topic) == titles, topic


@pytest.mark.parametrize(
    ("topic", "titles"),
    [
        ("GAs", {"Evolving Bridges by GAs"}),
        ("US", {"Rules for Mail in the US"}),
        ("C++", {"Fast Sorting in C++"}),
        ("C#", set()),
        ("overfitting", {"Overfitting of Small Forests"}),
    ],
)
def test_other_words_that_share_a_stem_are_not_counted(index: Index, topic: str, titles: set[str]) -> None:
    assert titles_on(index, topic) == titles


@pytest.mark.parametrize("topic", ["GPU", "GPUs", "fine tuning", "finetuning", "C++", "reeds"])
def test_papers_on_a_topic_and_those_that_are_not_on_it_are_all_papers(index: Index, topic: str) -> None:
    with index.reading() as reading:
        on_it = papers_on(reading, topic).paper_ids
        others = reading.count_where(Filters(without=(topic,)))
        assert len(on_it) + others == reading.counts().papers
        assert on_it


def test_a_plural_that_stemming_leaves_alone_has_its_singular() -> None:
    assert in_both_numbers("LLMs") == ["LLM", "LLMs"]
    assert in_both_numbers("gpus") == ["gpu", "gpus"]
    assert in_both_numbers("bus") == ["bus"]
    assert in_both_numbers("corpus") == ["corpus"]
