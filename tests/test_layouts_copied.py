"""What stands around titles and abstracts on pages that are copied: pictures, buttons, counts, doubled titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dump_reading import ReadDump, read_content

PAPERS = [
    (
        "Ferry: Carrying Gradients Across Slow Links",
        "Training over slow links waits for gradients. Ferry sends only those that changed their sign and keeps 99% of "
        "the accuracy at a twentieth of the traffic. It needs no more memory than the optimizer has anyway.",
    ),
    (
        "Why do cameras see moss in colour?",
        "Moss is classified in colour, and nobody has asked whether that helps. We take the colour away from 4,100 "
        "pictures and find that texture is enough for 31 of 34 species. The other three look alike to botanists, too.",
    ),
    (
        "Reading Barometers With a Phone in Bad Light",
        "Old barometers hang in dark halls. A phone reads them within 2 hPa in 93 of 100 halls, where the dial is "
        "found by its screws and not by its hand. We publish the pictures of all dials with what three people read.",
    ),
]
TEAMS = ["Quill AI", "Stone River University", "Haddad Lab"]


def _pairs(read: ReadDump) -> list[tuple[str, str]]:
    return [(record.title, record.abstract) for record in read.records]


@pytest.mark.parametrize(
    "form",
    [
        "{team}'s avatar\n{team}\n#{n} Paper of the day\n{title}\n\n{text}\n\nUpvote\n{n}2\n\n",
        "Thumbnail for {title}\nSubmitted by\n{team}\n{title}\n{text}\n·\n{n} authors\n",
        "{title}\n{title}\n{text}\n\n",
        "{title}\n\n{title}\n\n{text}\n\n",
        "{n}/3\n{title}\n\n{text}\n\n---\n\n",
        "{title}\n\n{text}\n\n{n}3 likes · 3 comments · 1 repost\n\n",
        "{title}\n\n{text}\n\n👍 {n}2  💬 3\n\n",
        "{title}\n\n{text} Read more\n\nUpvote {n}\n\n",
        "{title} [PDF] [Code]\n\n{text}\n\n",
        "{title} (5 minute read)\n\n{text}\n\n",
        "{title}\nAbstract\n{text}\n\n",
        "{title}\n\nAbstract—{text}\n\nIndex Terms—moss, slow links\n\n",
        "{n})\t{title}\n\t{text}\n",
        "标题：{title}\n作者：Ada Byron\n摘要：{text}\n\n",
        "題目：{title}\n\n概要：{text}\n\n".replace("題目", "論文題目"),
        "{team}\n\n{title}\n\n{text}\n\n",
    ],
)
def test_what_a_page_prints_around_papers_is_no_paper_and_no_text(form: str, tmp_path: Path) -> None:
    parts = zip(PAPERS, TEAMS, strict=True)
    text = "".join(form.format(n=n, title=t, text=a, team=team) for n, ((t, a), team) in enumerate(parts, 1))
    assert _pairs(read_content(tmp_path, text)) == PAPERS


def test_a_page_of_names_between_dots_keeps_its_titles(tmp_path: Path) -> None:
    form = "Poster\n#{n}\n{title}\nAda Byron ⋅ Max Moth ⋅ Li {n}.\n\nAbstract: {text}\n\n".replace("{n}.", "Wei")
    text = "".join(form.format(n=100 + n, title=title, text=text) for n, (title, text) in enumerate(PAPERS))
    read = read_content(tmp_path, text)
    assert (_pairs(read), read.records[0].authors) == (PAPERS, ("Ada Byron", "Max Moth", "Li Wei"))


@pytest.mark.parametrize("between", ["", "\n"], ids=["compact", "blank lines"])
@pytest.mark.parametrize("names", ["Ada Byron\n,\nMax Moth\n,\nIda Holm\n", "Ada Byron,\nMax Moth,\nIda Holm\n"])
def test_pages_of_one_paper_each_give_title_authors_and_the_abstract_below_a_summary(
    between: str, names: str, tmp_path: Path
) -> None:
    page = (
        "Papers\narxiv:2502.0111{n}\n{b}{title}\nPublished on Feb 3, 2025\n· Submitted by\n{team}\non Feb 4\n"
        "#2 Paper of the day\nUpvote\n{n}8\n{b}+7\nAuthors:\n{b}{names}{b}Abstract\n{b}It is a model's short sentence "
        "about the paper that stands below.\n{b}AI-generated summary\n{b}{text}\n{b}View arXiv page\nView PDF\n{b}"
    )
    parts = enumerate(zip(PAPERS, TEAMS, strict=True))
    text = "".join(page.format(n=n, b=between, title=t, text=a, team=team, names=names) for n, ((t, a), team) in parts)
    read = read_content(tmp_path, text)
    assert _pairs(read) == PAPERS
    assert [record.arxiv_id for record in read.records] == [f"2502.0111{n}" for n in range(3)]
    assert {record.authors for record in read.records} == {("Ada Byron", "Max Moth", "Ida Holm")}


def test_a_summary_that_stands_alone_is_kept(tmp_path: Path) -> None:
    form = "{0}\n\n{1}\n\nAI-generated summary\n\nUpvote\n12\n\n"
    assert _pairs(read_content(tmp_path, "".join(form.format(*paper) for paper in PAPERS))) == PAPERS


def test_a_question_between_its_paper_s_buttons_and_author_is_its_title(tmp_path: Path) -> None:
    form = (
        "{0}\n\npdf icon\n{2}\n03 Feb 2025 (modified: 05 Feb 2025) Poster Everyone\nTL;DR: It works.\nAbstract: {1}\n\n"
    )
    names = ["Ada Byron, Max Moth", "Ida Holm", "Tom Berg and Li Wei"]
    text = "".join(form.format(*paper, name) for paper, name in zip(PAPERS, names, strict=True))
    assert _pairs(read_content(tmp_path, text)) == PAPERS


def test_affiliations_and_an_address_of_mail_below_authors_are_no_title(tmp_path: Path) -> None:
    form = "{0}\n\nAda Byron1, Max Moth2\n1 {2}\n2 Institute for Moss and Other Small Plants\nada@moss.example.org\n\n"
    form += "Abstract\n\n{1}\n\nKeywords: moss\n\n"
    text = "".join(form.format(*paper, team) for paper, team in zip(PAPERS, TEAMS, strict=True))
    assert _pairs(read_content(tmp_path, text)) == PAPERS


@pytest.mark.parametrize("between", ["", "\n"], ids=["compact", "blank lines"])
@pytest.mark.parametrize("team", ["", "Quill AI\n", "Stone River University\n"], ids=["", "team", "university"])
@pytest.mark.parametrize("parting", ["\n,\n", ",\n", "\n,\n\n", "\n, ", ", ", "\n"])
def test_on_a_page_of_one_paper_neither_organisation_nor_authors_are_its_title(
    parting: str, team: str, between: str, tmp_path: Path
) -> None:
    title, text = PAPERS[0]
    authors = ("Ada Byron", "Max Moth", "Ida Holm")
    page = (
        f"Papers\narxiv:2502.01117\n{between}{title}\nPublished on Feb 3\n· Submitted by\nMax on Feb 4\n"
        f"{team}Upvote\n48\n{between}+45\nAuthors:\n{between}{parting.join(authors)}\n{between}Abstract\n{between}{text}\n{between}"
        "View arXiv page\nView PDF\nAdd to collection\n"
    )
    read = read_content(tmp_path, page)
    assert (_pairs(read), read.records[0].authors, read.records[0].arxiv_id) == ([PAPERS[0]], authors, "2502.01117")


@pytest.mark.parametrize("parting", ["\n,\n", ",\n", "\n"])
def test_authors_one_a_line_above_the_word_abstract_are_no_titles(parting: str, tmp_path: Path) -> None:
    authors = ("Ada Byron", "Max Moth", "Ida Holm")
    form = "{0}\n" + parting.join(authors) + "\nAbstract\n{1}\n\n"
    read = read_content(tmp_path, "".join(form.format(*paper) for paper in PAPERS))
    assert _pairs(read) == PAPERS
    assert {record.authors for record in read.records} == {authors}


def test_an_organisation_below_a_list_of_authors_is_none_of_them(tmp_path: Path) -> None:
    form = "{0}\nAuthors: Ada Byron, Max Moth\n{2}\nAbstract\n{1}\n\n"
    read = read_content(tmp_path, "".join(form.format(*paper, team) for paper, team in zip(PAPERS, TEAMS, strict=True)))
    assert _pairs(read) == PAPERS
    assert {record.authors for record in read.records} == {("Ada Byron", "Max Moth")}
