"""The room of papers in a real browser: a list that answers while one types, links to a paper, the map by mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browsing import PHONE, SAMPLE_QUESTION, OpenPage, ask

SLOW = 120_000  # milliseconds that a first visit may take on a busy machine


def shown_list(page: Page) -> Locator:
    """The rows of the list, once they are there."""
    expect(page.locator(".row").first).to_be_visible(timeout=SLOW)
    return page.locator(".row")


def shown_map(page: Page) -> Locator:
    """The map's canvas, once it is made."""
    canvas = page.locator(".corpus-map canvas")
    expect(canvas).to_be_visible(timeout=SLOW)
    return canvas


def test_a_paper_is_found_while_one_types_and_its_address_stays(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(f"{sample_page}/papers")
    shown_list(page)
    expect(page.locator(".said")).to_have_text("89 papers", timeout=SLOW)
    page.get_by_label("Search titles").press_sequentially("low-rank ada", delay=40)
    first = page.locator(".row a").first
    expect(first).to_contain_text("LoRA", timeout=SLOW)
    expect(page).to_have_url(re.compile(r"\?words=low-rank\+ada"))
    first.click()
    title = page.locator(".paper h1")
    expect(title).to_contain_text("LoRA", timeout=SLOW)
    expect(page.locator(".alike li")).to_have_count(6, timeout=SLOW)
    expect(page).to_have_url(re.compile(r"papers\?(.*&)?paper=[0-9a-f]{16}$"))
    page.reload()
    expect(title).to_contain_text("LoRA", timeout=SLOW)
    page.locator(".alike a").first.click()
    expect(title).not_to_contain_text("LoRA", timeout=SLOW)
    page.go_back()
    expect(title).to_contain_text("LoRA", timeout=SLOW)
    page.get_by_role("button", name="All papers").click()
    expect(page.locator(".row").first).to_be_visible(timeout=SLOW)


def test_the_way_back_leads_to_the_list_as_it_was(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(f"{sample_page}/papers?order=Title&page=2")
    rows = shown_list(page)
    expect(page.locator(".rows")).to_have_attribute("start", "26", timeout=SLOW)
    rows.nth(3).locator("a").click()
    expect(page.locator(".paper h1")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="All papers").click()
    expect(page.locator(".rows")).to_have_attribute("start", "26", timeout=SLOW)
    expect(page).to_have_url(re.compile(r"page=2"))


def test_a_bar_of_the_figures_leads_to_its_papers_alone(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(f"{sample_page}/papers?view=Figures&words=attention&page=3")
    bar = page.locator(".plot tr", has=page.locator('a[href*="dump="]')).first
    expect(bar).to_be_visible(timeout=SLOW)
    papers = bar.locator(".value").inner_text().split()[0]
    bar.locator("a").click()
    expect(page.locator(".said")).to_contain_text(re.compile(rf"^{papers} papers?"), timeout=SLOW)
    expect(page.get_by_label("Search titles")).to_have_value("", timeout=SLOW)
    expect(page).not_to_have_url(re.compile("words="))


def test_a_button_that_was_pressed_twice_has_its_words_again(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(f"{sample_page}/papers?order=Title")
    shown_list(page).first.locator("a").click()
    button = page.locator("button[data-copy-link]")
    expect(button).to_be_visible(timeout=SLOW)
    words = button.inner_text()
    for _ in range(2):
        button.click()
        expect(button).not_to_have_text(words, timeout=SLOW)
    expect(button).to_have_text(words, timeout=SLOW)


def test_a_source_of_an_answer_leads_to_its_paper_and_back(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(sample_page)
    turn = ask(page, SAMPLE_QUESTION)
    turn.get_by_role("link", name="Open this paper").first.click()
    expect(page.locator(".paper h1")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(page.locator(".question")).to_have_text(SAMPLE_QUESTION, timeout=SLOW)  # nothing was loaded anew


def test_a_click_on_the_map_opens_the_paper_and_a_drawn_line_is_asked_about(
    open_page: OpenPage, sample_page: str
) -> None:
    page = open_page(f"{sample_page}/papers?view=Map")
    canvas = shown_map(page)
    box = canvas.bounding_box()
    assert box
    left, top, title = canvas.evaluate(
        """canvas => {
            const map = canvas.closest(".corpus-map").papers;
            const { x, y, grain, titles } = map.data;
            return [...map.toScreen(x[5] / grain, y[5] / grain), titles[5]];
        }"""
    )
    page.mouse.move(box["x"] + left, box["y"] + top)
    hint = page.locator(".corpus-map .hint")
    expect(hint).to_contain_text(title)
    page.mouse.click(box["x"] + left, box["y"] + top)
    expect(page.locator(".paper h1")).to_have_text(title, timeout=SLOW)
    page.get_by_role("button", name="All papers").click()
    assert shown_map(page).bounding_box() == box, "the paper is gone before the map is drawn: nothing jumps"
    corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.6), (0.02, 0.6)]
    page.mouse.move(box["x"] + corners[0][0] * box["width"], box["y"] + corners[0][1] * box["height"])
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
    page.mouse.up()
    found = page.locator(".found")
    expect(found).to_contain_text("papers in this area", timeout=SLOW)
    chosen = found.inner_text()
    page.get_by_role("button", name="Ask about these").click()
    expect(page.get_by_role("button", name=f"Only {chosen}")).to_be_visible(timeout=SLOW)


def test_a_name_on_the_map_chooses_its_topic(open_page: OpenPage, sample_page: str) -> None:
    page = open_page(f"{sample_page}/papers?view=Map", size=PHONE, scheme="dark")
    canvas = shown_map(page)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= PHONE[0]
    name = canvas.evaluate(
        """canvas => {
            const map = canvas.closest(".corpus-map").papers;
            const label = map.labels[0];
            map.tell("topic", label.topic);
            return map.data.topics[label.topic].name;
        }"""
    )
    expect(page.locator(".found")).to_contain_text(f"in the topic “{name}”", timeout=SLOW)
    expect(page).to_have_url(re.compile("topic="))
