"""Sentences written by hand about real papers, carried by their abstracts or not; the abstracts are looked up.

A file of `bench/pairs` names a paper (`#` and its id or title), then holds one sentence a line: `+ 3: sentence` for one
that the abstract's third sentence carries (`2,4` where it takes several), `- kind: sentence` for one that is not
carried, `~ kind: sentence` for one that is carried in part. Kinds: see KINDS.
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
# How the names of files begin in which below each true line stands its twin, alike in all but the truth,
TWINS = ("twins", "criteria", "near-misses", "claims")
HELD_OUT = "held-out"  # and of those that neither rules nor models were made with
TWINS_HELD_OUT = "held-out-twins"

KINDS = {
    "d": "flipped direction", "n": "negation", "S": "swapped", "N": "wrong number", "e": "wrong name or thing",
    "k": "own knowledge", "i": "invented detail", "a": "cause added", "x": "instruction",
    "h": "hedge dropped", "c": "clause added", "w": "scope widened",
}  # fmt: skip

Papers = Mapping[str, tuple[str, str]]  # id or normalised title -> (title, abstract)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and the abstract that it cites."""

    sentence: str
    title: str
    abstract: str
    label: Support
    kind: str  # of mistake; "supported" for none
    quotes: tuple[str, ...]  # the sentences of the abstract that carry it, the weightiest first; empty where unknown
    file: str


def read_pairs(papers: Papers) -> Iterator[Pair]:
    """All pairs; those about papers that `papers` does not hold are left out."""
    for path in sorted(FOLDER.glob("*.txt")):
        for paper, line in read_blocks(path, papers):
            yield _read_line(line, *paper, path.stem)


def read_blocks(path: Path, papers: Papers) -> Iterator[tuple[tuple[str, str], str]]:
    """(title and abstract, line) for each line under a paper that `papers` holds."""
    paper: tuple[str, str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            paper = papers.get(line[1:].strip()) or papers.get(normalise_title(line[1:]))
        elif line.strip() and paper:
            yield paper, line


def _read_line(line: str, title: str, abstract: str, file: str) -> Pair:
    kind, _, sentence = line[2:].partition(": ")
    if line.startswith("+"):
        sentences = sentences_of(abstract)
        quotes = tuple(sentences[int(number) - 1].text for number in kind.split(","))
        return Pair(sentence.strip(), title, abstract, "supported", "supported", quotes, file)
    label: Support = "partial" if line.startswith("~") else "unsupported"
    return Pair(sentence.strip(), title, abstract, label, KINDS[kind.strip()], (), file)


def read_papers(shared: Path) -> dict[str, tuple[str, str]]:
    """The papers of the shared corpora and dumps by id and by normalised title."""
    found: dict[str, tuple[str, str]] = {}
    for name in ("hf_daily", "acl"):
        with gzip.open(shared / "corpora" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for record in map(json.loads, file):
                found.setdefault(str(record["id"]), (record["title"], record["abstract"]))
    for path in sorted((shared / "dumps").glob("*.txt")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        first = next(index for index, line in enumerate(lines) if len(line) > 300)
        for title, abstract in zip(lines[first - 1 :: 2], lines[first::2], strict=False):
            for name in (title, title.removeprefix("Subscribe")):
                found.setdefault(normalise_title(name), (title.removeprefix("Subscribe").strip(), abstract))
    return found
