"""Tables without a header, or with one in words that are not known."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.dump_reading import read_content

TITLES = ["Do Moss Cameras Need Colour?", "Ferry: Carrying Gradients, Slowly", "Reading Barometers With a Phone"]
ABSTRACTS = [
    "Moss is classified in colour, and nobody has asked\nwhether that helps. We take the colour away from 4,100 "
    "pictures and find that texture is enough for 31 species.",
    'Training over slow links waits for gradients. Ferry sends only those that "flip" and keeps 99% of the accuracy at '
    "a twentieth of the traffic.",
    "Old barometers hang in dark halls. A phone reads them within 2 hPa in 93 of 100 halls, where the dial is found by "
    "its screws and not by its hand.",
]
AUTHORS = ["Ada Byron; Max Moth", "Ida Holm", "Tom Berg; Li Wei; Ana Sousa"]
DATES = ["03.02.2025", "04.02.2025", "28.02.2025"]
LINKS = [f"https://arxiv.org/abs/2502.0111{n}" for n in range(3)]
WHOLE = [[*row] for row in zip(map(str, range(1, 4)), TITLES, AUTHORS, DATES, LINKS, ABSTRACTS, strict=True)]
GERMAN = ["Nr.", "Titel", "Verfasser", "Datum", "Verweis", "Zusammenfassung"]


def _table(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("above", [[], [GERMAN]], ids=["no header", "a header in German"])
def test_columns_are_told_by_what_they_hold(delimiter: str, above: list[list[str]], tmp_path: Path) -> None:
    read = read_content(tmp_path, _table([*above, *WHOLE], delimiter))
    assert (read.titles, read.rejected, read.file.layout) == (TITLES, [], "CSV/TSV")
    assert [" ".join(record.abstract.split()) for record in read.records] == [
        " ".join(one.split()) for one in ABSTRACTS
    ]
    assert [record.date for record in read.records] == ["2025-02-03", "2025-02-04", "2025-02-28"]
    assert [record.url for record in read.records] == LINKS
    assert read.records[0].authors == ("Ada Byron", "Max Moth")


def test_titles_and_abstracts_alone_with_tabs_between(tmp_path: Path) -> None:
    rows = [(title, abstract.replace("\n", " ")) for title, abstract in zip(TITLES, ABSTRACTS, strict=True)]
    read = read_content(tmp_path, "".join(f"{title}\t{abstract}\n" for title, abstract in rows))
    assert [(record.title, record.abstract) for record in read.records] == rows


def test_of_several_columns_like_titles_the_one_that_differs_is_taken(tmp_path: Path) -> None:
    rows = [["Workshop on Slow Learning and Moss", *row] for row in WHOLE]
    assert read_content(tmp_path, _table(rows, "\t")).titles == TITLES


def test_rows_of_another_length_are_listed(tmp_path: Path) -> None:
    rows = [[*row[:1], f"{row[1]} {n}", *row[2:]] for n, row in enumerate(WHOLE * 4)] + [WHOLE[0][1:]]
    read = read_content(tmp_path, _table(rows, ";"))
    assert [one.reason for one in read.rejected] == ["This row has 5 cells, most have 6."]


def test_text_with_a_comma_in_each_line_is_no_table(tmp_path: Path) -> None:
    papers = zip(["Moss, Seen by Cameras", "Ferries, and Their Gradients"], ABSTRACTS[1:], strict=True)
    read = read_content(tmp_path, "".join(f"{title}\n{text.replace(',', '')}\n" for title, text in papers))
    assert read.file.layout == "compact text"
