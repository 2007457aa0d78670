"""Tables with a header line: CSV and TSV, also with ";" or "|" between the cells (RFC 4180, read leniently)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from ingest.layouts.fields import ABSTRACT, SUMMARY, record_of
from ingest.layouts.layout import Layout, Reading
from ingest.reading import LONGEST_LINE, Text
from ingest.record import rejected

_DELIMITERS = (",", "\t", ";", "|")
_NOT_NAME = re.compile(r"[\s_.\"'-]+")
_OPENED = re.compile(r'(?:^|\t)"', re.MULTILINE)
_QUOTED = re.compile(r'(?:^|\t)"(?:[^"]|"")*"(?=\t|\n|$)', re.MULTILINE)  # in cells between tabs a mark may be a mark
_RULED = re.compile(r"\s*:?-*:?\s*")  # the line below the header of a Markdown table
_IN_MARKDOWN = re.compile(r".*\n[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*(?:\||$)){2,}", re.MULTILINE)
_LONGEST_ROW = 5_000  # lines; a quote that is never closed would swallow the rest of the file


def _header(line: str) -> tuple[str, list[str]] | None:
    """The delimiter and the names of a header line, or None for any other line."""
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader([line.strip("\ufeff")], delimiter=delimiter), [])
        except csv.Error:
            continue
        if _are_names(names):
            return delimiter, [name.strip() for name in names]
    return None


def _are_names(cells: list[str]) -> bool:
    plain = [_NOT_NAME.sub("", cell.strip("\ufeff").lower()) for cell in cells]
    has_title = any(name in ("title", "papertitle") for name in plain)
    return len(cells) >= 2 and has_title and any(name in (*ABSTRACT, *SUMMARY) for name in plain)


def _first_line(text: Text) -> str:
    lines = text.sample.lstrip("\ufeff\n\r ").split("\n", 2)
    line = lines[1] if len(lines) > 1 and lines[0].startswith("sep=") else lines[0]  # Excel's own first line
    return line[:10_000]


def _likelihood(text: Text) -> float:
    found = _header(_first_line(text))
    if found is None or (found[0] == "|" and _IN_MARKDOWN.match(text.sample.lstrip("\ufeff\n\r "))):
        return 0.0
    return 0.96


class _Lines:
    """The lines of a text for `csv.reader`, counting where it is."""

    def __init__(self, text: Text) -> None:
        self.lines = text.lines()
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in self.lines:
            self.number = number
            yield line + "\n"


def _read(text: Text) -> Reading:
    found = _header(_first_line(text))
    if found is None:
        return
    delimiter, names = found
    csv.field_size_limit(LONGEST_LINE)
    lines = _Lines(text)
    if delimiter == "\t" and len(_QUOTED.findall(text.sample)) < len(_OPENED.findall(text.sample)):
        rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        rows = csv.reader(lines, delimiter=delimiter)
    in_header = True
    while True:
        begins = lines.number + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield rejected(begins, f"This row cannot be read: {error}.", "")
            continue
        if row is None:
            return
        if in_header:
            in_header = not any(cell.strip() for cell in row) or row[0].startswith("sep=")
            continue
        if not any(cell.strip() for cell in row) or all(_RULED.fullmatch(cell) for cell in row):
            continue
        if _are_names(row):  # another table is joined on, perhaps with its columns in another order
            names = [name.strip("\ufeff ") for name in row]
            continue
        if lines.number - begins > _LONGEST_ROW:
            yield rejected(begins, "A quotation mark in this row is never closed.", " ".join(row))
        elif len(row) != len(names) and not (len(row) > len(names) and not any(row[len(names) :])):
            yield rejected(begins, f"This row has {len(row)} cells, the header has {len(names)}.", " ".join(row))
        else:
            yield record_of(dict(zip(names, row, strict=False)), begins)


TABLE = Layout("CSV/TSV", _likelihood, _read)
