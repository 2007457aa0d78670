"""SciFact's claims with their verdicts, from the shared development set: real claims by experts of another field."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.pairs_by_hand import Pair
from rag.corpus import Support

_LABELS: dict[str, Support] = {"SUPPORT": "supported", "CONTRADICT": "unsupported"}
_HELD_OUT = 35  # percent of the claims


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, the papers that its authors cite for it, and which of them carry it."""

    text: str
    cited: tuple[tuple[str, str], ...]  # titles and abstracts
    verdicts: tuple[tuple[str, str, Support], ...]  # title, abstract, whether it carries the claim


def read_claims(shared: Path, *, held_out: bool) -> list[Claim]:
    """The claims kept to measure with, or those that may be learnt from; which is which never changes."""
    folder = shared / "eval" / "scifact_train"
    papers = read_corpus(shared)
    cited: dict[str, list[str]] = defaultdict(list)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        claim_id, paper_id, grade = line.split("\t")
        if float(grade) > 0:
            cited[claim_id].append(paper_id)
    claims = []
    records = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    first_id = {record["question"]: record["id"] for record in reversed(records)}  # a claim may be there twice
    for record in records:
        if is_held_out(first_id[record["question"]]) != held_out:
            continue
        verdicts = [
            (*papers[paper_id], _LABELS[verdict]) for paper_id, verdict in (record.get("verdicts") or {}).items()
        ]
        found = tuple(papers[paper_id] for paper_id in cited[record["id"]])
        claims.append(Claim(record["question"], found, tuple(verdicts)))
    return claims


def read_corpus(shared: Path) -> dict[str, tuple[str, str]]:
    """Every paper's title and abstract by its id."""
    path = shared / "eval" / "scifact_train" / "corpus.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {str(record["id"]): (record["title"], record["abstract"]) for record in map(json.loads, file)}


def as_pairs(claims: Iterable[Claim]) -> Iterator[Pair]:
    """Each claim with each paper that it has a verdict on."""
    for claim in claims:
        for title, abstract, label in claim.verdicts:
            kind = "supported" if label == "supported" else "contradicted"
            yield Pair(claim.text, title, abstract, label, kind, (), "scifact")


def is_held_out(claim_id: str) -> bool:
    """Whether a claim is kept to measure with, by a hash of its id."""
    return int(hashlib.sha256(claim_id.encode()).hexdigest(), 16) % 100 < _HELD_OUT
