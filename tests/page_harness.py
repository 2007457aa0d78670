"""The page run by Streamlit's own test harness, over real parts: the fixtures that its tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ingest.sync import sync
from rag.page.engine import engine
from rag.page.ingesting import desk
from rag.settings import Settings
from tests.conftest import ROOT

APP = str(ROOT / "app.py")

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def fresh_server() -> Iterator[None]:
    """Each test is the first visitor of its own server."""
    st.cache_resource.clear()
    yield
    job = desk().job
    assert job is None or job.wait(60)
    st.cache_resource.clear()


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens the page over a data folder, with settings by name, and waits until it can answer."""

    def open_it(data: Path, *, room: str = "", **environment: str) -> AppTest:
        keeps_none = {"RAG_KEEP_CONVERSATIONS": "no"}  # the folder is shared by tests
        for name, value in {"RAG_DATA_DIR": str(data), **keeps_none, **environment}.items():
            monkeypatch.setenv(name, value)
        page = AppTest.from_file(APP, default_timeout=60).run()
        if "RAG_TOP_K" not in environment:
            assert engine().wait(60)
            if room:
                # switch_page() of the harness knows rooms that are files only.
                rooms = {str(each.get("url_pathname")): key for key, each in page._registered_pages.items()}
                page._page_hash = rooms[room]
            page.run()
        return page

    return open_it


def shown(page: AppTest) -> str:
    """All HTML that the page draws, aside from its style sheet and script."""
    assert not page.exception
    bodies = [element.proto.body for element in page.get("html")]
    return "\n".join(body for body in bodies if not body.startswith(("<style>", "<script>")))


def button(page: AppTest, words: str) -> None:
    """Press the button of these words."""
    next(each for each in page.button if each.label == words).click().run()


def finish(page: AppTest) -> str:
    """Wait for what the page began, and look again."""
    job = desk().job
    assert job
    assert job.wait(120)
    page.run()
    return shown(page)


def index_of(data: Path, *dumps: Path) -> None:
    """Ingest dumps one after the other, as from the shell."""
    for dump in dumps:
        sync([str(dump)], Settings(data_dir=data, _env_file=None))
