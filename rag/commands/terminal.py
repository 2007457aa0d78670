"""Text for people in a terminal: wrapped to its width, with a little weight where the terminal can show it."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap

_WIDEST = 100  # characters; longer lines are hard to read


def bold(text: str) -> str:
    """The text in bold where stdout is a terminal that wants colours."""
    return _styled(text, "1")


def faint(text: str) -> str:
    """The text in a quieter tone."""
    return _styled(text, "2")


def _styled(text: str, code: str) -> str:
    wanted = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return f"\033[{code}m{text}\033[0m" if wanted else text


def wrap(text: str, *, indent: str = "") -> str:
    """The text in lines of a readable width, its own line ends kept."""
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    lines = [
        textwrap.fill(
            printable(line),
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        )
        for line in text.splitlines()
    ]
    return "\n".join(lines)


def printable(text: str) -> str:
    """The text without control characters, which could steer the reader's terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def say(text: str) -> None:
    """A line for the person on stderr, beside the results."""
    print(text, file=sys.stderr, flush=True)
