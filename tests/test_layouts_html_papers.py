"""Pages of one paper that say in their metadata which: arXiv, OpenReview, the ACL Anthology, journals."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from tests.dump_reading import read_content
from tests.rendered_papers import PAPERS
from tests.rendering_sites import acl_page, arxiv_abstract

PAPER = PAPERS[0]


def test_an_abstract_page_of_arxiv_is_its_paper(tmp_path: Path) -> None:
    read = read_content(tmp_path, arxiv_abstract(PAPER))
    (record,) = read.records
    assert (record.title, record.abstract) == (PAPER.title, PAPER.abstract)
    assert (record.arxiv_id, record.external_id) == (PAPER.arxiv_id, PAPER.arxiv_id)
    assert record.url == f"https://arxiv.org/abs/{PAPER.arxiv_id}"
    assert (record.authors, record.date, record.code_urls) == (PAPER.authors, PAPER.date, (PAPER.code,))
    assert read.rejected == []


def test_two_abstract_pages_in_one_file_are_both_read(tmp_path: Path) -> None:
    read = read_content(tmp_path, arxiv_abstract(PAPERS[0]) + arxiv_abstract(PAPERS[2]))
    assert read.titles == [PAPERS[0].title, PAPERS[2].title]
    assert [record.abstract for record in read.records] == [PAPERS[0].abstract, PAPERS[2].abstract]
    assert [record.authors for record in read.records] == [PAPERS[0].authors, PAPERS[2].authors]


def test_an_abstract_that_the_metadata_lacks_is_the_pages_own(tmp_path: Path) -> None:
    (record,) = read_content(tmp_path, acl_page(PAPERS[1])).records
    assert (record.title, record.abstract) == (PAPERS[1].title, PAPERS[1].abstract)
    assert (record.url, record.date) == ("https://aclanthology.org/2024.made-long.7", "2023-06")
    assert (record.external_id, record.authors) == ("10.18653/v1/2024.made-long.7", PAPERS[1].authors)


def test_a_sentence_about_a_paper_is_no_abstract(tmp_path: Path) -> None:
    page = acl_page(PAPERS[0])
    before, _, rest = page.partition('<div class="card bg-light')
    page = before + rest[rest.index("<dl>") :]
    read = read_content(tmp_path, page)
    assert read.records == []


def _page(head: str, body: str = "<p>Sign in to read more.</p>") -> str:
    return f"<!DOCTYPE html><html><head><title>x</title>{head}</head><body><div id=root>{body}</div></body></html>"


def _meta(**values: str) -> str:
    return "".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, value in values.items())


@pytest.mark.parametrize("way", ["citation_abstract", "dc.description", "description"])
def test_a_papers_metadata_is_enough(way: str, tmp_path: Path) -> None:
    head = _meta(citation_title=PAPER.title, citation_doi="10.9999/made.7", citation_publication_date="2024/10/07")
    head += _meta(**{way: PAPER.abstract}) + _meta(**{"twitter:description": PAPER.abstract[:60] + "…"})
    head += "".join(_meta(citation_author=name) for name in PAPER.authors)
    (record,) = read_content(tmp_path, _page(head)).records
    assert (record.title, record.abstract, record.authors) == (PAPER.title, PAPER.abstract, PAPER.authors)
    assert (record.url, record.date) == ("https://doi.org/10.9999/made.7", PAPER.date)


def test_a_description_that_was_cut_gives_way_to_a_whole_one(tmp_path: Path) -> None:
    head = _meta(citation_title=PAPER.title, description=PAPER.abstract[:100] + "...")
    whole = f"<section id='abstract'><h2>Abstract</h2><p>{PAPER.abstract}</p></section>"
    assert [record.abstract for record in read_content(tmp_path, _page(head, whole)).records] == [PAPER.abstract]


def _article(**more: object) -> dict[str, object]:
    people = [{"@type": "Person", "name": name} for name in PAPER.authors]
    known = {"@type": "ScholarlyArticle", "headline": PAPER.title, "author": people, "datePublished": PAPER.date}
    return {**known, "url": "https://journal.example.org/a/7", **more}


@pytest.mark.parametrize("name", ["abstract", "description"])
def test_json_ld_of_an_article_is_read(name: str, tmp_path: Path) -> None:
    data = {"@context": "https://schema.org", "mainEntity": _article(**{name: PAPER.abstract})}
    page = _page(f'<script type="application/ld+json">{json.dumps(data)}</script>')
    (record,) = read_content(tmp_path, page).records
    assert (record.title, record.abstract, record.authors) == (PAPER.title, PAPER.abstract, PAPER.authors)
    assert (record.url, record.date) == ("https://journal.example.org/a/7", PAPER.date)


def test_json_ld_that_has_only_a_doi_gives_its_address(tmp_path: Path) -> None:
    article = _article(abstract=f"<p>{PAPER.abstract}</p>", url="", identifier="https://doi.org/10.9999/made.7")
    article["@type"] = ["Article", "ScholarlyArticle"]
    page = _page(f'<script type="application/ld+json">{json.dumps([article])}</script>')
    (record,) = read_content(tmp_path, page).records
    assert (record.abstract, record.url) == (PAPER.abstract, "https://doi.org/10.9999/made.7")


def test_a_page_that_is_described_for_other_sites_is_no_paper(tmp_path: Path) -> None:
    head = f'<meta property="og:title" content="{PAPER.title}">' + _meta(description=PAPER.abstract)
    data = {"@type": "NewsArticle", "headline": PAPER.title, "description": PAPER.abstract}
    head += f'<script type="application/ld+json">{json.dumps(data)}</script>'
    read = read_content(tmp_path, _page(head))
    assert [item.reason for item in read.rejected] == ["No paper was found in this file."]
