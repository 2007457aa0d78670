"""What options take: each function reads one value, and argparse makes a sentence of its error."""

from __future__ import annotations

import argparse
from pathlib import Path

_MOST = 1_000_000_000


def path(text: str) -> Path:
    """A file or folder. None of an empty text, which a script's unset variable leaves: that would be this folder."""
    return Path(dump(text))


def dump(text: str) -> str:
    """A PATH of dumps, which may be a glob or `-`."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty; give a path, or . for this folder")
    return text


def number_from_one(text: str) -> int:
    """How many, or which."""
    number = int(text) if text.isdecimal() and len(text) <= len(str(_MOST)) else 0
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return number
