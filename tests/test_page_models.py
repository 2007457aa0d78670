"""Models on the page: what is in use, servers of this machine, another model for a session or for good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rag.page import examining, model_form
from rag.page.engine import engine
from tests.openai_server import OpenAIServer, closed_port_url
from tests.page_harness import OpenPage, button, fresh_server, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here

QUESTION = "How does LoRA adapt a large model with few trainable weights?"
SECRET = "sk-very-secret-4711"
ENV = Path(".env")


@pytest.fixture(autouse=True)
def no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs on this machine is not there."""
    monkeypatch.setattr("rag.endpoint.servers.KNOWN_PORTS", {})
    model_form.local_servers.clear()


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch, openai_server: OpenAIServer) -> OpenAIServer:
    """The fake server, found as Ollama."""
    port = int(openai_server.root_url.rpartition(":")[2])
    monkeypatch.setattr("rag.endpoint.servers.KNOWN_PORTS", {port: "Ollama"})
    openai_server.models = ["tiny", "tiny:8b"]
    return openai_server


def key_field(page: AppTest) -> Any:
    """The field of the key, which is a new one after each use."""
    return next(field for field in page.text_input if field.label == "Key")


def fill(page: AppTest, address: str, *, key: str = "") -> None:
    """Write into the form; it is sent by the next button."""
    page.text_input(key="model-address").set_value(address)
    key_field(page).set_value(key)


def lines_of(page: AppTest, place: str) -> str:
    """What the checks of a place have found."""
    job = page.session_state[f"examining-{place}"]
    assert isinstance(job, examining.Examining)
    assert job.wait(60)
    return shown(page.run())


def ask(page: AppTest, question: str = QUESTION) -> str:
    """Go to Ask and ask."""
    page._page_hash = next(key for key, each in page._registered_pages.items() if not each.get("url_pathname"))
    page.run()
    page.chat_input(key="question").set_value(question).run()
    return shown(page)


def to_models(page: AppTest) -> AppTest:
    """Back to Models."""
    rooms = {str(each.get("url_pathname")): key for key, each in page._registered_pages.items()}
    page._page_hash = rooms["models"]
    return page.run()


def test_what_is_set_is_told_and_never_the_key(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    settings = {"LLM_BASE_URL": openai_server.base_url, "LLM_MODEL": "tiny", "LLM_API_KEY": SECRET}
    page = open_page(sample_index, room="models", LLM_PRICE_IN="0.4", LLM_PRICE_OUT="1.6", **settings)
    text = shown(page)
    assert "<td>tiny</td>" in text
    assert "4,096 tokens" in text
    assert "0.4 USD for a million tokens read, 1.6 for as many written" in text
    assert "all-MiniLM-L6-v2" in text
    assert SECRET not in text
    assert openai_server.requests == []  # looking at the room asks nobody


def test_without_a_model_and_without_servers_the_room_says_how_to_get_one(
    open_page: OpenPage, sample_index: Path
) -> None:
    text = shown(open_page(sample_index, room="models"))
    assert "No language model is set up" in text
    assert "No server was found on this machine." in text


def test_a_server_of_this_machine_is_found_taken_and_used_for_this_session_only(
    open_page: OpenPage, sample_index: Path, ollama: OpenAIServer
) -> None:
    ollama.default_reply = "LoRA freezes the weights [1]."
    page = open_page(sample_index, room="models")
    assert f"{ollama.base_url} · 2 models · tiny, tiny:8b" in shown(page)
    button(page, "Take Ollama")
    assert page.selectbox(key="model-name").options == ["tiny", "tiny:8b"]
    page.selectbox(key="model-name").set_value("tiny:8b")
    button(page, "Use for this session")
    text = shown(page)
    assert "Answers by <b>tiny:8b</b>" in text
    assert 'class="tag">this session' in text
    assert "freezes the weights" in ask(page)
    assert ollama.chats()[-1].body["model"] == "tiny:8b"
    other = AppTest.from_file(page._script_path, default_timeout=60).run()
    assert "No language model: answers are sentences" in shown(other)
    assert not ENV.exists()
    button(to_models(page), "Back to the settings")
    assert "No language model is set up" in shown(page)


def test_extracts_only_is_a_choice_of_the_session(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    page = open_page(sample_index, room="models", LLM_BASE_URL=openai_server.base_url, LLM_MODEL="tiny")
    button(page, "Extracts only")
    assert "Extracts only" in shown(page)
    assert "quoted word for word" in ask(page)
    assert openai_server.chats() == []
    button(to_models(page), "Back to tiny")
    assert "Answers by <b>tiny</b>" in shown(page)


def test_the_test_shows_the_doctors_lines(open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer) -> None:
    openai_server.default_reply = "TURQUOISE-4711, one two three"
    page = open_page(sample_index, room="models", LLM_BASE_URL=openai_server.base_url, LLM_MODEL="tiny")
    button(page, "Test now")
    text = lines_of(page, "models")
    for name in ("embeddings", "store", "index", "endpoint", "streaming", "context"):
        assert f"<b>{name}</b>" in text
    assert "It streams" in text


def test_another_model_is_tested_before_it_is_used(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    openai_server.accepted_key = SECRET
    page = open_page(sample_index, room="models")
    fill(page, openai_server.root_url.removeprefix("http://"), key="wrong")
    button(page, "Test it first")
    text = lines_of(page, "other-model")
    assert "does not work" in text
    assert "wrong" not in text
    fill(page, openai_server.base_url, key=SECRET)
    button(page, "Test it first")
    text = lines_of(page, "other-model")
    assert "<b>streaming</b>" in text
    assert SECRET not in text
    assert "No language model is set up" in text  # nothing was chosen


def test_a_key_is_kept_for_the_session_and_leaves_the_form(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    openai_server.accepted_key = SECRET
    page = open_page(sample_index, room="models")
    fill(page, openai_server.base_url, key=SECRET)
    button(page, "List its models")
    assert page.selectbox(key="model-name").value == "tiny"
    button(page, "Use for this session")
    assert key_field(page).value == ""
    assert SECRET not in shown(page)
    assert SECRET not in repr(page.session_state["model-choice"])
    assert 'class="cite"' in ask(page)
    assert openai_server.chats()[-1].headers["authorization"] == f"Bearer {SECRET}"


def test_the_key_of_the_settings_goes_to_no_other_address(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    page = open_page(sample_index, room="models", LLM_BASE_URL=closed_port_url(), LLM_MODEL="a", LLM_API_KEY=SECRET)
    fill(page, openai_server.base_url)
    button(page, "List its models")
    button(page, "Use for this session")
    ask(page)
    assert openai_server.requests
    assert not any(SECRET in str(request.headers) for request in openai_server.requests)


@pytest.mark.parametrize(
    ("address", "said"), [("", "An address is missing."), ("ftp://host/v1", "is no address"), ("a b", "is no address")]
)
def test_what_cannot_be_used_is_said(open_page: OpenPage, sample_index: Path, address: str, said: str) -> None:
    page = open_page(sample_index, room="models")
    fill(page, address)
    button(page, "Use for this session")
    assert said in shown(page)
    assert "No language model is set up" in shown(page)


def test_a_server_that_is_down_or_lists_nothing_is_named(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    openai_server.models = None
    page = open_page(sample_index, room="models")
    fill(page, openai_server.base_url)
    button(page, "List its models")
    assert "does not list its models" in shown(page)
    fill(page, closed_port_url())
    button(page, "List its models")
    assert "The language model does not answer" in shown(page)


def test_a_model_for_good_is_written_after_its_lines_were_shown(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    ENV.write_text("# mine\nRAG_TOP_K=5\n", encoding="utf-8")
    page = open_page(sample_index, room="models")
    fill(page, openai_server.base_url)
    button(page, "List its models")
    button(page, "Use for good ...")
    assert f"LLM_BASE_URL={openai_server.base_url}\nLLM_MODEL=tiny</pre>" in shown(page)
    assert ENV.read_text(encoding="utf-8") == "# mine\nRAG_TOP_K=5\n"
    page.button(key="write-env").click().run()
    assert ENV.read_text(encoding="utf-8") == (
        f"# mine\nRAG_TOP_K=5\nLLM_BASE_URL={openai_server.base_url}\nLLM_MODEL=tiny\n"
    )
    assert engine().wait(60)
    assert "Answers by <b>tiny</b>" in shown(page.run())
    assert 'class="tag">this session' not in shown(page)


def test_a_key_is_written_only_where_that_is_ticked(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    page = open_page(sample_index, room="models")
    fill(page, openai_server.base_url, key=SECRET)
    button(page, "Use for good ...")
    assert "The key is not written" in shown(page)
    page.checkbox(key="write-key").check().run()
    assert "LLM_API_KEY=••••••••" in shown(page)
    assert SECRET not in shown(page)
    page.checkbox(key="write-key").uncheck().run()
    page.button(key="write-env").click().run()
    assert SECRET not in ENV.read_text(encoding="utf-8")
    assert page.session_state["model-choice"].api_key == SECRET  # still at hand in this session
    fill(page, openai_server.base_url, key=SECRET)
    button(page, "Use for good ...")
    page.checkbox(key="write-key").check().run()
    page.button(key="write-env").click().run()
    assert f"LLM_API_KEY={SECRET}" in ENV.read_text(encoding="utf-8")


def test_a_key_that_is_set_is_kept_from_a_new_address_for_good(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    ENV.write_text(f"LLM_BASE_URL=http://127.0.0.1:9/v1\nLLM_API_KEY={SECRET}\n", encoding="utf-8")
    page = open_page(sample_index, room="models")
    fill(page, openai_server.base_url)
    button(page, "Use for good ...")
    assert "# LLM_API_KEY=••••••••\nLLM_API_KEY=none" in shown(page)
    page.button(key="write-env").click().run()
    assert f"# LLM_API_KEY={SECRET}\nLLM_API_KEY=none\n" in ENV.read_text(encoding="utf-8")


def test_what_the_environment_sets_is_named_and_nothing_written(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    page = open_page(sample_index, room="models", LLM_BASE_URL=closed_port_url())
    fill(page, openai_server.base_url)
    button(page, "Use for good ...")
    assert "LLM_BASE_URL is set outside of .env" in shown(page)
    assert page.button(key="write-env").disabled


def test_visitors_from_elsewhere_enter_no_address(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.page.visitor.is_here", lambda *_: False)
    page = open_page(sample_index, room="models", LLM_BASE_URL=openai_server.base_url, LLM_MODEL="tiny")
    assert "chosen at the machine that serves this page" in shown(page)
    keys = {each.key for each in page.button}
    assert not keys & {"use-session", "use-good", "rebuild", "rebuild-other", "list-models"}
    button(page, "Extracts only")
    assert "Answers by" not in shown(page)
