"""Rows of cells: CSV and TSV, also with ";" or "|" between the cells (RFC 4180, read leniently)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from ingest.reading import LONGEST_LINE, Text
from ingest.record import Rejected, rejected

DELIMITERS = (",", "\t", ";", "|")
_OPENED = re.compile(r'(?:^|\t)"', re.MULTILINE)
_QUOTED = re.compile(r'(?:^|\t)"(?:[^"]|"")*"(?=\t|\n|$)', re.MULTILINE)  # in cells between tabs a mark may be a mark
_LONGEST_ROW = 5_000  # lines; a quote that is never closed would swallow the rest of the file


class _Lines:
    """The lines of a text for `csv.reader`, counting where it is."""

    def __init__(self, text: Text) -> None:
        self.lines = text.lines()
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in self.lines:
            self.number = number
            yield line + "\n"


def rows_of(text: Text, delimiter: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    """The cells of each row with the line that it begins at, or why they cannot be read."""
    csv.field_size_limit(LONGEST_LINE)
    lines = _Lines(text)
    if delimiter == "\t" and len(_QUOTED.findall(text.sample)) < len(_OPENED.findall(text.sample)):
        rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        rows = csv.reader(lines, delimiter=delimiter)
    while True:
        begins = lines.number + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield begins, rejected(begins, f"This row cannot be read: {error}.", "")
            continue
        if row is None:
            return
        if lines.number - begins > _LONGEST_ROW:
            yield begins, rejected(begins, "A quotation mark in this row is never closed.", " ".join(row))
        else:
            yield begins, row
