"""Runs every question of a set through search, and through the whole answer where asked, and keeps what came back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.corpus import Answer, Hit
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet

Find = Callable[[EvaluationQuestion, int], Sequence[Hit]]  # the question and how many papers
Ask = Callable[[EvaluationQuestion], Answer]
DEPTH = 10  # of the figures; a run may be deeper


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What one question brought."""

    question: EvaluationQuestion
    ranked: tuple[tuple[str, float], ...]  # the paper's key in the judgements, and its score, best first
    search_ms: float
    titles: tuple[str, ...] = ()  # of the ranked papers
    answer: Answer | None = None
    answer_ms: float = 0.0
    cited: tuple[str, ...] = ()  # the keys of the papers that the answer cites

    @property
    def scores(self) -> dict[str, float]:
        """The ranked papers' keys with their scores, best first; one that two hits bear, as papers of one title do,
        is found once, where it came first."""
        first: dict[str, float] = {}
        for key, score in self.ranked:
            first.setdefault(key, score)
        return first

    @property
    def keys(self) -> tuple[str, ...]:
        """The ranked papers' keys, best first, each once."""
        return tuple(self.scores)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All results of one configuration over one set, in the set's order."""

    results: tuple[QuestionResult, ...]
    with_answers: bool

    @property
    def written(self) -> int:
        """Answers that a language model wrote."""
        return sum(result.answer is not None and result.answer.mode == "llm" for result in self.results)

    @property
    def failures(self) -> tuple[str, ...]:
        """Of each answer that a language model should have written and extracts took the place of, the reason."""
        answers = [result.answer for result in self.results if result.answer]
        return tuple(answer.notice for answer in answers if answer.mode == "extractive" and answer.notice)


def evaluate(
    questions: QuestionSet,
    *,
    find: Find,
    ask: Ask | None = None,
    prepare: Callable[[EvaluationQuestion], None] | None = None,
    k: int = DEPTH,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Search for every question, at least `DEPTH` papers deep, and answer it where `ask` is given.

    `prepare` is called before each question, outside the time that is measured; `progress` is told how many of how many
    questions are done. The first question is searched for twice: the time of loading the model is no time of a search.
    """
    results: list[QuestionResult] = []
    depth = max(k, DEPTH)
    find(questions.questions[0], depth)
    for number, question in enumerate(questions.questions, start=1):
        if prepare:
            prepare(question)
        started = time.perf_counter()
        hits = find(question, depth)
        searched = time.perf_counter()
        answer = ask(question) if ask else None
        results.append(
            QuestionResult(
                question=question,
                ranked=tuple((questions.key(hit.paper), hit.score) for hit in hits),
                search_ms=1000 * (searched - started),
                titles=tuple(hit.paper.title for hit in hits),
                answer=answer,
                answer_ms=1000 * (time.perf_counter() - searched) if ask else 0.0,
                cited=tuple(questions.key(citation.paper) for citation in answer.citations) if answer else (),
            )
        )
        if progress:
            progress(number, len(questions.questions))
    return Evaluation(tuple(results), with_answers=ask is not None)
