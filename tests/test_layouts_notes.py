"""Text as people note, mail and list papers: labels, author lines, numbers, addresses and lines that a tool wrapped."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.dump_reading import ReadDump, read_content

TITLES = [
    "Kettle: Sparse Attention That Cools Down with the Distance Between Two Tokens",
    "Which Seeds Grow? Forty Runs and What Became of Them",
    "Folding Maps by Touch: Small Hands for Large Sheets of Printed Paper Outdoors",
    "Small Models Read Large Tables",
]
ABSTRACTS = [
    "Attention is costly on long texts, and most of it goes to tokens that are far away. We let it cool down with "
    "distance and keep 98% of the quality at a third of the cost. Nothing is learnt for it, so that it can be put into "
    "any model that was trained before.",
    "We follow forty random seeds through pretraining. Nine of them never recover from the first thousand steps, and "
    "no later change of the learning rate mends that. A short look at the norm of the gradients tells them apart.",
    "Paper maps are folded by people in a few seconds, while robots tear them. Our gripper feels the creases with two "
    "soft pads and follows them to the end of the sheet. It folds 31 of 40 maps and tears two.",
    "Tables with thousands of rows do not fit into a prompt. We give a small model a tool that reads one column at a "
    "time, and it answers as many questions as a model of ten times its size does with the whole table before it.",
]
AUTHORS = [("Ada Byron", "Max Moth"), ("Jörg Weiß", "Li Wei", "Ida Holm"), ("Mei Lin",), ("Tom Berg", "Ana Sousa")]
PAIRS = list(zip(TITLES, ABSTRACTS, strict=True))
NUMBERS = ["2410.05431", "2410.05432", "2410.05433", "2410.05434"]


def _each(form: str, *, width: int = 0) -> str:
    """The papers, each in this form; abstracts wrapped at a width where one is given."""
    papers = zip(TITLES, ABSTRACTS, AUTHORS, NUMBERS, strict=True)
    return "".join(
        form.format(
            title=title,
            text="\n".join(textwrap.wrap(abstract, width)) if width else abstract,
            names=", ".join(names),
            number=number,
            place=place,
        )
        for place, (title, abstract, names, number) in enumerate(papers, 1)
    )


def _pairs(read: ReadDump) -> list[tuple[str, str]]:
    return [(record.title, record.abstract) for record in read.records]


@pytest.mark.parametrize(
    "above",
    [
        "",
        "Papers for our Tuesday group\n\n",
        "Dear all,\n\nhere is what we read on Tuesday.\n\n",
        "Dear all,\n\n"
        + "this is what we read on Tuesday, and as always it is much too long to be read in a day. " * 4
        + "\n\n",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "https://arxiv.org/abs/{number}\n{title}\n\n{text}\n\n",
        "arXiv:{number}\nTitle: {title}\nAuthors: {names}\nAbstract: {text}\n\n",
        "{title}\n\n{text}\n\nhttps://arxiv.org/abs/{number}\n\n",
        "{title}\nhttps://arxiv.org/abs/{number}\n\n{text}\n\n",
    ],
)
def test_what_stands_above_the_papers_shifts_no_address(form: str, above: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, above + _each(form))
    assert [(one.title, one.arxiv_id) for one in read.records[-4:]] == list(zip(TITLES, NUMBERS, strict=True))


def test_a_title_without_an_abstract_above_the_papers_shifts_no_address(tmp_path: Path) -> None:
    below = "An Orphan Title Without Any Text\nhttps://arxiv.org/abs/2401.00001\n\n"
    below += _each("{title}\n\n{text}\n\nhttps://arxiv.org/abs/{number}\n\n")
    read = read_content(tmp_path, below)
    assert [one.arxiv_id for one in read.records] == NUMBERS


@pytest.mark.parametrize("width", [50, 60, 72, 80])
@pytest.mark.parametrize(
    "form", ["Title: {title}\nAuthors: {names}\nAbstract: {text}\n\n", "{title}\n\n{text}\n\n", "{title}\n{text}\n\n"]
)
def test_titles_longer_than_the_lines_of_wrapped_abstracts_break_none(form: str, width: int, tmp_path: Path) -> None:
    read = read_content(tmp_path, _each(form, width=width))
    assert _pairs(read) == PAIRS
    assert read.rejected == []
