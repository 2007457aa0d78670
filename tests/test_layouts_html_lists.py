"""Lists of papers on the pages of arXiv and other sites, and tables in HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest.layouts.elements import Passage, read_elements
from tests.dump_reading import read_content
from tests.rendered_papers import PAPERS, Made
from tests.rendering_sites import arxiv_listing, arxiv_search


@pytest.mark.parametrize("number", [1, len(PAPERS)])
@pytest.mark.parametrize("saved", ["as it is", "with whole addresses"])
@pytest.mark.parametrize("page", [arxiv_listing, arxiv_search])
def test_arxivs_lists_are_read_with_their_facts(
    page: Callable[[Sequence[Made]], str], saved: str, number: int, tmp_path: Path
) -> None:
    content = page(PAPERS[:number])
    if saved == "with whole addresses":
        content = content.replace('"/abs/', '"https://arxiv.org/abs/').replace('"/pdf/', '"https://arxiv.org/pdf/')
    read = read_content(tmp_path, content)
    assert [(record.title, record.abstract) for record in read.records] == [
        (paper.title, paper.abstract) for paper in PAPERS[:number]
    ]
    for record, paper in zip(read.records, PAPERS, strict=False):
        assert (record.arxiv_id, record.url) == (paper.arxiv_id, f"https://arxiv.org/abs/{paper.arxiv_id}")
        assert record.authors == paper.authors
        assert record.date == (paper.date if page is arxiv_search else None)
        assert record.code_urls == ((paper.code,) if paper.code else ())
    assert (read.rejected, read.file.layout) == ([], "HTML page")


def test_a_list_of_titles_alone_is_told_title_by_title(tmp_path: Path) -> None:
    whole = arxiv_listing(PAPERS[:3])
    parts = whole.split("<p class='mathjax'>")
    content = parts[0] + "".join(part[part.index("</p>") + 4 :] for part in parts[1:])
    read = read_content(tmp_path, content)
    assert read.records == []
    assert [(item.reason, item.text) for item in read.rejected] == [
        ("A title without an abstract.", paper.title) for paper in PAPERS[:3]
    ]


def _own_list(papers: Sequence[Made]) -> str:
    """As people write a group's page: the end tags of items are left out."""
    items = "".join(
        f'<li class=paper><span class="paper-title">{html.escape(p.title)}</span> <a href="{p.code}">code</a>\n'
        f'<span class=paperAuthors>{" and ".join(p.authors)}</span>, <span class="pub-date">{p.printed_date}</span>\n'
        f'<a href="https://arxiv.org/abs/{p.arxiv_id}v2">arXiv</a>\n'
        f"<div class='paper_abstract'><b>Abstract:</b> {html.escape(p.abstract)}</div>\n"
        for p in papers
    )
    return f"<!doctype html><html><body><h1 class=title>Our papers</h1><ul>{items}</ul></body></html>"


def test_a_list_whose_parts_are_named_is_read_on_any_site(tmp_path: Path) -> None:
    read = read_content(tmp_path, _own_list(PAPERS[:3]))
    assert [(record.title, record.abstract) for record in read.records] == [(p.title, p.abstract) for p in PAPERS[:3]]
    assert [record.authors for record in read.records] == [paper.authors for paper in PAPERS[:3]]
    assert [record.arxiv_id for record in read.records] == [paper.arxiv_id for paper in PAPERS[:3]]
    assert [record.date for record in read.records] == [paper.date for paper in PAPERS[:3]]
    assert read.records[0].code_urls == (PAPERS[0].code,)


def _volume(papers: Sequence[Made]) -> str:
    """As the ACL Anthology lists a volume: abstracts have a name, titles are strong links."""
    items = "".join(
        f"<p class='d-sm-flex'><span class='list-button-row'><a class='badge' href=/made.{n}.pdf>pdf</a>\n"
        f"<a class='badge' href=/made.{n}.bib>bib</a></span>\n<span class=d-block><strong><a class=align-middle "
        f"href=/2024.made.{n}/>{html.escape(p.title)}</a></strong><br>"
        f"<a href=/people/a/>{p.authors[0]}</a></span></p>\n"
        f"<div class='card bg-light abstract-collapse' id=abstract-2024--made--{n}><div class='card-body p-3 small'>"
        f"{html.escape(p.abstract)}</div></div>"
        for n, p in enumerate(papers, 1)
    )
    head = "<link rel=canonical href=https://aclanthology.org/volumes/2024.made/>"
    return f"<!doctype html><html><head>{head}</head><body><h2 id=title><a href=/v>Made</a></h2>{items}</body></html>"


def test_named_abstracts_below_linked_headings_are_read(tmp_path: Path) -> None:
    papers = [paper for paper in PAPERS if "\n" not in paper.abstract]
    read = read_content(tmp_path, _volume(papers))
    assert [(record.title, record.abstract) for record in read.records] == [(p.title, p.abstract) for p in papers]
    assert read.records[0].url == "https://aclanthology.org/2024.made.1/"
    assert read.rejected == []


def test_titles_that_are_links_of_that_name_are_titles(tmp_path: Path) -> None:
    items = "".join(
        f'<article><a class="docsum-title" href="/{n}/">{html.escape(p.title)}</a>'
        f'<div class="abstract-content">{html.escape(p.abstract)}</div></article>'
        for n, p in enumerate(PAPERS[:3])
    )
    head = '<link rel="canonical" href="https://index.example.org/">'
    read = read_content(tmp_path, f"<!doctype html><html><head>{head}</head><body>{items}</body></html>")
    assert [(record.title, record.abstract) for record in read.records] == [(p.title, p.abstract) for p in PAPERS[:3]]
    assert [record.url for record in read.records] == [f"https://index.example.org/{n}/" for n in range(3)]


def test_titles_with_texts_that_nothing_calls_abstracts_are_no_papers(tmp_path: Path) -> None:
    posts = "".join(
        f'<article class="post"><h2 class="title"><a href="/{n}">{html.escape(p.title)}</a></h2><span class="author">'
        f'{p.authors[0]}</span><p>{html.escape(p.abstract)} See <a href="{p.address}">the paper</a>.</p></article>'
        for n, p in enumerate(PAPERS)
    )
    read = read_content(tmp_path, f"<!doctype html><html><body><h1>Weblog</h1>{posts}</body></html>")
    assert read.records == []


def test_the_sections_of_a_paper_are_no_papers(tmp_path: Path) -> None:
    sections = "".join(
        f'<section class="ltx_section"><h2 class="ltx_title ltx_title_section"><span>{n}</span> {name}</h2>'
        f'<div class="ltx_para"><p class="ltx_p">{PAPERS[n].abstract} It follows '
        f'<a href="https://arxiv.org/abs/{PAPERS[n].arxiv_id}">others</a>.</p></div></section>'
        for n, name in enumerate(["A Look at Lamps", "Oil", "Nights Without Wind"], 1)
    )
    page = (
        '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><article class="ltx_document">'
        f'<h1 class="ltx_title ltx_title_document">{PAPERS[0].title}</h1><div class="ltx_authors">'
        f'<span class="ltx_personname">{PAPERS[0].authors[0]}</span></div><div class="ltx_abstract">'
        '<h6 class="ltx_title ltx_title_abstract">Abstract</h6>'
        f'<p class="ltx_p">{PAPERS[0].abstract}</p></div>{sections}</article></body></html>'
    )
    read = read_content(tmp_path, page)
    assert [(record.title, record.abstract) for record in read.records] == [(PAPERS[0].title, PAPERS[0].abstract)]
    assert read.records[0].authors == PAPERS[0].authors[:1]
    assert read.rejected == []


def _table(papers: Sequence[Made]) -> str:
    rows = "".join(
        f'<tr><td><a href="https://arxiv.org/abs/{p.arxiv_id}">{html.escape(p.title)}</a><br>with slides'
        f"<td>{'; '.join(p.authors)}<td>{p.date}<td><p>{html.escape(p.abstract).replace(chr(10) * 2, '</p><p>')}</p>"
        f'<td><a href="{p.code}">Code</a>\n'
        for p in papers
    )
    return (
        "<html><head><title>Read in spring</title></head><body><h1>Read in spring</h1>"
        "<table><tr><td>Home<td>About</table>\n<table class=wikitable><thead><tr>"
        "<th>Paper</th><th>Authors</th><th>Date</th><th>Abstract</th><th>Code</th></tr></thead>\n"
        f"<tbody>{rows}</tbody></table></body></html>"
    )


def test_tables_of_papers_in_html_are_read_by_their_header(tmp_path: Path) -> None:
    read = read_content(tmp_path, _table(PAPERS))
    assert [(record.title, record.abstract) for record in read.records] == [(p.title, p.abstract) for p in PAPERS]
    for record, paper in zip(read.records, PAPERS, strict=True):
        assert (record.arxiv_id, record.date, record.authors) == (paper.arxiv_id, paper.date, paper.authors)
    assert read.records[0].code_urls == (PAPERS[0].code,)
    assert read.rejected == []


def test_a_formula_that_the_browser_has_set_is_read_from_its_source() -> None:
    page = (
        '<p>It needs <span class="MathJax_Preview"></span><span class="MathJax" id="M1"><nobr>O(n2)</nobr></span>'
        '<script type="math/tex" id="E1">O(n^2)</script> steps.</p><script>var a = 1;</script>'
    )
    passage = Passage()
    for event in read_elements(iter([page])):
        passage.take(event)
    assert passage.text() == "It needs $O(n^2)$ steps."
