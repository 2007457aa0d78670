"""Times, sizes, and tables of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rag.settings import setting_names

ROOT = Path(__file__).resolve().parent.parent

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class CommandRun:
    """A command that was run to its end."""

    seconds: float  # wall clock
    peak_memory: float  # MB of resident memory at most; 0 where the system does not say
    stdout: str


def run_command(*arguments: object) -> CommandRun:
    """`python -m ARGUMENTS` in a process of its own, with the settings' defaults: none of the environment, and from a
    folder without `.env`. Raises RuntimeError with what it said where it failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _run_in(folder, [str(each.resolve() if isinstance(each, Path) else each) for each in arguments])


def _run_in(folder: str, arguments: Sequence[str]) -> CommandRun:
    ours = setting_names()
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = 0.0
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        peak = max(peak, _peak_memory(status))
        try:
            stdout, stderr = process.communicate(timeout=0.05)
            break
        except subprocess.TimeoutExpired:
            continue
    else:
        stdout, stderr = process.communicate()
    if process.returncode:
        message = f"python -m {' '.join(arguments)}: {stderr.strip()}"
        raise RuntimeError(message)
    return CommandRun(time.perf_counter() - began, peak, stdout)


def _peak_memory(status: Path) -> float:
    try:
        lines = status.read_text(encoding="utf-8").splitlines()
    except OSError:  # not on Linux, or already gone
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def milliseconds(action: Callable[[Item], object], items: Iterable[Item]) -> list[float]:
    """How long the action takes with each item, in milliseconds; it has been warmed up by then."""
    taken: list[float] = []
    for item in items:
        began = time.perf_counter()
        action(item)
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which `share` percent of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def folder_size(folder: Path) -> int:
    """Bytes of all files in it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; all columns but the first are numbers and aligned as such."""
    lines = [f"| {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) - 1)}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)
