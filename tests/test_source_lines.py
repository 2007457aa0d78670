"""Lines of an answer that only name a paper, as of a model's own list of sources, are no claims about it."""

from __future__ import annotations

import pytest

from rag.checking import Checked, check_answer
from tests.answering import evidence_of, paper

CLAIM = "TinyState needs 47 % less memory than Adam [1]."
TITLES = ("TinyState: One Momentum Is Enough", "River Graphs: Message Passing over Waterways")


def checked(text: str) -> Checked:
    tiny, river = (
        paper(title, authors=authors, date="2024-05-01")
        for title, authors in zip(TITLES, [("Ana Berg", "Tom Roe"), ("Li Ma",)], strict=True)
    )
    return check_answer(text, [1, 2], evidence_of(tiny, river))


@pytest.mark.parametrize(
    "line",
    [
        "[1] Berg, A. (2024). TinyState: One Momentum Is Enough. arXiv:2405.00001.",
        "[1] Berg et al., TinyState: One Momentum Is Enough, NeurIPS 2024.",
        "- [1] A. Berg and T. Roe. *TinyState: One Momentum Is Enough*. https://papers.example/1",
        "1. [1] Berg, Ana; Roe, Tom: Tiny State. Proceedings of the Conference on Machine Learning, 2024, pp. 12-20",
        "**[1]** TinyState: One Momentum Is Enough (2024)",
        "[1]: Berg & Roe 2024",
        "[1] TinyState, 2024.",
    ],
)
def test_an_entry_of_a_list_of_sources_is_not_checked(line: str) -> None:
    found = checked(f"{CLAIM}\n\n---\n{line}")
    assert [each.text for each in found.sentences if each.checked] == [CLAIM]
    assert [each.support for each in found.citations] == ["supported", "unsupported"]


@pytest.mark.parametrize(
    "line",
    [
        "[1] TinyState: One Momentum Is Enough needs 74 % less memory.",
        "[1] Berg et al. (2024) found that it needs no learning rate at all.",
        "[1] TinyState: One Momentum Is Enough, 74 %",
        "[1] TinyState, AdamW and Sophia",
        "[1] Smith, J. (2024). Deep Lakes. arXiv:2401.00001.",
        "[2] Berg, A. (2024). TinyState: One Momentum Is Enough.",
    ],
)
def test_a_line_that_says_something_or_names_another_paper_is_checked(line: str) -> None:
    found = checked(f"{CLAIM}\n\n{line}")
    assert [each.support for each in found.sentences if each.checked][1] != "supported"


def test_a_paper_that_a_list_names_alone_is_supported() -> None:
    found = checked("These fit:\n\n- [1] Berg 2024\n- [2] River Graphs: Message Passing over Waterways")
    assert [each.support for each in found.citations] == ["supported", "supported"]
    assert not any(each.checked for each in found.sentences)
