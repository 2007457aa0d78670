"""Every layout gives back the papers that were printed in it, whatever furniture stands between."""

from __future__ import annotations

import gzip
import random
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.layouts import LAYOUTS
from ingest.parse import DumpFile, find_dumps, read_dump
from ingest.record import Record, Rejected
from tests.papers_strategy import paper_lists
from tests.rendered_papers import PAPERS, Made
from tests.rendering import RENDERED, Render, compact_text, linked_cards, markdown_headings, plain_headings
from tests.rendering_feeds import RENDERED_FEEDS

WAYS = [(name, way) for name, ways in {**RENDERED, **RENDERED_FEEDS}.items() for way in ways]
IN_ONE_PARAGRAPH = (compact_text, plain_headings, linked_cards)
TEXT_ALONE = {"blank-line text", "compact text"}


def _read(path: Path) -> tuple[DumpFile, list[Record], list[Rejected]]:
    (file,) = find_dumps([str(path)])
    items = list(read_dump(file))
    records = [item for item in items if isinstance(item, Record)]
    return file, records, [item for item in items if isinstance(item, Rejected)]


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - furniture, not secrets


def _expected(papers: Sequence[Made], way: Render) -> list[tuple[str, str]]:
    flat = way in IN_ONE_PARAGRAPH
    pairs = [(paper.title, re.sub(r"\s+", " ", paper.abstract) if flat else paper.abstract) for paper in papers]
    return [pair for pair in pairs for _ in range(2)] if way is markdown_headings else pairs  # cards stand there twice


@pytest.mark.parametrize(("layout", "way"), WAYS, ids=[way.__name__ for _, way in WAYS])
def test_a_rendered_dump_gives_its_papers_back(layout: str, way: Render, tmp_path: Path) -> None:
    (tmp_path / "dump").write_text(way(PAPERS, None), encoding="utf-8")
    file, records, rejected = _read(tmp_path / "dump")
    assert file.layout == layout
    assert [(record.title, record.abstract) for record in records] == _expected(PAPERS, way)
    assert rejected == []


@pytest.mark.parametrize(("layout", "way"), WAYS, ids=[way.__name__ for _, way in WAYS])
def test_facts_are_kept(layout: str, way: Render, tmp_path: Path) -> None:
    (tmp_path / "dump").write_text(way(PAPERS, None), encoding="utf-8")
    _, records, _ = _read(tmp_path / "dump")
    for paper in PAPERS:
        record = next(record for record in records if record.title == paper.title)
        assert paper.code in (*record.code_urls, "")
        if layout in TEXT_ALONE or way is plain_headings:
            continue
        assert record.arxiv_id == paper.arxiv_id
        assert record.date in (paper.date, paper.date[:4])
        assert record.url in (paper.address, None)
        if layout not in ("BibTeX", "arXiv metadata JSONL", *RENDERED_FEEDS):
            assert record.upvotes == paper.upvotes
        if layout in ("JSON feed", "JSONL", "CSV/TSV", "BibTeX", "arXiv metadata JSONL", *RENDERED_FEEDS):
            assert record.authors == paper.authors
        elif way.__name__ != "page_data":
            assert record.organisation == (paper.organisation or None)


def test_every_layout_is_rendered() -> None:
    assert {name for name, _ in WAYS} == {layout.name for layout in LAYOUTS}


@pytest.mark.parametrize(("layout", "way"), WAYS, ids=[way.__name__ for _, way in WAYS])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_papers_with_random_furniture(layout: str, way: Render, tmp_path: Path, data: st.DataObject) -> None:
    papers = data.draw(paper_lists())
    seed = data.draw(st.integers(0, 10_000))
    (tmp_path / "dump").write_text(way(papers, _chance(seed)), encoding="utf-8")
    file, records, rejected = _read(tmp_path / "dump")
    assert [(record.title, record.abstract) for record in records] == _expected(papers, way)
    assert rejected == []
    assert file.layout == layout


@pytest.mark.parametrize(("layout", "way"), WAYS, ids=[way.__name__ for _, way in WAYS])
def test_gz_zip_utf16_and_crlf_change_nothing(layout: str, way: Render, tmp_path: Path) -> None:
    text = way(PAPERS, _chance(7))
    (tmp_path / "plain").write_bytes(text.encode())
    (tmp_path / "packed.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "wide").write_bytes(text.encode("utf-16"))
    (tmp_path / "marked").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (tmp_path / "windows").write_bytes(text.replace("\n", "\r\n").encode())
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("folder/inner", text)
    _, expected, _ = _read(tmp_path / "plain")
    for name in ("packed.gz", "wide", "marked", "windows", "archive.zip"):
        file, records, rejected = _read(tmp_path / name)
        assert (file.layout, records, rejected) == (layout, expected, []), name
    assert file.name == "archive.zip/folder/inner"
