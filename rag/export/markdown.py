"""Answers as Markdown, with their sources, to paste elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from rag.corpus import Answer


def answer_as_markdown(answer: Answer, *, level: int = 1) -> str:
    """The question as a heading of `level`, the answer, what it cites."""
    lines = [f"{'#' * level} {' '.join(answer.question.split())}", "", answer.text, ""]
    lines += [f"[{each.number}] {each.paper.title}. {each.paper.link}  " for each in answer.citations]
    return "\n".join(lines).strip() + "\n"


def conversation_as_markdown(name: str, answers: Iterable[Answer]) -> str:
    """The whole conversation under its name."""
    parts = [answer_as_markdown(answer, level=2) for answer in answers]
    return "\n".join([f"# {' '.join(name.split())}\n", *parts])
