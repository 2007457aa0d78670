"""Tables in Markdown that have a column for titles and one for abstracts, wherever in the text they stand.

Format: https://github.github.com/gfm/#tables-extension-
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.layouts.card import WIKI_LINK
from ingest.layouts.facts import web_address
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.markdown import read_inline, without_emphasis
from ingest.layouts.rows import Cell, are_of_papers, column_names, record_of_row
from ingest.reading import Text
from ingest.record import rejected

_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_RULES = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*\|", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def _likelihood(text: Text) -> float:
    if "|" not in text.sample or not _RULES.search(text.sample):
        return 0.0
    inside = sum(len(line) for _, _, line in _rows(enumerate(text.sample.split("\n"), 1)))
    return 0.97 if 2 * inside > len(text.sample.strip()) else 0.5 if inside else 0.0  # or a table beside the papers


def _read(text: Text) -> Reading:
    for number, names, line in _rows(text.lines()):
        cells = _cells(line)
        if len(cells) > len(names):
            yield rejected(number, f"This row has {len(cells)} cells, the header has {len(names)}.", line)
        elif any(cells):
            yield record_of_row(names, [_cell(cell) for cell in cells], number)


def _rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str], str]]:
    """Line, names of the columns, and source of each row of the tables that hold papers."""
    before = ""
    names: list[str] | None = None
    for number, line in lines:
        line = line.strip(" \t\ufeff>")
        if "|" in line and _RULE.fullmatch(line):
            found = _names(before)
            names = found if len(found) == len(_cells(line)) and are_of_papers(found) else None
        elif "|" not in line:
            names = None
        elif names is not None:
            yield number, names, line
        before = line


def _cells(line: str) -> list[str]:
    inner = line.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(inner)]


def _names(line: str) -> list[str]:
    return column_names([read_inline(cell, {}).text for cell in _cells(line)])


def _cell(source: str) -> Cell:
    source = _BREAK.sub("\n", WIKI_LINK.sub(r"\1", source))
    inline = read_inline(source, {})
    addresses = tuple(link.address for link in inline.links if web_address(link.address))
    first_line = without_emphasis(read_inline(source.split("\n")[0], {}).text)
    bare = bool(addresses) and not inline.outside.strip(" ,;|/·")
    return Cell(without_emphasis(inline.text), first_line, addresses, bare)


MARKDOWN_TABLE = Layout("Markdown table", _likelihood, _read)
