"""The condition on the table of papers that finds those which give their code, over sentences of our own."""

from __future__ import annotations

import sqlite3

import pytest

from rag.conditions import RELEASES_CODE
from rag.corpus import Paper
from rag.questions.kinds import Wanted
from rag.questions.tallying import Tallied
from rag.tally import write_tally


def _counts(abstract: str) -> bool:
    with sqlite3.connect(":memory:") as papers:
        papers.execute("CREATE TABLE papers (abstract TEXT, code_urls TEXT)")
        papers.execute("INSERT INTO papers VALUES (?, '[]')", (abstract,))
        found = papers.execute(f"SELECT count(*) FROM papers WHERE {RELEASES_CODE.sql}", RELEASES_CODE.values)  # noqa: S608 - a constant
        return bool(found.fetchone()[0])


@pytest.mark.parametrize(
    "said",
    [
        "Maps, tide tables and code were published.",
        "Charts and steering code were released.",
        "The buoys and code are available on request.",
        "All codes will be shared.",
        "Code and models will be public.",
        "The code has been released.",
        "We make data and code freely available.",
        "The package is open source.",
        "The solver was released as open-source software.",
        "Our system is open-sourced.",
    ],
)
def test_a_paper_that_says_in_any_tense_that_its_code_is_released_counts_and_says_it(said: str) -> None:
    abstract = f"We predict tides in harbours. {said} It errs by two minutes."
    assert _counts(abstract)
    paper = Paper("p", "Tides", abstract)
    found = Tallied("papers", "", 1, 1, (paper,), ())
    assert write_tally(found, Wanted("list", releases_code=True)).citations[0].quote == said


@pytest.mark.parametrize(
    "said",
    [
        "Neither the data nor the source code was released.",
        "Models that write code are compared.",
        "Open source models lag behind.",
        "The data set is open source.",
        "The encoder and decoder are available as one.",
    ],
)
def test_a_paper_that_only_speaks_of_code_or_of_open_models_does_not_count(said: str) -> None:
    assert not _counts(f"We predict tides in harbours. {said}")
