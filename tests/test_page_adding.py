"""The form that adds papers, and whom its outcome is shown to."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.sync import sync
from rag.errors import UsageError
from rag.page.engine import engine
from rag.page.ingesting import Task, desk
from rag.page.naming import named_place
from rag.page.uploads import Uploads, pasted
from rag.page.visitor import HERE
from rag.settings import Settings
from tests.dumps_of import row, title_of, write_dump
from tests.page_harness import OpenPage, button, finish, fresh_server, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here


def way(page: AppTest, name: str) -> None:
    """Choose how to give papers."""
    page.button_group(key="add-way").set_value(name).run()


def test_a_tilde_before_a_name_that_nobody_has_is_said_so(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path / "data", room="dumps")
    way(page, "Name a place")
    for place in ("~papers-of-nobody/*.txt", "~papers-of-nobody"):
        page.text_input(key="place").set_value(place).run()
        button(page, "Look first")
        text = shown(page)
        assert f"{place} names no folder of a user of this machine." in text
        assert "Write ~/papers or the whole path." in text
        assert desk().job is None
    settings = Settings(data_dir=tmp_path, ingest_from="~papers-of-nobody/all", _env_file=None)
    with pytest.raises(UsageError, match="~papers-of-nobody/all names no folder"):
        named_place("a.txt", settings)


def test_what_was_written_is_there_after_a_look_and_gone_once_it_was_added(open_page: OpenPage, tmp_path: Path) -> None:
    dump = tmp_path / "a.jsonl"
    page = open_page(tmp_path / "data", room="dumps")
    way(page, "Name a place")
    page.text_input(key="place").set_value(str(dump)).run()
    for back in ("Close", "Not now"):  # there is no such file, then there is
        button(page, "Look first")
        finish(page)
        button(page, back)
        assert page.button_group(key="add-way").value == "Name a place"
        assert page.text_input(key="place").value == str(dump)
        write_dump(dump, [row(1)])
    way(page, "Paste text")
    page.text_area[0].set_value("hello").run()
    button(page, "Look first")
    finish(page)
    button(page, "Back")
    assert page.text_area[0].value == "hello"
    way(page, "Name a place")
    button(page, "Look first")
    finish(page)
    page.button(key="add-now").click().run()
    finish(page)
    button(page, "Add more")
    assert page.text_input(key="place").value == ""
    way(page, "Paste text")
    assert page.text_area[0].value == ""


def test_a_look_names_the_first_papers_that_would_be_new(open_page: OpenPage, tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(1)])
    sync([str(dump)], Settings(data_dir=tmp_path / "data", _env_file=None))
    write_dump(dump, [row(number) for number in range(1, 9)])
    page = open_page(tmp_path / "data", room="dumps")
    way(page, "Name a place")
    page.text_input(key="place").set_value(str(dump)).run()
    button(page, "Look first")
    text = finish(page)
    assert "This would bring 7 new papers" in text
    assert [title_of(number) in text for number in range(1, 9)] == [False, *[True] * 5, False, False]
    assert "<li>and 2 more</li>" in text
    button(page, "Not now")
    write_dump(dump, [row(1)])
    page.text_input(key="place").set_value(str(dump)).run()
    button(page, "Look first")
    assert "New to the index" not in finish(page)


def test_what_an_ingest_that_came_to_nothing_was_given_is_there_again(open_page: OpenPage, tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(1)])
    page = open_page(tmp_path / "data", room="dumps")
    way(page, "Name a place")
    page.text_input(key="place").set_value(str(dump)).run()
    button(page, "Look first")
    finish(page)
    dump.unlink()
    page.button(key="add-now").click().run()
    assert "a.jsonl" in finish(page)
    button(page, "Close")
    assert page.text_input(key="place").value == str(dump)


@pytest.mark.parametrize("mine", [True, False])
def test_on_ask_an_outcome_is_shown_to_whom_it_belongs(open_page: OpenPage, tmp_path: Path, mine: bool) -> None:
    page = open_page(tmp_path / "data")
    dump = write_dump(tmp_path / "private.jsonl", [row(1)])
    desk().begin(engine().settings, Task((str(dump),), dry_run=True, owner=HERE if mine else "stranger:4711"))
    assert ("private.jsonl" in finish(page)) is mine


@pytest.mark.parametrize("pressed", ["Add 1 paper", "Not now"])
def test_a_screen_that_shows_another_look_leaves_the_one_that_took_its_place(
    open_page: OpenPage, tmp_path: Path, pressed: str
) -> None:
    page = open_page(tmp_path / "data", room="dumps")
    write_dump(tmp_path / "mine.jsonl", [row(1)])
    way(page, "Name a place")
    page.text_input(key="place").set_value(str(tmp_path / "mine.jsonl")).run()
    button(page, "Look first")
    assert "mine.jsonl" in finish(page)
    uploads = Uploads([pasted("A title of a paper\nWhat was found is told in this abstract.\n")])
    desk().begin(engine().settings, Task(uploads=uploads, dry_run=True, owner=HERE))  # in another tab
    theirs = desk().job
    assert theirs
    assert theirs.wait(60)
    button(page, pressed)
    assert desk().job is theirs
    assert all(Path(path).exists() for path in uploads.paths)
    desk().put_away(theirs)
    assert desk().job is None
    assert not any(Path(path).exists() for path in uploads.paths)
