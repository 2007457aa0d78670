"""Papers set beside each other by name are all cited, and one that a follow-up names is the one that it asks about."""

from __future__ import annotations

import pytest

from rag.answer import Assistant
from rag.conversation import as_turns
from rag.corpus import Turn
from rag.index import Index
from rag.questions.comparing import names_compared, papers_compared
from tests.answering import embedder
from tests.dated_corpus import assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

BOTH = {"2401.00001", "d1"}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Compare LARK with Slow Melt", ["LARK", "Slow Melt"]),
        ("compare LARK, Slow Melt and Sentence-LARK!", ["LARK", "Slow Melt", "Sentence-LARK"]),
        ("LARK vs. Slow Melt", ["LARK", "Slow Melt"]),
        ("What's the difference between LARK and Slow Melt?", ["LARK", "Slow Melt"]),
        ("How do LARK and Slow Melt differ?", ["LARK", "Slow Melt"]),
        ("How does LARK differ from Slow Melt?", ["LARK", "Slow Melt"]),
        ("What do LARK and Slow Melt have in common?", ["LARK", "Slow Melt"]),
        ("Compare them", []),
        ("Which is better, LARK or Slow Melt?", []),
        ("How does LARK work?", []),
    ],
)
def test_the_names_that_are_compared(question: str, names: list[str]) -> None:
    assert names_compared(question) == names


@pytest.mark.parametrize(
    "question",
    [
        "Compare LARK with Tern",
        "Compare LARK with glaciers",
        "Compare the memory of LARK and Slow Melt",
        "LARK vs Slow Melt: which is faster?",
        "Compare adapters with diffusion models",
    ],
)
def test_nothing_is_compared_unless_each_name_is_a_papers(index: Index, question: str) -> None:
    with index.reading() as reading:
        assert papers_compared(reading, question) == ()


@pytest.mark.parametrize(
    "question", ["Compare LARK with Slow Melt", "slow melt vs LARK", "How do LARK and Slow Melt differ?"]
)
def test_papers_that_are_compared_by_name_are_all_cited(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.outcome == "answered"
    assert not answer.understood.filters
    assert set(ids_of(answer)) >= BOTH
    assert {item.paper.external_id for item in answer.evidence[:2]} == BOTH


def test_a_comparison_in_a_conversation_is_of_what_it_names(assistant: Assistant) -> None:
    history = as_turns([assistant.ask("How do mixtures predict tides?")])
    answer = assistant.ask("And compare LARK with Slow Melt", history)
    assert answer.outcome != "nothing"
    assert set(ids_of(assistant.ask("Compare LARK with Slow Melt", history))) >= BOTH


def test_papers_that_are_counted_off_are_all_cited(assistant: Assistant) -> None:
    first = assistant.ask("papers since 2024")
    listed = ids_of(first)
    answer = assistant.ask("Compare the first and the third", as_turns([first]))
    assert set(ids_of(answer)) == {listed[0], listed[2]}


def test_a_question_that_asks_only_for_cited_papers_is_answered_with_each(assistant: Assistant) -> None:
    answers = [assistant.ask("papers on quantum computing")]
    for question in ("Summarize them", "Explain these papers", "compare them"):
        answers.append(assistant.ask(question, as_turns(answers)))
        assert answers[-1].outcome == "answered"
        assert set(ids_of(answers[-1])) == {"q1", "q2"}


def test_each_paper_that_is_named_with_another_is_cited(assistant: Assistant) -> None:
    assert set(ids_of(assistant.ask("Which trains fewer weights, LARK or Sentence-LARK?"))) >= {
        "2401.00001",
        "2402.00002",
    }


ON_LARK = (
    Turn("user", "How much of the weights does LARK train?"),
    Turn("assistant", "“LARK: Large Adapters with Rank Knobs”: it trains one percent of the weights [1]."),
)


@pytest.mark.parametrize(
    "question", ["What about Sentence-LARK?", "and Sentence-LARK?", "Ok, and what about sentence-lark?"]
)
def test_another_paper_that_is_named_takes_the_place_of_the_one_before(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, ON_LARK)
    assert ids_of(answer)[0] == "2402.00002"
    assert "Adapters" not in answer.standalone_question
    assert "weights" in answer.standalone_question


def test_a_name_within_a_title_is_another_paper_unless_the_one_before_speaks_of_it(assistant: Assistant) -> None:
    history = (*ON_LARK[:1], Turn("assistant", "“Slow Melt: Diffusion Models for Glaciers”: it melts [1]."))
    assert ids_of(assistant.ask("And what about Tides?", history))[0] == "d4"
    assert ids_of(assistant.ask("And what about Glaciers?", history))[0] == "d1"


@pytest.mark.parametrize(
    "question", ["And memory?", "What about tides?", "What about LARK?", "And how fast is Sentence-LARK?"]
)
def test_what_names_no_other_paper_goes_on_with_the_one_before(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, ON_LARK)
    assert answer.standalone_question.startswith(f"{question} (")
    assert "Adapters" in answer.standalone_question
