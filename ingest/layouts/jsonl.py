"""JSON lines: one object a line with `title` and `abstract` (or `summary`), and whatever else is known of the paper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ingest.layouts.fields import record_of
from ingest.layouts.json_feed import papers_in
from ingest.layouts.layout import Layout, Reading
from ingest.reading import Text
from ingest.record import rejected

_AROUND = "\ufeff \t\r\x1e"  # what a line may have around its object
_LOOKED_AT = 50  # lines by which the layout is recognised


def read_json_lines(text: Text) -> Reading:
    """Records of every line, and the lines that hold none."""
    for number, line in text.lines():
        line = line.strip(_AROUND + ",")
        if not line:
            continue
        try:
            value = json.loads(line, strict=False)
        except json.JSONDecodeError as error:
            yield rejected(number, f"This line is no JSON: {error.msg}.", line)
            continue
        except (RecursionError, ValueError):  # nested or a number beyond what Python reads
            yield rejected(number, "This line's JSON cannot be read.", line)
            continue
        found = False
        for mapping in papers_in(value):
            found = True
            yield record_of(mapping, number)
        if not found:
            yield rejected(number, "Neither a title nor an abstract.", line)


def sample_papers(text: Text) -> Iterator[Mapping[str, object]]:
    """The papers among the first lines of the sample, each line read by itself."""
    for line in _first_lines(text):
        if line.startswith("{"):
            try:
                value = json.loads(line.rstrip(","), strict=False)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                yield from papers_in(value)


def is_line_by_line(text: Text) -> bool:
    """Whether more lines are objects than are parts of a list or object; a list's last line may be an object, too."""
    lines = _first_lines(text)
    parts = sum(line.endswith((",", "[", "{")) or line.startswith((",", "]", "}")) for line in lines)
    return sum(line.startswith("{") and line.endswith("}") for line in lines) > parts


def _first_lines(text: Text) -> list[str]:
    lines = [bare for line in text.sample.split("\n") if (bare := line.strip(_AROUND))]
    return lines[:_LOOKED_AT] if text.complete else lines[: min(_LOOKED_AT, max(len(lines) - 1, 1))]


def _likelihood(text: Text) -> float:
    if next(sample_papers(text), None) is None:
        return 0.0
    return 0.95 if is_line_by_line(text) else 0.65  # less than a JSON document, more than any other text


JSONL = Layout("JSONL", _likelihood, read_json_lines)
