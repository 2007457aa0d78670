"""The room of papers on the page: a corpus of two ingests to look at, and how its tests look."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.sync import sync
from rag.catalogue import connect
from rag.listing import Choice, read_page
from rag.page.engine import engine
from rag.page.holdings import read_holdings
from rag.page.map_making import map_of
from rag.settings import Settings
from tests.dumps_of import row, write_dump
from tests.page_harness import OpenPage, shown


def select(page: AppTest, key: str, value: str) -> str:
    """Choose in a box; what the page shows then."""
    page.selectbox(key=key).set_value(value).run()
    return shown(page)


def paper_ids(data: Path) -> dict[str, str]:
    """Title -> id of the first papers by title."""
    with closing(connect(data / "catalogue.sqlite")) as connection:
        page = read_page(connection, Choice(), order="title", offset=0, limit=500)
    return {paper.title: paper.paper_id for paper in page.papers}


def index_anew(data: Path, *numbers: int, years: Sequence[int] = ()) -> None:
    """One ingest of made-up papers, with years where they are given."""
    dates = [{"date": str(year)} for year in years] or [{} for _ in numbers]
    dump = write_dump(data.parent / "own.jsonl", [row(n, **date) for n, date in zip(numbers, dates, strict=True)])
    sync([str(dump)], Settings(data_dir=data, _env_file=None))


@pytest.fixture(scope="module")
def two_ingests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty papers of our own in two ingests; some have a year, code, upvotes, authors. Never written to by a test."""
    folder = tmp_path_factory.mktemp("papers")
    data = folder / "data"
    facts: dict[int, dict[str, object]] = {
        0: {"date": "2024-02-03", "authors": ["Ada Winter", "Bo Chen"], "upvotes": 12},
        1: {"date": "2025-11", "upvotes": 3},
        2: {"github": "https://github.com/ours/bees"},
    }
    for name, numbers in (("spring.jsonl", range(28)), ("autumn.jsonl", range(27, 30))):
        dump = write_dump(folder / name, [row(number, **facts.get(number, {})) for number in numbers])
        sync([str(dump)], Settings(data_dir=data, _env_file=None))
    return data


def open_view(open_page: OpenPage, data: Path, view: str) -> AppTest:
    """The room of papers in one of its views, once the map is made."""
    page = open_page(data, room="papers")
    page.segmented_control(key="view").set_value(view).run()
    making = map_of(engine(), read_holdings(data))
    assert making.wait(60)
    return page.run()
