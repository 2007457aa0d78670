"""Papers asked for by arXiv id, over a small real index."""

from __future__ import annotations

import pytest

from rag.answer import Assistant
from rag.conversation import as_turns
from rag.filters import Filters
from tests.answering import embedder
from tests.dated_corpus import assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

LARK = "LARK: Large Adapters with Rank Knobs"


@pytest.mark.parametrize(
    "question",
    [
        "2401.00001",
        "arXiv:2401.00001",
        "arxiv 2401.00001v2?",
        "What is arXiv:2401.00001 about?",
        "is 2401.00001 in your collection",
        "10.48550/arXiv.2401.00001",
        "https://arxiv.org/abs/2401.00001v3",
        "summarize arxiv.org/pdf/2401.00001v1.pdf, please",
    ],
)
def test_a_paper_that_is_held_answers_for_its_id_alone(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.outcome == "answered"
    assert set(ids_of(answer)) == {"2401.00001"}
    assert answer.understood.filters.chips()[0].label == f"Only “{LARK}”"
    assert f"“{LARK}”" in answer.standalone_question


def test_several_ids_are_several_papers(assistant: Assistant) -> None:
    answer = assistant.ask("compare 2401.00001 and 2402.00002")
    assert {item.paper.external_id for item in answer.evidence} == {"2401.00001", "2402.00002"}
    assert answer.understood.filters.chips()[0].label == "Only the 2 papers named by id"


@pytest.mark.parametrize(
    "question", ["2503.11111", "2599.99999", "https://arxiv.org/abs/2503.11111", "What is arXiv:2503.11111 about?"]
)
def test_an_id_that_no_paper_has_is_said(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.outcome == "nothing"
    assert answer.text.startswith("No paper here has the arXiv id 2")
    assert not answer.citations


def test_what_is_asked_besides_is_searched_for(assistant: Assistant) -> None:
    missing = assistant.ask("What does arXiv:2503.11111 say about optimizers for language models?")
    assert missing.understood.notes == ("No paper here has the arXiv id 2503.11111.",)
    assert not missing.understood.filters
    held = assistant.ask("How many weights does 2401.00001 train?")
    assert not held.understood.filters
    assert held.evidence[0].paper.external_id == "2401.00001"
    both = assistant.ask("summarize 2401.00001 and 2503.11111")
    assert set(ids_of(both)) == {"2401.00001"}
    assert both.understood.notes == ("No paper here has the arXiv id 2503.11111.",)


def test_an_amount_is_no_id(assistant: Assistant) -> None:
    assert assistant.ask("Which routes are 4321.5678 metres long?").understood.notes == ()


def test_an_id_leans_on_nothing_that_was_said_and_its_chip_can_be_taken_away(assistant: Assistant) -> None:
    history = as_turns([assistant.ask("papers about optimizers")])
    assert set(ids_of(assistant.ask("2401.00001?", history))) == {"2401.00001"}
    freed = assistant.ask("What is arXiv:2401.00001 about?", filters=Filters(settled=True))
    assert not freed.understood.filters
