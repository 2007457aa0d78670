"""rag/page/question_forms.py and what it is made of: questions drawn from titles and abstracts of our own."""

from __future__ import annotations

import pytest

from rag.corpus import Paper
from rag.page.phrases import as_in_text, name_of_system, phrase_at, phrase_before
from rag.page.question_forms import drawn_from
from rag.page.shared_names import baselines, yardsticks


def paper(title: str, abstract: str = "", *, paper_id: str = "a") -> Paper:
    """A paper of our own."""
    return Paper(paper_id, title, abstract)


def questions(title: str, abstract: str = "") -> dict[str, str]:
    """Every question of a paper with its kind."""
    return {drawn.text: drawn.kind for drawn in drawn_from(paper(title, abstract))}


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("SlimSort reduces the peak memory by 40% on average.", "By how much does SlimSort reduce the peak memory?"),
        ("Our method cuts training time from 9x to 2x.", "By how much does SlimSort cut training time?"),
        ("SlimSort saves up to 30% of it.", ""),
        ("It brings a 12-fold reduction in memory traffic.", "By how much does SlimSort reduce memory traffic?"),
        ("SlimSort is 3.5x faster than plain sorting.", "How much faster is SlimSort than plain sorting?"),
        ("We reach a 3x speedup.", "What speedup does SlimSort reach?"),
        ("It surpasses strong baselines by 7% on all tasks.", "By how much does SlimSort outperform strong baselines?"),
        ("SlimSort has an accuracy of 91.2% on SortBench.", "What accuracy does SlimSort reach on SortBench?"),
        ("It reaches 71.2% on SortBench.", "How well does SlimSort do on SortBench?"),
        ("SlimSort was trained on 40,000 hours of audio.", "On how many hours of audio was SlimSort trained?"),
        ("Training took two days on one card; our run was short.", "How long does it take to train SlimSort?"),
        ("SlimSort is a tree with 12 million parameters.", "How many parameters does SlimSort have?"),
        ("SlimSort needs 4 times fewer comparisons.", "How many fewer comparisons does SlimSort need?"),
        ("Our code is 3x smaller.", "How much smaller is SlimSort?"),
        ("Others reduce the peak memory by 40%.", ""),
    ],
)
def test_a_figure_becomes_the_question_that_it_answers(sentence: str, question: str) -> None:
    found = questions("SlimSort: Sorting in Place", f"SlimSort sorts. {sentence}")
    assert [text for text, kind in found.items() if kind == "figure"] == ([question] if question else [])


@pytest.mark.parametrize(
    ("title", "abstract", "question"),
    [
        ("Notes", "However, linear probes often suffer from noise.", "What limits linear probes?"),
        ("Notes", "Exact counting is notoriously expensive.", "Why is exact counting expensive?"),
        ("Notes", "We name the limitations of random walks.", "What are the limitations of random walks?"),
        (
            "Notes",
            "There is a trade-off between recall and latency.",
            "What is the trade-off between recall and latency?",
        ),
        ("Notes", "The effect of label noise on margins is small.", "What effect does label noise have on margins?"),
        ("Notes", "We show that small trees can replace wide ones.", "Can small trees replace wide ones?"),
        ("Notes", "We study the behaviour of spiking networks.", "What is known about spiking networks?"),
        ("Fox: Short Paths Through Snow", "Fox uses a heap instead of a sorted list.", ""),
        (
            "GlowFox: Paths Through Snow",
            "GlowFox keeps sums instead of whole rows.",
            "What does GlowFox use instead of whole rows?",
        ),
        (
            "GlowFox: Paths Through Snow",
            "GlowFox runs without labelled edges.",
            "How does GlowFox manage without labelled edges?",
        ),
        ("GlowFox: Paths Through Snow", "GlowFox runs without losing speed.", ""),
        (
            "GlowFox: Paths Through Snow",
            "GlowFox needs less room because it folds.",
            "Why does GlowFox need less room?",
        ),
        ("Do Trees Need Depth to Learn? A Note", "", "Do trees need depth to learn?"),
        ("Training Deep Forests with Pruned Roots", "", "How can deep forests be trained?"),
        ("Training Deep Forests with Pruned Roots", "", "How do pruned roots help to train deep forests?"),
        ("A Survey of Pruning Methods for Forests", "", "Which pruning methods are there?"),
        ("Leaf: Pruning Old Forests", "Leaf prunes. Leaf is small.", "How does Leaf prune old forests?"),
        ("Leaf: A Benchmark of Trees", "Leaf has trees. Leaf is big.", "What does Leaf measure?"),
        (
            "Fox: Short Paths Through Snow",
            "Fox finds paths. Compared to DeepWalk, Fox is small.",
            "How does Fox compare with DeepWalk?",
        ),
    ],
)
def test_what_a_paper_says_becomes_a_question(title: str, abstract: str, question: str) -> None:
    found = questions(title, abstract)
    assert question in found if question else set(found.values()) <= {"how"}


def test_a_phrase_ends_only_where_that_is_certain() -> None:
    assert phrase_at("training time by half") == ""
    assert phrase_at("training time by half", generic=True) == "training time"
    assert phrase_at("the label noise, which grows") == "the label noise"
    assert phrase_at("a wide tree (or two)") == "wide tree"
    assert phrase_at("these trees, too") == ""
    assert phrase_at("trees with \\alpha") == "trees"
    assert phrase_before("trees of the north") == "trees of the north"
    assert phrase_before("trees that grow") == ""


def test_a_name_is_one_that_the_abstract_uses() -> None:
    assert (
        name_of_system(paper("Lantern: Edges of Sparse Graphs", "A lantern. Lantern samples, and Lantern is slow."))
        == "Lantern"
    )
    assert name_of_system(paper("Lantern: Edges of Sparse Graphs", "We sample edges.")) == ""
    assert name_of_system(paper("Edges", "We propose GlowWorm, which samples.")) == "GlowWorm"


def test_a_title_stands_in_a_sentence_as_the_abstract_writes_it() -> None:
    abstract = "Methods such as Monte Carlo sampling meet LLMs, and Monte Carlo wins."
    assert as_in_text("Monte Carlo Sampling of LLMs", abstract) == "Monte Carlo sampling of LLMs"


def test_what_several_papers_name_is_asked_of_all_of_them() -> None:
    one = paper("One", "Experiments on SortBench show gains. It outperforms QuickRank, too.", paper_id="a")
    other = paper("Other", "We test on TinySet and SortBench. Unlike QuickRank, it is slow.", paper_id="b")
    assert list(yardsticks([one, other])) == [("Which papers report results on SortBench?", frozenset("ab"))]
    assert list(baselines([one, other])) == [("Which papers compare with QuickRank?", frozenset("ab"))]
    assert not list(yardsticks([one]))


@pytest.mark.parametrize("run", ["A1" * 2_000, "1," * 1_400, "Ab-" * 1_000, "a " * 1_400])
def test_text_that_is_no_prose_does_not_hold_up_the_server(run: str) -> None:
    """A backtracking pattern would not come back from the first of these: the test would never end."""
    odd = paper(
        "Odd: Notes on Signs", f"Odd reaches results on {run}/x. It is {run} times faster than {run}/x and less."
    )
    assert not list(yardsticks([odd, odd]))
    assert not list(baselines([odd, odd]))
    assert all(len(drawn.text) <= 100 for drawn in drawn_from(odd))
