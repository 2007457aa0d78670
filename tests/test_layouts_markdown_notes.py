"""Notes that people and their tools keep in Markdown: parts of a paper under headings, labels and callouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dump_reading import ReadDump, read_content

FERRY = (
    "Ferry: Carrying Gradients Across Slow Links",
    "Training over slow links waits for gradients. We send only those that changed their sign and keep 99% of the "
    "accuracy at a twentieth of the traffic.",
    "Ines Okafor, Tom Brandt",
    "2024-05-21",
    "2405.01234",
)
MOSS = (
    "Do Moss Cameras Need Colour?",
    "Moss is classified from photographs in colour. We take the colour away and find that texture alone is enough for "
    "31 of 40 species.",
    "Lea Winter",
    "2024-06-02",
    "2406.04321",
)
FORMS = {
    "parts under headings": "# {0}\n\n## Authors\n{2}\n\n## Abstract\n{1}\n\n## Notes\nLooks good, try it on our data "
    "next week and report to the others.\n",
    "parts one level lower": "## {0}\n\n### Authors\n\n{2}\n\n### Abstract\n\n{1}\n",
    "metadata as a list": "# {0}\n\n## Metadata\n\n* Item Type: [[Article]]\n* Authors: {2}\n* Date: [[{3}]]\n"
    "* Date Added: [[2026-01-04]]\n* URL: [https://arxiv.org/abs/{4}](https://arxiv.org/abs/{4})\n\n## Abstract\n\n"
    "{1}\n",
    "facts behind the abstract": "# {0}\n\n## Abstract\n\n{1}\n\n## Details\n- Authors: {2}\n- Published: {3}\n"
    "- Link: https://arxiv.org/abs/{4}\n",
    "parts of one's own": "# {0}\n\n## Why we read this\n\nSomebody at the meeting said that it would help with the "
    "new machine, and we had nothing better.\n\n## Abstract\n\n{1}\n\n## What to try\n\n- it all\n",
    "own summary behind": "## {0}\n\n### Abstract\n\n{1}\n\n### Summary\n\nThey send less, and it works. Do it.\n",
    "labels in a paragraph": "### {0}\n\nAuthors: {2}\nPublished: {3}\nStatus: To read\nTags: ML, NLP\n"
    "Link: https://arxiv.org/abs/{4}\n\n**Abstract**\n\n{1}\n\n---\n",
    "bold labels in a paragraph": "## {0}\n\n**Authors:** {2}  \n**Published:** {3}  \n"
    "**Link:** [arXiv](https://arxiv.org/abs/{4})\n\n**Abstract:** {1}\n",
    "names in italics": "**[{0}](https://arxiv.org/abs/{4})**  \n*Of the workshop on links*  \n{1}\n",
    "a list in a list": "- [ ] **{0}** (read)\n  - Authors: {2}\n  - Date: {3}\n  - Link: https://arxiv.org/abs/{4}\n"
    "  - Abstract: {1}\n",
    "a list that is folded": "- **[{0}](https://arxiv.org/abs/{4})**\n  <details><summary>Abstract</summary>{1}"
    "</details>\n",
    "headings in a list": "- # {0}\n  authors:: {2}\n  date:: [[{3}]]\n  url:: https://arxiv.org/abs/{4}\n"
    "\t- ## Abstract\n\t\t- {1}\n\t- ## Notes\n\t\t- nothing yet\n",
    "labels with two colons": "## {0}\n\n**Authors**:: {2}\n**Date**:: {3}\n**URL**:: https://arxiv.org/abs/{4}\n"
    "**Abstract**:: {1}\n",
    "labels behind the abstract": "## {0}\n\nAbstract: {1}\n\nAuthors: {2}\nPublished: {3}\n"
    "Link: https://arxiv.org/abs/{4}\n",
    "a callout": "## {0}\n- **Authors:** {2}\n- **Date:** {3}\n- **URL:** https://arxiv.org/abs/{4}\n- #todo\n\n"
    "> [!abstract]\n> {1}\n\nMy notes: read again [[Slow links]].\n",
    "callouts with headings of their own": "## {0}\n\n> [!note]- Mine\n> Read this before the meeting, for they will "
    "ask about it.\n\n> [!info] Metadata\n> **Authors**: {2}\n\n>[!quote]+ Abstract\n>{1}\n\nAnd this I thought on the "
    "train, which was late.\n",
    "notes behind": "## {0}\n\n{1}\n\n**My thoughts:** they should have tried it on faster links as well.\n",
}
TOLD_BY_TWO = {"parts of one's own", "names in italics"}  # what comes again names a part; one link is no list


def _pairs(read: ReadDump) -> list[tuple[str, str]]:
    return [(record.title, record.abstract) for record in read.records]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("papers", [[FERRY], [FERRY, MOSS]], ids=["one", "two"])
def test_parts_of_a_paper_are_no_papers(form: str, papers: list[tuple[str, ...]], tmp_path: Path) -> None:
    if form in TOLD_BY_TWO and len(papers) == 1:
        return
    read = read_content(tmp_path, "\n".join(FORMS[form].format(*paper) for paper in papers))
    assert _pairs(read) == [paper[:2] for paper in papers]
    assert read.rejected == []
    for record, paper in zip(read.records, papers, strict=True):
        assert ", ".join(record.authors) == (paper[2] if "{2}" in FORMS[form] else "")
        assert record.date == (paper[3] if "{3}" in FORMS[form] else None)
        assert record.arxiv_id == (paper[4] if "{4}" in FORMS[form] else None)


@pytest.mark.parametrize(
    "note",
    [
        '---\ntitle: "{0}"\nauthors: [{2}]\ndate: {3}\narxiv: {4}\n---\n\n# Abstract\n\n{1}\n\n# My view\n\nIt is good'
        ", and all should read it on the train.\n",
        '---\ntitle: "{0}"\nauthors:\n  - {2}\npublished: {3}\nurl: https://arxiv.org/abs/{4}\nabstract: >\n  {1}\n'
        "tags: [a]\n---\n\nMy notes are here, and they are long enough to be taken for something else.\n",
        "---\ntitle: '{0}'\nauthor: {2}\nyear: {3}\nsource: https://arxiv.org/abs/{4}\n---\n# {0}\n\n> [!abstract]\n"
        "> {1}\n",
    ],
)
def test_front_matter_may_be_a_paper(note: str, tmp_path: Path) -> None:
    joined = "\n".join(note.format(*paper) for paper in (FERRY, MOSS))
    for papers, content in (([FERRY], note.format(*FERRY)), ([FERRY, MOSS], joined)):
        read = read_content(tmp_path, content)
        assert _pairs(read) == [paper[:2] for paper in papers]
        facts = [(", ".join(one.authors), one.date, one.arxiv_id) for one in read.records]
        assert facts == [paper[2:] for paper in papers]


def test_front_matter_of_a_page_with_papers_is_none(tmp_path: Path) -> None:
    clipped = "---\ntitle: Papers of the day\nauthor: somebody\nsource: https://example.org\n---\n\n"
    papers = "\n".join(f"## {title}\n\n{abstract}\n" for title, abstract, *_ in (FERRY, MOSS))
    assert _pairs(read_content(tmp_path, clipped + papers)) == [FERRY[:2], MOSS[:2]]
    text = "\n\n".join(f"{title}\n\n{abstract}" for title, abstract, *_ in (FERRY, MOSS))
    assert _pairs(read_content(tmp_path, clipped + text)) == [FERRY[:2], MOSS[:2]]


def test_underlined_headings_are_no_program(tmp_path: Path) -> None:
    lines = "\n".join(
        f"{title}\n{'=' * len(title)}\n\nAbstract\n--------\n{abstract}\n" for title, abstract, *_ in (FERRY, MOSS)
    )
    assert _pairs(read_content(tmp_path, lines)) == [FERRY[:2], MOSS[:2]]


def test_a_reading_list_under_a_heading_is_read_with_its_parts(tmp_path: Path) -> None:
    for form in ("parts one level lower", "a list in a list", "a list that is folded"):
        content = "# Notes\n\n" + "\n".join(FORMS[form].format(*paper) for paper in (FERRY, MOSS))
        assert _pairs(read_content(tmp_path, content)) == [FERRY[:2], MOSS[:2]]


def test_an_abstract_may_hold_what_looks_like_a_label(tmp_path: Path) -> None:
    abstract = "We ask what a label is.\nNote: it stands at the start of a line.\nCode: a word and a colon."
    read = read_content(tmp_path, f"## {FERRY[0]}\n\n**Abstract:** {abstract}\n\n## {MOSS[0]}\n\n{MOSS[1]}\n")
    assert [record.abstract for record in read.records] == [" ".join(abstract.split()), MOSS[1]]
