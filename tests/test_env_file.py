"""`.env` is changed line by line: other lines stay, keys are not shown, and it is written whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values

from rag.env_file import plan_change, set_outside, write_change
from rag.errors import SettingsError
from rag.settings import load_settings
from tests.conftest import ROOT

ENV = Path(".env")

BEFORE = """\
# My settings

OTHER_PROGRAM='keeps its quotes'
export LLM_MODEL=old  # chosen in May
LLM_BASE_URL=http://127.0.0.1:1/v1

RAG_TOP_K=5
"""


def change(**values: str) -> tuple[str, ...]:
    planned = plan_change(ENV, values)
    write_change(planned)
    return planned.lines


def test_named_lines_change_and_all_others_stay() -> None:
    ENV.write_text(BEFORE, encoding="utf-8")
    lines = change(LLM_MODEL="qwen3:8b", LLM_BASE_URL="http://127.0.0.1:11434/v1", LLM_TIMEOUT="90")
    assert lines == (
        "export LLM_MODEL=qwen3:8b  # chosen in May",
        "LLM_BASE_URL=http://127.0.0.1:11434/v1",
        "LLM_TIMEOUT=90",
    )
    after = ENV.read_text(encoding="utf-8")
    assert after == (
        BEFORE.replace("LLM_MODEL=old", "LLM_MODEL=qwen3:8b").replace(":1/v1", ":11434/v1") + "LLM_TIMEOUT=90\n"
    )
    assert load_settings().llm_model == "qwen3:8b"


def test_a_file_that_is_not_there_is_made_for_its_owner_alone() -> None:
    change(LLM_MODEL="tiny", LLM_BASE_URL="")
    assert ENV.read_text(encoding="utf-8") == "LLM_MODEL=tiny\n"
    assert stat.S_IMODE(ENV.stat().st_mode) == 0o600


def test_the_mode_of_a_file_and_a_link_to_it_stay() -> None:
    target = Path("settings.txt")
    target.write_text("LLM_MODEL=a", encoding="utf-8")
    target.chmod(0o640)
    ENV.symlink_to(target)
    change(LLM_MODEL="b", RAG_TOP_K="4")
    assert ENV.is_symlink()
    assert target.read_text(encoding="utf-8") == "LLM_MODEL=b\nRAG_TOP_K=4\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_setting_goes_by_an_empty_value() -> None:
    ENV.write_text("LLM_BASE_URL=http://127.0.0.1:1/v1\n", encoding="utf-8")
    assert change(LLM_BASE_URL="") == ("LLM_BASE_URL=",)
    assert load_settings().has_model is False


def test_the_last_of_two_lines_counts_and_is_the_one_that_changes() -> None:
    ENV.write_text("LLM_MODEL=a\r\nLLM_MODEL=b\r\n", encoding="utf-8", newline="")
    change(LLM_MODEL="c")
    assert ENV.read_bytes() == b"LLM_MODEL=a\r\nLLM_MODEL=c\r\n"


def test_what_is_the_same_already_is_not_touched() -> None:
    ENV.write_text('LLM_MODEL="a"\n', encoding="utf-8")
    assert change(LLM_MODEL="a") == ()
    assert ENV.read_text(encoding="utf-8") == 'LLM_MODEL="a"\n'


@pytest.mark.parametrize("value", ["it's", 'a "b" c', "a # b", "back\\slash", "$HOME", "ü", " blank ", "a'b\\'c"])
def test_odd_values_are_read_as_they_were_meant(value: str) -> None:
    change(LLM_MODEL=value)
    assert dotenv_values(ENV)["LLM_MODEL"] == value


@pytest.mark.parametrize("value", ["two\nlines", "${HOME}", "\0"])
def test_values_that_no_line_can_hold_are_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="LLM_MODEL"):
        plan_change(ENV, {"LLM_MODEL": value})
    assert not ENV.exists()


def test_a_name_that_is_no_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="not a setting"):
        plan_change(ENV, {"PATH": "x"})


def test_keys_are_not_shown_and_an_old_one_is_not_lost() -> None:
    ENV.write_text("LLM_API_KEY=sk-old-secret\n", encoding="utf-8")
    lines = change(LLM_API_KEY="sk-new-secret")
    assert lines == ("# LLM_API_KEY=••••••••", "LLM_API_KEY=••••••••")
    assert ENV.read_text(encoding="utf-8") == "# LLM_API_KEY=sk-old-secret\nLLM_API_KEY=sk-new-secret\n"


@pytest.mark.parametrize("before", ["LLM_API_KEY = ", "export LLM_API_KEY\t=", "'LLM_API_KEY'=", "  LLM_API_KEY  = "])
def test_an_old_key_is_hidden_however_its_line_is_written(before: str) -> None:
    ENV.write_text(f"{before}sk-old-secret\n", encoding="utf-8")
    lines = change(LLM_API_KEY="sk-new-secret")
    assert len(lines) == 2
    assert "secret" not in "".join(lines)
    assert "sk-old-secret" in ENV.read_text(encoding="utf-8")


def test_a_password_in_an_address_is_written_but_not_shown() -> None:
    assert change(LLM_BASE_URL="http://me:secret@host/v1") == ("LLM_BASE_URL=http://••••••••@host/v1",)
    assert load_settings().llm_base_url == "http://me:secret@host/v1"


def test_a_file_that_was_changed_meanwhile_is_left_alone() -> None:
    ENV.write_text("LLM_MODEL=a\n", encoding="utf-8")
    planned = plan_change(ENV, {"LLM_MODEL": "b"})
    ENV.write_text("LLM_MODEL=c\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="changed meanwhile"):
        write_change(planned)
    assert ENV.read_text(encoding="utf-8") == "LLM_MODEL=c\n"


def test_a_file_that_is_no_text_is_named() -> None:
    ENV.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read"):
        plan_change(ENV, {"LLM_MODEL": "b"})


def test_the_example_can_be_filled_in() -> None:
    ENV.write_bytes((ROOT / ".env.example").read_bytes())
    assert len(change(LLM_MODEL="tiny", LLM_BASE_URL="http://127.0.0.1:1/v1", LLM_CONTEXT_WINDOW="8192")) == 3
    settings = load_settings()
    assert (settings.llm_model, settings.llm_context_window) == ("tiny", 8192)


def test_what_the_environment_sets_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_MODEL", "from outside")
    monkeypatch.setenv("LLM_BASE_URL", "")
    assert set_outside(["LLM_BASE_URL", "LLM_MODEL", "LLM_TIMEOUT"]) == ("LLM_MODEL",)
