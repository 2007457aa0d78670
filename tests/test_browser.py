"""The page in a real browser: from question to opened source, wide and on a phone, dark, with an index that grows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from scripts.page_server import page_server
from tests.browsing import PHONE, REAL_QUESTION, SAMPLE_QUESTION, OpenPage, ask, begin, card_of, is_in_view
from tests.openai_server import OpenAIServer, Reply


def test_a_question_about_the_real_dumps_leads_to_an_opened_source(
    open_page: OpenPage, real_index: Path, tmp_path: Path
) -> None:
    with page_server(real_index, cwd=tmp_path, RAG_KEEP_CONVERSATIONS="no") as address:
        page = open_page(address)
        expect(page.locator(".welcome")).to_contain_text("385 papers")
        turn = ask(page, REAL_QUESTION)
        citations = turn.locator("a.cite")
        assert citations.count() >= 2
        last = citations.last
        card = card_of(page, last)
        last.click()
        expect(card).to_have_class(re.compile("active"))
        page.wait_for_timeout(600)
        assert is_in_view(card)
        quoted = card.locator("mark.active").first.inner_text()
        assert quoted
        assert quoted in turn.locator(".answer").inner_text().replace("\u00a0", " ")
        expect(card).to_contain_text("Seen in")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What is the best recipe for sourdough bread?", "hold nothing about this"),
        ("How many parameters does the largest LoRA of a speech model in Finnish have?", "do not state the answer"),
        ("hello", "I answer questions from the papers"),
    ],
)
def test_a_refusal_can_be_read(open_page: OpenPage, sample_page: str, question: str, said: str) -> None:
    page = open_page(sample_page)
    begin(page, question)
    answer = page.locator(".answer.nothing, .answer.related").last
    expect(answer).to_be_visible(timeout=60_000)
    expect(answer).to_contain_text(said)


def test_a_citation_is_followed_by_keyboard_and_the_place_is_kept(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(sample_page)
    turn = ask(page, SAMPLE_QUESTION)
    main = page.locator(".stMain")
    before = main.evaluate("each => each.scrollTop")
    citation = turn.locator("a.cite").first
    citation.focus()
    page.keyboard.press("Enter")
    card = card_of(page, citation)
    expect(card).to_be_focused()
    assert main.evaluate("each => each.scrollTop") == before
    page.keyboard.press("Escape")
    expect(citation).to_be_focused()
    page.keyboard.press("/")  # leads to the question box
    expect(page.locator('[data-testid="stChatInputTextArea"]')).to_be_focused()


def test_on_a_phone_a_source_opens_over_the_answer_and_closes_again(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(sample_page, size=PHONE)
    turn = ask(page, SAMPLE_QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    citation = turn.locator("a.cite").first
    before = citation.bounding_box()
    citation.tap()
    sheet = page.locator("dialog.sheet")
    expect(sheet.locator("mark").first).to_be_visible()
    sheet.get_by_role("button", name="Back to the answer").tap()
    expect(sheet).to_be_hidden()
    assert citation.bounding_box() == before


def test_on_a_phone_a_table_is_as_wide_as_the_answer(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(sample_page, size=PHONE)
    ask(page, SAMPLE_QUESTION)
    page.get_by_role("button", name="As a table").tap()
    table = page.locator(".answer .wide")
    expect(table).to_be_visible(timeout=60_000)
    assert table.evaluate("each => each.scrollWidth - each.clientWidth") == 0


@pytest.mark.parametrize("room", ["", "papers", "dumps", "models"])
def test_no_room_is_wider_than_a_phone(open_page: OpenPage, sample_page: str, room: str) -> None:
    page = open_page(f"{sample_page}/{room}", size=PHONE)
    page.locator(".stMain h1").first.wait_for()
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= PHONE[0]


def test_dark_follows_the_system(open_page: OpenPage, sample_page: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        page = open_page(sample_page, scheme=scheme)
        heading = page.locator(".welcome h1")
        expect(heading).to_be_visible()
        ground = page.locator(".stApp").evaluate("each => getComputedStyle(each).backgroundColor")
        ink = heading.evaluate("each => getComputedStyle(each).color")
        assert ground != ink
        grounds.append(ground)
    assert grounds[0] != grounds[1]


def test_a_models_answer_streams_and_its_doubtful_sentence_tells_why(
    open_page: OpenPage, model_page: tuple[str, OpenAIServer]
) -> None:
    address, server = model_page
    text = "LoRA trains small matrices beside frozen weights [1]. Its authors walked on Mars in 1974 [1]."
    server.replies.append(Reply(text, piece_delay=0.25))
    page = open_page(address)
    page.get_by_text("Answers by tiny").wait_for()
    begin(page, SAMPLE_QUESTION)
    expect(page.locator(".steps .now")).to_contain_text("Writing", timeout=60_000)
    expect(page.locator(".answer.growing")).to_contain_text("small matrices", timeout=60_000)
    verdict = page.locator(".verdict").last
    expect(verdict).to_contain_text("supported", timeout=30_000)
    reason = verdict.locator(".reason")
    expect(reason).to_be_hidden()
    verdict.focus()
    expect(reason).to_be_visible()


def test_an_answer_can_be_stopped(open_page: OpenPage, model_page: tuple[str, OpenAIServer]) -> None:
    address, server = model_page
    server.replies.append(Reply("LoRA trains small matrices. ", endless=True, piece_delay=0.1))
    page = open_page(address)
    begin(page, SAMPLE_QUESTION)
    expect(page.locator(".answer.growing")).to_contain_text("small matrices", timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    expect(page.locator(".answer")).to_contain_text("small matrices")


def test_an_ingest_from_the_shell_shows_up_by_itself(
    open_page: OpenPage, run_command: Callable[..., object], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with page_server(data, cwd=tmp_path) as address:
        page = open_page(address)
        page.get_by_text("There are no papers yet").first.wait_for()
        dump = tmp_path / "own.jsonl"
        paper = {
            "title": "Slow $x_1$ <Notes>",
            "abstract": "Slow notes keep :red[colour] and $5. They stay as they are.",
        }
        dump.write_text(json.dumps(paper), encoding="utf-8")
        run_command("ingest", dump, "--data", data)
        expect(page.locator(".welcome")).to_contain_text("1 paper", timeout=30_000)
        example = page.locator(".st-key-examples button").first
        expect(example).to_contain_text("Slow $x_1$ <Notes>")
        turn = ask(page, "What do slow notes keep?")
        expect(turn.locator(".source")).to_contain_text("Slow notes keep :red[colour] and $5.")


def test_signs_of_a_label_show_as_they_are(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(sample_page)
    question = "Is $a_1$ -> *b* <c> [d](e) :red[f] :smile: ~g~?"
    ask(page, question)
    expect(page.locator(".question")).to_have_text(question)
    entry = page.locator(".st-key-earlier button").first
    assert entry.inner_text().replace("\u2060", "").strip() == question
