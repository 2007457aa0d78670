"""Chips on the page: what a question says of its papers, taken back by a press; papers chosen beside the box."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.filters import EVERYTHING, Filters
from rag.page.choosing import CHOSEN
from tests.dated_corpus import index_dated_corpus
from tests.page_harness import OpenPage, button, fresh_server, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_dated_corpus(tmp_path_factory.mktemp("dated-page")).data_dir


def ask(page: AppTest, question: str) -> str:
    """Ask in the question box; what the page shows then."""
    page.chat_input(key="question").set_value(question).run()
    return shown(page)


def chips(page: AppTest) -> list[str]:
    """The chips of the newest answer, undated papers' button included."""
    return [each.label for each in page.button if each.key and each.key.startswith("read-turn")]


def test_a_filter_in_the_question_is_a_chip_that_a_press_takes_back(open_page: OpenPage, dated: Path) -> None:
    page = open_page(dated)
    text = ask(page, "How do optimizers save memory since 2025, not about glaciers?")
    assert chips(page) == ["Since 2025", "Not glaciers", "Also 2 papers without a date"]
    assert "Left out: 2 without a date." in text
    assert "Understood as" not in text
    button(page, "Also 2 papers without a date")
    assert chips(page) == ["Since 2025", "Also without a date", "Not glaciers"]
    assert "Optimizers that Forget" in shown(page)
    button(page, "Not glaciers")
    button(page, "Since 2025")
    assert chips(page) == []
    assert shown(page).count('<h2 class="question') == 1  # the same question, answered again in its place


def test_papers_chosen_beside_the_box_hold_for_the_next_questions(open_page: OpenPage, dated: Path) -> None:
    page = open_page(dated)
    page.multiselect(key="filter-dumps-0").set_value(["winter.jsonl"])
    button(page, "Use for the next questions")
    text = ask(page, "What draws glaciers?")
    assert "In winter.jsonl" in chips(page)
    assert "autumn.jsonl" not in text
    next(each for each in page.button if each.key and each.key.startswith("chosen-dumps")).click().run()
    assert page.session_state[CHOSEN] == EVERYTHING
    assert chips(page) == ["In winter.jsonl"]  # what was answered before stays as it was


def test_a_restriction_that_was_taken_away_does_not_come_back_with_the_next_choice(
    open_page: OpenPage, dated: Path
) -> None:
    page = open_page(dated)
    page.multiselect(key="filter-dumps-0").set_value(["winter.jsonl"])
    for name, value in {
        "since": "2025",
        "until": "2026",
        "phrases": "melt",
        "without": "bees",
        "authors": "Bo",
    }.items():
        page.text_input(key=f"filter-{name}-0").set_value(value)
    for name in ("undated", "has_code"):
        page.checkbox(key=f"filter-{name}-0").set_value(True)
    button(page, "Use for the next questions")
    left: Filters = page.session_state[CHOSEN]
    assert {chip.name for chip in left.chips()} == {
        "dumps", "since", "undated", "has_code", "phrases", "without", "authors",
    }  # fmt: skip
    for chip in reversed(left.chips()):
        page.button(key=f"chosen-{chip.name}-{chip.value}").click().run()
        button(page, "Use for the next questions")
        left = left.less(chip)
        assert page.session_state[CHOSEN] == left
    assert left == EVERYTHING


def test_a_date_that_cannot_be_read_is_told_and_changes_nothing(open_page: OpenPage, dated: Path) -> None:
    page = open_page(dated)
    page.text_input(key="filter-since-0").set_value("soon")
    button(page, "Use for the next questions")
    assert "is no date" in shown(page)
    page.text_input(key="filter-since-0").set_value("2025")
    page.text_input(key="filter-until-0").set_value("2022")
    button(page, "Use for the next questions")
    assert "No paper can be from 2025 on and until 2022" in shown(page)
    assert CHOSEN not in page.session_state


def test_counts_and_mended_words_are_said(open_page: OpenPage, dated: Path) -> None:
    page = open_page(dated)
    text = ask(page, "How many papers on quantum computing?")
    assert "2 of 9 papers." in text
    assert "Counted in the catalogue, without a language model." in text
    assert "instead of “optimzers”" in ask(page, "How do optimzers save memory of image models?")
