"""The sidebar in a real browser: on a phone it makes way for what was chosen in it, in a wide window it stays."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browsing import PHONE, SAMPLE_QUESTION, ask

OpenPage = Callable[..., Page]


def test_on_a_phone_the_sidebar_makes_way_for_what_was_chosen(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(sample_page, size=PHONE)
    ask(page, SAMPLE_QUESTION)
    sidebar = page.get_by_test_id("stSidebar")
    for room in ("Papers", "Dumps", "Models", "Models"):
        page.get_by_test_id("stExpandSidebarButton").tap()
        sidebar.get_by_role("link", name=room).tap()
        expect(page.locator(".brand")).not_to_be_in_viewport()
        page.get_by_role("heading", name=room, exact=True).tap(trial=True)  # nothing lies over it
    for words, shown in ((SAMPLE_QUESTION[:20], "h2.question"), ("New conversation", ".welcome h1")):
        page.get_by_test_id("stExpandSidebarButton").tap()
        sidebar.get_by_role("button", name=words).tap()
        expect(page.locator(".brand")).not_to_be_in_viewport()
        page.locator(shown).tap(trial=True)
    page.get_by_test_id("stExpandSidebarButton").tap()
    page.locator(".brand").tap()  # which chooses nothing
    expect(page.locator(".brand")).to_be_in_viewport()


def test_in_a_wide_window_the_sidebar_stays(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(sample_page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Papers").click()
    expect(page.get_by_role("heading", name="Papers", exact=True)).to_be_visible()
    expect(page.locator(".brand")).to_be_in_viewport()
