"""Papers in a quoted mail, in a chat, and in a list whose items hold title and abstract."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.dump_reading import ReadDump, read_content

PAPERS = [
    (
        "Do Moss Cameras Need Colour?",
        "Moss is classified in colour, and nobody has asked whether that helps. We take the colour away from 4,100 "
        "pictures and find that texture is enough for 31 of 34 species. The other three look alike to botanists, too.",
    ),
    (
        "Ferry: Carrying Gradients Across Slow Links",
        "Training over slow links waits for gradients. Ferry sends only those that changed their sign and keeps 99% of "
        "the accuracy at a twentieth of the traffic. It needs no more memory than the optimizer has anyway.",
    ),
    (
        "Reading Barometers With a Phone in Bad Light",
        "Old barometers hang in dark halls. A phone reads them within 2 hPa in 93 of 100 halls, where the dial is "
        "found by its screws and not by its hand. We publish the pictures of all dials with what three people read.",
    ),
]


def _pairs(read: ReadDump) -> list[tuple[str, str]]:
    return [(record.title, record.abstract) for record in read.records]


@pytest.mark.parametrize("mark", [">", ">>", "> >"])
def test_the_marks_of_a_quoted_mail_belong_to_no_text(mark: str, tmp_path: Path) -> None:
    lines = [line for title, text in PAPERS for line in (title, "", *textwrap.wrap(text, 68), "")]
    head = "From: Ida\nSubject: Fwd: for Friday\n\nHi all,\n\nOn Mon, Feb 10, 2025, Ole Holm wrote:\n\n"
    read = read_content(tmp_path, head + "".join(f"{mark} {line}".rstrip() + "\n" for line in lines))
    assert _pairs(read) == PAPERS
    assert read.records[0].line == 8  # as in the file


@pytest.mark.parametrize(
    "stamp",
    ["[10/02/2025, 09:{0}:22] Ida Holm: ", "10.02.25, 09:{0} - Ida: ", "[9:{0} AM]paperbot: ", "[09:{0}] <ida> "],
)
def test_the_stamps_of_a_chat_belong_to_no_text(stamp: str, tmp_path: Path) -> None:
    said = [text for paper in PAPERS for text in paper]
    chat = "".join(stamp.format(10 + minute) + text + "\n" for minute, text in enumerate(said))
    assert _pairs(read_content(tmp_path, chat)) == PAPERS


def test_a_log_is_still_refused(tmp_path: Path) -> None:
    lines = "".join(f"[2025-02-10 09:10:{second}] server: took a request of 12 papers.\n" for second in range(10, 40))
    read = read_content(tmp_path, lines)
    assert (read.titles, read.rejected[0].reason) == ([], "This is a log, not a dump of papers.")


@pytest.mark.parametrize(
    "item",
    [
        "- **{title}**: {text}\n",
        "* **{title}:** {text}\n\n",
        "{number}. **{title}** (2025) - {text}\n",
        "{number}. **{title}** (2025)\n   {text}\n\n",
        "**{title}**: {text}\n\n",
    ],
)
def test_a_list_s_bold_words_are_the_titles_of_its_items(item: str, tmp_path: Path) -> None:
    items = [item.format(number=n, title=title, text=text) for n, (title, text) in enumerate(PAPERS, 1)]
    read = read_content(tmp_path, "Here are the papers that you asked for:\n\n" + "".join(items))
    assert _pairs(read) == PAPERS


@pytest.mark.parametrize(
    "item",
    [
        "**{title}** [[paper]](https://arxiv.org/abs/{id})\n\n{text}\n\n",
        "**{title}** (https://arxiv.org/abs/{id})\n\n{text}\n\n",
        "**{title}** [paper](https://arxiv.org/abs/{id}) [code](https://github.com/moss/moss)\n\n{text}\n\n",
        "- **{title}** [[paper]](https://arxiv.org/abs/{id})\n  - {text}\n",
        "- **{title}** ([arXiv](https://arxiv.org/abs/{id})): {text}\n",
        "- {title} [[paper]](https://arxiv.org/abs/{id}) [[code]](https://github.com/moss/moss)\n  > {text}\n\n",
        "{number}. {title}. [arXiv:{id}](https://arxiv.org/abs/{id})\n   {text}\n",
        "{title} [arXiv:{id}v2]\n\n{text}\n\n",
        "{title} (arXiv:{id})\n{text}\n\n",
    ],
)
def test_links_and_ids_behind_titles_are_no_part_of_them(item: str, tmp_path: Path) -> None:
    numbered = enumerate(PAPERS, 1)
    text = "".join(item.format(number=n, title=t, text=a, id=f"2502.0111{n}") for n, (t, a) in numbered)
    read = read_content(tmp_path, "Papers that I mean to read:\n\n" + text)
    assert _pairs(read) == PAPERS
    assert [record.arxiv_id for record in read.records] == ["2502.01111", "2502.01112", "2502.01113"]


def test_a_newsletter_s_minutes_and_numbers_are_no_part_of_titles(tmp_path: Path) -> None:
    text = "".join(f"{title} ({n} minute read) [{n}]\n\n{text}\n\n" for n, (title, text) in enumerate(PAPERS, 3))
    assert _pairs(read_content(tmp_path, text)) == PAPERS


def test_an_id_that_a_remark_names_is_not_the_paper_s(tmp_path: Path) -> None:
    form = "Title: {0}\nComments: A Longer Version of (arXiv:2401.0000{2})\nAbstract: {1}\n\n"
    read = read_content(tmp_path, "".join(form.format(*paper, n) for n, paper in enumerate(PAPERS)))
    assert _pairs(read) == PAPERS
    assert {record.arxiv_id for record in read.records} == {None}


def test_links_below_headings_are_left_to_them(tmp_path: Path) -> None:
    form = "## {0}\n\nAda Byron, {2} [paper](https://arxiv.org/abs/2502.0111{3})\n\n{1}\n\n"
    names = ["Max Moth", "Ida Holm", "Tom Berg"]
    papers = zip(PAPERS, names, strict=True)
    read = read_content(tmp_path, "".join(form.format(*paper, name, n) for n, (paper, name) in enumerate(papers)))
    assert _pairs(read) == PAPERS


def test_authors_in_italics_and_quoted_abstracts_below_bold_titles(tmp_path: Path) -> None:
    form = "**{0}. {1}**\n*{3}, Max Moth*\n\n> {2}\n\n[arXiv](https://arxiv.org/abs/2502.0111{0})\n\n"
    names = ["Ada Byron", "Ida Holm", "Tom Berg"]
    papers = zip(PAPERS, names, strict=True)
    read = read_content(tmp_path, "".join(form.format(n, *paper, name) for n, (paper, name) in enumerate(papers, 1)))
    assert _pairs(read) == PAPERS
    facts = [(record.arxiv_id, record.authors) for record in read.records]
    assert facts == [(f"2502.0111{n}", (name, "Max Moth")) for n, name in enumerate(names, 1)]


def test_bold_words_that_open_the_parts_of_an_abstract_are_no_titles(tmp_path: Path) -> None:
    parts = "**Setting**: {0} Also here.\n\n**What We Saw**: {0} Again.\n\n"
    text = "".join(f"{title}\n\n{parts.format(text)}" for title, text in PAPERS)
    assert read_content(tmp_path, text).titles == [title for title, _ in PAPERS]
