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


@pytest.mark.parametrize(
    "form",
    [
        "Title: {title}\nAuthors: {names}\nYear: 2024\nURL: https://arxiv.org/abs/{number}\nAbstract: {text}\n\n",
        "title: {title}\nauthors: {names}\ndate: 2024-10-07\nurl: https://arxiv.org/abs/{number}\nabstract: {text}\n",
        "TITLE: {title}\nAUTHORS: {names}\nDATE: 7 October 2024\nLINK: https://arxiv.org/abs/{number}\n"
        "ABSTRACT: {text}\n\n",
        "- Title: {title}\n- Authors: {names}\n- Published: 2024-10-07\n- arXiv: https://arxiv.org/abs/{number}\n"
        "- Abstract: {text}\n\n",
        "{place}. **Title:** {title}\n**By:** {names}\n**Date:** 2024\n**PDF:** https://arxiv.org/abs/{number}\n"
        "**Summary:** {text}\n\n",
        "Paper: {title}\nVenue: Tuesday group\nWritten by: {names}\nDate: 2024\nMy rating: {place}\n"
        "Link: https://arxiv.org/abs/{number}\nAbstract: {text}\nNotes: Read it again, it fits what we do.\n\n",
        "TITLE\n{title}\nAUTHORS\n{names}\nDATE\n2024-10-07\nURL\nhttps://arxiv.org/abs/{number}\nABSTRACT\n{text}\n\n",
        "Title:\n{title}\nAuthors:\n{names}\nDate:\n2024-10-07\nURL:\nhttps://arxiv.org/abs/{number}\nAbstract:\n{text}\n\n",
        "Title - {title}\nAuthors - {names}\nDate - 2024\nURL - https://arxiv.org/abs/{number}\nAbstract - {text}\n\n",
        "Abstract: {text}\nAuthors: {names}\nDate: 2024\nTitle: {title}\nURL: https://arxiv.org/abs/{number}\n\n",
        "Title: {title}\nAuthors: {names}\nPublished: Oct 7, 2024\nURL: https://arxiv.org/abs/{number}\n"
        "Contents: {text}\n\n",
    ],
)
def test_labels_of_any_kind_are_no_papers_and_say_their_facts(form: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, _each(form))
    assert _pairs(read) == PAIRS
    assert read.rejected == []
    assert [(one.arxiv_id, one.authors) for one in read.records] == list(zip(NUMBERS, AUTHORS, strict=True))
    assert {(one.date or "")[:4] for one in read.records} == {"2024"}


@pytest.mark.parametrize("width", [50, 60, 72, 80])
@pytest.mark.parametrize("indent", ["", "  ", "          "])
def test_a_label_keeps_what_is_wrapped_below_it(width: int, indent: str, tmp_path: Path) -> None:
    form = "Title: {title}\nAuthors: {names}\nComments: Nine pages and two figures, which will be printed in colour\n"
    text = "".join(
        "\n".join(textwrap.wrap(line, width, subsequent_indent=indent)) + "\n"
        for line in _each(form + "Abstract: {text}\n\n").replace("Mei Lin", "Mei Lin, " * 9 + "Ida").split("\n")
    )
    read = read_content(tmp_path, text)
    assert _pairs(read) == PAIRS
    assert [len(one.authors) for one in read.records] == [2, 3, 10, 2]


def test_parts_of_an_abstract_are_no_labels(tmp_path: Path) -> None:
    parts = (
        "Background: {0} is old.\nMethods: We fold {0} by hand.\nResults: Two of {0} were torn.\nConclusion: {0} folds."
    )
    texts = [parts.format(thing) for thing in ("Paper", "Linen", "Wool", "Glass")]
    text = "".join(f"Title: {title}\nAbstract: {text}\n\n" for title, text in zip(TITLES, texts, strict=True))
    read = read_content(tmp_path, text)
    assert [one.abstract for one in read.records] == [text.replace("\n", " ") for text in texts]
    wrapped = "The weights and all of the data that they were trained with are at\nlink: https://weights.example/map"
    (record,) = read_content(tmp_path, f"{TITLES[0]}\n\n{wrapped}\n").records
    assert record.abstract == wrapped.replace("\n", " ")


MAIL_HEAD = (
    "From: no-reply@arxiv.example\nSubject: cs daily 200004 1\nTo: cs daily <rabble@arxiv.example>\n\n"
    "Send any comments regarding submissions directly to submitter.\n" + "-" * 78 + "\n"
    "Archives at http://arxiv.org/\nTo unsubscribe, e-mail To: cs@arxiv.example, Subject: cancel\n" + "-" * 78 + "\n"
    " Submissions to:\nMachine Learning\n received from  Tue 12 Mar 24 18:00:00 GMT  to  Wed 13 Mar 24 18:00:00 GMT\n"
)


@pytest.mark.parametrize("above", ["", MAIL_HEAD, "Dear all, here are the papers of the week.\n\n"])
def test_an_arxiv_mail_with_all_that_stands_above_it(above: str, tmp_path: Path) -> None:
    form = (
        "-" * 78 + "\n\\\\\narXiv:{number}\nDate: Mon, 7 Oct 2024 17:59:20 GMT   (300kb,D)\n\nTitle: {title}\n"
        "Authors: {names}\nCategories: cs.LG cs.AI\nComments: 10 pages\n\\\\\n  {text}\n"
        "\\\\ ( https://arxiv.org/abs/{number} ,  300kb)\n"
    )
    read = read_content(tmp_path, above + _each(form, width=76) + "%%%---" * 12 + "%%%\n")
    assert _pairs(read) == PAIRS
    assert [(one.arxiv_id, one.date) for one in read.records] == [(number, "2024-10-07") for number in NUMBERS]


@pytest.mark.parametrize("width", [0, 60, 80])
@pytest.mark.parametrize("together", [", ", " and ", " | ", " · ", "; "])
@pytest.mark.parametrize(
    "form",
    [
        "{title}\n{names}\n{text}\n\n",
        "{title}\n{names}\n{text}\n",
        "{title}\n\n{names}\n\n{text}\n\n",
        "{title}\nby {names}\n2024-10-07\n{text}\n\n",
    ],
)
def test_authors_below_a_title_are_the_papers_authors(form: str, together: str, width: int, tmp_path: Path) -> None:
    text = _each(form, width=width)
    for names in AUTHORS:
        text = text.replace(", ".join(names), together.join(names))
    read = read_content(tmp_path, text)
    assert _pairs(read) == PAIRS
    assert [one.authors for one in read.records] == AUTHORS
    assert read.rejected == []


def test_titles_that_look_like_names_stay_titles(tmp_path: Path) -> None:
    titles = ["Neural Tree Indexers", "Sleep and Memory", "Folding Paper", "Graph Attention Networks"]
    for form in ("{}\n\n{}\n\n", "{}\n{}\n"):
        read = read_content(tmp_path, "".join(map(form.format, titles, ABSTRACTS)))
        assert _pairs(read) == list(zip(titles, ABSTRACTS, strict=True))


def test_counts_below_authors_are_no_papers(tmp_path: Path) -> None:
    read = read_content(tmp_path, _each("{title}\n{text}\n{names}\n{place}\n1{place}\n"))
    assert _pairs(read) == PAIRS
    assert [one.authors for one in read.records] == [AUTHORS[0], AUTHORS[1], (), AUTHORS[3]]


@pytest.mark.parametrize("form", ["{}. ", "({}) ", "[{}] ", "#{} ", "{}) ", "Paper {}: "])
@pytest.mark.parametrize("first", [1, 7, 98])
def test_numbers_before_titles_are_no_part_of_them_wherever_they_begin(form: str, first: int, tmp_path: Path) -> None:
    for below, blank in (("", "\n"), ("   - ", "\n"), ("", "")):
        numbered = "".join(
            f"{form.format(number)}{title}\n{below}{text}\n{blank}" for number, (title, text) in enumerate(PAIRS, first)
        )
        assert _pairs(read_content(tmp_path, numbered)) == PAIRS


def test_a_number_that_is_left_out_leaves_none_in_the_titles(tmp_path: Path) -> None:
    numbers = [1, 2, 5, 6]
    read = read_content(tmp_path, "".join(f"{n}. {t}\n{a}\n" for n, (t, a) in zip(numbers, PAIRS, strict=True)))
    assert _pairs(read) == PAIRS


def test_a_numbered_title_may_ask_a_question_in_its_middle(tmp_path: Path) -> None:
    titles = ["Sparse Routing at Night", "Do Seeds Forget Their Neighbours? A Study of Depth", "Maps for Small Hands"]
    read = read_content(tmp_path, "".join(f"{n}. {t}\n{ABSTRACTS[n - 7]}\n\n" for n, t in enumerate(titles, 7)))
    assert read.titles == titles


def test_a_date_above_papers_is_no_paper_s_date(tmp_path: Path) -> None:
    form = "{title}\n\n{text}\n\n"
    days = [f"{day}\n\n{_each(form)}" for day in ("March 13, 2024", "March 12, 2024", "March 11, 2024")]
    read = read_content(tmp_path, "Daily Papers\n\n" + "".join(days))
    assert [one.date for one in read.records] == [None] * 12
    below = read_content(tmp_path, _each("{title}\n\n{text}\n\nMarch {place}, 2024\n\n"))
    assert [one.date for one in below.records] == [f"2024-03-0{day}" for day in range(1, 5)]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("14/03/2024, 09:20    Daily Papers - Hugging Face\n\n", "https://huggingface.co/papers    {}/4\n\n"),
        ("3/14/24, 9:20 AM\tDaily Papers\n", "https://a.example/papers {}/4\n"),
        ("Daily Papers - A Page     https://a.example/papers\n\n", "{} of 4    14.03.2024, 09:20\n\n"),
    ],
)
def test_what_a_browser_prints_on_each_sheet_is_no_paper(above: str, below: str, tmp_path: Path) -> None:
    sheets = [f"{above}{title}\n\n{text}\n\n{below.format(n)}" for n, (title, text) in enumerate(PAIRS, 1)]
    assert _pairs(read_content(tmp_path, "".join(sheets))) == PAIRS


@pytest.mark.parametrize("button", ["View PDF | Code | Comments (3)", "pdf bib abs", "Save Share Cite", "New Results"])
@pytest.mark.parametrize(
    "form",
    ["{title}\n{names}\n{text}\n{button}\n\n", "{button}\n{title}\n{text}\n", "{title}\n\n{button}\n\n{text}\n\n"],
)
def test_a_line_that_stands_with_every_paper_is_furniture(form: str, button: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, _each(form.replace("{button}", button)))
    assert _pairs(read) == PAIRS
    assert read.rejected == []


def test_a_paper_that_a_text_holds_often_is_no_furniture(tmp_path: Path) -> None:
    often = f"{TITLES[1]}\n\nWe follow forty seeds.\n\n"
    for text in (often, f"{TITLES[1]}\n\n" + "\n".join(textwrap.wrap(ABSTRACTS[1], 60)) + "\n\n"):
        read = read_content(tmp_path, "".join(f"{title}\n\n{abstract}\n\n{text}" for title, abstract in PAIRS))
        assert read.titles.count(TITLES[1]) == 5


def test_the_lists_and_the_search_of_arxiv(tmp_path: Path) -> None:
    head = "Machine Learning\n\nNew submissions\nCross-lists\nReplacements\nSee recent articles\n\n"
    head += (
        "Showing new listings for Monday, 7 October 2024\nTotal of 4 entries\n\nNew submissions (showing 4 of 4)\n\n"
    )
    listed = head + _each(
        "[{place}] arXiv:{number} (cross-list from cs.CL) [pdf, html, other]\nTitle:\n{title}\n{names}\n"
        "Comments: 9 pages\nSubjects: Machine Learning (cs.LG)\n\n{text}\n\n"
    )
    found = "Showing 1-4 of 4 results for all: maps\nField\nAll fields\n\n" + _each(
        "{place}.\narXiv:{number} [pdf, other] cs.LG cs.CL\n{title}\nAuthors: {names}\nAbstract: {text} △ Less\n"
        "Submitted 7 October, 2024; originally announced October 2024.\nComments: 12 pages\n"
    )
    for text in (listed, found):
        read = read_content(tmp_path, text + "About Help\nContact\n")
        assert _pairs(read) == PAIRS
        assert [(one.arxiv_id, one.authors) for one in read.records] == list(zip(NUMBERS, AUTHORS, strict=True))
    assert [one.date for one in read.records] == ["2024-10-07"] * 4


def test_a_short_last_abstract_shifts_no_address(tmp_path: Path) -> None:
    form = "https://arxiv.org/abs/{number}\n{title}\n\n{text}\n\n"
    read = read_content(tmp_path, "Papers for Tuesday\n\n" + _each(form).replace(ABSTRACTS[3], "We read tables."))
    assert [one.arxiv_id for one in read.records] == NUMBERS


@pytest.mark.parametrize(
    "form", ["[{number}] {title}\n{text}\n\n", "{title} (https://arxiv.org/abs/{number})\n\n{text}\n\n"]
)
def test_an_address_in_the_line_of_a_title_is_the_paper_s(form: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, _each(form))
    assert _pairs(read) == PAIRS
    assert [one.arxiv_id for one in read.records] == NUMBERS


def test_authors_may_be_a_list_below_their_label(tmp_path: Path) -> None:
    text = _each("Title: {title}\nAuthors:\n- {names}\nAbstract:\n{text}\n\n")
    for names in AUTHORS:
        text = text.replace(", ".join(names), "\n- ".join(names))
    read = read_content(tmp_path, text)
    assert _pairs(read) == PAIRS
    assert [one.authors for one in read.records] == AUTHORS


def test_what_opens_and_closes_a_letter_is_no_paper(tmp_path: Path) -> None:
    head = "From: ada@a.example\nTo: group@a.example\nSubject: papers\n\nHi all,\n\nwe read these. See you there!\n\n"
    read = read_content(tmp_path, head + _each("{title}\n{names}\n{text}\n\n", width=72) + "Best,\nAda\n")
    assert _pairs(read) == PAIRS


@pytest.mark.parametrize(
    "odd", [" " * 40_000, "*," * 20_000, "1 " * 20_000, " et al" * 8_000, "A.B. C.D. " * 4_000, '"' * 40_000]
)
def test_a_long_line_of_marks_is_read_at_once(odd: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, f"Title: {TITLES[0]}\nAuthors: {odd}x\nAbstract: {odd} x\n{ABSTRACTS[0]}\n{odd}x\n")
    assert read.titles == TITLES[:1]  # tried in all ways, minutes would not do
