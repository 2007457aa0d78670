"""The sentences of a model's answer: to which of two a marker between them belongs."""

from __future__ import annotations

import pytest

from rag.answer_sentences import find_sentences
from rag.checking import check_answer
from rag.corpus import Paper
from tests.answering import evidence_of

PAPERS = (
    Paper("a", "Weir", "Weir keeps a river level. It saves 47 % of the water on a canal."),
    Paper("b", "Lock", "Lock lifts boats. The time falls from 56 minutes to 15 minutes."),
)


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_sentences(text)]


@pytest.mark.parametrize(
    "pieces",
    [
        ["它节省 47 % 的水。[1]", "它把时间从 56 分钟缩短到 15 分钟。[2]"],
        ["它节省水。[1][2]", "56 分钟缩短到 15 分钟。[2]", "总之都好。"],
        ["これは47 %節約する。[1]", "時間は15分に減る。[2]"],
        ["「水」が減る！[1]", "「時間」も減る。[2]"],
        ["Es spart Wasser. [1]", "Überdies sinkt die Zeit. [2]"],
        ["Она экономит воду. [1]", "Время падает до 15 минут. [2]"],
        ["이것은 물을 아낀다. [1]", "시간은 15분으로 준다. [2]"],
        ["It saves water. [1]", "It is quick. [2]"],
    ],
)
def test_markers_behind_a_stop_belong_to_the_sentence_before_it(pieces: list[str]) -> None:
    for between in ("", " ") if pieces[0][-4] in "。！" else (" ",):
        assert sentences(between.join(pieces)) == pieces


@pytest.mark.parametrize(
    "pieces",
    [
        ["它节省水 [1]。", "[2] 把时间缩短到 15 分钟。"],
        ["有两篇论文。", "[1] 提出一种堰。", "[2] 和 [1] 比较时间。"],
        ["二つの論文がある。", "[1] は水を節約する。", "[2] では時間が減る。"],
    ],
)
def test_a_marker_that_its_sentence_is_about_stays_with_it(pieces: list[str]) -> None:
    assert sentences("".join(pieces)) == pieces


def test_each_sentence_is_checked_against_the_paper_behind_its_stop() -> None:
    found = check_answer(
        "它节省 47 % 的水。[1] 它把时间从 56 分钟缩短到 15 分钟。[2]", [1, 2], evidence_of(*PAPERS), language="Chinese"
    )
    assert [(each.citations, each.support) for each in found.sentences] == [((1,), "supported"), ((2,), "supported")]
    assert [each.support for each in found.citations] == ["supported", "supported"]


@pytest.mark.parametrize(
    ("sentence", "states"),
    [
        ("它比别的堰节省47%的水。", True),
        ("これは水を47%節約する。", True),
        ("总之很好。", False),
        ("两篇论文如下：", False),
        ("哪一种方法更好？", False),
        ("It is so.", False),
        ("It saves much water.", True),
    ],
)
def test_a_short_sentence_states_nothing_and_ideograms_need_no_blanks_to_make_a_long_one(
    sentence: str, *, states: bool
) -> None:
    assert [span.states for span in find_sentences(sentence)] == [states]
