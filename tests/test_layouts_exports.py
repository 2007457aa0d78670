"""What databases and their programs export: tables with names of their own, and forms that are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dump_reading import read_content

MOSS, FERRY = "Do Moss Cameras Need Colour?", "Ferry: Carrying Gradients Across Slow Links"
MOSS_ABSTRACT = (
    "Moss is classified in colour, and nobody has asked whether that helps. We take the colour away from 4,100 "
    "pictures and find that texture is enough."
)
FERRY_ABSTRACT = (
    "Training over slow links waits for gradients. Ferry sends only those that changed their sign, and keeps 99% of "
    "the accuracy at a twentieth of the traffic."
)
BOTH = [{"title": MOSS, "abstract": MOSS_ABSTRACT}, {"title": FERRY, "abstract": FERRY_ABSTRACT}]


@pytest.mark.parametrize(
    ("title", "abstract"),
    [("Document Title", "Abstract"), ("Article Title", "Abstract"), ("Item Title", "Abstract"), ("TI", "AB")],
)
def test_a_database_s_own_name_for_titles(title: str, abstract: str, tmp_path: Path) -> None:
    table = (
        f'"{title}","Authors","Publication Title","Publication Date","Publication Year","{abstract}"\n'
        f'"{MOSS}","Byron, A; Moth, M","Letters of Moss","MAR 2","2024","{MOSS_ABSTRACT}"\n'
    )
    read = read_content(tmp_path, table)
    (record,) = read.records
    assert (record.title, record.abstract, record.authors) == (MOSS, MOSS_ABSTRACT, ("A Byron", "M Moth"))
    assert (record.date, record.line, read.rejected) == ("2024", 2, [])


@pytest.mark.parametrize("rows", [1, 3])
def test_a_table_whose_columns_are_not_known_is_no_text(rows: int, tmp_path: Path) -> None:
    row = f'"{MOSS}","Letters, of Moss","{MOSS_ABSTRACT[:70]}"\n'
    read = read_content(tmp_path, '"Titel","Zeitschrift","Zusammenfassung"\n' + row * rows)
    assert (read.records, ["table" in item.reason for item in read.rejected]) == ([], [True])


@pytest.mark.parametrize(
    ("entry", "says"),
    [("TY  - JOUR\nTI  - {0}\nAB  - {1}\nER  -\n", "RIS"), ("PMID- 12345\nTI  - {0}\nAB  - {1}\n", "PubMed")],
)
def test_an_export_may_say_first_where_it_comes_from(entry: str, says: str, tmp_path: Path) -> None:
    entries = "".join(entry.format(*paper.values()) + "\n" for paper in BOTH)
    read = read_content(tmp_path, f"Provider: Some Press\nDatabase: Letters\nContent: text/plain\n\n\n{entries}")
    assert (read.records, [says in item.reason for item in read.rejected]) == ([], [True])


@pytest.mark.parametrize("fence", ["```json", "~~~", "``` JSON"])
def test_json_between_fences_is_read(fence: str, tmp_path: Path) -> None:
    parts = [f"{fence}\n{json.dumps([paper], indent=1)}\n{fence[:3]}\n" for paper in BOTH]
    read = read_content(
        tmp_path, "Here they are:\n\n" + "And one more:\n".join(parts) + "\nShall I look on?\n", "chat.md"
    )
    assert (read.titles, read.rejected) == ([MOSS, FERRY], [])
    assert (read.records[0].line, read.records[0].abstract) == (5, MOSS_ABSTRACT)


def test_json_with_text_around_it_is_no_text(tmp_path: Path) -> None:
    read = read_content(tmp_path, f"Here they are:\n\n{json.dumps(BOTH, indent=1)}\n\nShall I look for others?\n")
    assert (read.records, ["JSON" in item.reason for item in read.rejected]) == ([], [True])


@pytest.mark.parametrize("name", ["headline", "name"])
def test_an_article_in_linked_data_is_a_paper(name: str, tmp_path: Path) -> None:
    article = {"@type": "ScholarlyArticle", name: MOSS, "abstract": MOSS_ABSTRACT}
    listed = {"name": "To read", "description": "For the autumn.", "@graph": [article]}
    assert read_content(tmp_path, json.dumps(listed, indent=1)).titles == [MOSS]
