"""Changes a few lines of `.env` and keeps all others: comments, order, settings of other programs.

First the change is planned, so that its lines can be shown; then it is written, whole or not at all.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from rag.errors import SettingsError
from rag.settings import setting_names

_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=\-]*")
_INLINE = re.compile(r"\s+#[^\n]*$")  # a comment behind a value that stands without quotes
_SECRET = ("_KEY",)  # ends of names whose values are not shown
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^/\s]+@")


@dataclass(frozen=True, slots=True)
class EnvChange:
    """What `.env` will hold."""

    path: Path
    before: str  # what it held when the change was planned
    after: str
    lines: tuple[str, ...]  # those that are new or changed, in the file's order, keys hidden


def plan_change(path: Path, values: Mapping[str, str]) -> EnvChange:
    """The file with these settings; an empty value leaves the name there without one.

    A key that is replaced stays as a comment, so that it is not lost. Raises SettingsError where the file cannot be
    read, or a value cannot be written there.
    """
    known = setting_names()
    for name, value in values.items():
        if name not in known:
            raise SettingsError(f"{name} is not a setting of AskPapers.", hint="The names are listed in .env.example.")
        if not value.isprintable() or "${" in value:
            raise SettingsError(f"The value of {name} cannot stand in a line of .env.", hint="Set it by hand.")
    before = _read(path)
    bindings = list(parse_stream(io.StringIO(before)))
    last = {binding.key: number for number, binding in enumerate(bindings) if binding.key in values}
    parts: list[str] = []
    changed: list[str] = []
    for number, binding in enumerate(bindings):
        key = binding.key
        if key is None or last.get(key) != number or binding.value == values[key]:
            parts.append(binding.original.string)
            continue
        text, lines = _replaced(binding, values[key])
        parts.append(text)
        changed += lines
    after = "".join(parts)
    missing = [_line(name, value) for name, value in values.items() if name not in last and value]
    if missing:
        after += "" if not after or after.endswith("\n") else "\n"
        after += "".join(f"{line}\n" for line in missing)
        changed += missing
    _check(after, values)
    return EnvChange(path, before, after, tuple(map(_hidden, changed)))


def write_change(change: EnvChange) -> None:
    """Write what was planned. Raises SettingsError where the file has changed meanwhile or cannot be written."""
    if _read(change.path) != change.before:
        raise SettingsError(f"{change.path} was changed meanwhile.", hint="Look at the lines again.")
    target = change.path.resolve()  # a link stays a link
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".env-")  # readable by its owner alone
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(change.after)
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists():
                Path(name).chmod(target.stat().st_mode & 0o777)
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise SettingsError(
            f"{change.path} cannot be written: {error.strerror}.", hint="Check the file and its folder."
        ) from error


def set_outside(names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that the environment sets: it comes before `.env`, which cannot change them."""
    return tuple(name for name in names if os.environ.get(name))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8") if path.exists() else ""
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.", hint="Check the file; it should be UTF-8.") from error


def _replaced(binding: Binding, value: str) -> tuple[str, list[str]]:
    """A line with another value, its blanks, `export` and comment kept; and the lines to show."""
    original = binding.original.string
    body = original.lstrip()
    lead, end = original[: len(original) - len(body)], original[len(original.rstrip("\r\n")) :]
    body = body.rstrip("\r\n")
    key = str(binding.key)
    export = "export " if body.startswith("export") else ""
    raw = body.partition("=")[2].lstrip()
    comment = _INLINE.search(body) if not raw.startswith(("'", '"')) else None
    line = f"{export}{_line(key, value)}{comment[0] if comment else ''}"
    lines = [line]
    if key.endswith(_SECRET) and binding.value and "\n" not in body:
        lines.insert(0, f"# {body}")
    newline = "\r\n" if end.startswith("\r") else "\n"
    return lead + newline.join(lines) + end, lines


def _line(name: str, value: str) -> str:
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{quoted}'"


def _hidden(line: str) -> str:
    name, _, value = line.partition("=")
    if name.rstrip(" \t'\"").endswith(_SECRET) and value not in ("", "none"):
        return f"{name}=••••••••"
    return _USER_IN_ADDRESS.sub("••••••••@", line)


def _check(text: str, values: Mapping[str, str]) -> None:
    """That the file will be read as it was meant."""
    read = dotenv_values(stream=io.StringIO(text))
    for name, value in values.items():
        if (read.get(name) or "") != value:
            raise SettingsError(f"{name} cannot be set in .env as it stands.", hint="Correct that file by hand.")
