"""Settings: from the environment, then .env, then defaults; what cannot be used is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import SecretStr

from rag.errors import SettingsError
from rag.settings import Settings, http_address, load_settings, setting_names
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


@pytest.mark.parametrize("in_file", [False, True])
def test_a_variable_that_is_named_as_a_field_changes_nothing(in_file: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = [name.upper() for name in Settings.model_fields if name.upper() not in setting_names()]
    assert {"DATA_DIR", "TOP_K", "INGEST_FROM", "KEEP_CONVERSATIONS"} <= set(fields)
    usual = load_settings()
    if in_file:
        Path(".env").write_text("".join(f"{name}=elsewhere\n" for name in fields), encoding="utf-8")
    else:
        for name in fields:
            monkeypatch.setenv(name, "elsewhere")
    assert load_settings() == usual
    monkeypatch.setenv("RAG_TOP_K", "5")
    assert load_settings().top_k == 5


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
        ("LLM_BASE_URL", "http://[::1/v1", "no address"),
        ("LLM_BASE_URL", "http://[your-server]:8000/v1", "no address"),
        ("LLM_BASE_URL", "http://<your-server>:8000/v1", "no address"),
        ("EMBED_BASE_URL", "http://localhost:port/v1", "no address"),
        ("EMBED_BASE_URL", "http://", "no address"),
        ("EMBED_BASE_URL", "http:/v1", "no address"),
        ("CHROMA_URL", "http://localhost:99999", "no address"),
        ("CHROMA_URL", "http://one.example two.example", "no address"),
        ("LLM_BASE_URL", f"http://{'a' * 70}.example", "no address"),
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


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" http://localhost:11434/v1/ ", "http://localhost:11434/v1"),
        ("HTTPS://api.example/v1", "HTTPS://api.example/v1"),
        ("http://me:p@ss@127.0.0.1:1", "http://me:p@ss@127.0.0.1:1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http://my_server:8000", "http://my_server:8000"),
        ("http://häuser.example", "http://häuser.example"),
        ("/", ""),
    ],
)
def test_an_address_is_taken_in_every_usual_form(written: str, read: str) -> None:
    assert http_address(written) == read


def test_a_password_is_repeated_neither_in_an_error_nor_as_the_models_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("http://me:secret@host:port/v1", "me:secret@host", "http://me:sec/ret@host/v1"):
        monkeypatch.setenv("LLM_BASE_URL", wrong)
        with pytest.raises(SettingsError, match="LLM_BASE_URL='host") as caught:
            load_settings()
        assert "sec" not in str(caught.value)
    monkeypatch.setenv("LLM_BASE_URL", "http://me:secret@host/v1")
    assert load_settings().shown_model == "the first model at http://host/v1"


@pytest.mark.parametrize("name", ["LLM_BASE_URL", "EMBED_BASE_URL", "CHROMA_URL"])
@pytest.mark.parametrize("rest", ["?key=AIzaSecret4711", "#secret", "?key=Secret@4711", "?"])
def test_an_address_with_a_key_in_it_is_refused_without_repeating_it(
    name: str, rest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, f"http://127.0.0.1:1/v1{rest}")
    with pytest.raises(SettingsError, match=f"^{name}=.*a key is set apart from it") as caught:
        load_settings()
    assert not re.search("secret|4711", str(caught.value), re.IGNORECASE)


@pytest.mark.parametrize("name", ["LLM_API_KEY", "EMBED_API_KEY", "OPENAI_API_KEY"])
@pytest.mark.parametrize("key", ["“sk-secret-4711”", "sk-secret\n4711", "sk-secret\u200b4711"])
def test_a_key_that_no_request_can_carry_is_refused_without_repeating_it(
    name: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, key)
    with pytest.raises(SettingsError, match=f"^{name} cannot be used: ") as caught:
        load_settings()
    assert "secret" not in f"{caught.value!r} {caught.value}"


def test_blanks_around_a_key_are_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_API_KEY", " sk-secret-4711\t")
    assert load_settings().llm_api_key.get_secret_value() == "sk-secret-4711"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_named(encoding: str) -> None:
    Path(".env").write_text("# café\nLLM_MODEL=tiny\n", encoding=encoding)
    with pytest.raises(SettingsError, match=r"\.env cannot be read.*UTF-8"):
        load_settings()


@pytest.mark.parametrize(
    "line",
    [
        "LLM_MODEL: tiny",
        "LLM_MODEL 'tiny'",
        "LLM_MODEL",
        "export LLM_API_KEY",
        "LLM_MODEL='tiny",
        "OPENAI_API_KEY sk-x",
    ],
)
def test_a_line_of_the_file_that_sets_nothing_is_named_without_repeating_it(line: str) -> None:
    Path(".env").write_text(f"# comment: LLM_MODEL\n\nRAG_TOP_K=3\n  \n{line}\nLLM_JUDGE=yes\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^Line 5 of \.env cannot be read\. Write NAME=value\.$"):
        load_settings()


def test_lines_of_other_programs_may_be_anything() -> None:
    Path(".env").write_text("THEIRS: a b\nset -o allexport\nRAG_TOP_K=3\n", encoding="utf-8")
    assert load_settings().top_k == 3


def test_the_users_own_folder_may_be_written_as_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("RAG_DATA_DIR=~/papers\n", encoding="utf-8")
    assert load_settings().data_dir == Path.home() / "papers"
    monkeypatch.setenv("RAG_DATA_DIR", "~nobody-has-this-name/papers")
    with pytest.raises(SettingsError, match="RAG_DATA_DIR='~nobody-has-this-name/papers' cannot be used: the name"):
        load_settings()


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
