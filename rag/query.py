"""What a reader typed, made into what is searched for: the question, the turns before it, phrases, an arXiv id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.corpus import Turn, normalise_title
from rag.errors import UsageError
from rag.topic import topic_of

LONGEST = 20_000  # characters of a question that are read; a pasted page tells its topic much earlier
_CONTEXT = 2000  # characters of earlier turns, the latest ones
_TURNS = 4  # earlier turns that are looked at
_ARXIV_ID = re.compile(r"(?<![\w.])(?:arxiv\s*[:.]?\s*)?(\d{4}\.\d{4,5})(?:v\d+)?(?![\w.]*\d)", re.IGNORECASE)
_OLD_ARXIV_ID = re.compile(r"(?<![\w.-])((?:[a-z]+(?:-[a-z]+)?)(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?\b")
_ADDRESS = re.compile(r"https?://\S+")
_PHRASE = re.compile(r"[\"“”„«»]([^\"“”„«»\n]{2,120})[\"“”„«»]")


@dataclass(frozen=True, slots=True)
class Query:
    """One search."""

    text: str  # the question as it was typed, on one line
    as_title: str  # the same in normalise_title's form
    topic: str  # what is searched for: the question without the words that only ask for an answer
    typed: str = ""  # the same before its spelling was mended; "" where nothing was
    context: str = ""  # what was said before it, latest last; counts less
    phrases: tuple[str, ...] = ()  # put in quotes by the reader
    arxiv_ids: tuple[str, ...] = ()  # without version
    identifiers: tuple[str, ...] = ()  # these, and what else may be an id of a source: the last part of an address


def parse_query(text: str, history: Sequence[Turn] = (), *, typed: str = "") -> Query:
    """The query of a question and the turns before it; `typed` is the text before its spelling was mended.

    Raises UsageError for a question without a letter or digit.
    """
    line = " ".join(text[:LONGEST].split())
    if not any(character.isalnum() for character in line):
        raise UsageError("The question is empty.", hint="Write what you want to know about the papers.")
    arxiv_ids = tuple(dict.fromkeys(match[1] for match in _ARXIV_ID.finditer(line)))
    others = [match[1] for match in _OLD_ARXIV_ID.finditer(line)]
    others += [match[0].rstrip("/.,;?!)").rpartition("/")[2] for match in _ADDRESS.finditer(line)]
    return Query(
        text=line,
        as_title=normalise_title(line),
        topic=topic_of(line),
        typed=topic_of(" ".join(typed[:LONGEST].split())) if typed else "",
        context=_context(history),
        phrases=quoted_phrases(line),
        arxiv_ids=arxiv_ids,
        identifiers=tuple(dict.fromkeys((*arxiv_ids, *others))),
    )


def quoted_phrases(line: str) -> tuple[str, ...]:
    """What the reader put in quotes, each once."""
    return tuple(dict.fromkeys(match[1].strip() for match in _PHRASE.finditer(line)))


def _context(history: Sequence[Turn]) -> str:
    said = " ".join(" ".join(turn.content.split()) for turn in history[-_TURNS:])
    return said[-_CONTEXT:]
