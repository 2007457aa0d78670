"""Dumps on the page: a look first, the ingest, and what it brought."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.lock import writer_lock
from rag.catalogue import connect
from rag.page.choosing import CHOSEN
from rag.page.engine import engine
from rag.page.ingesting import Task, desk
from rag.page.uploads import FOLDER
from rag.page.visitor import is_here
from rag.settings import Settings
from tests.conftest import SAMPLE
from tests.dumps_of import row, write_dump
from tests.page_harness import OpenPage, button, finish, fresh_server, index_of, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here


def lines(*numbers: int) -> bytes:
    """A JSONL dump of made-up papers."""
    return "".join(json.dumps(row(number)) + "\n" for number in numbers).encode()


def way(page: AppTest, name: str) -> None:
    """Choose how to give papers."""
    page.button_group(key="add-way").set_value(name).run()


def upload(page: AppTest, name: str, content: bytes) -> None:
    """Give a file."""
    page.file_uploader[0].upload(name, content).run()


def labels(page: AppTest) -> list[str]:
    return [each.label for each in page.button]


def test_a_named_dump_is_looked_at_first_and_then_added(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    page = open_page(data, room="dumps")
    way(page, "Name a place")
    page.text_input(key="place").set_value(str(SAMPLE)).run()
    button(page, "Look first")
    text = finish(page)
    assert "This would bring" in text
    assert "Nothing was changed." in text
    assert not (data / "catalogue.sqlite").exists()
    page.button(key="add-now").click().run()
    text = finish(page)
    assert ">Done<" in text
    assert "<b>well-known-papers.txt</b>" in text
    assert "The index holds" in text


def test_a_folder_of_this_person_may_be_named_with_a_tilde(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write_dump(tmp_path / "papers" / "a.jsonl", [row(1)])
    page = open_page(tmp_path / "data", room="dumps")
    way(page, "Name a place")
    page.text_input(key="place").set_value("~/papers").run()
    button(page, "Look first")
    assert "This would bring 1 new paper" in finish(page)


def test_files_are_uploaded_looked_at_added_and_kept_beside_the_index(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    page = open_page(data, room="dumps")
    assert "up to 200 MB each" in page.file_uploader[0].label
    upload(page, "../own.jsonl", lines(1) + b'{"title": "A title alone"}\n')
    button(page, "Look first")
    text = finish(page)
    assert "This would bring 1 new paper" in text
    assert "1 place could not be read, and why" in text
    assert "<b>own.jsonl, line 2</b>" in text
    assert not (data / FOLDER).exists()
    page.button(key="add-now").click().run()
    text = finish(page)
    assert "The index holds 1 paper." in text
    assert [path.name for path in (data / FOLDER).iterdir()] == ["own.jsonl"]
    button(page, "Add more")
    assert "add-now" not in [each.key for each in page.button]
    assert page.file_uploader


def test_a_file_of_a_name_that_is_taken_stands_beside_the_other(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    page = open_page(data, room="dumps")
    for numbers in ((1,), (2,), (2,)):
        upload(page, "page.jsonl", lines(*numbers))
        button(page, "Look first")
        finish(page)
        page.button(key="add-now").click().run()
        finish(page)
        button(page, "Add more")
    assert sorted(path.name for path in (data / FOLDER).iterdir()) == ["page 2.jsonl", "page.jsonl"]


def test_pasted_text_is_a_dump(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path / "data", room="dumps")
    way(page, "Paste text")
    assert next(each for each in page.button if each.label == "Look first").disabled
    page.text_area[0].set_value(SAMPLE.read_text(encoding="utf-8")).run()
    button(page, "Look first")
    assert "This would bring" in finish(page)
    page.button(key="add-now").click().run()
    finish(page)
    [kept] = (tmp_path / "data" / FOLDER).iterdir()
    assert kept.name.startswith("pasted ")


def test_text_that_holds_no_paper_is_named_with_its_reason(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path / "data", room="dumps")
    way(page, "Paste text")
    page.text_area[0].set_value("hello").run()
    button(page, "Look first")
    text = finish(page)
    assert "No paper was found" in text
    assert 'class="rejected" open' in text
    assert "add-now" not in [each.key for each in page.button]
    button(page, "Back")
    assert "No paper was found" not in shown(page)


def test_papers_that_are_known_are_called_so(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    index_of(data, write_dump(tmp_path / "a.jsonl", [row(1)]))
    page = open_page(data, room="dumps")
    upload(page, "b.jsonl", lines(1))
    button(page, "Look first")
    assert "Nothing new: the index has all of these papers" in finish(page)
    assert page.button(key="add-now").label == "Note these dumps all the same"


def test_a_place_without_dumps_is_named(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path / "data", room="dumps")
    way(page, "Name a place")
    page.text_input(key="place").set_value(str(tmp_path / "nowhere.txt")).run()
    button(page, "Look first")
    assert "nowhere.txt" in finish(page)


def test_only_the_folder_that_is_set_can_be_named(open_page: OpenPage, tmp_path: Path) -> None:
    allowed, other = tmp_path / "allowed", tmp_path / "other"
    write_dump(allowed / "a.jsonl", [row(1)])
    write_dump(other / "b.jsonl", [row(2)])
    (allowed / "link.jsonl").symlink_to(other / "b.jsonl")
    page = open_page(tmp_path / "data", room="dumps", RAG_INGEST_FROM=str(allowed))
    way(page, "Name a place")
    for place in (str(other), "../other/b.jsonl", "/etc/passwd", str(tmp_path / "nothing"), "*.jsonl"):
        page.text_input(key="place").set_value(place).run()
        button(page, "Look first")
        assert "does not lie in" in shown(page), place
        assert desk().job is None
    page.text_input(key="place").set_value("a.jsonl").run()
    button(page, "Look first")
    assert "This would bring 1 new paper" in finish(page)


def test_visitors_from_elsewhere_name_no_place_and_remove_nothing(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    index_of(data, write_dump(tmp_path / "a.jsonl", [row(1)]))
    monkeypatch.setattr("rag.page.visitor.is_here", lambda *_: False)
    page = open_page(data, room="dumps")
    assert page.button_group(key="add-way").options == ["Upload files", "Paste text"]
    assert not any(label.startswith("Remove") for label in labels(page))
    assert str(tmp_path) not in shown(page)


def test_an_ingest_elsewhere_is_said_and_adding_waits_for_it(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    page = open_page(data, room="dumps")
    upload(page, "own.jsonl", lines(1))
    with writer_lock(data):
        page.run()
        assert "Another program is adding papers" in shown(page)
        button(page, "Look first")
        finish(page)
        page.button(key="add-now").click().run()
        assert "Another ingest is writing to" in finish(page)
        assert not list((data / FOLDER).iterdir())  # what came to nothing is not kept


def test_a_second_tab_is_told_that_an_ingest_runs(tmp_path: Path) -> None:
    from rag.errors import LockedError

    settings = Settings(data_dir=tmp_path / "data", _env_file=None)
    desk().begin(settings, Task(paths=(str(SAMPLE),)))
    with pytest.raises(LockedError, match="running on this page already"):
        desk().begin(settings, Task(paths=(str(SAMPLE),)))
    job = desk().job
    assert job
    job.cancel()
    assert job.wait(60)
    assert job.cancelled
    assert not (tmp_path / "data" / "generations").exists() or not list((tmp_path / "data" / "generations").iterdir())


def test_a_cancelled_ingest_says_that_nothing_has_changed(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path / "data", room="dumps")
    desk().begin(engine().settings, Task(paths=(str(SAMPLE),)))
    job = desk().job
    assert job
    job.cancel()
    assert "The index is as it was." in finish(page)
    button(page, "Close")
    assert "Cancelled" not in shown(page)


@pytest.mark.parametrize("made_anew", [False, True])
def test_new_papers_of_an_index_that_is_gone_are_not_asked_about(
    open_page: OpenPage, tmp_path: Path, made_anew: bool
) -> None:
    data = tmp_path / "data"
    page = open_page(data, room="dumps")
    upload(page, "own.jsonl", lines(1))
    button(page, "Look first")
    finish(page)
    page.button(key="add-now").click().run()
    finish(page)
    shutil.rmtree(data)
    if made_anew:  # by an ingest that has not published anything yet
        connect(data / "catalogue.sqlite", write=True).close()
    button(page, "Ask about the new paper")
    assert "None of these papers is in the index any more." in shown(page)
    assert CHOSEN not in page.session_state
    button(page, "Add more")
    assert page.file_uploader


def test_the_page_answers_while_an_ingest_runs(open_page: OpenPage, sample_index: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_index, data)
    page = open_page(data)
    many = write_dump(tmp_path / "many.jsonl", [row(number) for number in range(400)])
    desk().begin(engine().settings, Task(paths=(str(many),)))
    page.chat_input(key="question").set_value("How does LoRA adapt a large model?").run()
    assert 'class="cite"' in shown(page)
    job = desk().job
    assert job
    assert job.wait(120)
    assert job.report
    assert job.report.papers_total > 400


def test_a_catalogue_that_an_ingest_is_about_to_make_is_an_empty_one(open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").touch()
    page = open_page(tmp_path, room="dumps")
    assert "Add papers" in shown(page)
    assert page.file_uploader


@pytest.mark.parametrize(
    ("origin", "here"),
    [
        ("http://localhost:8501", True),
        ("http://127.0.0.1:8501", True),
        ("https://papers.example", False),
        ("null", False),
    ],
)
def test_a_silent_proxy_is_told_by_the_address_in_the_browser(origin: str, here: bool) -> None:
    assert is_here({"Host": "127.0.0.1:8501", "Origin": origin}, "127.0.0.1") is here
