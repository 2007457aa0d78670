"""Dumps for tests of the store: papers in our own words, as many as wanted, written as JSONL."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

_TOPICS = ["dunes", "choirs", "bees", "lanterns", "drones", "proofs", "tides", "optimizers", "caches", "orchards"]
_VERBS = ["measure", "count", "forecast", "compress", "separate", "guide", "compare", "sample"]


def title_of(number: int) -> str:
    """The title of the made-up paper with this number."""
    return f"Paper {number}: how to {_VERBS[number % 8]} {_TOPICS[number % 10]} of kind {number // 10}"


def abstract_of(number: int, *, sentences: int = 4) -> str:
    """Its abstract: sentences that name its number, so that every paper's words are its own."""
    topic, verb = _TOPICS[number % 10], _VERBS[number % 8]
    lines = [
        f"We {verb} {topic} of kind {number // 10} with method m{number} on the set s{number}.",
        f"Earlier work on {topic} needed {number + 3} hours of labelled examples.",
        f"Our error is {number % 7 + 1} percent lower than that of method m{number + 1}.",
        f"The code for experiment x{number} fits on a single page and runs on a laptop.",
    ]
    return " ".join(lines[index % 4] for index in range(sentences))


def row(number: int, **facts: object) -> dict[str, object]:
    """A paper as one object of a JSONL dump."""
    return {"title": title_of(number), "abstract": abstract_of(number), **facts}


def write_dump(path: Path, rows: Iterable[dict[str, object]]) -> Path:
    """Write objects as a JSONL dump, the folder too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return path
