"""The main path reaches no other machine: no telemetry, no download."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commanding import QUESTION
from tests.conftest import SAMPLE, RunCommand


def test_nothing_leaves_the_machine(run_command: RunCommand, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for arguments in (
        ["ingest", SAMPLE, "--data", data],
        ["rag", "search", QUESTION, "--data", data],
        ["rag", "ask", QUESTION, "--data", data],
        ["rag", "doctor", "--data", data],
    ):
        outcome = run_command("tests.loopback_guard", *arguments)
        assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("target", ["192.0.2.1", "example.com"])
def test_the_guard_sees_who_leaves(target: str, tmp_path: Path, run_command: RunCommand) -> None:
    (tmp_path / "leaver.py").write_text(
        f"import socket\ntry:\n    socket.create_connection(({target!r}, 80), 0.1)\nexcept OSError:\n    pass\n",
        encoding="utf-8",
    )
    outcome = run_command("tests.loopback_guard", "leaver")
    assert outcome.returncode == 97
    assert target in outcome.stderr
