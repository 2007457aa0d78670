"""Papers as RIS, which reference managers import (Zotero, EndNote, Mendeley).

Two letters, two blanks, a hyphen, a blank, the value; a record begins with TY and ends with ER
(https://en.wikipedia.org/wiki/RIS_(file_format)). A value is one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.corpus import Paper
from rag.export.papers import address_of, citation_key, date_parts, name_parts, names_of, one_line


def as_ris(papers: Iterable[Paper]) -> str:
    """One record a paper; an empty text without papers."""
    return "\n".join("".join(f"{tag}  - {one_line(value)}\n" for tag, value in _fields(paper)) for paper in papers)


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    year, month, day = date_parts(paper)
    yield "TY", "GEN" if not paper.arxiv_id else "UNPB"
    yield "ID", citation_key(paper)
    yield "TI", paper.title
    for name in names_of(paper)[0]:
        yield "AU", ", ".join(part for part in name_parts(one_line(name)) if part)
    if year:
        yield "PY", year
        yield "DA", f"{year}/{month}/{day}/"
    if paper.abstract and not paper.is_summary:
        yield "AB", paper.abstract
    if paper.arxiv_id:
        yield "AN", f"arXiv:{paper.arxiv_id}"
        yield "PB", "arXiv"
    elif paper.organisation:
        yield "PB", paper.organisation
    address = address_of(paper)
    if address:
        yield "UR", address
    for code in paper.code_urls[:1]:
        yield "L2", code
    yield "ER", ""
