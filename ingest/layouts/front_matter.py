"""YAML front matter: what clipping tools and site generators write between two "---" above a page."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KEY = re.compile(r"[\"']?[\w.@:/-]+(?: [\w-]+){0,2}[\"']?:(?:\s|$)")
_OTHER_LINE = re.compile(r"\s|-(?:\s|$)|#|[\]}],?\s*$|$")  # a value's further lines, a list, a comment, a blank line
_LABELLED = re.compile(r"(?:Abstract|Summary):")  # as ingest/layouts/text.py understands it


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
