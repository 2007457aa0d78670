"""The room of papers in each of its states: list, filters, a paper's own page, links to one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.sync import sync
from rag.page.choosing import CHOSEN
from rag.page.conversation import Conversation, Exchange
from rag.settings import Settings
from tests.dumps_of import abstract_of, title_of, write_dump
from tests.page_harness import OpenPage, button, fresh_server, open_page, shown
from tests.papers_room import index_anew, open_view, paper_ids, select, two_ingests

__all__ = ["fresh_server", "open_page", "two_ingests"]  # fixtures of every test here


def search(page: AppTest, words: str) -> str:
    """Search; what the page shows then."""
    page.text_input(key="words").set_value(words).run()
    return shown(page)


def current_exchanges(page: AppTest) -> list[Exchange]:
    """What was asked in the conversation that is shown."""
    opened: dict[str, Conversation] = page.session_state["conversations"]
    return opened[page.session_state["conversation"]].exchanges


def test_no_papers_yet_leads_to_the_dumps(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path / "data", room="papers")
    assert "There are no papers yet" in shown(page)
    assert not page.text_input


def test_papers_are_listed_by_pages_and_searched(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index, room="papers")
    first = shown(page)
    assert first.count('<li class="row"') == 25
    assert '<ol class="rows" start="1"' in first
    page.pagination(key="page").set_value(2).run()
    assert '<ol class="rows" start="26"' in shown(page)
    text = search(page, "low-rank adaptation")
    assert '<ol class="rows" start="1"' in text
    assert text.index("LoRA") < text.index("</li>")
    assert page.selectbox(key="order").value == "Best match"
    assert "No paper fits" in search(page, "qqqq zzzz")
    button(page, "Show all papers")
    assert "89 papers" in shown(page)


def test_words_that_no_paper_holds_together_find_papers_that_hold_some(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index, room="papers")
    text = search(page, "dropout zebras")
    assert "No paper holds all of these words" in text
    assert "Dropout" in text


def test_a_word_may_be_half_typed_or_stand_beside_an_author(open_page: OpenPage, tmp_path: Path) -> None:
    texts = ["Zebras sing in quiet meadows at dawn.", "Quiet owls count the meadows.", "Lilacs bloom in quiet."]
    rows: list[dict[str, object]] = [
        {"title": f"Notes {number}", "abstract": text} for number, text in enumerate(texts)
    ]
    rows[2] |= {"title": "Of Flowers", "authors": ["Ada Meadows"]}
    dump = write_dump(tmp_path / "own.jsonl", rows)
    sync([str(dump)], Settings(data_dir=tmp_path / "data", _env_file=None))
    page = open_page(tmp_path / "data", room="papers")
    for typed, papers in (("quiet mea", 3), ("zebr", 1), ("quiet singin", 1), ("meadows lilacs", 1), ("the lilacs", 1)):
        text = search(page, typed)
        assert "No paper holds all" not in text, typed
        assert f"{papers} paper" in text, typed
    assert "No paper holds all of these words" in search(page, "lilacs zebras")


def test_british_and_american_spellings_find_the_same_papers(open_page: OpenPage, tmp_path: Path) -> None:
    texts = [
        "Lanterns tokenized by colour.",
        "We tokenise owls and their behaviour.",
        "The behavior of color in dunes.",
    ]
    dump = write_dump(
        tmp_path / "own.jsonl", [{"title": f"Notes {number}", "abstract": text} for number, text in enumerate(texts)]
    )
    sync([str(dump)], Settings(data_dir=tmp_path / "data", _env_file=None))
    page = open_page(tmp_path / "data", room="papers")
    for typed, papers in (
        ("tokenising", 2), ("tokenizing", 2), ("colour", 2), ("color", 2), ("color of tokenised lanterns", 1),
        ("colour behavior", 1), ("notes behavior owl", 1),
    ):  # fmt: skip
        text = search(page, typed)
        assert "No paper holds all" not in text, typed
        assert f"{papers} paper" in text, typed
    assert "No paper holds all of these words; 2 papers with some of them" in search(page, "tokenizes zebras")


def test_a_filter_of_an_address_that_is_not_here_is_said_and_goes(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_page(two_ingests, room="papers")
    page.query_params["dump"] = "gone<b>.jsonl"
    page.query_params["year"] = "1999"
    page.run()
    text = shown(page)
    assert "30 papers · “gone&lt;b&gt;.jsonl” is not here and was left out · “1999” is not here" in text
    assert not {"dump", "year"} & set(page.query_params)


def test_a_year_of_an_address_goes_where_no_paper_has_one(open_page: OpenPage, tmp_path: Path) -> None:
    index_anew(tmp_path / "data", 0, 1)
    page = open_page(tmp_path / "data", room="papers")
    page.query_params["year"] = "2024"
    page.run()
    assert "2 papers · “2024” is not here and was left out" in shown(page)
    assert "year" not in page.query_params


def test_orders_and_filters_say_what_they_leave_out(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_page(two_ingests, room="papers")
    assert "Ada Winter, Bo Chen · 3 Feb 2024" in search(page, "ada win")
    search(page, "")
    text = select(page, "order", "Newest")
    assert "28 without a year, at the end" in text
    assert text.index("Nov 2025") < text.index("3 Feb 2024")
    assert "28 without upvotes, at the end" in select(page, "order", "Most upvotes")
    text = select(page, "year", "2024")
    assert "1 paper · 28 papers without a year not among them" in text
    assert "28 papers" in select(page, "year", "No year")
    select(page, "year", "All years")
    assert "3 papers" in select(page, "dump", "autumn.jsonl")
    select(page, "dump", "All dumps")
    since = page.selectbox(key="since").options[1]
    assert since.startswith("Since ")
    assert "2 papers" in select(page, "since", since)
    assert "No paper fits" in select(page, "year", "2025")
    button(page, "Show all papers")
    page.toggle(key="code").set_value(True).run()
    assert "1 paper" in shown(page)


def test_the_order_that_was_chosen_stays_when_all_papers_are_shown(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_page(two_ingests, room="papers")
    select(page, "order", "Title")
    select(page, "dump", "autumn.jsonl")
    assert "No paper fits" in select(page, "year", "2024")
    button(page, "Show all papers")
    assert page.selectbox(key="order").value == "Title"
    search(page, "qqqq zzzz")
    assert page.selectbox(key="order").value == "Best match"
    button(page, "Show all papers")
    assert page.selectbox(key="order").value == "Title"


def test_the_best_match_comes_first_again_after_a_link_took_the_words_away(
    open_page: OpenPage, two_ingests: Path
) -> None:
    page = open_page(two_ingests, room="papers")
    search(page, "ada win")
    page.query_params.clear()
    page.query_params["dump"] = "spring.jsonl"
    page.run()
    assert page.text_input(key="words").value == ""
    assert page.selectbox(key="order").value == "Last added"
    search(page, "ada win")
    assert page.selectbox(key="order").value == "Best match"


def test_a_filter_that_could_change_nothing_is_not_drawn(open_page: OpenPage, tmp_path: Path) -> None:
    index_anew(tmp_path / "data", 0)
    page = open_page(tmp_path / "data", room="papers")
    assert title_of(0) in shown(page)
    assert [box.key for box in page.selectbox] == ["order"]
    assert page.selectbox(key="order").options == ["Last added", "Newest", "Title"]
    assert not page.toggle
    assert not page.pagination


def test_a_paper_has_a_page_of_its_own(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_page(two_ingests, room="papers")
    ids = paper_ids(two_ingests)
    page.query_params["paper"] = ids[title_of(27)]
    page.run()
    text = shown(page)
    assert f"<h1>{title_of(27)}</h1>" in text
    assert abstract_of(27) in text
    assert "spring.jsonl</th><td>line 28" in text
    assert "autumn.jsonl</th><td>line 1" in text
    assert "Search for the title" in text
    assert text.count('<li><a class="inside"') == 6  # similar papers
    assert f"papers?paper={ids[title_of(27)]}" in text
    button(page, "All papers")
    assert "paper" not in page.query_params
    assert '<li class="row"' in shown(page)


def test_a_second_press_of_all_papers_finds_the_paper_left(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_page(two_ingests, room="papers")
    page.query_params["paper"] = paper_ids(two_ingests)[title_of(27)]
    page.run()
    del page.query_params["paper"]
    button(page, "All papers")
    assert '<li class="row"' in shown(page)


def test_a_paper_without_neighbours_has_its_page_all_the_same(open_page: OpenPage, tmp_path: Path) -> None:
    index_anew(tmp_path / "data", 3)
    page = open_page(tmp_path / "data", room="papers")
    page.query_params["paper"] = paper_ids(tmp_path / "data")[title_of(3)]
    page.run()
    text = shown(page)
    assert abstract_of(3) in text
    assert "Similar papers" not in text
    button(page, "All papers")
    assert '<li class="row"' in shown(page)


def test_a_corpus_made_anew_in_the_same_folder_is_what_every_view_shows(open_page: OpenPage, tmp_path: Path) -> None:
    """Generation and revision begin again at one there, so that they do not tell the corpora apart."""
    data = tmp_path / "data"
    corpora = {2001: (1, 2, 3, 4), 2011: (2, 5, 6, 7, 8)}
    for first, numbers in corpora.items():
        index_anew(tmp_path / str(first), *numbers, years=range(first, first + len(numbers)))
    for first, numbers in corpora.items():
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(tmp_path / str(first), data)
        years = range(first, first + len(numbers))
        page = open_page(data, room="papers")
        assert page.selectbox(key="year").options[1:] == [str(year) for year in reversed(years)]
        page.segmented_control(key="view").set_value("Figures").run()
        assert f">{years[0]}</a>" in shown(page)
        page = open_view(open_page, data, "Map")
        [points] = page.get("bidi_component")
        assert title_of(numbers[-1]) in str(points.proto)
        page.query_params["paper"] = paper_ids(data)[title_of(2)]
        page.run()
        assert title_of(numbers[-1]) in shown(page)
        page = open_page(data, room="dumps")
        assert f"{len(numbers)} papers in all" in page.expander[0].label


def test_a_paper_can_be_asked_about_alone(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_page(two_ingests, room="papers")
    paper_id = paper_ids(two_ingests)[title_of(3)]
    page.query_params["paper"] = paper_id
    page.run()
    button(page, "Ask about this paper")
    chosen = page.session_state[CHOSEN]
    assert (chosen.only, chosen.only_name) == ((paper_id,), f"“{title_of(3)}”")
    page.chat_input(key="question").set_value("What is measured?").run()
    [exchange] = current_exchanges(page)
    asking = exchange.asking  # the harness stays in the room of papers, where nobody follows it
    assert asking
    asking.wait(60)
    assert asking.answer
    assert {evidence.paper.paper_id for evidence in asking.answer.evidence} == {paper_id}
    assert asking.answer.understood.filters.chips()[0].label == f"Only “{title_of(3)}”"


def test_a_link_without_the_room_opens_the_paper(open_page: OpenPage, two_ingests: Path) -> None:
    page = open_page(two_ingests)
    page.query_params["paper"] = paper_ids(two_ingests)[title_of(5)]
    page.run()
    assert f"<h1>{title_of(5)}</h1>" in shown(page)


@pytest.mark.parametrize("paper_id", ["0123456789abcdef", "<b>:red[x]</b>" * 20])
def test_an_id_that_nobody_knows_is_said_so(open_page: OpenPage, sample_index: Path, paper_id: str) -> None:
    page = open_page(sample_index, room="papers")
    page.query_params["paper"] = paper_id
    page.run()
    text = shown(page)
    assert "This paper is not in the index" in text
    assert "<b>:red" not in text
    button(page, "All papers")
    assert '<li class="row"' in shown(page)
