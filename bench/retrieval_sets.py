"""The question sets that rankings are compared on, each with an index of its papers."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import ROOT, run_command
from rag.corpus import normalise_title
from rag.evaluation.question_sets import QuestionSet, read_question_set


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Questions and the data folder of the papers that answer them."""

    name: str
    data: Path
    questions: QuestionSet
    texts: dict[str, str]  # the key of each paper in the judgements -> title and abstract


def shared_folder() -> Path:
    """The folder of real dumps and question sets: ASKPAPERS_SHARED, else `../shared` from the root."""
    return (ROOT / os.environ.get("ASKPAPERS_SHARED", "../shared")).resolve()


def retrieval_sets(kept: Path) -> list[RetrievalSet]:
    """All sets that are there, else the sample's. What was ingested into `kept` before is not ingested again."""
    shared = shared_folder()
    if not (shared / "dumps").is_dir():
        samples = ROOT / "samples"
        return [_by_title("sample", samples / "well-known-papers.txt", samples / "questions.jsonl", kept)]
    found = [_by_title("dev", shared / "dumps", shared / "eval" / "dev.jsonl", kept)]
    folders = [shared / "eval" / name for name in ("scifact_train", "spar_pool")]
    return found + [_by_id(folder, kept) for folder in folders if folder.is_dir()]


def _by_title(name: str, dumps: Path, questions: Path, kept: Path) -> RetrievalSet:
    data = _ingested(name, dumps, kept)
    papers = [json.loads(line) for line in run_command("rag", "papers", "--data", data, "--json").stdout.splitlines()]
    texts = {normalise_title(paper["title"]): f"{paper['title']}\n{paper['abstract']}" for paper in papers}
    return RetrievalSet(name, data, read_question_set(questions), texts)


def _by_id(folder: Path, kept: Path) -> RetrievalSet:
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    dump = kept / f"{folder.name}.jsonl"
    seen: set[str] = set()
    texts = {}
    with dump.open("w", encoding="utf-8") as out:
        for record in records:
            title = record["title"] or record["abstract"][:80] or str(record["id"])
            if normalise_title(title) in seen:
                title += f" ({record['id']})"  # a set may hold two papers of one title
            seen.add(normalise_title(title))
            abstract = record["abstract"] or title
            texts[str(record["id"])] = f"{title}\n{abstract}"
            out.write(json.dumps({"id": str(record["id"]), "title": title, "abstract": abstract}) + "\n")
    data = _ingested(folder.name, dump, kept)
    return RetrievalSet(folder.name, data, read_question_set(folder / "queries.jsonl", folder / "qrels.tsv"), texts)


def _ingested(name: str, dumps: Path, kept: Path) -> Path:
    data = kept / name
    run_command("ingest", dumps, "--data", data, "--json")
    return data
