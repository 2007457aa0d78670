"""The map and the figures in the room of papers: while made, drawn, asked about, and where none can be made."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.corpus_map.model import Topic
from rag.page import paper_view
from rag.page.choosing import CHOSEN
from rag.page.engine import Engine, engine
from rag.page.holdings import Holdings, read_holdings
from rag.page.map_making import map_of
from rag.page.map_view import topic_colours, topic_names
from rag.settings import Settings
from tests.dumps_of import row, write_dump
from tests.page_harness import OpenPage, button, fresh_server, open_page, shown
from tests.papers_room import open_view, paper_ids, select, two_ingests

__all__ = ["fresh_server", "open_page", "two_ingests"]  # fixtures of every test here


def test_the_map_says_how_far_it_is_and_then_offers_its_topics(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_page(two_ingests, room="papers")
    page.segmented_control(key="view").set_value("Map").run()
    first = shown(page)
    assert 'class="map-to-come"' in first or "as a table" in first
    page = open_view(open_page, two_ingests, "Map")
    text = shown(page)
    assert "30 papers. Near to each other means alike" in text
    assert "The topics as a table" in text
    options = page.selectbox(key="topic").options
    assert options[0] == "All topics"
    assert len(options) == 7
    assert 'class="found"' not in text


def test_the_map_is_shown_again_after_a_paper_that_was_left_while_it_was_drawn(
    open_page: OpenPage, two_ingests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_view(open_page, two_ingests, "Map")
    drawn: list[str] = []

    def leave_at_once(_engine: Engine, _holdings: Holdings, paper_id: str, *, ask: StreamlitPage) -> None:
        drawn.append(paper_id)
        del st.query_params["paper"]
        st.rerun()

    monkeypatch.setattr(paper_view, "draw", leave_at_once)
    page.query_params["paper"] = next(iter(paper_ids(two_ingests).values()))
    page.run()
    assert drawn
    view = page.segmented_control(key="view")
    assert view.value == "Map"
    assert view.proto.set_value, "the browser has drawn other things meanwhile and has to be told"


def test_a_topic_of_the_map_can_be_asked_about(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_view(open_page, two_ingests, "Map")
    topic = page.selectbox(key="topic").options[1]
    text = select(page, "topic", topic)
    papers = int(topic.rpartition("(")[2].strip(")"))
    assert f"{papers} papers in the topic “{topic.rpartition(' (')[0]}”" in text
    button(page, "Ask about these")
    chosen = page.session_state[CHOSEN]
    assert len(chosen.only) == papers
    assert chosen.only_name.endswith(f"the topic “{topic.rpartition(' (')[0]}”")


def test_two_papers_make_no_map(open_page: OpenPage, tmp_path: Path) -> None:
    from ingest.sync import sync

    dump = write_dump(tmp_path / "two.jsonl", [row(number) for number in range(2)])
    sync([str(dump)], Settings(data_dir=tmp_path / "data", _env_file=None))
    page = open_view(open_page, tmp_path / "data", "Map")
    assert "A map needs at least three papers" in shown(page)


def test_the_figures_are_tables(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_view(open_page, two_ingests, "Figures")
    text = shown(page)
    assert text.count('<table class="bars"><colgroup>') == 4
    assert "Papers by topic" in text
    assert "28 · 28 new" in text
    assert "30 · 2 new" in text
    assert "3 · 2 new" in text
    assert "28 papers without a year not among them" in text


def test_a_map_that_cannot_be_made_is_said_so_and_made_where_one_tries_again(
    open_page: OpenPage, two_ingests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        message = "a fault of ours"
        raise RuntimeError(message)

    with monkeypatch.context() as patch:
        patch.setattr("rag.corpus_map.store.open_map", fail)
        page = open_view(open_page, two_ingests, "Map")
        assert "The map could not be made." in shown(page)
        page.segmented_control(key="view").set_value("Figures").run()
        assert "Papers by year" in shown(page)
    button(page, "Try again")
    making = map_of(engine(), read_holdings(two_ingests))
    assert making.wait(60)
    assert "Papers by topic" in shown(page.run())
    assert making.made


def test_topics_side_by_side_have_different_colours() -> None:
    topics = [Topic(number, (f"t{number}",), 9, number % 5 / 5, number // 5 / 4) for number in range(20)]
    colours = topic_colours(topics)
    assert set(colours) == set(range(8))
    for one in topics:
        for other in topics:
            if abs(one.x - other.x) + abs(one.y - other.y) in (pytest.approx(0.2), pytest.approx(0.25)):
                assert colours[one.number] != colours[other.number]


def test_topics_of_one_name_and_size_can_be_told_apart() -> None:
    topics = [Topic(number, (), 9, 0.5, 0.5) for number in range(2)] + [Topic(2, ("Bees",), 4, 0, 0)] * 2
    assert len(topic_names(topics)) == 4
