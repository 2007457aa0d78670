"""What a dump gives: records, and the places that could not be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One paper as one dump gave it: lines joined, the text otherwise untouched (see ingest/mend.py)."""

    title: str
    abstract: str
    line: int  # of the title, from 1; in formats without lines the number of the record
    external_id: str | None = None  # the source's own id
    arxiv_id: str | None = None  # without version
    url: str | None = None  # http or https
    organisation: str | None = None
    date: str | None = None  # ISO, as exact as given; as printed ("May 8") where the year is not known
    authors: tuple[str, ...] = ()
    upvotes: int | None = None
    code_urls: tuple[str, ...] = ()
    is_summary: bool = False  # a one-sentence summary stands in the abstract's place


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something in a dump that should have been a paper and could not be read."""

    line: int  # from 1, as in Record; 1 also where the whole file is meant
    reason: str  # one sentence
    text: str  # the beginning of what stands there, at most 120 characters


def rejected(line: int, reason: str, text: str) -> Rejected:
    """A Rejected whose text is one line and short enough to print."""
    shown = " ".join(text[:400].split())
    return Rejected(line, reason, shown if len(shown) <= 120 else shown[:119] + "…")
