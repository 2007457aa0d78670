"""Questions written by hand about real papers, answered by their abstracts or not; the abstracts are looked up.

A file of `bench/questions` names a paper (`#` and its id), then holds one question a line: `+ 3: question` for one
that the abstract's third sentence answers (`2,4` where two do, the more direct first), `- question` for one on the very
topic of the paper that its abstract does not answer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.pairs_by_hand import Papers, read_blocks

FOLDER = Path(__file__).parent / "questions"


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """A question and a paper that it is about."""

    question: str
    title: str
    abstract: str
    answering: tuple[int, ...]  # places, from 0, of the abstract's sentences that answer it; empty: none does
    file: str


def read_questions(papers: Papers) -> Iterator[AskedPaper]:
    """All questions; those about papers that `papers` does not hold are left out."""
    for path in sorted(FOLDER.glob("*.txt")):
        for (title, abstract), line in read_blocks(path, papers):
            if line.startswith("-"):
                yield AskedPaper(line[1:].strip(), title, abstract, (), path.stem)
                continue
            numbers, _, question = line[2:].partition(": ")
            answering = tuple(int(number) - 1 for number in numbers.split(","))
            yield AskedPaper(question.strip(), title, abstract, answering, path.stem)


def some_answered(papers: Papers, count: int) -> list[str]:
    """At most `count` questions that abstracts answer, mixed, always the same; no model was trained on them."""
    held_out = [each for each in read_questions(papers) if each.file.startswith("held-out") and each.answering]
    return [each.question for each in random.Random(count).sample(held_out, min(count, len(held_out)))]  # noqa: S311 - no secret
