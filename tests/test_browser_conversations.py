"""Conversations in a real browser: back after a reload, exported as files, rated and set aside by keyboard."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from playwright.sync_api import expect

from rag.conversations import Conversations
from scripts.page_server import page_server
from tests.browsing import PHONE, SAMPLE_QUESTION, OpenPage, ask


@pytest.fixture
def data(sample_index: Path, tmp_path: Path) -> Path:
    """A data folder of one's own."""
    folder = tmp_path / "data"
    shutil.copytree(sample_index, folder)
    return folder


def test_a_conversation_is_there_after_a_reload_and_leaves_as_files(
    open_page: OpenPage, data: Path, tmp_path: Path
) -> None:
    with page_server(data, cwd=tmp_path) as address:
        page = open_page(address)
        turn = ask(page, SAMPLE_QUESTION)
        words = turn.locator(".answer").inner_text()
        expect(page.locator('[class*="st-key-at-hand"] button[aria-pressed]').first).to_be_visible(timeout=60_000)
        page.reload()
        expect(page.locator(".answer").first).to_have_text(words, use_inner_text=True, timeout=60_000)
        expect(page.locator('[class*="st-key-shown-"]')).to_contain_text("LoRA", timeout=60_000)

        page.get_by_role("button", name="Conversation menu").click()
        texts = {}
        for form in ("Markdown", "JSON", "BibTeX", "RIS"):
            with page.expect_download(timeout=60_000) as saved:
                page.get_by_role("button", name=form, exact=True).click()
            texts[form] = Path(saved.value.path()).read_text(encoding="utf-8")
        page.keyboard.press("Escape")
        (answer,) = json.loads(texts["JSON"])["answers"]
        cited = {citation["title"] for citation in answer["citations"]}
        assert len(parse_string(texts["BibTeX"]).entries) == len(cited)
        assert texts["RIS"].count("TY  - ") == len(cited)
        assert SAMPLE_QUESTION in texts["Markdown"]

        thumb = page.get_by_role("radio", name="Thumbs up").last
        thumb.focus()
        page.keyboard.press("Enter")
        expect(thumb).to_be_checked(timeout=60_000)
        chip = page.locator('[class*="st-key-at-hand"] button[aria-pressed]').first
        chip.focus()
        page.keyboard.press("Enter")
        expect(chip).to_have_attribute("aria-pressed", "false", timeout=60_000)
        for _ in range(300):  # the browser shows it before the server knows
            (kept,) = Conversations(data).listed()
            if kept.set_aside:
                break
            page.wait_for_timeout(200)
    assert len(kept.set_aside) == 1
    assert Conversations(data).exchanges(kept.conversation_id)[0].feedback == "good"


def test_on_a_phone_an_earlier_conversation_opens_from_the_list(
    open_page: OpenPage, data: Path, tmp_path: Path
) -> None:
    store = Conversations(data)
    store.add_question("c1", "e1", "An earlier question that is rather long for a line?")
    store.add_stopped("e1", "It began with this.")
    with page_server(data, cwd=tmp_path) as address:
        page = open_page(address, size=PHONE)
        page.get_by_test_id("stExpandSidebarButton").tap()
        page.get_by_role("button", name="An earlier question").tap()
        expect(page.locator(".question")).to_contain_text("An earlier question", timeout=60_000)
        assert page.url.endswith("?c=c1")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
