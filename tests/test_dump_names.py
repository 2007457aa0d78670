"""What a dump is called: by its file, told apart from others of that name, in characters that can be printed."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from tests.dumps_of import abstract_of, row, title_of, write_dump
from tests.ingesting import ingest, papers, tally


def test_dumps_of_one_name_are_told_apart_by_as_many_folders_as_it_takes() -> None:
    days = [f"{year}/{day}" for year in (2024, 2025) for day in ("monday", "tuesday")]
    ingest([write_dump(Path(day, "page.jsonl"), [row(1)]) for day in days])
    names = [source.dump for source in papers()[title_of(1)].sources]
    assert names == ["page.jsonl", "tuesday/page.jsonl", "monday/page.jsonl", "2025/tuesday/page.jsonl"]


def test_a_linked_dump_of_a_name_that_is_taken_is_called_by_where_it_lies() -> None:
    taken, other = write_dump(Path("page.jsonl"), [row(1)]), write_dump(Path("kept/monday.jsonl"), [row(1)])
    Path("links").mkdir()
    Path("links/page.jsonl").symlink_to(other.resolve())
    ingest([taken, "links/page.jsonl"])
    assert [source.dump for source in papers()[title_of(1)].sources] == ["page.jsonl", "kept/monday.jsonl"]


def test_a_dump_moved_to_a_name_that_is_taken_is_told_apart() -> None:
    kept, moved = write_dump(Path("a/page.jsonl"), [row(1)]), write_dump(Path("b/page.jsonl"), [row(1), row(2)])
    ingest([kept, moved])
    Path("c").mkdir()
    ingest([moved.rename("c/page.jsonl")])
    assert [source.dump for source in papers()[title_of(1)].sources] == ["page.jsonl", "c/page.jsonl"]


def test_what_came_by_standard_input_twice_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        text = "".join(json.dumps(row(each)) + "\n" for each in range(number + 1))
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        ingest(["-"])
    first, second = (source.dump for source in papers()[title_of(0)].sources)
    assert first == "standard input"
    assert second.startswith("standard input ")


def test_a_moved_dump_is_not_seen_twice() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1)])
    ingest([dump])
    Path("kept").mkdir()
    moved = dump.rename("kept/b.jsonl")
    report = ingest([moved])
    assert tally(report) == [(0, 0, 1, 0)]
    assert [source.dump for source in papers()[title_of(1)].sources] == ["b.jsonl"]


def test_odd_names_and_characters_that_no_text_may_hold_do_no_harm() -> None:
    folder = Path("dumps")
    folder.mkdir()
    Path(os.fsdecode(b"dumps/bytes\xff.jsonl")).write_text(json.dumps(row(1)) + "\n", encoding="utf-8")
    odd: dict[str, object] = {"title": "Half \ud800 a character", "abstract": abstract_of(2) + " And \0 a NUL."}
    write_dump(folder / "odd.jsonl", [odd, {**row(3), "title": "???"}, {**row(4), "title": "!!!"}])
    report = ingest([folder])
    assert (report.papers_total, ingest([folder]).embedded) == (4, 0)
    assert sorted(papers())[:3] == ["!!!", "???", "Half ? a character"]
    assert papers()[title_of(1)].sources[0].dump == "bytes\\xff.jsonl"
    json.dumps(report.as_json()).encode()
