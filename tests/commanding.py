"""What the tests of commands share: reading their output, writing their input."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

QUESTION = "Which optimizers need less memory than Adam?"


def objects(outcome: subprocess.CompletedProcess[str]) -> list[Any]:
    """The JSON objects on stdout, which must hold nothing else."""
    assert outcome.returncode == 0, outcome.stderr
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def assert_one_sentence(outcome: subprocess.CompletedProcess[str], exit_code: int, *parts: str) -> None:
    """A problem that is told in a line or two, with what to do, and nothing of our insides."""
    assert outcome.returncode == exit_code, outcome.stderr
    assert "Traceback" not in outcome.stderr
    last = outcome.stderr.strip().splitlines()[-1]
    assert last
    for part in parts:
        assert part in outcome.stderr
    assert outcome.stdout == ""


def write_lines(path: Path, *items: object) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path
