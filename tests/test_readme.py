"""What the README says is there: settings, files, make targets, commands."""

from __future__ import annotations

import re

from rag.__main__ import COMMANDS
from rag.settings import load_settings, setting_names
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    table = "\n".join(line for line in README.splitlines() if line.startswith("| `"))
    assert sorted(name for name in setting_names() if f"`{name}`" not in table) == []
    defaults = load_settings(env_file=None)
    for name, shown in (
        ("RAG_DATA_DIR", f"`{defaults.data_dir}`"),
        ("RAG_TOP_K", f"{defaults.top_k}"),
        ("LLM_CONTEXT_WINDOW", f"{defaults.llm_context_window}"),
        ("LLM_TIMEOUT", f"{defaults.llm_timeout:g}"),
    ):
        assert re.search(rf"^\| `{name}` \| {re.escape(shown)} \|", README, flags=re.MULTILINE), name


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:rag|ingest|tests|scripts|samples|docs)/[\w./-]+|[A-Z][A-Za-z]+\.md|app\.py)`", README)
    named += re.findall(r"\]\(((?!http)[\w./-]+)\)", README)
    assert len(named) > 20
    assert sorted({name for name in named if not (ROOT / name).exists()}) == []


def test_every_command_and_target_that_is_named_is_there() -> None:
    for command in re.findall(r"-m rag (\w+)", README):
        assert command in COMMANDS
    for command in COMMANDS:
        assert f"`{command}`" in README or f"-m rag {command}" in README, command
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z]+)", README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
