"""Restrictions that are turned round: "not from 2024", "all but those with code" never mean what they deny."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer import Assistant
from rag.filters import EVERYTHING, Filters
from rag.questions.narrowing import narrow
from tests.answering import embedder
from tests.dated_corpus import ALL, assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

TODAY = date(2026, 11, 22)
NOT_2024 = Filters(without_times=("2024-01-01/2024-12-31",))

NO_CODE_NOT_BY_BO = Filters(no_code=True, without_authors=("Bo Chen",))
NOT_BY_BO_NO_WASPS = Filters(without_authors=("Bo Chen",), without=("wasps",))
NOT_2022 = Filters(without_times=("2022-01-01/2022-12-31",))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many papers are not from 2024?", "How many papers?"),
        ("papers not published in 2024", "papers"),
        ("papers that weren't published in 2024 on bees", "papers on bees"),
        ("papers on bees that never appeared in 2024", "papers on bees"),
        ("all papers except those from 2024", "all papers"),
        ("all papers but those from 2024", "all papers"),
        ("everything except papers from 2024", "everything"),
        ("papers from all years except 2024", "papers"),
        ("papers about bees, not from 2024", "papers about bees"),
        ("papers not from 2024 about bees", "papers about bees"),
        ("how many papers are about bees and not from 2024?", "how many papers are about bees?"),
        ("papers on bees excluding 2024", "papers on bees"),
        ("papers on bees, but not 2024", "papers on bees"),
        ("papers on bees but nothing from 2024", "papers on bees"),
        ("papers from outside 2024", "papers"),
        ("papers published in any year other than 2024", "papers"),
        ("papers on bees (not from 2024)", "papers on bees"),
        ("bees -year:2024", "bees"),
        ("don't show papers from 2024", ""),
    ],
)
def test_a_time_that_is_denied_is_left_out(question: str, text: str) -> None:
    found = narrow(question, TODAY)
    assert (found.text, found.filters, found.unread) == (text, NOT_2024, "")


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("papers not since 2024", Filters(until="2023-12-31")),
        ("papers published not before 2024", Filters(since="2024-01-01")),
        ("papers no older than 2024", Filters(since="2024-01-01")),
        ("papers on bees not published between 2020 and 2022", Filters(without_times=("2020-01-01/2022-12-31",))),
        ("papers from 2023 to 2025, not 2024", NOT_2024.and_also(Filters(since="2023-01-01", until="2025-12-31"))),
        ("papers neither from 2024 nor from 2022", NOT_2024.and_also(NOT_2022)),
        ("papers not only from 2024", EVERYTHING),
        ("Which hives were not built after 2023?", EVERYTHING),
    ],
)
def test_what_is_left_where_a_time_is_denied(question: str, filters: Filters) -> None:
    assert narrow(question, TODAY).filters == filters


@pytest.mark.parametrize(
    ("question", "text", "filters"),
    [
        ("papers on bees not in dump 004", "papers on bees", Filters(without_dumps=("004",))),
        ("how many papers are not in dump 004?", "how many papers?", Filters(without_dumps=("004",))),
        ("papers not from dump 004 about bees", "papers about bees", Filters(without_dumps=("004",))),
        ("all papers except dump 004", "all papers", Filters(without_dumps=("004",))),
        ("bees -dump:a.txt", "bees", Filters(without_dumps=("a.txt",))),
        ("how many papers on bees are in dump 2 or 4?", "how many papers on bees?", Filters(dumps=("2", "4"))),
        ("papers in dump a.txt, b.txt and dump c on bees", "papers on bees", Filters(dumps=("a.txt", "b.txt", "c"))),
        ("papers in dump a but not in dump b", "papers", Filters(dumps=("a",), without_dumps=("b",))),
        ("papers on bees but not with code", "papers on bees", Filters(no_code=True)),
        ("papers on bees except those that release code", "papers on bees", Filters(no_code=True)),
        ("all papers but those without code", "all papers", Filters(has_code=True)),
        ("papers on bees that never release code", "papers on bees", Filters(no_code=True)),
        ("papers not about wasps but with code", "papers", Filters(has_code=True, without=("wasps",))),
        ("papers that are not about wasps but have code", "papers", Filters(has_code=True, without=("wasps",))),
        ("papers that don't have code but are not by Bo Chen", "papers", NO_CODE_NOT_BY_BO),
        ("papers on bees that are neither by Bo Chen nor about wasps", "papers on bees", NOT_BY_BO_NO_WASPS),
        ("which papers don't mention wasps?", "which papers?", Filters(without=("wasps",))),
        ("how many papers never mention wasps", "how many papers", Filters(without=("wasps",))),
        ("How many papers aren't about wasps?", "How many papers?", Filters(without=("wasps",))),
        ("papers on bees without any mention of wasps", "papers on bees", Filters(without=("wasps",))),
        ("papers not about wasps but about bees", "papers about bees", Filters(without=("wasps",))),
        ("all papers except papers by Ada Winter", "all papers", Filters(without_authors=("Ada Winter",))),
        ("papers not by Ada Winter or Bo Chen", "papers", Filters(without_authors=("Ada Winter", "Bo Chen"))),
    ],
)
def test_dumps_code_words_and_authors_that_are_denied_are_left_out(question: str, text: str, filters: Filters) -> None:
    found = narrow(question, TODAY)
    assert (found.text, found.filters) == (text, filters)


@pytest.mark.parametrize(
    "question",
    [
        "papers on methods that do not use wasps",
        "Which method other than grafting saves bees?",
        "Why do hives in 2024 not thrive?",
    ],
)
def test_what_is_denied_of_the_topic_stays_in_it(question: str) -> None:
    assert narrow(question, TODAY).filters == EVERYTHING


def test_papers_of_a_time_and_all_others_are_all_dated_papers(assistant: Assistant) -> None:
    those, others = assistant.ask("papers from 2025"), assistant.ask("papers not from 2025")
    assert set(ids_of(those)) == {"q1", "d1", "d4"}
    assert set(ids_of(others)) == {"2401.00001", "2402.00002", "q3", "d2"}
    assert "papers not dated 2025" in others.text
    assert others.understood.undated == 2
    (chip,) = others.understood.filters.chips()
    assert chip.label == "Not 2025"
    assert others.understood.filters.less(chip) == EVERYTHING
    assert others.understood.filters.as_json() == {"without_times": ["2025-01-01/2025-12-31"]}


def test_undated_papers_may_be_let_in_beside_a_time_that_is_left_out(assistant: Assistant) -> None:
    answer = assistant.ask("papers not from 2025", filters=Filters(undated=True))
    assert set(ids_of(answer)) == {"2401.00001", "2402.00002", "q3", "d2", "q2", "d3"}
    assert "papers not dated 2025 or without a date" in answer.text
    less = answer.understood.filters.less(answer.understood.filters.chips()[0])
    assert less == EVERYTHING


def test_papers_of_a_dump_and_all_others_are_all_papers(assistant: Assistant) -> None:
    those, others = assistant.ask("papers in dump winter"), assistant.ask("papers not in dump winter")
    assert {"d1", "d2", "d3", "d4"} == set(ids_of(those))
    assert not set(ids_of(others)) & set(ids_of(those))
    assert len(ids_of(those)) + len(ids_of(others)) == ALL
    assert [chip.label for chip in others.understood.filters.chips()] == ["Not in winter.jsonl"]
    both = assistant.ask("papers in dump winter or dump autumn")
    assert len(ids_of(both)) == ALL
