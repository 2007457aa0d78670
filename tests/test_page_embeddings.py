"""Embeddings on the page: others measured, built beside the old, and how long that takes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.sync import sync
from rag.page.engine import engine
from rag.page.estimate import pace_of_ingests, probe
from rag.page.ingesting import desk
from rag.settings import Settings
from tests.dumps_of import row, write_dump
from tests.openai_server import Fault, OpenAIServer
from tests.page_harness import OpenPage, button, fresh_server, open_page, shown
from tests.test_page_models import ENV, ask, lines_of, no_servers
from tests.word_embedder import WordEmbedder

__all__ = ["fresh_server", "no_servers", "open_page"]  # fixtures of every test here


def test_other_embeddings_are_measured_then_built_beside_the_old_and_set_for_good(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_index, data)
    page = open_page(data, room="models")
    page.text_input(key="embed-address").set_value(openai_server.base_url)
    page.text_input(key="embed-name").set_value("counting")
    button(page, "Test and measure")
    text = lines_of(page, "embeddings")
    assert "counting, 64 dimensions" in text
    assert "passages a second. Embedding all " in text
    button(page, "Rebuild with these ...")
    assert f"EMBED_BASE_URL={openai_server.base_url}\nEMBED_MODEL=counting" in shown(page)
    page.button(key="rebuild-now").click().run()
    job = desk().job
    assert job
    assert job.wait(120)
    assert job.problem is None
    assert "EMBED_MODEL=counting" in ENV.read_text(encoding="utf-8")
    page.run()
    assert engine().wait(60)
    text = shown(page.run())
    assert "<td>counting</td>" in text
    assert "made with other embeddings" not in text
    assert 'class="cite"' in ask(page)


def test_a_rebuild_that_fails_leaves_settings_and_index(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_index, data)
    openai_server.embedding_faults += [Fault("unauthorised")] * 20
    page = open_page(data, room="models")
    page.text_input(key="embed-address").set_value(openai_server.base_url)
    page.text_input(key="embed-name").set_value("counting")
    button(page, "Rebuild with these ...")
    page.button(key="rebuild-now").click().run()
    job = desk().job
    assert job
    assert job.wait(120)
    assert "The embedding model does not answer" in shown(page.run())
    assert not ENV.exists()
    assert "<td>all-MiniLM-L6-v2" in shown(page)


def test_half_a_description_of_embeddings_is_refused(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index, room="models")
    page.text_input(key="embed-address").set_value("127.0.0.1:1")
    button(page, "Rebuild with these ...")
    assert "A model&#x27;s name is missing." in shown(page)


def test_the_pace_is_that_of_earlier_ingests_with_the_same_model(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = Settings(data_dir=data, _env_file=None)
    sync([str(write_dump(tmp_path / "a.jsonl", [row(1)]))], settings, embedder=WordEmbedder())
    assert pace_of_ingests(data) is None  # one passage tells nothing
    many = write_dump(tmp_path / "b.jsonl", [row(number) for number in range(300)])
    report = sync([str(many)], settings, embedder=WordEmbedder())
    pace = pace_of_ingests(data)
    assert pace == pytest.approx(report.embedded / report.seconds, rel=0.2)
    measured = probe(WordEmbedder(), data, seconds=0.05)
    assert measured is not None
    assert measured > 0
