"""Tables in Markdown that have a column for titles and one for abstracts, wherever in the text they stand.

Format: https://github.github.com/gfm/#tables-extension-
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.layouts.card import WIKI_LINK
from ingest.layouts.facts import address_id, code_address, web_address
from ingest.layouts.fields import ABSTRACT, GENERATED_SUMMARY, SUMMARY, record_of
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.markdown import read_inline, without_emphasis
from ingest.reading import Text
from ingest.record import Record, Rejected, rejected

_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_RULES = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*\|", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_TITLE = ("title", "papertitle", "paper", "papers")


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
            yield _record(names, cells, number)


def _rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str], str]]:
    """Line, names of the columns, and source of each row of the tables that hold papers."""
    before = ""
    names: list[str] | None = None
    for number, line in lines:
        line = line.strip(" \t\ufeff>")
        if "|" in line and _RULE.fullmatch(line):
            found = _names(before)
            names = found if len(found) == len(_cells(line)) and _are_of_papers(found) else None
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
    return [_NOT_NAME.sub("", read_inline(cell, {}).text.lower()) for cell in _cells(line)]


def _are_of_papers(names: list[str]) -> bool:
    abstracts = (*ABSTRACT, *SUMMARY, *GENERATED_SUMMARY)
    return any(name in _TITLE for name in names) and any(name in abstracts for name in names)


def _record(names: list[str], cells: list[str], line: int) -> Record | Rejected:
    fields: dict[str, object] = {}
    addresses: list[str] = []
    of_title = next(name for name in _TITLE if name in names)
    for name, cell in zip(names, cells, strict=False):
        cell = _BREAK.sub("\n", WIKI_LINK.sub(r"\1", cell))
        inline = read_inline(cell, {})
        links = [link.address for link in inline.links if web_address(link.address)]
        alone = links and not inline.outside.strip(" ,;|/·") and name not in (of_title, *ABSTRACT, *SUMMARY)
        addresses += links if alone or name == of_title else []
        if name == of_title:  # below it people put what else they know
            fields.setdefault("title", without_emphasis(read_inline(cell.split("\n")[0], {}).text))
        else:
            fields.setdefault(name, links[0] if alone else without_emphasis(inline.text))
    papers = [address for address in addresses if address_id(address)]
    own = [address for address in addresses if not code_address(address)]
    if address := next(iter([*papers, *own]), ""):
        fields = {**fields, "url": address} if papers or not fields.get("url") else fields
    if code := [found for address in addresses if (found := code_address(address))]:
        fields["code"] = code
    return record_of(fields, line)


MARKDOWN_TABLE = Layout("Markdown table", _likelihood, _read)
