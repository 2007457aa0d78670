"""axe-core over every room, wide and on a phone, light and dark: nothing that shuts somebody out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import PHONE, WIDE, ask

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
QUESTION = "How does LoRA adapt a large model with few trainable weights?"
PATIENCE = 60_000  # ms
LOOKS = 4  # half a second apart; what is there in all of them is a fault

# Faults inside of Streamlit's own parts that we cannot mend: rule, part of the element's HTML, reason.
NOT_OURS = (
    # The drawer of the sidebar scrolls, and is empty for axe while it is folded on a phone: its links are inert then.
    ("scrollable-region-focusable", 'data-testid="stSidebarContent"'),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What axe-core says of one element."""

    rule: str
    impact: str
    element: str
    why: str

    @property
    def is_ours(self) -> bool:
        """False for what is listed above with its reason."""
        return not any(self.rule == rule and part in self.element for rule, part in NOT_OURS)


def faults(page: Page) -> Iterator[Fault]:
    """Serious and critical violations of what the page shows and goes on showing, in both colour schemes."""
    page.evaluate(AXE)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
        for _ in range(LOOKS):
            expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)
            expect(page.locator('.stMain .steps, [data-stale="true"]')).to_have_count(0, timeout=PATIENCE)
            found = [fault for fault in faults_now(page) if fault.is_ours]
            if not found:
                break
            page.wait_for_timeout(500)
        yield from found


def faults_now(page: Page) -> Iterator[Fault]:
    """The same of this moment, in which a busy machine may just be fading from one picture to the next."""
    for violation in page.evaluate("axe.run({resultTypes: ['violations']}).then((found) => found.violations)"):
        if violation["impact"] in {"serious", "critical"}:
            for node in violation["nodes"]:
                yield Fault(violation["id"], violation["impact"], node["html"][:200], node["failureSummary"])


def ask_and_open_a_source(page: Page, address: str) -> None:
    """An answer, and the card that its first citation leads to."""
    page.goto(address)
    turn = ask(page, QUESTION)
    turn.locator("a.cite").first.click()
    expect(page.locator(".source.active").first).to_be_attached()
    page.wait_for_timeout(600)  # the sheet of a phone slides in


def open_paper(page: Page, address: str) -> None:
    """A paper's own page, with papers like it."""
    page.goto(f"{address}/papers")
    page.locator(".rows a.inside").first.click()
    expect(page.locator(".alike li").first).to_be_visible(timeout=PATIENCE)


def open_map(page: Page, address: str) -> None:
    """The map, drawn."""
    page.goto(f"{address}/papers?view=Map")
    expect(page.locator(".corpus-map canvas")).to_be_visible(timeout=PATIENCE)


def room(name: str, shows: str) -> Callable[[Page, str], None]:
    """Opens a room by its address and waits for something in it."""

    def open_it(page: Page, address: str) -> None:
        page.goto(f"{address}/{name}")
        expect(page.locator(shows).first).to_be_visible(timeout=PATIENCE)
        expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)
        page.wait_for_timeout(500)

    return open_it


ROOMS: dict[str, Callable[[Page, str], None]] = {
    "first visit": room("", ".st-key-examples button"),
    "answer and source": ask_and_open_a_source,
    "papers": room("papers", ".rows .row"),
    "paper": open_paper,
    "map": open_map,
    "figures": room("papers?view=Figures", ".bars"),
    "dumps": room("dumps", ".st-key-dumps"),
    "models": room("models", ".st-key-other-model"),
}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", ROOMS)
def test_nothing_serious_shuts_anybody_out(
    open_page: Callable[..., Page], sample_page: str, name: str, size: tuple[int, int]
) -> None:
    page = open_page(sample_page, size=size)
    ROOMS[name](page, sample_page)
    assert list(faults(page)) == []
