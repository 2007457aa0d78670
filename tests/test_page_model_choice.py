"""What is written into the forms for models: addresses and keys are read as meant, or refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.errors import UsageError
from rag.page.embeddings import other_embeddings
from rag.page.model_choice import full_address, make_choice
from rag.settings import Settings
from tests.page_harness import OpenPage, fresh_server, open_page, shown

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
