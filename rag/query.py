"""What a reader typed, made into what is searched for: the question, the turns before it, phrases, an arXiv id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.corpus import Turn
from rag.errors import UsageError
from rag.topic import topic_of

LONGEST = 20_000  # characters of a question that are read; a pasted page tells its topic much earlier
_CONTEXT = 2000  # characters of earlier turns, the latest ones
_TURNS = 4  # earlier turns that are looked at
_ARXIV_ID = re.compile(r"(?<![\w.])(?:arxiv\s*[:.]?\s*)?(\d{4}\.\d{4,5})(?:v\d+)?(?![\w.]*\d)", re.IGNORECASE)
_PHRASE = re.compile(r"[\"“”„«»]([^\"“”„«»\n]{2,120})[\"“”„«»]")


@dataclass(frozen=True, slots=True)
class Query:
    """One search."""

    text: str  # the question as it was typed, on one line
    topic: str  # what is searched for: the question without the words that only ask for an answer
    context: str = ""  # what was said before it, latest last; counts less
    phrases: tuple[str, ...] = ()  # put in quotes by the reader
    arxiv_ids: tuple[str, ...] = ()  # without version


def parse_query(text: str, history: Sequence[Turn] = ()) -> Query:
    """The query of a question and the turns before it. Raises UsageError for a question without a letter or digit."""
    line = " ".join(text[:LONGEST].split())
    if not any(character.isalnum() for character in line):
        raise UsageError("The question is empty.", hint="Write what you want to know about the papers.")
    return Query(
        text=line,
        topic=topic_of(line),
        context=_context(history),
        phrases=quoted_phrases(line),
        arxiv_ids=tuple(dict.fromkeys(match[1] for match in _ARXIV_ID.finditer(line))),
    )


def quoted_phrases(line: str) -> tuple[str, ...]:
    """What the reader put in quotes, each once."""
    return tuple(dict.fromkeys(match[1].strip() for match in _PHRASE.finditer(line)))


def _context(history: Sequence[Turn]) -> str:
    said = " ".join(" ".join(turn.content.split()) for turn in history[-_TURNS:])
    return said[-_CONTEXT:]
