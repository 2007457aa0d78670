"""Times that a question says of its papers: which days they mean, and what is said of those that cannot be read."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer import Assistant
from rag.filters import EVERYTHING, Filters
from rag.questions.narrowing import narrow
from tests.answering import embedder
from tests.dated_corpus import assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("span", "since", "until"),
    [
        ("from 14 March 2025", "2025-03-14", "2025-03-14"),
        ("from the 3rd of March 2025", "2025-03-03", "2025-03-03"),
        ("from Mar. 14, 2025", "2025-03-14", "2025-03-14"),
        ("since March 14th, 2025", "2025-03-14", ""),
        ("before 14 Mar 2025", "", "2025-03-13"),
        ("from March, 2025", "2025-03-01", "2025-03-31"),
        ("from 3 March 2025 to May 5, 2025", "2025-03-03", "2025-05-05"),
        ("from March to May 2025", "2025-03-01", "2025-05-31"),
        ("from Q1 2025", "2025-01-01", "2025-03-31"),
        ("from 2025 Q4", "2025-10-01", "2025-12-31"),
        ("older than March 2024", "", "2024-02-29"),
        ("newer than 2024", "2025-01-01", ""),
        ("from the 2020s", "2020-01-01", "2029-12-31"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("within the last year", "2025-11-22", "2026-11-22"),
        ("during 2024", "2024-01-01", "2024-12-31"),
        ("from before 2023", "", "2022-12-31"),
        ("from 2024 or later", "2024-01-01", ""),
        ("from 2024 or earlier", "", "2024-12-31"),
        ("dated 5 March 2024", "2024-03-05", "2024-03-05"),
        ("published on 5 March 2024", "2024-03-05", "2024-03-05"),
        ("that appeared on March 5th, 2024", "2024-03-05", "2024-03-05"),
        ("since January 2024 until March 2024", "2024-01-01", "2024-03-31"),
        ("since 2025 up to March 2025", "2025-01-01", "2025-03-31"),
        ("after 2024 until June 2025", "2025-01-01", "2025-06-30"),
        ("since January until March 2024", "2024-01-01", "2024-03-31"),
    ],
)
def test_days_months_and_quarters_in_words_are_read(span: str, since: str, until: str) -> None:
    for question, text in ((f"papers {span} on bees", "papers on bees"), (f"papers on bees {span}", "papers on bees")):
        found = narrow(question, TODAY)
        assert (found.text, found.filters, found.unread) == (text, Filters(since=since, until=until), "")


@pytest.mark.parametrize(
    ("question", "unread"),
    [
        ("papers since summer 2024", "since summer 2024"),
        ("papers from May", "from May"),
        ("papers from early 2025 on bees", "from early 2025"),
        ("papers on bees in late 2024", "in late 2024"),
        ("papers from recent years", "from recent years"),
        ("papers from 30 February 2025", "from 30 February 2025"),
        ("papers from 2022 and 2025", "from 2022 and 2025"),
        ("papers older than 2 years", "older than 2 years"),
        ("papers older than a year", "older than a year"),
        ("papers during the winter", "during the winter"),
        ("papers not from early 2025", "not from early 2025"),
        ("papers on bees excluding summer 2025", "excluding summer 2025"),
        ("papers of the 90s", "of the 90s"),
        ("papers on bees since:spring", "since:spring"),
    ],
)
def test_a_time_that_no_calendar_has_is_named(question: str, unread: str) -> None:
    found = narrow(question, TODAY)
    assert (found.filters, found.unread) == (EVERYTHING, unread)


@pytest.mark.parametrize(
    "question",
    [
        "Which papers predict honey flow in early summer?",
        "How do hives get through the winter of 2010?",
        "papers on bees in winter",
        "What changed for bees in recent years?",
        "Which papers use data from 14 March 2025 and later ones?",
        "papers in 2006.11239",
    ],
)
def test_a_time_that_is_not_said_of_papers_is_part_of_the_topic(question: str) -> None:
    assert narrow(question, TODAY).unread == ""


@pytest.mark.parametrize(
    ("question", "text", "year"),
    [
        ("2024 papers on bees", "papers on bees", "2024"),
        ("list all 2024 papers about bees", "list all papers about bees", "2024"),
        ("how many 2023 papers on bees?", "how many papers on bees?", "2023"),
        ("which 2025 papers are about bees?", "which papers are about bees?", "2025"),
        ("papers on bees, from 2023", "papers on bees", "2023"),
    ],
)
def test_a_year_before_its_papers_is_read(question: str, text: str, year: str) -> None:
    found = narrow(question, TODAY)
    assert (found.text, found.filters) == (text, Filters(since=f"{year}-01-01", until=f"{year}-12-31"))


@pytest.mark.parametrize(
    "question",
    [
        "ICML 2024 papers on bees",
        "papers on the 2024 elections",
        "Which hives use pictures collected before 2020?",
        "Has the honey yield improved since 2015?",
        "papers that count bees in films taken in 2020",
    ],
)
def test_a_time_of_something_else_than_papers_restricts_nothing(question: str) -> None:
    assert narrow(question, TODAY).filters == EVERYTHING


def test_a_time_that_was_not_read_is_said_beside_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("papers since summer 2024")
    assert answer.understood.notes == ("“since summer 2024” could not be read as a time and restricts nothing.",)
    exact = assistant.ask("papers from 14 March 2025")
    assert ids_of(exact) == ["q1"]
    assert exact.understood.filters.chips()[0].label == "14 Mar 2025"
