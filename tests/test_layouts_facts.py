"""Dates, addresses, ids, counts and names of authors, as many pages and programs write them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.layouts.facts import address_id, arxiv_id, code_address, read_count, read_date, web_address
from ingest.layouts.fields import author_names
from tests.dump_reading import read_content


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("May 8", "May 8"),
        ("8 May", "May 8"),
        ("Oct 4, 2026", "2026-10-04"),
        ("4 October 2026", "2026-10-04"),
        ("Wednesday, Oct 4, 2026", "2026-10-04"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02"),
        ("2024-05-24T17:34:15.000Z", "2024-05-24"),
        ("July 2024", "2024-07"),
        ("2024", "2024"),
        ("2024/3/11", "2024-03-11"),
        ("2024.03.11", "2024-03-11"),
        ("2024/03", "2024-03"),
        ("03/2024", "2024-03"),
        ("2024 Mar 11", "2024-03-11"),
        ("2024-Mar", "2024-03"),
        ("11.03.2024", "2024-03-11"),
        ("11.3.2024 12:00", "2024-03-11"),
        ("03.14.2024", "2024-03-14"),
        ("14/03/2024", "2024-03-14"),
        ("3/14/2024", "2024-03-14"),
        ("14-03-2024", "2024-03-14"),
        ("03/03/2024", "2024-03-03"),
        ("03/04/2024", "2024"),
        ("3-4-2024", "2024"),
        ("14-Mar-24", "2024-03-14"),
        ("14-Mar-1998", "1998-03-14"),
        ("1-Apr-98", "1998-04-01"),
        ("14/15/2024", None),
        ("2024/00/10", None),
        ("11.03.24", None),
        ("3.14", None),
        ("24/7", None),
        ("May 40", None),
        ("2024-13-01", None),
        ("Maybe 8", None),
        ("12", None),
    ],
)
def test_dates_are_as_exact_as_given(text: str, date: str | None) -> None:
    assert read_date(text) == date


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({"issued": {"date-parts": [["2024", 3, 11]]}}, "2024-03-11"),
        ({"issued": {"date-parts": [[2024, 3]]}, "created": {"date-parts": [[2025, 1, 2]]}}, "2024-03"),
        ({"published-online": {"date-parts": [[2024]]}}, "2024"),
        ({"issued": {"date-parts": [[None]]}, "created": {"date-time": "2025-01-02T03:04:05Z"}}, "2025-01-02"),
        ({"issued": {"raw": "11 March 2024"}}, "2024-03-11"),
        ({"date": "14-Mar-24"}, "2024-03-14"),
    ],
)
def test_dates_of_json(fields: dict[str, object], date: str, tmp_path: Path) -> None:
    paper = {"title": "Paths in Cities", "abstract": "We study paths.", **fields}
    (record,) = read_content(tmp_path, json.dumps(paper)).records
    assert record.date == date


def test_addresses_ids_and_counts() -> None:
    assert arxiv_id("arXiv:2410.05434v3") == "2410.05434"
    assert arxiv_id("cs.CL/0309034") == "cs.CL/0309034"
    assert arxiv_id("2413.05434") is None  # there is no thirteenth month
    assert address_id("https://arxiv.org/pdf/2410.05434v2.pdf") == "2410.05434"
    assert address_id("/papers/2410.05434#community") == "2410.05434"
    assert address_id("https://huggingface.co/papers/date/2026-03-24") is None
    assert code_address("https://github.com/a/b.git") == "https://github.com/a/b"
    assert code_address("https://huggingface.co/papers/2410.05434") is None
    assert code_address("https://huggingface.co/datasets/a/b") == "https://huggingface.co/datasets/a/b"
    assert web_address("javascript:alert(1)") is None
    assert web_address("http://[bad") is None
    assert [read_count(text) for text in ("117", "3.29k", "1,024", "-", "x", "1M")] == [
        117,
        3290,
        1024,
        0,
        None,
        1_000_000,
    ]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Byron, Karl Weiss and Mei Lin", ["Ada Byron", "Karl Weiss", "Mei Lin"]),
        ("Ada Byron, Karl Weiss", ["Ada Byron", "Karl Weiss"]),
        ("Byron, Ada and Weiss, Karl", ["Ada Byron", "Karl Weiss"]),
        ("Mei Lin and Byron, Ada", ["Mei Lin", "Ada Byron"]),
        ("Byron, Ada", ["Ada Byron"]),
        ("van der Berg, Hanne", ["Hanne van der Berg"]),
        ("Byron, Ada; García Márquez, Gabriel", ["Ada Byron", "Gabriel García Márquez"]),
        ("Byron, A.; Weiss, K.", ["A. Byron", "K. Weiss"]),
        ("Byron, A. L., Weiss, J.-H., & Lin, M.", ["A. L. Byron", "J.-H. Weiss", "M. Lin"]),
        ("Ada Byron|Karl Weiss", ["Ada Byron", "Karl Weiss"]),
        ("['Ada Byron', \"Karl O'Weiss\"]", ["Ada Byron", "Karl O'Weiss"]),
        ("Ada Byron; Karl Weiss", ["Ada Byron", "Karl Weiss"]),
        ("Ada Byron, MIT; Karl Weiss, ETH", ["Ada Byron, MIT", "Karl Weiss, ETH"]),
        ("Ada Byron, Jr., Karl Weiss", ["Ada Byron Jr.", "Karl Weiss"]),
        ("王小明, 李娜", ["王小明", "李娜"]),
        ("Ada Byron", ["Ada Byron"]),
        ("", []),
    ],
)
def test_author_lines(line: str, names: list[str]) -> None:
    assert author_names(line) == tuple(names)


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Byron, Ada", ["Ada Byron"]),
        ("García Márquez, Gabriel José", ["Gabriel José García Márquez"]),
        ("Ada Byron and Weiss, Karl and others", ["Ada Byron", "Karl Weiss"]),
        (
            "{The Lab of Ink and Paper} and van der Berg, Jr., Hanne",
            ["The Lab of Ink and Paper", "Hanne van der Berg Jr."],
        ),
        ("Byr{\\'o}n, Ada", ["Ada Byrón"]),
        ("Ada Byron, Karl Weiss, Mei Lin", ["Ada Byron", "Karl Weiss", "Mei Lin"]),
    ],
)
def test_authors_of_bibtex(field: str, names: list[str], tmp_path: Path) -> None:
    entry = f"@misc{{key, title = {{Paths in Cities}}, author = {{{field}}}, abstract = {{We study paths.}}}}\n"
    (record,) = read_content(tmp_path, entry).records
    assert record.authors == tuple(names)


def test_a_range_of_dates_in_bibtex_begins_with_the_first(tmp_path: Path) -> None:
    entry = "@misc{key, title = {Paths}, date = {2024-05-21/2024-06-02}, abstract = {We study paths.}}\n"
    (record,) = read_content(tmp_path, entry).records
    assert record.date == "2024-05-21"


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["Byron, Ada", "Weiss, Karl"], ["Ada Byron", "Karl Weiss"]),
        ([{"name": "Byron, Ada"}, {"name": "The Paper Lab"}], ["Ada Byron", "The Paper Lab"]),
        (["Ada Byron, Ltd.", "Karl Weiss, Jr."], ["Ada Byron, Ltd.", "Karl Weiss, Jr."]),
        ("Byron, Ada", ["Ada Byron"]),
        ([{"firstName": "Ada", "lastName": "Byron"}, {"literal": "The Paper Lab"}], ["Ada Byron", "The Paper Lab"]),
    ],
)
def test_authors_of_json(authors: object, names: list[str], tmp_path: Path) -> None:
    paper = {"title": "Paths in Cities", "abstract": "We study paths.", "authors": authors}
    (record,) = read_content(tmp_path, json.dumps(paper)).records
    assert record.authors == tuple(names)
