"""Follow-ups that restrict what was counted, listed or cited before, over a small real index: mostly to a time."""

from __future__ import annotations

import pytest

from rag.answer import Assistant
from rag.conversation import as_turns
from rag.corpus import Turn
from rag.filters import Filters
from tests.answering import embedder
from tests.dated_corpus import ALL, assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

ON_LARK = (
    Turn("user", "How does LARK tune a model?"),
    Turn(
        "assistant",
        "“LARK: Large Adapters with Rank Knobs”: knobs [1]. “Sentence-LARK: Rank Knobs for Sentences”: knobs [2].",
    ),
)


@pytest.mark.parametrize(
    "question", ["which of them are from 2025?", "only those from 2025", "how many are from 2025?"]
)
def test_what_was_counted_is_narrowed_to_a_time(assistant: Assistant, question: str) -> None:
    history = as_turns([assistant.ask("papers on quantum computing")])
    answer = assistant.ask(question, history)
    assert ids_of(answer) == ["q1"]
    assert [chip.label for chip in answer.understood.filters.chips()] == ["2025"]
    assert "Not counted: 2 without a date." in answer.text
    without = Filters(settled=True)  # the chip was pressed
    assert set(ids_of(assistant.ask(question, history, filters=without))) == {"q1", "q2"}
    none = assistant.ask("which of them are from 2019?", history)
    assert none.text.startswith(f"0 of {ALL} papers.")


@pytest.mark.parametrize("question", ["and from 2024?", "What about 2024?", "And those published in 2024?"])
def test_another_time_takes_the_place_of_the_one_before(assistant: Assistant, question: str) -> None:
    history = as_turns([assistant.ask("papers from 2025")])
    answer = assistant.ask(question, history)
    assert set(ids_of(answer)) == {"2401.00001", "2402.00002"}
    assert [chip.label for chip in answer.understood.filters.chips()] == ["2024"]
    third = assistant.ask("and 2026?", (*history, *as_turns([answer])))
    assert ids_of(third) == ["d2"]


def test_those_are_kept_to_what_a_follow_up_says_of_its_papers(assistant: Assistant) -> None:
    history = as_turns([assistant.ask("papers from 2024")])
    assert ids_of(assistant.ask("which of them do not release code?", history)) == ["2402.00002"]
    assert ids_of(assistant.ask("only those by Bo Chen", history)) == ["2401.00001"]
    cited = assistant.ask("which of them are from February 2024?", ON_LARK)
    assert ids_of(cited) == ["2402.00002"]
    assert [chip.label for chip in cited.understood.filters.chips()] == ["Only the 2 papers cited before", "Feb 2024"]


def test_a_year_that_is_asked_of_no_list_is_no_list(assistant: Assistant) -> None:
    assert assistant.ask("and in 2024?", ON_LARK).understood.tally is None
    assert assistant.ask("which of them are from 2024?").understood.tally is None


@pytest.mark.parametrize("before", ["Who wrote LARK?", "How does LARK tune a model?"])
@pytest.mark.parametrize("question", ["how many papers from 2025?", "which papers are from 2025?"])
def test_papers_of_a_time_are_those_of_the_whole_index_after_an_answer_that_only_cites(
    assistant: Assistant, before: str, question: str
) -> None:
    alone = assistant.ask(question)
    assert set(ids_of(alone)) == {"q1", "d1", "d4"}
    after = assistant.ask(question, as_turns([assistant.ask(before)]))
    assert (after.text, after.understood.filters) == (alone.text, alone.understood.filters)


@pytest.mark.parametrize("question", ["which of those papers are from February 2024?", "only papers from Feb 2024"])
def test_papers_that_are_pointed_at_are_those_that_were_cited(assistant: Assistant, question: str) -> None:
    assert ids_of(assistant.ask(question, ON_LARK)) == ["2402.00002"]
