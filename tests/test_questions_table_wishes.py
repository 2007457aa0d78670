"""The wish for a table in a question: a style of the answer, and no topic of the papers."""

from __future__ import annotations

import pytest

from rag.answer import Assistant
from rag.conversation import as_turns
from rag.questions.table_wishes import without_table_wish
from tests.answering import embedder
from tests.dated_corpus import assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

BOTH = {"2401.00001", "d1"}


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Compare LARK and Slow Melt in a table", "Compare LARK and Slow Melt"),
        ("Could you compare LARK, TIDE and REEF in table form, please?", "Could you compare LARK, TIDE and REEF"),
        ("What is the difference between LARK and TIDE as a table?", "What is the difference between LARK and TIDE"),
        ("LARK vs TIDE, in a table", "LARK vs TIDE"),
        ("Which adapters train fewer weights? As a table please", "Which adapters train fewer weights?"),
        ("List the adapters for glaciers (in a short table)", "List the adapters for glaciers"),
        ("Show a table of LARK and TIDE", "compare LARK and TIDE"),
        ("Please make me a table of adapters that train fewer weights", "adapters that train fewer weights"),
        ("a comparison table of LARK and TIDE", "compare LARK and TIDE"),
    ],
)
def test_the_wish_for_a_table_is_taken_off_the_question(question: str, asked: str) -> None:
    assert without_table_wish(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "How do models find cells in a table?",
        "Show how tides are kept in a table",
        "How is knowledge stored as a table?",
        "Which models answer questions about a table?",
        "table of contents extraction",
        "How do adapters reason with a table?",
        "In a table",
    ],
)
def test_a_question_about_tables_stays_whole(question: str) -> None:
    assert without_table_wish(question) == question


@pytest.mark.parametrize("question", ["Compare LARK and Slow Melt in a table", "Show a table of LARK and Slow Melt"])
def test_papers_compared_in_a_table_are_answered_with_one(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.question, answer.outcome, answer.style) == (question, "answered", "table")
    assert set(ids_of(answer)) >= BOTH
    assert answer.text.startswith("| Paper |")


def test_a_table_of_the_answer_before_answers_its_question_again_and_leaves_no_topic(assistant: Assistant) -> None:
    answers = [assistant.ask("Compare LARK with Slow Melt")]
    plain = assistant.ask("which of them needs fewer weights?", as_turns(answers))
    answers.append(assistant.ask("as a table please", as_turns(answers)))
    assert answers[1].question == "as a table please"
    assert answers[1].style == "table"
    assert set(ids_of(answers[1])) >= BOTH
    again = assistant.ask("now in a table", as_turns(answers))
    assert (again.style, ids_of(again)) == ("table", ids_of(answers[1]))
    after = assistant.ask("which of them needs fewer weights?", as_turns(answers))
    assert "table" not in after.standalone_question
    assert after.standalone_question == plain.standalone_question
    assert after.outcome == plain.outcome


def test_another_style_that_was_chosen_stays_and_what_was_counted_has_its_own_form(assistant: Assistant) -> None:
    assert assistant.ask("Compare LARK and Slow Melt in a table", style="shorter").style == "shorter"
    counted = assistant.ask("List the papers about optimizers in a table")
    assert counted.understood.tally is not None
    assert counted.style == "plain"
