"""`make screenshots`: the pictures of the README, from a real browser over the bundled sample.

The question with a model is answered by a text that stands below, with one wrong number planted in it: the picture
shows what the page makes of an answer, not what some model knows.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.chromium import find_chromium
from scripts.page_server import ROOT, page_server
from tests.openai_server import OpenAIServer, Reply, Request

SAMPLE = ROOT / "samples" / "well-known-papers.txt"
PICTURES = ROOT / "docs"
QUESTION = "How do quantized models keep their quality?"
ANSWER = """\
- **AWQ** keeps the most salient one percent of the weights intact, which removes most of the damage of \
quantization [AWQ].
- **LLM.int8()** traces the loss of accuracy to a few feature dimensions with very large values [LLM.int8()]. \
With it, models of up to 500 billion parameters run with half the memory [LLM.int8()].
- **GPTQ** handles the weights column by column, and makes up for each error in the columns that are still \
open [GPTQ].
"""


@dataclass(frozen=True, slots=True)
class Window:
    """One kind of window."""

    width: int
    height: int
    scheme: str

    @property
    def is_phone(self) -> bool:
        """Whether fingers touch it."""
        return self.width < 500


DESK, NIGHT, PHONE = Window(1280, 800, "light"), Window(1280, 800, "dark"), Window(390, 800, "light")


def main() -> int:
    """Take every picture; returns the exit code."""
    chromium = find_chromium()
    if not chromium:
        print("No Chromium is there; run `python -m scripts.chromium`.", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        subprocess.run([sys.executable, "-m", "ingest", str(SAMPLE), "--data", str(data)], cwd=ROOT, check=True)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser, data, Path(folder))
        browser.close()
    return 0


def take(browser: Browser, data: Path, folder: Path) -> None:
    """All pictures over the index in `data`."""
    with page_server(data, cwd=folder) as address:
        with opened(browser, address, DESK) as page:
            page.wait_for_timeout(1500)
            save(page, "welcome")
        with opened(browser, address, DESK) as page:
            picture_papers(page, address)
        with opened(browser, address, PHONE) as page:
            ask(page, QUESTION)
            save(page, "phone")
            page.locator("a.cite").nth(1).tap()
            page.wait_for_timeout(500)
            save(page, "phone-source")
    with OpenAIServer(default_reply=written) as model:
        settings = {"LLM_BASE_URL": model.base_url, "LLM_MODEL": "written-by-hand"}
        with page_server(data, cwd=folder, **settings) as address:
            for name, window in (("ask", DESK), ("ask-dark", NIGHT)):
                with opened(browser, address, window) as page:
                    ask(page, QUESTION)
                    page.locator("a.cite").nth(1).click()
                    page.wait_for_timeout(900)
                    page.locator(".verdict").last.focus()
                    page.wait_for_timeout(300)
                    save(page, name)


def picture_papers(page: Page, address: str) -> None:
    """A paper's own page, and the map with one of its points under the mouse."""
    page.goto(f"{address}/papers?view=Map")
    canvas = page.locator(".corpus-map canvas")
    canvas.wait_for(timeout=120_000)
    page.wait_for_timeout(1500)
    box = canvas.bounding_box()
    point = canvas.evaluate(
        """(canvas, name) => {
            const map = canvas.closest(".corpus-map").papers;
            const { x, y, grain, titles } = map.data;
            const row = Math.max(0, titles.findIndex((title) => title.startsWith(name)));
            return map.toScreen(x[row] / grain, y[row] / grain);
        }""",
        "LoRA",
    )
    if box:
        page.mouse.move(box["x"] + point[0], box["y"] + point[1])
    page.wait_for_timeout(400)
    save(page, "map")
    page.locator(".corpus-map .hint a").evaluate("link => link.click()")
    page.locator(".alike li").first.wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    save(page, "paper")


def written(request: Request) -> Reply:
    """The answer above, with each name in brackets as the number that the paper has in the prompt."""
    papers = re.findall(r'<paper number="(\d+)" title="([^"]+)"', request.prompt)

    def number_of(name: re.Match[str]) -> str:
        return next((f"[{number}]" for number, title in papers if title.startswith(name[1])), "")

    return Reply(re.sub(r"\[([^\]]+)\]", number_of, ANSWER))


@contextmanager
def opened(browser: Browser, address: str, window: Window) -> Iterator[Page]:
    """A page that can answer."""
    context = browser.new_context(
        viewport={"width": window.width, "height": window.height},
        color_scheme="dark" if window.scheme == "dark" else "light",
        has_touch=window.is_phone,
        is_mobile=window.is_phone,
    )
    page = context.new_page()
    page.goto(address)
    page.locator(".st-key-examples button").first.wait_for()
    page.locator(".st-key-welcome .steps").wait_for(state="detached", timeout=60_000)
    yield page
    context.close()


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the end of the answer."""
    box = page.locator('[data-testid="stChatInputTextArea"]')
    box.fill(question)
    box.press("Enter")
    page.locator(".act").wait_for(timeout=60_000)
    page.wait_for_timeout(900)


def save(page: Page, name: str) -> None:
    """Write one picture."""
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
