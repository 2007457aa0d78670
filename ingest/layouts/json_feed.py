"""The papers page's JSON feed: one day or many, as lists of entries with the paper inside; and other JSON documents.

https://huggingface.co/api/daily_papers: `[{"paper": {"id", "title", "summary", "authors": [{"name"}], ...}}]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ingest.layouts.fields import (
    ABSTRACT,
    AUTHORS,
    PAPER_TITLE,
    SUMMARY,
    fields_of,
    has_paper,
    is_surely_paper,
    record_of,
)
from ingest.layouts.json_stream import json_objects
from ingest.layouts.layout import Layout, Reading
from ingest.reading import Text
from ingest.record import Rejected

_LOOKED_AT = 200_000  # characters by which the layout is recognised
_LEVELS = 8  # levels of objects and lists that are looked into
_COMMENTS = re.compile(r"^[ \t\ufeff]*(?:#|//|/\*)|[,{}\[\]][ \t]*(?://|/\*)", re.MULTILINE)
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"?|^[ \t\ufeff]*#[^\n]*|//[^\n]*|/\*|\*/', re.MULTILINE)
_FIRST = re.compile(r"[\s\ufeff]*(?:\[\s*(?:[\[{\"\]]|$)|\{\s*(?:[\"}]|$))")
_FENCE = re.compile(r"[ \t]*(?:```+|~~~+)[ \t]*(?:json\w*)?[ \t]*", re.IGNORECASE)  # as chats and notes print JSON
_FENCED = re.compile(rf"^{_FENCE.pattern}$", re.MULTILINE | re.IGNORECASE)
_ENTRY = re.compile(r'"paper"\s*:\s*\{|"dailyPapers"\s*:')


def read_objects(chunks: Iterator[str], *, numbered: bool) -> Reading:
    """Records of all papers in a JSON text; `numbered` counts the records instead of the lines."""
    number = 0
    for item in json_objects(chunks):
        if isinstance(item, Rejected):
            yield item
            continue
        for mapping in papers_in(item.value):
            number += 1
            yield record_of(mapping, number if numbered else item.line)


def papers_in(value: object, *, depth: int = _LEVELS) -> Iterator[Mapping[str, object]]:
    """The fields of every paper inside a JSON value, feed entries joined with the paper that they hold."""
    if isinstance(value, list):
        for part in value:
            yield from papers_in(part, depth=depth - 1)
    elif isinstance(value, dict) and depth > 0:
        paper = value.get("paper") or value.get("content")  # OpenReview's word
        if isinstance(paper, dict) and ("paper" in value or has_paper(paper)):
            outside = {name: part for name, part in value.items() if name not in ("paper", "content", "publishedAt")}
            yield {**outside, **{name: part for name, part in paper.items() if part not in (None, "", [])}}
        elif rows := _rows(value):
            yield from rows
        elif is_surely_paper(value):
            yield value
        else:
            itself = has_paper(value)
            inner = [part for part in value.values() if isinstance(part, list | dict)]
            if itself:  # or a list's own title and description; a paper may hold a journal's, and lists of titles alone
                inner = [part for part in inner if not (isinstance(part, dict) and has_paper(part))]
            papers = [found for part in inner for found in papers_in(part, depth=depth - 1)]
            holds_papers = any(has_paper(found) for found in papers)
            if not holds_papers and (itself or _is_paper_without_abstract(value)):
                yield value
                return
            if not papers and _has_title(value):
                yield value  # a title alone, to be told why it is none
            yield from papers


def _has_title(value: Mapping[str, object]) -> bool:
    title = fields_of(value).get("title")
    return isinstance(title, str) or (isinstance(title, list) and all(isinstance(part, str) for part in title))


def _is_paper_without_abstract(value: Mapping[str, object]) -> bool:
    """Whether a title is a paper's, and those of the objects inside are of what belongs to it, such as its files."""
    return _has_title(value) and not fields_of(value).keys().isdisjoint((*AUTHORS, "doi"))


def _rows(columns: Mapping[str, object]) -> list[dict[str, object]]:
    """The rows of a table that is written column by column, as lists or as pandas' {"0": ..., "1": ...}; or none."""
    tables = {name: _column(values) for name, values in columns.items() if isinstance(values, list | dict)}
    if len(tables) < 2:
        return []
    fields = fields_of(tables)
    titles = next((fields[name] for name in PAPER_TITLE if name in fields), None)
    abstracts = next((fields[name] for name in (*ABSTRACT, *SUMMARY) if name in fields), None)
    if not isinstance(titles, dict) or not isinstance(abstracts, dict) or titles.keys() != abstracts.keys():
        return []
    if len(titles) < 2 or not all(isinstance(text, str | None) for text in (*titles.values(), *abstracts.values())):
        return []
    whole = {name: column for name, column in tables.items() if column.keys() == titles.keys()}
    return [{name: column[place] for name, column in whole.items()} for place in titles]


def _column(values: list[object] | dict[str, object]) -> dict[str, object]:
    """The values by their places; none where the names of a mapping are words, such as languages."""
    if isinstance(values, list):
        return {str(place): value for place, value in enumerate(values)}
    return values if all(name.isdecimal() for name in values) else {}


def without_comments(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the comments outside strings, `// ...`, `/* ... */` and `# ...` alone on a line.

    JSON has no comments; files that people keep by hand have. Every line stays, for the numbers' sake.
    """
    inside = False
    for line in lines:
        kept: list[str] = []
        place = 0
        for found in _TOKEN.finditer(line):
            mark = found[0]
            if inside:
                inside, place = mark != "*/", found.end()
            elif mark.startswith(("/", "#")) or mark.lstrip().startswith("#"):
                kept.append(line[place : found.start()])
                inside, place = mark == "/*", found.end()
        yield "".join(kept) + ("" if inside else line[place:]) + "\n"


def _is_fenced(sample: str) -> bool:
    """Whether the JSON stands between fences, as most of the text."""
    if _FIRST.match(sample) or not _FENCED.search(sample):
        return False
    inside = "\n".join(_in_fences(sample.split("\n")))
    return bool(_FIRST.match(inside)) and 'title"' in inside.lower() and 2 * len(inside.split()) > len(sample.split())


def _in_fences(lines: Iterable[str]) -> Iterator[str]:
    """The lines between fences; the others are empty, for the numbers' sake."""
    inside = False
    for line in lines:
        fence = _FENCE.fullmatch(line) is not None
        inside ^= fence
        yield line if inside and not fence else ""


def _likelihood(text: Text) -> float:
    head = text.sample[:_LOOKED_AT]
    if _is_fenced(head):
        return 0.9
    if _COMMENTS.search(head):
        head = "".join(without_comments(head.split("\n")))
    if not _FIRST.match(head):
        return 0.0
    return 0.9 if _ENTRY.search(head) else 0.7 if 'title"' in head.lower() else 0.3


def _read(text: Text) -> Reading:
    if _is_fenced(text.sample[:_LOOKED_AT]):
        return read_objects((f"{line}\n" for line in _in_fences(line for _, line in text.lines())), numbered=False)
    if _COMMENTS.search(text.sample):
        return read_objects(without_comments(line for _, line in text.lines()), numbered=False)
    return read_objects(text.chunks(), numbered="\n" not in text.sample.strip())


JSON_FEED = Layout("JSON feed", _likelihood, _read)
