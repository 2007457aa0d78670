"""What libraries and databases answer to programs, as JSON: columns, addresses, ids, abstracts that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.record import Record
from tests.dump_reading import read_content

MOSS, FERRY = "Do Moss Cameras Need Colour?", "Ferry: Carrying Gradients Across Slow Links"
MOSS_ABSTRACT = "Moss is classified in colour. We take the colour away, and find that texture is enough."
FERRY_ABSTRACT = "Training over slow links waits for gradients. Ferry sends only those that changed their sign."
ONE = {"title": MOSS, "abstract": MOSS_ABSTRACT}
COLUMNS: dict[str, list[object]] = {
    "title": [MOSS, FERRY, "A Third One"],
    "abstract": [MOSS_ABSTRACT, FERRY_ABSTRACT, None],
    "authors": [["Ada Byron", "Max Moth"], "Ida Holm", None],
    "year": [2023, 2024, 2025],
}


def _only(folder: Path, document: object) -> Record:
    (record,) = read_content(folder, json.dumps(document, indent=1)).records
    return record


@pytest.mark.parametrize("kind", [list, dict])
@pytest.mark.parametrize("indent", [None, 1])
def test_columns_are_as_many_papers_as_they_are_long(kind: type, indent: int | None, tmp_path: Path) -> None:
    columns: dict[str, object] = {"Title" if name == "title" else name: values for name, values in COLUMNS.items()}
    if kind is dict:
        columns = {name: {str(n): one for n, one in enumerate(values)} for name, values in COLUMNS.items()}
    read = read_content(tmp_path, json.dumps(columns, indent=indent))
    assert [(one.title, one.abstract, one.date) for one in read.records] == [
        (MOSS, MOSS_ABSTRACT, "2023"),
        (FERRY, FERRY_ABSTRACT, "2024"),
    ]
    assert [one.authors for one in read.records] == [("Ada Byron", "Max Moth"), ("Ida Holm",)]
    assert [(one.reason, one.text) for one in read.rejected] == [("A title without an abstract.", "A Third One")]


def test_an_abstract_in_parts_is_one(tmp_path: Path) -> None:
    parts = MOSS_ABSTRACT.split(". ")
    assert _only(tmp_path, {"title": [MOSS], "abstract": [f"{parts[0]}.", parts[1]]}).abstract == MOSS_ABSTRACT
    labelled = [{"label": "AIM", "text": f"{parts[0]}."}, {"label": "RESULT", "text": parts[1]}]
    assert _only(tmp_path, {"title": MOSS, "abstract": labelled}).abstract == MOSS_ABSTRACT
    record = _only(
        tmp_path, {"title": MOSS, "abstract": None, "tldr": {"model": "short@2", "text": "Texture is enough."}}
    )
    assert (record.abstract, record.is_summary) == ("Texture is enough.", True)


@pytest.mark.parametrize(
    "said",
    [
        *("[No abstract available]", "No abstract available.", "nan", "N/A", "-", "...", "None", "17"),
        *("Abstract not available", "There is no abstract available for this article."),
    ],
)
def test_words_that_say_that_there_is_no_abstract_are_none(said: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, f'title,abstract\n{MOSS},"{MOSS_ABSTRACT}"\n{FERRY},"{said}"\n')
    assert (read.titles, [one.reason for one in read.rejected]) == ([MOSS], ["A title without an abstract."])
    assert _only(tmp_path, {"title": MOSS, "abstract": said, "summary": MOSS_ABSTRACT}).abstract == MOSS_ABSTRACT


def test_an_abstract_may_begin_like_one_that_is_none(tmp_path: Path) -> None:
    for abstract in ("No abstract idea survives.", "None of forty seeds grows.", "我们研究苔藓。"):
        assert _only(tmp_path, {"title": MOSS, "abstract": abstract}).abstract == abstract


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"doi": "10.1101/2024.01.01.573"}, "https://doi.org/10.1101/2024.01.01.573"),
        ({"DOI": "https://doi.org/10.1000/182"}, "https://doi.org/10.1000/182"),
        ({"doi": "10.1002/(SICI)1097<1:A>2#3"}, "https://doi.org/10.1002/(SICI)1097%3C1:A%3E2%233"),
        ({"DI": "10.1000/182"}, "https://doi.org/10.1000/182"),
        ({"externalIds": {"DOI": "10.1000/182"}}, "https://doi.org/10.1000/182"),
        ({"doi": "10.1000/182", "url": "https://example.org/moss"}, "https://example.org/moss"),
        ({"doi": "10.1000/182", "id": "2403.01234"}, None),  # arXiv's page is free to all
        ({"doi": "not yet"}, None),
        (
            {
                "doi": "10.1000/182",
                "primary_location": {"landing_page_url": "https://example.org/moss", "pdf_url": None},
            },
            "https://example.org/moss",
        ),
    ],
)
def test_the_address_of_a_paper(fields: dict[str, object], url: str | None, tmp_path: Path) -> None:
    assert _only(tmp_path, {**ONE, **fields}).url == url


def test_what_stands_around_the_content_of_a_note_belongs_to_it(tmp_path: Path) -> None:
    content = {name: {"value": value} for name, value in ONE.items()}
    record = _only(tmp_path, {"notes": [{"id": "aB3_x", "forum": "aB3_x", "content": content}], "count": 1})
    assert (record.title, record.external_id, record.url) == (MOSS, "aB3_x", "https://openreview.net/forum?id=aB3_x")


@pytest.mark.parametrize(
    ("fields", "external", "arxiv"),
    [
        ({"id": "W42", "doi": "https://doi.org/10.48550/arXiv.2403.01234"}, "W42", "2403.01234"),
        ({"id": 2310.0677}, "2310.06770", "2310.06770"),
        ({"arxiv_id": "2310.067"}, "2310.06700", "2310.06700"),
        ({"arxiv_id": "0704.0677"}, "0704.0677", "0704.0677"),  # of a time when four digits were all
        ({"paper_id": "ef2a71edadf1e5ec", "external_id": None, "sources": []}, None, None),
        ({"paper_id": "ef2a71edadf1e5ec", "external_id": "acl:1"}, "acl:1", None),
        ({"paperId": "ef2a71edadf1e5ec" * 2}, "ef2a71edadf1e5ec" * 2, None),
    ],
)
def test_the_ids_of_a_paper(fields: dict[str, object], external: str | None, arxiv: str | None, tmp_path: Path) -> None:
    record = _only(tmp_path, {**ONE, **fields})
    assert (record.external_id, record.arxiv_id) == (external, arxiv)


def test_the_particle_of_a_family_name_stands_before_it(tmp_path: Path) -> None:
    author = {"given": "Hanne", "family": "Berg", "non-dropping-particle": "van der"}
    assert _only(tmp_path, {**ONE, "author": [author]}).authors == ("Hanne van der Berg",)


def test_authors_and_date_that_stand_in_one_text(tmp_path: Path) -> None:
    record = _only(tmp_path, {**ONE, "authorString": "Byron A, Moth M", "firstPublicationDate": "2024-03-02"})
    assert (record.authors, record.date) == (("Byron A", "Moth M"), "2024-03-02")


@pytest.mark.parametrize("title", [FERRY, [FERRY], {"value": FERRY}])
@pytest.mark.parametrize("more", [{"author": [{"family": "Holm"}]}, {"DOI": "10.1000/182"}, {}])
def test_a_paper_without_an_abstract_is_told(title: object, more: dict[str, object], tmp_path: Path) -> None:
    files = [{"title": "Snapshot", "path": "x"}] if more else []
    references = [{"key": "r1", "article-title": "Older Ferries"}]
    items = [{**ONE, "title": [MOSS]}, {"title": title, **more, "attachments": files, "reference": references}]
    read = read_content(tmp_path, json.dumps({"status": "ok", "message": {"items": items}}, indent=1))
    assert (read.titles, [one.text for one in read.rejected]) == ([MOSS], [FERRY])


def test_the_title_of_a_list_hides_none_of_its_items(tmp_path: Path) -> None:
    listed = {"title": "To read", "items": [{"title": FERRY, "year": 2024}, {"title": MOSS}]}
    read = read_content(tmp_path, json.dumps(listed, indent=1))
    assert (read.titles, [one.text for one in read.rejected]) == ([], [FERRY, MOSS])
