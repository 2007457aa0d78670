"""A row of a table whose header names its columns, to a record: what tables in Markdown and in HTML have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.layouts.facts import address_id, code_address
from ingest.layouts.fields import ABSTRACT, GENERATED_SUMMARY, SUMMARY, comparable, record_of
from ingest.record import Record, Rejected

_TITLE = ("title", "papertitle", "paper", "papers")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row."""

    text: str  # links replaced by their texts
    first_line: str  # of the text; below it people put what else they know of a title
    addresses: tuple[str, ...] = ()  # http or https, of its links
    bare: bool = False  # nothing stands outside the links


def column_names(header: Sequence[str]) -> list[str]:
    """The header's names as they are compared: lower case, letters and digits alone."""
    return [comparable(name) for name in header]


def are_of_papers(names: Sequence[str]) -> bool:
    """Whether a table with these columns holds papers: it has titles and abstracts."""
    abstracts = (*ABSTRACT, *SUMMARY, *GENERATED_SUMMARY)
    return any(name in _TITLE for name in names) and any(name in abstracts for name in names)


def record_of_row(names: Sequence[str], cells: Sequence[Cell], line: int) -> Record | Rejected:
    """The record that a row gives, or why it gives none; `names` are those of a table `are_of_papers`."""
    fields: dict[str, object] = {}
    addresses: list[str] = []
    of_title = next(name for name in _TITLE if name in names)
    for name, cell in zip(names, cells, strict=False):
        alone = cell.bare and name not in (of_title, *ABSTRACT, *SUMMARY)
        addresses += cell.addresses if alone or name == of_title else ()
        if name == of_title:
            fields.setdefault("title", cell.first_line)
        else:
            fields.setdefault(name, cell.addresses[0] if alone else cell.text)
    papers = [address for address in addresses if address_id(address)]
    own = [address for address in addresses if not code_address(address)]
    if address := next(iter([*papers, *own]), ""):
        fields = {**fields, "url": address} if papers or not fields.get("url") else fields
    if code := [found for address in addresses if (found := code_address(address))]:
        fields["code"] = code
    return record_of(fields, line)
