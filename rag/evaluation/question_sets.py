"""Reads question sets: JSONL of questions with the papers that answer them, and qrels files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from rag.corpus import Paper, Turn, normalise_title
from rag.errors import UsageError
from rag.evaluation.withheld import Withheld
from rag.question_lines import QUESTION_SHAPE, JSONLine, as_question, clean_text, open_text, read_lines

JudgedBy = Literal["title", "id", "paper_id"]


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """One question with what is known of its answer."""

    question_id: str
    text: str
    history: tuple[Turn, ...] = ()
    kind: str = ""
    grades: Mapping[str, float] = field(default_factory=dict)  # normalised title or the source's id -> grade
    evidence: tuple[str, ...] = ()  # sentences of the relevant abstracts that prove the answer
    near: tuple[str, ...] = ()  # for questions without an answer: titles on the topic that do not hold it
    judged: bool = True  # False where the set does not say which papers are relevant
    wanted: Mapping[str, str] = field(default_factory=dict)  # of the relevant papers, key -> as people know it
    withheld: Withheld | None = None  # what the search must not see, where the question was made from it

    @property
    def answerable(self) -> bool:
        """True where some paper answers it."""
        return any(grade > 0 for grade in self.grades.values())


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, and by what a paper of the corpus is matched with their judgements."""

    questions: tuple[EvaluationQuestion, ...]
    judged_by: JudgedBy

    def key(self, paper: Paper) -> str:
        """What names a paper in the judgements and in a run."""
        if self.judged_by == "paper_id":
            return paper.paper_id
        if self.judged_by == "id":
            return paper.external_id or paper.paper_id
        return normalise_title(paper.title)


def read_question_set(questions: Path, qrels: Path | None = None) -> QuestionSet:
    """The questions of a JSONL file, judged by their `relevant` titles or, with `qrels`, by the source's ids.

    With `qrels`, questions that it does not mention are left out, as trec_eval does.
    Raises UsageError that names the file and the line of what cannot be read, and where no question remains.
    """
    lines: dict[str, str] = {}  # id -> where it stands

    def read(line: JSONLine) -> EvaluationQuestion:
        question = _question(line)
        before = lines.setdefault(question.question_id, line.where)
        if before != line.where:
            raise UsageError(
                f"{line.where} has the id {question.question_id}, as {before[0].lower()}{before[1:]} has.",
                hint="Give each question an id of its own; one without takes the number of its line.",
            )
        return question

    found = tuple(read_lines(str(questions), read, shape=QUESTION_SHAPE))
    if qrels is not None:
        grades = read_qrels(qrels)
        found = tuple(_judged(one, grades[one.question_id]) for one in found if one.question_id in grades)
    if not found:
        what = f"{qrels} judges none of the questions in {questions}." if qrels else f"{questions} holds no question."
        raise UsageError(what, hint="Question ids must agree." if qrels else "One JSON object a line, with question.")
    return QuestionSet(found, "id" if qrels else "title")


def read_qrels(path: Path) -> dict[str, dict[str, float]]:
    """Question id -> document id -> grade, from tab-separated lines; also TREC's four columns, blanks between.

    A header is skipped. Raises UsageError with the line's number for anything else.
    """
    grades: dict[str, dict[str, float]] = {}
    with open_text(str(path)) as file:
        lines = [(number, line) for number, line in enumerate(file, start=1) if line.strip()]
    for place, (number, line) in enumerate(lines):
        parts = line.rstrip("\r\n").split("\t") if "\t" in line else line.split()
        if len(parts) == 4:
            parts = [parts[0], parts[2], parts[3]]  # TREC: query, iteration, document, grade
        if place == 0 and len(parts) == 3 and not is_number(parts[2]):
            continue
        if len(parts) != 3 or not is_number(parts[2]):
            raise UsageError(
                f"Line {number} of {path} is no judgement.", hint="Tab-separated: query id, document id, grade."
            )
        grades.setdefault(parts[0], {})[parts[1]] = float(parts[2])
    return grades


def _question(line: JSONLine) -> EvaluationQuestion:
    asked = as_question(line)
    if not asked.text.strip():
        raise UsageError(f"{line.where} holds no question.", hint=QUESTION_SHAPE)
    kind = line.fields.get("kind")
    return EvaluationQuestion(
        question_id=clean_text(str(asked.question_id)),
        text=asked.text,
        history=asked.history,
        kind=clean_text(kind) if isinstance(kind, str) else "",
        grades={normalise_title(title): 1.0 for title in _texts(line, "relevant")},
        wanted={normalise_title(title): title for title in _texts(line, "relevant")},
        evidence=_texts(line, "evidence"),
        near=_texts(line, "near"),
        judged=line.fields.get("relevant") is not None,
    )


def _judged(question: EvaluationQuestion, grades: Mapping[str, float]) -> EvaluationQuestion:
    wanted = {document: document for document, grade in grades.items() if grade > 0}
    return replace(question, grades=grades, wanted=wanted, judged=True)


def _texts(line: JSONLine, name: str) -> tuple[str, ...]:
    value = line.fields.get(name) or []
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{line.where}: {name} is no list of texts.", hint=f'Write "{name}": ["...", "..."].')
    return tuple(map(clean_text, value))


def is_number(text: str) -> bool:
    """Whether it is a number that can be reckoned with: "nan" and "inf" are none."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
