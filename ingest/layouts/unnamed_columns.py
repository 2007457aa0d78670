"""Tables whose columns have no names, or names that are not known: told by what the columns hold.

One column holds titles and one abstracts; dates, addresses, arXiv ids and authors are taken where all of a column are.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.layouts.cells import DELIMITERS, rows_of
from ingest.layouts.facts import arxiv_id, read_date, web_address
from ingest.layouts.fields import record_of
from ingest.layouts.layout import Reading
from ingest.layouts.titles import ends_sentence, is_names, title_likeness
from ingest.reading import Text
from ingest.record import Rejected, rejected

_LIKE_ABSTRACT = -2.0  # title_likeness of what is one, at most
_FACTS: dict[str, Callable[[str], object]] = {
    "arxivid": arxiv_id,
    "url": web_address,
    "date": read_date,
    "authors": lambda cell: is_names(cell, few=True),
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of one table."""

    delimiter: str
    count: int
    names: dict[int, str]  # of those that are read, as ingest/layouts/fields.py knows them

    def place(self, name: str) -> int:
        """Which one has this name."""
        return next(place for place, one in self.names.items() if one == name)


def _find_columns(text: Text) -> _Columns | None:
    lines = text.sample.lstrip("\ufeff").split("\n")
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader((line + "\n" for line in lines), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if rows and not text.complete:
            rows.pop()  # it may be cut
        counts = Counter(map(len, rows))
        count, most = counts.most_common(1)[0] if counts else (0, 0)
        if count < 2 or most < 2 or most < 0.9 * len(rows):
            continue
        rows = [row for row in rows if len(row) == count]
        columns = [[row[place].strip() for row in rows] for place in range(count)]
        if names := _names(columns):
            return _Columns(delimiter, count, names)
    return None


def _names(columns: Sequence[list[str]]) -> dict[int, str]:
    """What each column is, empty where there is none of titles or of abstracts."""
    names: dict[int, str] = {}
    titles: dict[int, float] = {}
    abstracts: dict[int, float] = {}
    for place, column in enumerate(columns):
        cells = [cell for cell in column if cell]
        if len(cells) < 0.5 * len(column) or len(cells) < 2:
            continue
        kind = next(
            (kind for kind, holds in _FACTS.items() if sum(map(bool, map(holds, cells))) > 0.6 * len(cells)), ""
        )
        if kind:
            if kind not in names.values():
                names[place] = kind
            continue
        likeness = [title_likeness(cell) for cell in cells]
        length = median(map(len, cells))
        differ = len(set(cells)) >= 0.8 * len(cells)  # as venues and topics do not
        if differ and median(likeness) > 0.0 and median(cell.count(" ") for cell in cells) >= 2:
            titles[place] = length
        elif median(likeness) < _LIKE_ABSTRACT and sum(map(ends_sentence, cells)) > 0.6 * len(cells):
            abstracts[place] = length
    if not titles or not abstracts:
        return {}
    return {
        **names,
        max(titles, key=titles.__getitem__): "title",
        max(abstracts, key=abstracts.__getitem__): "abstract",
    }


def has_unnamed_columns(text: Text) -> bool:
    """Whether the text is a table with a column of titles and one of abstracts."""
    return _find_columns(text) is not None


def read_unnamed_columns(text: Text) -> Reading:
    """The papers of such a table."""
    columns = _find_columns(text)
    if columns is None:
        return
    at_head, abstract = True, columns.place("abstract")
    for line, row in rows_of(text, columns.delimiter):
        if isinstance(row, Rejected):
            yield row
        elif not any(cell.strip() for cell in row):
            continue
        elif len(row) != columns.count:
            yield rejected(line, f"This row has {len(row)} cells, most have {columns.count}.", " ".join(row))
        elif at_head and title_likeness(row[abstract].strip()) > _LIKE_ABSTRACT:
            at_head = False  # names that are not known
        else:
            at_head = False
            yield record_of({name: row[place].strip() for place, name in columns.names.items()}, line)
