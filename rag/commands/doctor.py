"""`rag doctor`: one line for each part that can be wrong, with what to do about it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rag.commands.shapes import write_json
from rag.commands.terminal import bold, wrap

if TYPE_CHECKING:
    from rag.settings import Settings

_SIGNS = {"ok": "ok  ", "warning": "look", "failed": "FAIL", "off": "off "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes nothing of its own."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the checks as they are made; exit code 1 where one failed."""
    from rag.doctor import examine

    failed = False
    for check in examine(settings):
        failed = failed or check.status == "failed"
        if arguments.json:
            write_json({"check": check.name, "status": check.status, "detail": check.detail, "hint": check.hint})
            continue
        print(f"{bold(_SIGNS[check.status])}  {check.name}: {check.detail}", flush=True)
        if check.hint:
            print(wrap(check.hint, indent="      "), flush=True)
    return 1 if failed else 0
