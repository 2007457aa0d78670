"""Reads what people keep in files for the commands: JSON lines, questions among them, and earlier turns."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO, TypeVar

from rag.corpus import Turn
from rag.errors import UsageError

Item = TypeVar("Item")
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


def read_lines(
    path: str, make: Callable[[JSONLine], Item], *, shape: str, tell: Callable[[UsageError], None] | None = None
) -> Iterator[Item]:
    """What `make` makes of the objects of a JSONL file (`-`: standard input), one by one, blank lines left out.

    Of a line that is no object, or that `make` refuses, `tell` is told, and the others go on. Without it that
    UsageError is raised; it names the line, and `shape` says what it should be.
    """
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                item = make(_object(line, number, f"Line {number} of {path}", shape=shape))
            except UsageError as error:
                if tell is None:
                    raise
                tell(error)
                continue
            yield item


def _object(line: str, number: int, where: str, *, shape: str) -> JSONLine:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is not JSON.", hint=shape) from error
    if not isinstance(found, dict):
        raise UsageError(f"{where} is no object.", hint=shape)
    return JSONLine(found, number, where)


def read_question_lines(path: str, tell: Callable[[UsageError], None]) -> Iterator[QuestionLine]:
    """The questions of a JSONL file (`-`: standard input), one by one; `tell` is told of lines that hold none."""
    return read_lines(path, as_question, shape=QUESTION_SHAPE, tell=tell)


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
    """The file as text (`-`: standard input), opened; problems of reading become sentences."""
    try:
        # Standard input as it comes, not in the encoding of the locale, and left open.
        with open(sys.stdin.fileno() if path == "-" else path, encoding="utf-8-sig", closefd=path != "-") as file:
            yield file
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}.", hint="Check the path.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint="Give a file that can be opened.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not text in UTF-8.", hint="Save it as UTF-8 and try again.") from error
