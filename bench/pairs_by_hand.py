"""Sentences written by hand about real papers, carried by their abstracts or not; the abstracts are looked up.

A file of `bench/pairs` names a paper (`#` and its id or title), then holds one sentence a line:
`+ sentence @ beginning of the abstract's sentence that carries it`, `- kind: sentence` for one that is not carried,
`~ kind: sentence` for one that is carried in part. Kinds: see KINDS.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.corpus import Support, normalise_title
from rag.support.evidence import sentences_of

FOLDER = Path(__file__).parent / "pairs"
HELD_OUT = "held-out"  # never looked at while the rules were written

KINDS = {
    "d": "flipped direction", "n": "negation", "S": "swapped", "N": "wrong number", "e": "wrong name or thing",
    "k": "own knowledge", "i": "invented detail", "h": "hedge dropped", "c": "clause added", "w": "scope widened",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and the abstract that it cites."""

    sentence: str
    title: str
    abstract: str
    label: Support
    kind: str  # of mistake; "supported" for none
    quote: str  # the sentence of the abstract that carries it; empty where none was named
    file: str


def read_pairs(abstracts: Mapping[str, tuple[str, str]], names: tuple[str, ...] = ()) -> Iterator[Pair]:
    """The pairs of the named files, or of all; papers that `abstracts` does not hold are left out.

    `abstracts`: id or normalised title -> (title, abstract).
    """
    for path in sorted(FOLDER.glob("*.txt")):
        if names and path.stem not in names:
            continue
        paper: tuple[str, str] | None = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                paper = abstracts.get(line[1:].strip()) or abstracts.get(normalise_title(line[1:]))
            elif line.strip() and paper:
                yield _read_line(line, *paper, path.stem)


def _read_line(line: str, title: str, abstract: str, file: str) -> Pair:
    if line.startswith("+"):
        sentence, _, beginning = line[2:].partition(" @ ")
        quotes = [quote.text for quote in sentences_of(abstract) if beginning and beginning.strip() in quote.text]
        return Pair(sentence.strip(), title, abstract, "supported", "supported", (quotes or [""])[0], file)
    kind, _, sentence = line[2:].partition(": ")
    label: Support = "partial" if line.startswith("~") else "unsupported"
    return Pair(sentence.strip(), title, abstract, label, KINDS[kind.strip()], "", file)


def read_abstracts(shared: Path) -> dict[str, tuple[str, str]]:
    """The papers of the shared corpora and dumps by id and by normalised title."""
    found: dict[str, tuple[str, str]] = {}
    with gzip.open(shared / "corpora" / "hf_daily.jsonl.gz", "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            found[str(record["id"])] = (record["title"], record["abstract"])
    for path in sorted((shared / "dumps").glob("*.txt")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        first = next(index for index, line in enumerate(lines) if len(line) > 300)
        for title, abstract in zip(lines[first - 1 :: 2], lines[first::2], strict=False):
            for name in (title, title.removeprefix("Subscribe")):
                found.setdefault(normalise_title(name), (title.removeprefix("Subscribe").strip(), abstract))
    return found
