"""The papers in an order, filtered, one page at a time: what the page's list and plots show, read by SQL alone.

Every question here is answered from the index `papers_to_browse` (rag/schema.py), which holds all that a list is
ordered and filtered by: over 100,000 papers a page takes 50 to 220 ms, whereas reading the papers themselves takes 3 s.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from rag.catalogue import Catalogue
from rag.corpus import Paper
from rag.database import Connection

Order = Literal["match", "added", "date", "upvotes", "title"]

# Only a date that begins with a year can be ordered; "May 8" cannot.
_DATED = "(date GLOB '[0-9][0-9][0-9][0-9]' OR date GLOB '[0-9][0-9][0-9][0-9]-*')"
_YEAR = f"CASE WHEN {_DATED} THEN CAST(substr(date, 1, 4) AS INTEGER) END"
# SQLite knows the capitals of English alone; the rest is folded, which takes longer, where there is any.
_FOREIGN = "GLOB '*[^ -~]*'"
# Quotes and brackets at the beginning of a title do not count.
_BARE_TITLE = "ltrim(title, ' ''\"([{“”‘’«$*_')"
_TITLE = f"CASE WHEN title {_FOREIGN} THEN folded({_BARE_TITLE}) ELSE lower({_BARE_TITLE}) END"
_WORDS = "replace(replace(replace(replace(' ' || title || ' ' || authors, '-', ' '), '\"', ' '), '(', ' '), '/', ' ')"
_LONGEST = 60  # characters of a word that are searched for
# Signs of scripts that put no blank between words: Thai to Khmer, kana, Chinese characters, Hangul is not among them.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NOWHERE = 2**31  # the place of a paper that the word index did not find

_ORDERS: dict[Order, str] = {
    "match": f"coalesce(found.place, {_NOWHERE}), number DESC",
    "added": "first_run DESC, number DESC",
    "date": f"CASE WHEN {_DATED} THEN date END DESC NULLS LAST, number DESC",
    "upvotes": "upvotes DESC NULLS LAST, number DESC",
    "title": f"{_TITLE}, number",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which papers are wanted; every field that is set narrows them down."""

    words: str = ""  # words that begin so stand in the title or among the authors
    found: tuple[str, ...] = ()  # papers that hold the words elsewhere, best first; counted in besides those
    # For each of the words the papers that hold it elsewhere, which count in for it; None where it may be missing.
    each: tuple[frozenset[str] | None, ...] = ()
    dump: str = ""  # a dump's name
    year: int | None = None
    undated: bool = False  # only papers without a year
    has_code: bool = False
    since_run: int = 0  # first seen by this ingest or a later one
    only: frozenset[str] | None = None  # ids of a chosen set


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page of a list."""

    papers: tuple[Paper, ...]
    total: int  # papers on all pages
    undated: int  # of them, those without a year: last in the order of dates
    unrated: int  # of them, those without upvotes: last in that order


@dataclass(frozen=True, slots=True)
class IngestGrowth:
    """What one ingest added, counted in the papers that are there now."""

    run: int
    started: str  # ISO time, UTC
    new: int


@dataclass(frozen=True, slots=True)
class DumpGrowth:
    """What one dump holds and how many of its papers no earlier dump had."""

    name: str
    papers: int
    new: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The corpus in figures: what it can be filtered by, and how it grew."""

    years: tuple[tuple[int, int], ...]  # (year, papers), the latest first
    undated: int
    with_code: int
    rated: int  # papers with upvotes
    ingests: tuple[IngestGrowth, ...]  # that brought papers, the oldest first
    dumps: tuple[DumpGrowth, ...]  # in the order of arrival


def read_page(connection: Connection, choice: Choice, *, order: Order, offset: int, limit: int) -> PaperPage:
    """The papers from `offset` on, at most `limit`, and how many there are in all."""
    connection.create_function("folded", 1, _folded, deterministic=True)
    where, values = _conditions(choice)
    found = "WITH found(paper_id, place) AS MATERIALIZED (SELECT value, key FROM json_each(:found)) "
    matched = "LEFT JOIN found USING (paper_id)" if choice.found else ""
    counts = connection.execute(
        f"{found}SELECT count(*), count(*) - coalesce(sum({_DATED}), 0), count(*) - count(upvotes)"  # noqa: S608 - constants
        f" FROM papers {matched} WHERE {where}",
        values,
    ).fetchone()
    by = _ORDERS["added" if order == "match" and not choice.found else order]
    rows = connection.execute(
        f"{found}SELECT papers.paper_id FROM papers {matched} WHERE {where} ORDER BY {by} LIMIT :limit OFFSET :offset",  # noqa: S608 - constants
        {**values, "limit": limit, "offset": max(0, offset)},
    ).fetchall()
    ids = [paper_id for (paper_id,) in rows]
    papers = Catalogue(connection).papers(ids)
    return PaperPage(tuple(papers[paper_id] for paper_id in ids), *counts)


def read_outline(connection: Connection) -> Outline:
    """The whole corpus in figures; reads the index once for each of them."""
    by_year = connection.execute(
        f"SELECT {_YEAR} AS year, count(*) FROM papers GROUP BY year ORDER BY year DESC"  # noqa: S608 - a constant
    ).fetchall()
    with_code, rated = connection.execute(
        "SELECT coalesce(sum(code_urls <> '[]'), 0), count(upvotes) FROM papers"
    ).fetchone()
    ingests = connection.execute(
        "SELECT first_run, coalesce(started, ''), new FROM"
        " (SELECT first_run, count(*) AS new FROM papers GROUP BY first_run) LEFT JOIN runs ON run = first_run"
        " ORDER BY first_run"
    ).fetchall()
    dumps = connection.execute(
        "SELECT name, (SELECT count(DISTINCT paper_id) FROM sightings WHERE dump = dumps.dump AND gone_run IS NULL),"
        " (SELECT coalesce(sum(new), 0) FROM run_dumps WHERE dump = dumps.dump) FROM dumps ORDER BY dump"
    ).fetchall()
    return Outline(
        years=tuple((year, papers) for year, papers in by_year if year is not None),
        undated=sum(papers for year, papers in by_year if year is None),
        with_code=with_code,
        rated=rated,
        ingests=tuple(IngestGrowth(*row) for row in ingests),
        dumps=tuple(DumpGrowth(name, papers, min(new, papers)) for name, papers, new in dumps),
    )


def _conditions(choice: Choice) -> tuple[str, dict[str, object]]:
    """An SQL condition with its values."""
    terms = ["1"]
    values: dict[str, object] = {"found": json.dumps(choice.found)}
    by_words = _by_words(choice, values)
    if by_words and choice.found:
        terms.append(f"(found.place IS NOT NULL OR {by_words})")
    elif by_words:
        terms.append(by_words)
    elif choice.found or choice.words:
        terms.append("found.place IS NOT NULL" if choice.found else "0")
    if choice.dump:
        # A place that is gone counts only for a paper that has no other.
        terms.append(
            "papers.paper_id IN (SELECT paper_id FROM sightings AS seen WHERE dump IN"
            " (SELECT dump FROM dumps WHERE name = :dump) AND (gone_run IS NULL OR NOT EXISTS (SELECT 1 FROM sightings"
            " AS other WHERE other.paper_id = seen.paper_id AND other.gone_run IS NULL)))"
        )
        values["dump"] = choice.dump
    if choice.undated:
        terms.append(f"{_YEAR} IS NULL")
    elif choice.year is not None:
        terms.append(f"{_YEAR} = :year")
        values["year"] = choice.year
    if choice.has_code:
        terms.append("code_urls <> '[]'")
    if choice.since_run:
        terms.append("first_run >= :since")
        values["since"] = choice.since_run
    if choice.only is not None:
        terms.append("papers.paper_id IN (SELECT value FROM json_each(:only))")
        values["only"] = json.dumps(sorted(choice.only))
    return " AND ".join(terms), values


def _by_words(choice: Choice, values: dict[str, object]) -> str:
    """Every word begins one of the title's or of an author's name; "" where there is no word."""
    terms = []
    for number, word in enumerate(cut_words(choice.words)):
        elsewhere = choice.each[number] if choice.each else frozenset()
        if elsewhere is None:
            continue
        name = f"word{number}"
        is_unspaced = bool(_UNSPACED.search(word))
        values[name] = _pattern(word if is_unspaced else _folded(word))
        values[f"{name}held"] = json.dumps(sorted(elsewhere))
        term = (_UNSPACED_TERM if is_unspaced else _TERM).replace(":word", f":{name}")
        held = f"papers.paper_id IN (SELECT value FROM json_each(:{name}held))"  # noqa: S608 - a name of ours
        terms.append(f"({term} OR {held})" if elsewhere else term)
    return f"({' AND '.join(terms)})" if terms else ""


# The first two only look whether the letters are there at all, which is four times as fast.
_TERM = (
    "((title LIKE '%' || :word || '%' ESCAPE '\\' OR authors LIKE '%' || :word || '%' ESCAPE '\\')"
    f" AND {_WORDS} LIKE '% ' || :word || '%' ESCAPE '\\'"
    f" OR (title || authors) {_FOREIGN} AND folded({_WORDS}) LIKE '% ' || :word || '%' ESCAPE '\\')"
)
# No word index knows where a word ends in such a script: the abstract is looked through as well.
_UNSPACED_TERM = "(title || ' ' || authors || ' ' || abstract LIKE '%' || :word || '%' ESCAPE '\\')"


def cut_words(text: str) -> list[str]:
    """The words that are searched for, at most twelve: without the marks around them, cut at hyphens and slashes."""
    words = [word.strip(".,;:!?()[]{}“”‘'") for word in re.split(r"[\s\-/\"]+", text.replace("’", "'"))]
    return [word[:_LONGEST] for word in words if word][:12]


def _pattern(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _folded(text: str) -> str:
    """Without accents and capitals, and with one kind of apostrophe: "O’Énard" is "o'enard"."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return bare.casefold().replace("’", "'")
