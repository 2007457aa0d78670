"""Tables in Markdown, as people keep reading lists in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dump_reading import read_content

FERRY = "Ferry: Carrying Gradients Across Slow Links"
FERRY_ABSTRACT = "Training over slow links waits for gradients. We send only those with |g| > 2 and lose no accuracy."
MOSS = "Do Moss Cameras Need Colour?"
MOSS_ABSTRACT = "Moss is classified in colour. We take the colour away and find that texture is enough for 31 species."
IN_CELL = FERRY_ABSTRACT.replace("|", "\\|")


@pytest.mark.parametrize(
    "table",
    [
        "| # | Title | Abstract | Year |\n|---|:--|---|---|\n"
        "| 1 | [{0}](https://arxiv.org/abs/2405.01234) | {1} | 2024 |\n"
        "| 2 | [{2}](https://example.org/moss) | {3} | 2024 |\n",
        "|Paper|Abstract|Year|Links|\n|:-:|---|---|---|\n|**{0}**<br>*A workshop*|{1}|2024|[arXiv](https://arxiv.org/abs/"
        "2405.01234), [slides](https://example.org/slides)|\n|[{2}](https://example.org/moss)<br/>*Later*|{3}|2024||\n",
        "**Paper** | Summary | Year | Link | Code\n:-: | - | - | - | -\n**{0}** | {1} | 2024 | "
        "[arXiv](https://arxiv.org/abs/2405.01234) |\n{2} | {3} | 2024 | https://example.org/moss | "
        "[GitHub](https://github.com/example-lab/moss)\n",
        "| Title | Year | URL | Abstract |\n|---|---|---|---|\n| [[{0}]] | 2024 | <https://arxiv.org/abs/2405.01234> | "
        "{1} |\n\nAnd from the week before:\n\n| Abstract | Year | Title | Code |\n|---|---|---|---|\n| {3} | 2024 | "
        "[{2}](https://example.org/moss) | [here](https://github.com/example-lab/moss) |\n",
    ],
)
@pytest.mark.parametrize("before", ["", "# Reading list\n\nWhat we read on Tuesdays.\n\n"])
def test_tables_of_papers(table: str, before: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, before + table.format(FERRY, IN_CELL, MOSS, MOSS_ABSTRACT))
    assert (read.file.layout, read.rejected) == ("Markdown table", [])
    ferry, moss = read.records
    assert (ferry.title, ferry.abstract, ferry.date) == (FERRY, FERRY_ABSTRACT, "2024")
    assert (moss.title, moss.abstract, moss.date) == (MOSS, MOSS_ABSTRACT, "2024")
    assert (ferry.arxiv_id, ferry.url) == ("2405.01234", "https://arxiv.org/abs/2405.01234")
    assert moss.url == "https://example.org/moss"
    assert moss.code_urls == (("https://github.com/example-lab/moss",) if "Code" in table else ())
    assert (before + table).split("\n")[ferry.line - 1].count("{0}") == 1


def test_rows_that_are_none_are_listed(tmp_path: Path) -> None:
    rows = [f"| {FERRY} | {IN_CELL} | more |", f"| {MOSS} |", "| | |", f"| {MOSS} | {MOSS_ABSTRACT} |"]
    read = read_content(tmp_path, "\n".join(["| Title | Abstract |", "|---|---|", *rows]))
    assert read.titles == [MOSS]
    assert [(one.line, one.reason) for one in read.rejected] == [
        (3, "This row has 3 cells, the header has 2."),
        (4, "A title without an abstract."),
    ]


def test_a_small_table_beside_papers_is_not_read_instead(tmp_path: Path) -> None:
    table = "| Title | Description |\n|---|---|\n| Moss | Green. |\n"
    read = read_content(tmp_path, f"{table}\n## {FERRY}\n\n{FERRY_ABSTRACT}\n\n## {MOSS}\n\n{MOSS_ABSTRACT}\n")
    assert (read.titles, read.file.layout) == ([FERRY, MOSS], "Markdown with headings")
