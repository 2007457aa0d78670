"""ingest/telling.py: the note of how far an ingest is, for whoever looks from another process."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ingest.lock import writer_lock
from ingest.progress import Progress
from ingest.sync import sync
from ingest.telling import NOTE, telling, told
from rag.page.ingest_view import share_of, stages_html, words_of
from rag.settings import Settings
from tests.page_harness import OpenPage, fresh_server, open_page, shown  # noqa: F401 - fixtures


def test_the_note_says_how_far_it_is_and_goes_at_the_end(tmp_path: Path) -> None:
    heard: list[Progress] = []
    step = Progress("embedding", 120, 900, 8.0)
    with telling(tmp_path, heard.append) as report:
        assert told(tmp_path, os.getpid()) is None
        report(step)
        assert told(tmp_path, os.getpid()) == step
        assert told(tmp_path, os.getpid() + 1) is None
    assert heard == [step]
    assert list(tmp_path.iterdir()) == []


def test_it_is_written_seldom_and_at_once_where_a_stage_begins(tmp_path: Path) -> None:
    now = [0.0]
    with telling(tmp_path, lambda _: None, clock=lambda: now[0]) as report:
        for seconds, stage, done, kept in (
            (0.0, "reading", 1, 1),
            (0.4, "reading", 2, 1),
            (0.6, "reading", 3, 3),
            (0.7, "embedding", 0, 0),
        ):
            now[0] = seconds
            report(Progress(stage, done, 9))  # type: ignore[arg-type]  # the names of stages
            found = told(tmp_path, os.getpid())
            assert found is not None
            assert found.done == kept


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": PID, "done": "x"}', '{"pid": PID, "done": 1}'])
def test_a_note_that_is_none_is_not_believed(tmp_path: Path, text: str) -> None:
    (tmp_path / NOTE).write_text(text.replace("PID", str(os.getpid())), encoding="utf-8")
    assert told(tmp_path, os.getpid()) is None


def test_an_ingest_goes_on_where_the_note_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / f"{NOTE}.new").mkdir()
    heard: list[Progress] = []
    with telling(tmp_path, heard.append) as report:
        report(Progress("storing", 0, None))
    assert len(heard) == 1


def test_a_real_ingest_tells_every_stage(tmp_path: Path) -> None:
    dump = tmp_path / "own.jsonl"
    paper = {"title": "Slow Notes", "abstract": "Slow notes keep their colour. They stay as they are."}
    dump.write_text(json.dumps(paper), encoding="utf-8")
    settings = Settings(RAG_DATA_DIR=str(tmp_path / "data"))
    seen: list[str] = []

    def look(progress: Progress) -> None:
        found = told(settings.data_dir, os.getpid())
        assert found is not None
        seen.append(found.stage)

    sync([str(dump)], settings, progress=look)
    assert {"reading", "embedding", "storing", "publishing"} <= set(seen)
    assert not (settings.data_dir / NOTE).exists()


def test_the_room_of_dumps_shows_how_far_another_process_is(
    open_page: OpenPage,  # noqa: F811 - a fixture
    sample_index: Path,
    tmp_path: Path,
) -> None:
    import shutil

    data = tmp_path / "data"
    shutil.copytree(sample_index, data)
    with writer_lock(data), telling(data, lambda _: None) as report:
        report(Progress("embedding", 120, 900, 8.0))
        text = shown(open_page(data, room="dumps"))
    assert "Another program is adding papers" in text
    assert '<li class="now">Embedding</li>' in text


def test_the_words_of_progress() -> None:
    step = Progress("embedding", 120, 900, 8.0)
    assert words_of(step) == "120 of 900 passages, about 8 s left"
    assert share_of(step) == 120 / 900
    assert '<li class="done">Reading</li><li class="now">Embedding</li>' in stages_html(step.stage)
