"""Reads what people keep in files for the commands: JSON lines, questions among them, and earlier turns."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rag.corpus import Turn
from rag.errors import UsageError

QUESTION_SHAPE = 'Each line is one object like {"id": 1, "question": "..."}.'


@dataclass(frozen=True, slots=True)
class JSONLine:
    """One object of a file of JSON lines."""

    fields: Mapping[str, object]
    number: int  # of the line, from 1
    where: str  # the same in words, for messages

    @property
    def name(self) -> object:
        """Its `id` as it stands in the file, text or a number; the line's number where it has none."""
        return self.fields.get("id", str(self.number))


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question of a file."""

    question_id: object  # see JSONLine.name
    text: str
    history: tuple[Turn, ...]


def clean_text(text: str) -> str:
    """The text with what no UTF-8 file can hold (half a surrogate pair) replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_json_lines(path: str, *, shape: str) -> Iterator[JSONLine]:
    """The objects of a JSONL file (`-`: standard input), one by one, blank lines left out.

    Raises UsageError that names the line where one is no object; `shape` says what it should be.
    """
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            where = f"Line {number} of {path}"
            try:
                found = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise UsageError(f"{where} is not JSON.", hint=shape) from error
            if not isinstance(found, dict):
                raise UsageError(f"{where} is no object.", hint=shape)
            yield JSONLine(found, number, where)


def read_question_lines(path: str) -> Iterator[QuestionLine]:
    """The questions of a JSONL file (`-`: standard input), one by one.

    Raises UsageError that names the line when one is no object with `question` or `text`.
    """
    return map(as_question, read_json_lines(path, shape=QUESTION_SHAPE))


def as_question(line: JSONLine) -> QuestionLine:
    """The question on a line. Raises UsageError where there is none."""
    text = line.fields.get("question", line.fields.get("text"))
    if not isinstance(text, str):
        raise UsageError(f"{line.where} holds no question.", hint=QUESTION_SHAPE)
    history = _turns(line.fields.get("history") or [], where=line.where)
    return QuestionLine(line.name, clean_text(text), history)


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
