"""Tables in HTML whose header names a column for titles and one for abstracts.

Format: https://html.spec.whatwg.org/multipage/tables.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.layouts.elements import Element, Event, Passage
from ingest.layouts.facts import web_address
from ingest.layouts.layout import Reading
from ingest.layouts.rows import Cell, are_of_papers, column_names, record_of_row
from ingest.layouts.wrapping import one_line


@dataclass(slots=True)
class _Table:
    """A table that is open, with the row and the cell that are."""

    element: Element
    names: list[str] | None = None  # of the columns, once the header is read
    line: int = 0  # of the row
    cells: list[Passage] = field(default_factory=list)
    cell: Element | None = None


def read_tables(events: Iterable[Event]) -> Reading:
    """A record of each row of the page's tables of papers, and the rows without title or abstract."""
    tables: list[_Table] = []
    for event in events:
        element, tag = event.element, event.element.tag
        if event.kind == "start" and tag == "table":
            tables.append(_Table(element))
        if not tables:
            continue
        table = tables[-1]
        if event.kind == "end" and element is table.element:
            tables.pop()
        elif tag == "tr" and event.kind == "start":
            table.line, table.cells = element.line, []
        elif tag == "tr" and event.kind == "end":
            yield from _row(table)
        elif tag in ("td", "th") and event.kind == "start":
            table.cells.append(Passage())
            table.cell = element
        elif table.cell is element and event.kind == "end":
            table.cell = None
        elif table.cell is not None:
            table.cells[-1].take(event)


def _row(table: _Table) -> Reading:
    cells, table.cells = table.cells, []
    texts = [cell.text() for cell in cells]
    names = column_names([one_line(text) for text in texts])
    if are_of_papers(names):
        table.names = names
    elif table.names is not None and any(texts):
        yield record_of_row(table.names, [_cell(*one) for one in zip(cells, texts, strict=True)], table.line)


def _cell(passage: Passage, text: str) -> Cell:
    addresses = tuple(address for _, address in passage.links if web_address(address))
    bare = bool(addresses) and not "".join(passage.outside).strip(" ,;|/·\n\t")
    return Cell(text, text.split("\n")[0], addresses, bare)
