"""What happens while a question is answered, as the page and the commands follow it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

from rag.corpus import Answer, Paper


@dataclass(frozen=True, slots=True)
class Step:
    """A step has begun."""

    name: Literal["searching", "reading", "writing", "checking"]
    detail: str = ""  # a few words for people, for example the model's name


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer, its citations already with their final numbers."""

    text: str
    papers: tuple[Paper, ...] = ()  # behind the numbers of the whole text until here: [1] is the first


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of what a model thinks; never part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Retracted:
    """The text given out so far is not the answer: it was thought, or the model failed. Other text follows."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer, checked; its text takes the place of all deltas."""

    answer: Answer


AnswerEvent = Step | TextDelta | ReasoningDelta | Retracted | Finished
Events = Generator[AnswerEvent, None, None]
