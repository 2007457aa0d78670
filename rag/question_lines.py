"""Reads questions that people keep in files: JSONL of questions, JSON of earlier turns."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rag.corpus import Turn
from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question of a file."""

    question_id: object  # as it stands in the file: text or a number; the line's number where it has none
    text: str
    history: tuple[Turn, ...]


def clean_text(text: str) -> str:
    """The text with what no UTF-8 file can hold (half a surrogate pair) replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_question_lines(path: str) -> Iterator[QuestionLine]:
    """The questions of a JSONL file (`-`: standard input), one by one, blank lines left out.

    Raises UsageError that names the line when one is no object with `question` or `text`.
    """
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _question_line(line, where=f"Line {number} of {path}", number=number)


def _question_line(line: str, *, where: str, number: int) -> QuestionLine:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is not JSON.", hint="Each line is one object with id and question.") from error
    text = found.get("question", found.get("text")) if isinstance(found, dict) else None
    if not isinstance(text, str):
        raise UsageError(
            f"{where} holds no question.", hint='Each line is one object like {"id": 1, "question": "..."}.'
        )
    return QuestionLine(found.get("id", str(number)), clean_text(text), _turns(found.get("history") or [], where=where))


def read_history(path: str) -> tuple[Turn, ...]:
    """Earlier turns from a JSON file (`-`: standard input): `[{"role": "user", "content": "..."}, ...]`."""
    with open_text(path) as file:
        try:
            found = json.load(file)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path} is not JSON.", hint="It should hold a list of role and content.") from error
    return _turns(found, where=path)


def _turns(found: object, *, where: str) -> tuple[Turn, ...]:
    """Turns from parsed JSON; those of a system or a tool hold nothing that a question refers to and are left out."""
    turns: list[Turn] = []
    for item in found if isinstance(found, list) else [found]:
        role, content = (item.get("role"), item.get("content")) if isinstance(item, dict) else (None, None)
        if not isinstance(role, str) or not isinstance(content, str):
            raise UsageError(
                f"{where} holds a history that cannot be read.",
                hint='It should be a list like [{"role": "user", "content": "..."}].',
            )
        if role == "user" or role == "assistant":
            turns.append(Turn("user" if role == "user" else "assistant", clean_text(content)))
    return tuple(turns)


@contextmanager
def open_text(path: str) -> Iterator[TextIO]:
    """The file as text, opened; problems of reading become sentences."""
    if path == "-":
        yield sys.stdin
        return
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            yield file
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}.", hint="Check the path.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint="Give a file that can be opened.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not text in UTF-8.", hint="Save it as UTF-8 and try again.") from error
