"""Tables, as CSV or TSV, with a header line that names columns for titles and abstracts; or told by what they hold."""

from __future__ import annotations

import csv
import re

from ingest.layouts.cells import DELIMITERS, rows_of
from ingest.layouts.fields import ABSTRACT, PAPER_TITLE, SUMMARY, record_of
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.unnamed_columns import has_unnamed_columns, read_unnamed_columns
from ingest.reading import Text
from ingest.record import Rejected, rejected

_NOT_NAME = re.compile(r"[\s_.\"'-]+")
_RULED = re.compile(r"\s*:?-*:?\s*")  # the line below the header of a Markdown table
_IN_MARKDOWN = re.compile(r".*\n[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*(?:\||$)){2,}", re.MULTILINE)


def _header(line: str) -> tuple[str, list[str]] | None:
    """The delimiter and the names of a header line, or None for any other line."""
    for delimiter in DELIMITERS:
        try:
            names = next(csv.reader([line.strip("\ufeff")], delimiter=delimiter), [])
        except csv.Error:
            continue
        if _are_names(names):
            return delimiter, [name.strip() for name in names]
    return None


def _are_names(cells: list[str]) -> bool:
    plain = [_NOT_NAME.sub("", cell.strip("\ufeff").lower()) for cell in cells]
    has_title = any(name in PAPER_TITLE for name in plain)
    return len(cells) >= 2 and has_title and any(name in (*ABSTRACT, *SUMMARY) for name in plain)


def _first_line(text: Text) -> str:
    lines = text.sample.lstrip("\ufeff\n\r ").split("\n", 2)
    line = lines[1] if len(lines) > 1 and lines[0].startswith("sep=") else lines[0]  # Excel's own first line
    return line[:10_000]


def _likelihood(text: Text) -> float:
    found = _header(_first_line(text))
    if found is None:
        return 0.95 if has_unnamed_columns(text) else 0.0
    return 0.0 if found[0] == "|" and _IN_MARKDOWN.match(text.sample.lstrip("\ufeff\n\r ")) else 0.96


def _read(text: Text) -> Reading:
    found = _header(_first_line(text))
    if found is None:
        yield from read_unnamed_columns(text)
        return
    delimiter, names = found
    in_header = True
    for begins, row in rows_of(text, delimiter):
        if isinstance(row, Rejected):
            yield row
        elif in_header:
            in_header = not any(cell.strip() for cell in row) or row[0].startswith("sep=")
        elif not any(cell.strip() for cell in row) or all(_RULED.fullmatch(cell) for cell in row):
            continue
        elif _are_names(row):  # another table is joined on, perhaps with its columns in another order
            names = [name.strip("\ufeff ") for name in row]
        elif len(row) != len(names) and not (len(row) > len(names) and not any(row[len(names) :])):
            yield rejected(begins, f"This row has {len(row)} cells, the header has {len(names)}.", " ".join(row))
        else:
            yield record_of(dict(zip(names, row, strict=False)), begins)


TABLE = Layout("CSV/TSV", _likelihood, _read)
