"""Settings: from the environment, then .env, then defaults; what cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import SecretStr

from rag.errors import SettingsError
from rag.settings import Settings, load_settings, setting_names
from tests.conftest import ROOT


def test_the_example_lists_every_setting_with_its_default() -> None:
    example = dotenv_values(ROOT / ".env.example")
    assert set(example) == set(setting_names())
    defaults = load_settings(env_file=None)
    for name, field in setting_names().items():
        default = getattr(defaults, field)
        shown = default.get_secret_value() if isinstance(default, SecretStr) else default
        words = {True: "yes", False: "no"}
        wanted = words[shown] if isinstance(shown, bool) else f"{shown:g}" if isinstance(shown, float) else str(shown)
        assert example[name] == wanted, name


def test_a_copy_of_the_example_changes_nothing() -> None:
    assert load_settings(env_file=ROOT / ".env.example") == load_settings(env_file=None)


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("RAG_TOP_K=3\nLLM_MODEL=of-the-file\n", encoding="utf-8")
    monkeypatch.setenv("RAG_TOP_K", "5")
    settings = load_settings()
    assert (settings.top_k, settings.llm_model) == (5, "of-the-file")


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_TOP_K", "")
    assert load_settings().top_k == Settings().top_k


def test_a_folder_on_the_command_line_comes_before_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_DATA_DIR", "elsewhere")
    assert load_settings(data_dir=tmp_path).data_dir == tmp_path


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("RAG_TOP_K", "many", "RAG_TOP_K='many'"),
        ("RAG_TOP_K", "0", "RAG_TOP_K='0'"),
        ("LLM_TIMEOUT", "-1", "LLM_TIMEOUT='-1'"),
        ("LLM_BASE_URL", "localhost:11434", "http://"),
        ("RAG_TOPK", "3", "Did you mean RAG_TOP_K?"),
        ("LLM_BASEURL", "http://127.0.0.1:1", "Did you mean LLM_BASE_URL?"),
    ],
)
def test_a_value_or_name_that_cannot_be_used_is_named(
    name: str, value: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=r"^[^\n]+$") as caught:
        load_settings()
    assert part in str(caught.value)


def test_a_strange_name_of_ours_is_refused_in_the_file_but_not_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LLM_CACHE_OF_ANOTHER_PROGRAM", "x")
    load_settings()
    Path(".env").write_text("LLM_CACHE_OF_ANOTHER_PROGRAM=x\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="LLM_CACHE_OF_ANOTHER_PROGRAM"):
        load_settings()


def test_the_general_key_is_used_where_no_other_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "general")
    assert load_settings().llm_api_key.get_secret_value() == "general"
    monkeypatch.setenv("LLM_API_KEY", "own")
    settings = load_settings()
    assert settings.llm_api_key.get_secret_value() == "own"
    assert settings.embed_api_key.get_secret_value() == "general"


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_API_KEY", "sk-very-secret")
    assert "sk-very-secret" not in repr(load_settings())


@pytest.mark.parametrize(
    ("values", "has_model"),
    [
        ({}, False),
        ({"LLM_MODEL": "m"}, False),
        ({"LLM_MODEL": "m", "LLM_BASE_URL": "http://127.0.0.1:1/v1"}, True),
        ({"LLM_MODEL": "m", "OPENAI_API_KEY": "k"}, True),
        ({"LLM_BASE_URL": "http://127.0.0.1:1/v1"}, True),
    ],
)
def test_a_model_needs_an_address_or_a_name_and_a_key(
    values: dict[str, str], has_model: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    assert load_settings().has_model is has_model
