"""Dumps and Models in a real browser: upload, look, ingest; another model taken, asked, and seen to answer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from scripts.page_server import page_server
from tests.browsing import PHONE, ask
from tests.dumps_of import row, title_of, write_dump
from tests.openai_server import OpenAIServer, Reply

OpenPage = Callable[..., Page]
PATIENCE = 120_000  # ms


def test_files_are_uploaded_looked_at_ingested_and_asked_about(open_page: OpenPage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    dump = write_dump(tmp_path / "made up.jsonl", [row(number) for number in range(30)])
    other = tmp_path / "no dump.txt"
    other.write_text("hello", encoding="utf-8")
    with page_server(data, cwd=tmp_path) as address:
        page = open_page(f"{address}/dumps")
        page.set_default_timeout(PATIENCE)
        page.locator('input[type="file"]').set_input_files([dump, other])
        page.get_by_role("button", name="Look first").click()
        add = page.get_by_role("button", name="Add 30 papers")
        expect(add).to_be_visible(timeout=PATIENCE)
        page.get_by_text("1 place could not be read, and why").click()
        expect(page.locator(".rejected")).to_contain_text("no dump.txt, line 1")
        add.click()
        about = page.get_by_role("button", name="Ask about the 30 new papers").first
        expect(about).to_be_visible(timeout=PATIENCE)
        expect(page.locator(".st-key-holdings")).to_contain_text("30 papers")
        page.locator(".st-key-history summary").first.click()
        expect(page.locator(".came")).to_contain_text(title_of(0), timeout=PATIENCE)
        about.click()
        expect(page.locator('[data-testid="stChatInputTextArea"]')).to_be_visible(timeout=PATIENCE)
        expect(page.locator(".stMain")).to_contain_text("30 papers new on", timeout=PATIENCE)


def test_a_dump_is_removed_on_a_phone(open_page: OpenPage, sample_index: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_index, data)
    with page_server(data, cwd=tmp_path) as address:
        page = open_page(f"{address}/dumps", size=PHONE)
        page.set_default_timeout(PATIENCE)
        page.get_by_role("button", name="Remove well-known-papers.txt").tap()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("will leave the index", timeout=PATIENCE)
        dialog.get_by_role("button", name="Keep it").tap()
        expect(dialog).to_be_hidden(timeout=PATIENCE)
        page.get_by_role("button", name="Remove well-known-papers.txt").tap()
        dialog.get_by_role("button", name="Remove it").tap()
        expect(page.locator(".stMain")).to_contain_text("The index holds 0 papers.", timeout=PATIENCE)
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= PHONE[0]


def test_what_a_dump_would_bring_is_seen_at_once_on_a_phone(open_page: OpenPage, tmp_path: Path) -> None:
    dumps = [write_dump(tmp_path / f"a long name of a dump {each}.jsonl", [row(each)]) for each in range(2)]
    with page_server(tmp_path / "data", cwd=tmp_path) as address:
        page = open_page(f"{address}/dumps", size=PHONE)
        page.set_default_timeout(PATIENCE)
        page.locator('input[type="file"]').set_input_files(dumps)
        page.get_by_role("button", name="Look first").tap()
        expect(page.get_by_role("button", name="Add 2 papers")).to_be_visible(timeout=PATIENCE)
        expect(page.locator(".figures")).to_contain_text("Rejected")
        assert page.locator(".wide").evaluate("each => each.scrollWidth - each.clientWidth") == 0


def test_another_model_is_tested_taken_and_its_answer_seen(
    open_page: OpenPage, sample_index: Path, tmp_path: Path
) -> None:
    with OpenAIServer(default_reply=Reply("LoRA trains two small matrices beside frozen weights [1].")) as server:
        server.accepted_key = "sk-of-this-test"
        with page_server(sample_index, cwd=tmp_path, RAG_KEEP_CONVERSATIONS="no") as address:
            page = open_page(f"{address}/models")
            page.set_default_timeout(PATIENCE)
            expect(page.locator(".st-key-holdings")).to_contain_text("No language model", timeout=PATIENCE)
            field = page.get_by_role("textbox", name="Address", exact=True)
            field.fill(server.base_url)
            field.press("Tab")
            key = page.get_by_role("textbox", name="Key", exact=True)
            key.fill("sk-of-this-test")
            key.press("Tab")
            key.press("Tab")  # past the button that shows it
            page.get_by_role("button", name="List its models").click()
            expect(page.get_by_role("combobox", name="Model")).to_have_value("tiny", timeout=PATIENCE)
            page.get_by_role("button", name="Test it first").click()
            expect(page.locator(".checks")).to_contain_text("It streams", timeout=PATIENCE)
            page.get_by_role("button", name="Use for this session").click()
            expect(page.locator(".st-key-holdings")).to_contain_text("Answers by tiny", timeout=PATIENCE)
            expect(key).to_have_value("")
            page.locator(".st-key-ways").get_by_text("Ask").click()
            turn = ask(page, "How does LoRA adapt a large model with few trainable weights?")
            expect(turn.locator(".answer")).to_contain_text("two small matrices")
            assert "sk-of-this-test" not in page.content()
            page.reload()
            expect(page.locator(".st-key-holdings")).to_contain_text("Answers by tiny", timeout=PATIENCE)
            cookies = page.context.cookies()
            assert not any("sk-of-this-test" in str(cookie) for cookie in cookies)
            expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)
            assert "askpapers_tab" not in {cookie.get("name") for cookie in page.context.cookies()}
            other = page.context.new_page()
            other.goto(address)
            expect(other.locator(".st-key-holdings")).to_contain_text("No language model", timeout=PATIENCE)
    assert not (tmp_path / ".env").exists()


def test_the_lines_for_good_are_seen_before_they_are_written(
    open_page: OpenPage, sample_index: Path, tmp_path: Path
) -> None:
    env = tmp_path / ".env"
    env.write_text("# mine\n", encoding="utf-8")
    with OpenAIServer() as server, page_server(sample_index, cwd=tmp_path, RAG_KEEP_CONVERSATIONS="no") as address:
        page = open_page(f"{address}/models")
        page.set_default_timeout(PATIENCE)
        field = page.get_by_role("textbox", name="Address", exact=True)
        field.fill(server.base_url)
        field.press("Tab")
        page.get_by_role("button", name="Use for good ...").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.locator(".env-lines")).to_have_text(f"LLM_BASE_URL={server.base_url}", timeout=PATIENCE)
        assert env.read_text(encoding="utf-8") == "# mine\n"
        dialog.get_by_role("button", name="Write these lines").click()
        expect(page.locator(".st-key-holdings")).to_contain_text("Answers by the first model at", timeout=PATIENCE)
        assert env.read_text(encoding="utf-8") == f"# mine\nLLM_BASE_URL={server.base_url}\n"
