"""Chips in a real browser: reached by keyboard, pressed with Enter, wrapped on a phone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from scripts.page_server import page_server
from tests.browsing import PHONE, OpenPage, ask
from tests.dated_corpus import index_dated_corpus

SLOW = 60_000  # milliseconds that a first visit may take on a busy machine


def test_chips_wrap_on_a_phone_and_are_taken_away_by_keyboard(open_page: OpenPage, tmp_path: Path) -> None:
    data = index_dated_corpus(tmp_path).data_dir
    with page_server(data, cwd=tmp_path) as address:
        page = open_page(address, size=PHONE)
        expect(page.locator(".welcome")).to_contain_text("9 papers", timeout=SLOW)
        turn = ask(page, "Which papers save memory since 2025, not about glaciers?")
        row = turn.locator('[class*="st-key-read-turn"]').first
        buttons = row.get_by_role("button")
        expect(buttons).to_have_count(3, timeout=SLOW)
        boxes = [box for number in range(3) if (box := buttons.nth(number).bounding_box())]
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0] for box in boxes)
        assert boxes[-1]["y"] > boxes[0]["y"]  # they need a second line
        chip = page.get_by_role("button", name="Not glaciers")
        chip.focus()
        chip.press("Enter")
        expect(page.get_by_role("button", name="Not glaciers")).to_have_count(0, timeout=SLOW)
        expect(page.get_by_role("button", name="Since 2025").first).to_be_visible(timeout=SLOW)
