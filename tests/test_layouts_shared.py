"""The real dumps, exactly: which papers they hold, and no furniture in any stored text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from ingest.layouts.furniture import furniture
from ingest.mend import mend_title
from ingest.parse import find_dumps, read_dump
from ingest.record import Record
from rag.corpus import paper_key

FURNITURE = ("Get trending papers", "email inbox", "Subscribe", "and the research community", "Submitted by", "Upvote")


def test_the_five_dumps_exactly(shared: Path) -> None:
    records = 0
    keys: set[str] = set()
    for file in find_dumps([str(shared / "dumps")]):
        lines = [line.strip() for line in Path(file.path).read_text(encoding="utf-8").split("\n") if line.strip()]
        first = next(number for number, line in enumerate(lines) if len(line) > 300)
        texts = lines[first - 1 :]
        expected = [
            (title.removeprefix("Subscribe"), text) for title, text in zip(texts[::2], texts[1::2], strict=True)
        ]
        items = list(read_dump(file))
        assert [(item.title, item.abstract) for item in items if isinstance(item, Record)] == expected
        assert len(items) == len(expected), "nothing is rejected"
        assert file.layout in ("blank-line text", "compact text")
        assert not [
            text for pair in expected for text in pair if furniture(text) or any(one in text for one in FURNITURE)
        ]
        records += len(expected)
        keys |= {paper_key(mend_title(title)) for title, _ in expected}
    assert (records, len(keys)) == (458, 385)


def test_the_json_feed_exactly(shared: Path) -> None:
    for file in find_dumps([str(shared / "dumps_json")]):
        entries = json.loads(Path(file.path).read_text(encoding="utf-8"))
        items = list(read_dump(file))
        assert file.layout == "JSON feed"
        assert len(items) == len(entries)
        for entry, item in zip(entries, items, strict=True):
            paper = entry["paper"]
            assert isinstance(item, Record)
            assert item.title == " ".join(paper["title"].split())
            assert item.abstract.split() == paper["summary"].split() or "-\n" in paper["summary"]
            assert (item.arxiv_id, item.upvotes, item.date) == (
                paper["id"],
                paper["upvotes"],
                paper["publishedAt"][:10],
            )
            assert item.authors == tuple(author["name"] for author in paper["authors"])


@pytest.mark.parametrize("name", ["hf_daily.jsonl.gz", "acl.jsonl.gz"])
def test_the_corpora_are_read_whole(name: str, shared: Path) -> None:
    with gzip.open(shared / "corpora" / name, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    (file,) = find_dumps([str(shared / "corpora" / name)])
    items = list(read_dump(file))
    assert len(items) == len(rows)
    for row, item in zip(rows, items, strict=True):
        assert isinstance(item, Record)
        assert (item.external_id, item.title) == (row["id"], " ".join(row["title"].split()))
        assert item.abstract == row["abstract"].strip()
