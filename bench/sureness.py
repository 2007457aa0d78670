"""How sure an answer is called: the error of that probability where the answer is known to be there, or not to be."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from bench.measuring import table
from bench.retrieval_sets import RetrievalSet
from rag.calibration import SHIPPED, OddsMapping
from rag.close_reading import read_closely
from rag.confidence import LOOKED_AT, signals_of
from rag.embedder import Embedder
from rag.evaluation.metrics import interval
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet
from rag.filters import EVERYTHING, Filters
from rag.index import Index, Reading
from rag.search import search

_MOST = 200  # questions of a set, spread evenly over it

Scored = tuple[float, bool]  # logarithm of the odds that the papers answer, and whether they can


def sureness_table(sets: Sequence[RetrievalSet], embedder: Embedder) -> str:
    """Brier scores (0.25 is a coin's) without what was measured on the corpus after its ingest, and with it.

    Each question is asked twice: of all papers, and of all but those that are relevant to it.
    """
    rows: list[list[object]] = []
    for each in sets:
        with closing(Index.open(each.data)) as index, index.reading() as reading:
            mapping = index.mapping(reading)
            scored = asked_twice(each.questions, reading, embedder)
        errors = [[_error(kind, *one) for one in scored] for kind in (SHIPPED, mapping)]
        shown = [str(interval(kind)) for kind in errors]
        better = interval([before - after for before, after in zip(*errors, strict=True)])
        change = f"{better.mean:+.3f} [{better.low:+.3f}, {better.high:+.3f}]"
        rows.append([each.name, len(scored) // 2, f"{mapping.shift:+.2f}", *shown, change])
    return table(["set", "questions", "shift", "error as shipped", "with the corpus' own", "less by"], rows)


def asked_twice(questions: QuestionSet, reading: Reading, embedder: Embedder) -> list[Scored]:
    """Two scores for each of at most 200 questions: with the papers that answer it there, and without them."""
    keys = {paper.paper_id: questions.key(paper) for paper in reading.all_papers()}
    answerable = [question for question in questions.questions if question.answerable]
    step = max(1, -(-len(answerable) // _MOST))
    found: list[Scored] = []
    for question in answerable[::step]:
        others = sorted(paper_id for paper_id, key in keys.items() if question.grades.get(key, 0.0) <= 0)
        there = _odds(reading, embedder, question, EVERYTHING)
        without = _odds(reading, embedder, question, Filters(only=tuple(others)))
        if there is not None and without is not None:
            found += [(there, True), (without, False)]
    return found


def _odds(reading: Reading, embedder: Embedder, question: EvaluationQuestion, among: Filters) -> float | None:
    """None where the question names no topic."""
    hits = search(reading, embedder, question.text, k=LOOKED_AT, history=question.history, filters=among)
    signals = signals_of(question.text, hits, read_closely(question.text, hits, embedder))
    return signals.odds() if signals else None


def _error(mapping: OddsMapping, odds: float, there: bool) -> float:
    return (mapping.probability(odds) - there) ** 2
