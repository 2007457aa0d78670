"""Sentences of abstracts, and the corpora's one-sentence summaries, with a small change by hand that keeps or breaks
their truth; the sentences themselves are looked up.

A file of `bench/edits` names a paper (`#` and its id), then holds one change a line: `+ 2: old => new` leaves the
abstract's second sentence true, `- kind 0: old => new` makes the summary (sentence 0) untrue. Kinds as in
`bench.pairs_by_hand`. Beside each other, the two teach that nearness in wording says nothing of the truth.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.pairs_by_hand import KINDS, Pair, Papers, read_blocks
from rag.support.evidence import sentences_of

FOLDER = Path(__file__).parent / "edits"

_CHANGE = re.compile(r"(?P<sign>[+-]) *(?P<kind>[a-zA-Z]?) *(?P<number>\d+): (?P<old>.+?) => (?P<new>.*)")

Summaries = Mapping[str, str]  # abstract -> one sentence that a model wrote about it


def read_edits(papers: Papers, summaries: Summaries) -> Iterator[Pair]:
    """All changed sentences, and each summary as it was; changes whose old words are not there once are left out."""
    for path in sorted(FOLDER.glob("*.txt")):
        seen: set[str] = set()
        for (title, abstract), line in read_blocks(path, papers):
            texts = [summaries.get(abstract, ""), *(quote.text for quote in sentences_of(abstract))]
            if texts[0] and abstract not in seen:
                yield Pair(texts[0], title, abstract, "supported", "supported", (), path.stem)
            seen.add(abstract)
            change = _CHANGE.fullmatch(line.strip())
            if change and int(change["number"]) < len(texts):
                text = texts[int(change["number"])]
                if text.count(change["old"]) == 1:
                    yield _changed(change, text, title, abstract, path.stem)


def read_summaries(shared: Path) -> dict[str, str]:
    """The summaries of the shared corpora."""
    with gzip.open(shared / "corpora" / "hf_daily.jsonl.gz", "rt", encoding="utf-8") as file:
        records = map(json.loads, file)
        return {one["abstract"]: one["ai_summary"] for one in records if one.get("ai_summary")}


def _changed(change: re.Match[str], text: str, title: str, abstract: str, file: str) -> Pair:
    sentence = text.replace(change["old"], change["new"])
    if change["sign"] == "+":
        quotes = (text,) if change["number"] != "0" else ()
        return Pair(sentence, title, abstract, "supported", "supported", quotes, file)
    kind = change["kind"]
    return Pair(sentence, title, abstract, "partial" if kind in "hcw" else "unsupported", KINDS[kind], (), file)
