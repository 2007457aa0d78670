"""Joins the lines that a tool or a source has wrapped."""

from __future__ import annotations

import re
from itertools import pairwise

_PARAGRAPH = re.compile(r"\n[ \t]*\n|\n(?= {2,}\S)|\n(?=\t\S)")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“‘]")  # Chinese and Japanese part words by nothing
_WIDE_END = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef][,.;:!?)”’\"]?$")
_LAST_PART = re.compile(r"[\s(\-–—/]")
_FIRST_PART = re.compile(r"[\s.,;:)!?]")


def join_wrapped(lines: list[str]) -> str:
    """One line out of wrapped ones. A hyphen at a line's end stays, unless the text has the word without it."""
    if len(lines) == 1:
        return lines[0]
    text = lines[0]
    words: frozenset[str] | None = None
    for before, line in pairwise(lines):
        if before.endswith("-") and before[-2:-1].isalpha() and line[:1].isalpha():
            head, tail = _LAST_PART.split(before[:-1])[-1], _FIRST_PART.split(line)[0]
            if words is None:
                words = frozenset(re.findall(r"\w+", " ".join(lines).lower()))
            whole = (head + tail).lower() in words and line[0].islower()
            text = (text[:-1] if whole else text) + line
        elif _WIDE_END.search(before[-2:]) and (_WIDE.match(line) or line[:1] in ",.;:!?)"):
            text += line
        else:
            text = f"{text} {line}"
    return text


def unwrap(text: str) -> str:
    """A text of several lines with one line a paragraph; paragraphs are parted by a blank line or begin indented."""
    text = text.strip()
    if "\n" not in text:
        return text
    paragraphs = (
        [line.strip() for line in paragraph.split("\n") if line.strip()] for paragraph in _PARAGRAPH.split(text)
    )
    return "\n\n".join(join_wrapped(lines) for lines in paragraphs if lines)


def one_line(text: str) -> str:
    """A title's lines as one, blanks collapsed."""
    if "\n" in text:
        text = join_wrapped([line.strip() for line in text.split("\n") if line.strip()] or [""])
    return " ".join(text.split())
