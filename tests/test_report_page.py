"""The report as a page: whole, harmless whatever questions and papers say, readable wide and on a phone, dark too."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rag.corpus import Answer, Outcome
from rag.evaluation.comparison import compare_evaluations
from rag.evaluation.evaluate import Evaluation, QuestionResult
from rag.evaluation.figures import figures
from rag.evaluation.question_sets import EvaluationQuestion
from rag.evaluation.report import Configuration, Report, as_table
from rag.evaluation.report_page import as_page, write_page

HOSTILE = "<script>alert(1)</script> & <img src=http://example.invalid/x.png> 'a' \"b\""
LONG = "Averyveryverylongwordthatneverends" * 5


def answered(outcome: Outcome, confidence: float) -> Answer:
    return Answer("q", "q", outcome, "extractive", None, "", (), (), (), confidence=confidence, sure_because=("Why.",))


def evaluation(*, places: tuple[int, ...] = (1, 2, 4)) -> Evaluation:
    results = []
    for number, place in enumerate(places):
        question = EvaluationQuestion(
            f"q{number}", f"Question {number} {HOSTILE}", kind=HOSTILE if number else "plain",
            grades={"wanted": 1.0, "never": 1.0}, wanted={"wanted": f"Wanted {HOSTILE}", "never": LONG},
        )  # fmt: skip
        ranked = tuple(("wanted" if rank == place else f"other {rank}", -float(rank)) for rank in range(1, 6))
        result = QuestionResult(question, ranked, 5.0 * place, titles=tuple(f"{key} {HOSTILE}" for key, _ in ranked))
        answer = answered("answered" if place < 3 else "related", 1 / place)
        results.append(replace(result, answer=answer, answer_ms=90.0))
    off = EvaluationQuestion("off", f"Off {HOSTILE}", kind="unanswerable", near=("x",))
    results.append(QuestionResult(off, (), search_ms=4.0, answer=answered("answered", 0.7), answer_ms=70.0))
    return Evaluation(tuple(results), with_answers=True)


@pytest.fixture
def report() -> Report:
    found = evaluation()
    configuration = Configuration(
        f"made {HOSTILE}", "data", 1234, 2345, 2, 3, f"model {LONG}", LONG, 384, "extracts", note="A note.\n  More."
    )
    comparison = compare_evaluations(evaluation(places=(3, 3, 4)), found, names=(f"run {HOSTILE}", "the index"))
    return Report(configuration, found, figures(found), (comparison,))


class Tags(HTMLParser):
    """Every tag with its attributes, and whether all were closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta"} and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_holds_every_section(report: Report) -> None:
    page = as_page(report)
    for heading in (
        "Compared", "Ranking", "Answers and refusals", "Answer or refuse?", "Time", "Questions with the worst ranking",
        "Wrongly refused", "Answered, though the papers do not say", "What was measured",
    ):  # fmt: skip
        assert f">{heading}<" in page
    assert "1,234 in 2,345 chunks" in page
    assert "place 4" in page
    assert "not found" in page


def test_what_questions_and_papers_say_is_text_and_nothing_comes_from_elsewhere(report: Report) -> None:
    page = as_page(report)
    tags = Tags(page)
    assert tags.open == []
    names = {tag for tag, _ in tags.seen}
    assert not names & {"script", "img", "link", "iframe", "object"}
    assert not [attributes for _, attributes in tags.seen if {"src", "href", "onload", "onerror"} & attributes.keys()]
    assert "default-src 'none'" in page
    assert not re.search(r"@import|url\(", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_shares_are_drawn_to_scale(report: Report) -> None:
    mean = report.figures.ranking["hit@1"].mean
    assert f'<rect class="bar" x="0" y="3" width="{100 * mean:.2f}" height="10"/>' in as_page(report)
    # one of three answerable questions is refused, the only unanswerable one is answered: (1, 2/3)
    assert '<circle class="point" cx="344.0" cy="112.0" r="5"/>' in as_page(report)


def test_how_often_it_was_right_is_told_for_each_level(report: Report) -> None:
    answers = report.figures.answers
    assert answers is not None
    # Answered at 1.0, rightly; at 0.5, rightly; refused at 0.25, wrongly; answered at 0.7, wrongly.
    assert {level: (share.mean, share.count) for level, share in answers.sure.items()} == {
        "high": (1.0, 1),
        "fair": (0.0, 2),
        "low": (1.0, 1),
    }
    assert "How sure: fair" in as_page(report)
    assert "right where it was called high" in as_table(report)


def test_a_search_alone_without_judgements_has_a_page_too(tmp_path: Path) -> None:
    found = Evaluation((QuestionResult(EvaluationQuestion("a", "x", judged=False), (), 0.0),), with_answers=False)
    configuration = Configuration("q", "data", 1, 1, 1, 1, "m", "f", 3, None)
    write_page(tmp_path / "page.html", Report(configuration, found, figures(found)))
    assert "not measured" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_browser_shows_it_wide_and_narrow_light_and_dark(report: Report, tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "report.html"
    write_page(path, report)
    grounds, said = set(), []
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = browser.new_page(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,  # type: ignore[arg-type]  # "light" or "dark"
        )
        page.on("console", lambda message: said.append(message.text))
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        bar = page.locator("svg.row").first.bounding_box()
        assert bar
        assert bar["width"] > 100
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert len(grounds) == 2
    assert said == []
