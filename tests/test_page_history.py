"""Dumps on the page that are in the index: their list, the history of ingests, how one is taken out again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ingest.sync import sync
from rag.catalogue import connect
from rag.page.choosing import CHOSEN
from rag.page.holdings import read_holdings
from rag.page.uploads import FOLDER
from rag.settings import Settings
from tests.dumps_of import row, title_of, write_dump
from tests.page_harness import OpenPage, button, finish, fresh_server, index_of, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here


def test_history_lists_what_each_ingest_brought_in_pages_and_asks_about_it(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = write_dump(tmp_path / "a.jsonl", [row(1)])
    second = write_dump(tmp_path / "b.jsonl", [row(number) for number in range(1, 41)])
    index_of(data, first, second)
    page = open_page(data, room="dumps")
    heads = [each.label for each in page.expander]
    assert "39 new" in heads[0]
    assert "40 papers in all" in heads[0]
    assert "1 new" in heads[1]
    page.session_state["run-2"] = True
    page.run()
    text = shown(page)
    assert title_of(2) in text
    assert title_of(40) not in text
    page.session_state["run-page-2"] = 2
    page.run()
    assert title_of(40) in shown(page)
    button(page, "Ask about the 39 new papers")
    found = page.session_state[CHOSEN]
    assert len(found.only) == 39
    assert found.only_name.startswith("39 papers new on ")


def test_new_papers_that_are_gone_again_are_not_asked_about(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first, second = (write_dump(tmp_path / f"{number}.jsonl", [row(number)]) for number in (1, 2))
    index_of(data, first, second)
    sync([], Settings(data_dir=data, _env_file=None), forget=[str(second)])
    page = open_page(data, room="dumps")
    page.session_state["run-2"] = True
    page.run()
    button(page, "Ask about the new paper")
    assert "None of these papers is in the index any more." in shown(page)
    assert CHOSEN not in page.session_state


def test_a_dump_is_removed_after_it_was_said_what_goes(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    index_of(data, write_dump(tmp_path / "a.jsonl", [row(1), row(2)]))
    index_of(data, write_dump(data / FOLDER / "b.jsonl", [row(2), row(3)]))
    page = open_page(data, room="dumps")
    button(page, "Remove b.jsonl")
    text = shown(page)
    assert "1 paper that only <b>b.jsonl</b> holds will leave the index" in text
    assert title_of(3) in text
    assert "1 paper will stay, since other dumps hold it too." in text
    assert "The copy that was uploaded is deleted." in text
    page.button(key="remove-now").click().run()
    text = finish(page)
    assert "1 paper went with b.jsonl." in text
    assert "2 papers from 1 dump." in text
    assert not (data / FOLDER / "b.jsonl").exists()
    assert "Removed b" in page.expander[0].label


def test_a_dump_of_ones_own_file_is_removed_and_the_file_stays(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    own = write_dump(tmp_path / "a.jsonl", [row(1)])
    index_of(data, own, write_dump(tmp_path / "b.jsonl", [row(1), row(2)]))
    page = open_page(data, room="dumps")
    button(page, "Remove a.jsonl")
    text = shown(page)
    assert "No paper leaves the index" in text
    assert "Your file stays where it is" in text
    page.button(key="remove-now").click().run()
    assert "2 papers from 1 dump." in finish(page)
    assert own.exists()


def test_dumps_that_are_shown_by_one_name_are_listed_and_removed_one_by_one(
    open_page: OpenPage, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    index_of(data, *(write_dump(tmp_path / folder / "page.jsonl", [row(number)]) for number, folder in enumerate("ab")))
    with closing(connect(data / "catalogue.sqlite", write=True)) as connection:  # as indexes were that are older
        connection.execute("UPDATE dumps SET name = 'page.jsonl'")
    page = open_page(data, room="dumps")
    assert shown(page).count("<b>page.jsonl</b>") == 2
    assert len(page.expander) == 2  # the history below them
    button(page, "Remove page.jsonl")  # the newest comes first
    page.button(key="remove-now").click().run()
    assert "1 paper went with page.jsonl." in finish(page)
    assert [Path(dump.path).parent.name for dump in read_holdings(data).dumps] == ["a"]
