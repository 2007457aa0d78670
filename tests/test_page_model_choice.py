"""Which model is used: what is written into the forms is read as meant or refused, other tabs follow a change."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from rag.errors import UsageError
from rag.page.embeddings import other_embeddings
from rag.page.engine import engine, settings, start_again
from rag.page.model_choice import full_address, make_choice
from rag.settings import Settings
from tests.openai_server import OpenAIServer
from tests.page_harness import OpenPage, button, fresh_server, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here

WITH_PASSWORD = "http://me:secret@127.0.0.1:1/v1"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("", ""),
        (" 127.0.0.1:11434/v1/ ", "http://127.0.0.1:11434/v1"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("https://api.example/v1", "https://api.example/v1"),
    ],
)
def test_an_address_may_be_given_in_short(written: str, address: str) -> None:
    assert full_address(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "[::1/v1",
        "http://[your-server]:8000",
        "localhost:port/v1",
        "http://",
        "ftp://host",
        "me:secret@a b",
        "host/v1?key=secret",
    ],
)
def test_what_is_no_address_is_refused_without_a_password(written: str) -> None:
    with pytest.raises(UsageError, match="is no address") as caught:
        full_address(written)
    assert "secret" not in str(caught.value)


def test_a_key_that_no_request_can_carry_is_refused_without_repeating_it() -> None:
    with pytest.raises(UsageError, match="The key cannot be used") as caught:
        make_choice(Settings(_env_file=None), address="127.0.0.1:1", key="“sk-secret”")
    assert "secret" not in str(caught.value)
    with pytest.raises(UsageError, match="The key cannot be used"):
        other_embeddings(Settings(_env_file=None), address="127.0.0.1:1", model="tiny", key="“sk-secret”")


def test_a_tab_that_was_open_asks_the_model_that_is_set_now(open_page: OpenPage, sample_index: Path) -> None:
    with OpenAIServer() as old, OpenAIServer() as new:
        new.default_reply = "LoRA freezes the weights [1]."
        page = open_page(sample_index, LLM_BASE_URL=old.base_url, LLM_MODEL="tiny")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LLM_BASE_URL", new.base_url)
            start_again()  # in another tab
            page.chat_input(key="question").set_value("How does LoRA adapt a model?").run()
            assert "freezes the weights" in shown(page)
            button(page, "Ask again")
        assert len(new.chats()) == 2
        assert old.chats() == []


def test_a_tab_notices_by_itself_that_the_settings_changed(open_page: OpenPage, tmp_path: Path) -> None:
    open_page(tmp_path)

    def look_on() -> None:
        import streamlit as st

        from rag.page.engine import engine, start_again
        from rag.page.holdings import NOTHING
        from rag.page.watch import watch

        answers = engine()
        answers.wait(60)
        st.session_state["runs"] = st.session_state.get("runs", 0) + 1
        if st.session_state["runs"] == 1:
            start_again()  # in another tab
            engine().wait(60)
        watch(answers, NOTHING)

    assert AppTest.from_function(look_on, default_timeout=60).run().session_state["runs"] == 2


def test_who_asks_for_the_engine_while_it_is_put_away_has_the_settings_of_then(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page(tmp_path)
    asked: list[int] = []

    class Closing:
        def close(self) -> None:
            asked.append(settings().top_k)

    monkeypatch.setattr(engine(), "_index", Closing())
    monkeypatch.setenv("RAG_TOP_K", "3")
    start_again()
    assert asked == [3]


def test_a_password_of_the_settings_goes_to_their_own_address_alone() -> None:
    settings = Settings(
        _env_file=None, llm_base_url=WITH_PASSWORD, llm_api_key=SecretStr("k"), embed_base_url=WITH_PASSWORD
    )
    own = make_choice(settings, address="127.0.0.1:1/v1")
    assert (own.base_url, own.api_key) == (WITH_PASSWORD, "k")
    other = make_choice(settings, address="127.0.0.1:2/v1")
    assert (other.base_url, other.api_key) == ("http://127.0.0.1:2/v1", "")
    embeddings = other_embeddings(settings, address="127.0.0.1:1/v1", model="tiny", key="")
    assert embeddings.embed_base_url == WITH_PASSWORD


def test_a_password_of_an_address_is_on_no_page(open_page: OpenPage, sample_index: Path) -> None:
    for room in ("models", ""):
        page = open_page(
            sample_index, room=room, LLM_BASE_URL=WITH_PASSWORD, EMBED_BASE_URL=WITH_PASSWORD, EMBED_MODEL="tiny"
        )
        assert "the first model at http://127.0.0.1:1/v1" in shown(page)
        assert "secret" not in f"{shown(page)} {[field.value for field in page.text_input]}"
