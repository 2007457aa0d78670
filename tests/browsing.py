"""A real browser for tests: windows of any size and scheme, pages over the sample, what a person does on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from scripts.chromium import find_chromium
from scripts.page_server import page_server
from tests.openai_server import OpenAIServer

WIDE, PHONE = (1280, 860), (390, 844)
REAL_QUESTION = "Which optimizers need less memory than Adam?"
SAMPLE_QUESTION = "How does LoRA adapt a large model with few trainable weights?"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    path = find_chromium()
    assert path, "no Chromium is there; run `python -m scripts.chromium`"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sample_page(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over the bundled sample, without a model."""
    folder = tmp_path_factory.mktemp("sample-page")
    with page_server(sample_index, cwd=folder, RAG_KEEP_CONVERSATIONS="no") as address:
        yield address


@pytest.fixture(scope="session")
def model_page(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, OpenAIServer]]:
    """The address of a page whose answers a scripted server writes, and that server."""
    with OpenAIServer() as server:
        settings = {"LLM_BASE_URL": server.base_url, "LLM_MODEL": "tiny", "RAG_KEEP_CONVERSATIONS": "no"}
        with page_server(sample_index, cwd=tmp_path_factory.mktemp("model-page"), **settings) as address:
            yield address, server


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens an address in a window of its own; afterwards nothing may have gone wrong in it."""
    faults: list[str] = []
    contexts = []

    def open_it(address: str, *, size: tuple[int, int] = WIDE, scheme: str = "light") -> Page:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]  # "light" or "dark"
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.extend(_strange([request.url], address)))
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert faults == []


def _strange(urls: list[str], address: str) -> list[str]:
    """Those that are not the page's own: it talks to its server and to nobody else."""
    origin = re.match(r"https?://[^/]+", address)
    ours = (origin[0], origin[0].replace("http", "ws"), "data:", "blob:") if origin else ()
    return [url for url in urls if not url.startswith(ours)]


def begin(page: Page, question: str) -> None:
    """Send a question."""
    box = page.locator('[data-testid="stChatInputTextArea"]')
    box.fill(question)
    box.press("Enter")


def ask(page: Page, question: str) -> Locator:
    """Ask and wait for the end of the answer, which is returned."""
    before = page.locator(".question").count()
    begin(page, question)
    turn = page.locator('[class*="st-key-turn"]').nth(before)
    expect(turn.locator(".act")).to_be_visible(timeout=60_000)
    return turn


def card_of(page: Page, citation: Locator) -> Locator:
    """The card that a citation leads to."""
    return page.locator(".source", has=page.locator(f"#{citation.get_attribute('data-source')}"))


def is_in_view(card: Locator) -> bool:
    """Whether the top of the card can be seen, also where the pane around it scrolls."""
    return bool(
        card.evaluate(
            """card => {
              const box = card.getBoundingClientRect();
              const at = document.elementFromPoint(box.left + box.width / 2, box.top + 12);
              return card.contains(at);
            }"""
        )
    )
