"""YAML front matter: what clipping tools and site generators write between two "---" above a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_KEY = re.compile(r"[\"']?[\w.@:/-]+(?: [\w-]+){0,2}[\"']?:(?:\s|$)")
_OTHER_LINE = re.compile(r"\s|-(?:\s|$)|#|[\]}],?\s*$|$")  # a value's further lines, a list, a comment, a blank line
_LIST = re.compile(r"\[(?!\[).*\]")
_PART = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[^,]+)")
_LIST_ITEM = re.compile(r"\s*-\s+(.*)")
_ABSTRACT = re.compile(r"\s*(?:#{1,6}\s+|>\s*\[!|\*\*)abstract\b", re.IGNORECASE)
_LABELLED = re.compile(r"(?:Abstract|Summary):")  # as ingest/layouts/labels.py understands it


def front_matter(lines: Sequence[str]) -> int:
    """How many of a text's first lines are front matter; 0 where a rule merely stands before each paper."""
    first = next((place for place, line in enumerate(lines) if line.strip("\ufeff \t")), len(lines))
    if first == len(lines) or lines[first].strip("\ufeff \t") != "---":
        return 0
    keyed = False
    for place in range(first + 1, len(lines)):
        line = lines[place]
        if line.rstrip() in ("---", "..."):
            return place + 1 if keyed else 0
        if _LABELLED.match(line):  # a paper, with its parts named
            return 0
        if _KEY.match(line):
            keyed = True
        elif not _OTHER_LINE.match(line):
            return 0
    return 0


def read_front_matter(lines: Sequence[str]) -> dict[str, str]:
    """The values of front matter by lower-case name, lists joined by ";"; what programs write, not all of YAML."""
    values: dict[str, list[str]] = {}
    lists: set[str] = set()
    name = ""
    for line in lines:
        if _KEY.match(line):
            key, _, value = line.partition(":")
            name, value = key.strip("\"' ").lower(), value.strip()
            if _LIST.fullmatch(value):
                lists.add(name)
                values[name] = [_bare(part) for part in _PART.findall(value[1:-1])]
            else:
                values[name] = [] if value in ("|", "|-", ">", ">-") else [_bare(value)]
        elif name and (item := _LIST_ITEM.match(line)):
            lists.add(name)
            values[name].append(_bare(item[1]))
        elif name and line[:1].isspace():
            values[name].append(line.strip())
    return {name: ("; " if name in lists else " ").join(filter(None, parts)) for name, parts in values.items()}


def is_of_paper(values: Mapping[str, str], following: Sequence[str]) -> bool:
    """Whether front matter is a paper's and not a page's that lists papers: it has, or is followed by, an abstract."""
    if not values.get("title"):
        return False
    named = values.get("authors") or values.get("author")
    return bool(values.get("abstract") or (named and any(_ABSTRACT.match(line) for line in following)))


def _bare(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0] else value
