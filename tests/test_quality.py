"""The floor of search on the real dumps: what is reached must not be lost again. Figures: `rag eval`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bench.refusals import everyday
from rag.answer import Assistant
from rag.chosen_embedder import open_embedder
from rag.corpus import Hit
from rag.evaluation.evaluate import evaluate
from rag.evaluation.figures import Figures, figures
from rag.evaluation.question_sets import EvaluationQuestion, read_question_set
from rag.index import Index
from rag.search import search
from rag.settings import Settings


@pytest.fixture(scope="module")
def index(real_index: Path) -> Iterator[Index]:
    with closing(Index.open(real_index)) as opened:
        yield opened


@pytest.fixture(scope="module")
def measured(shared: Path, index: Index) -> Figures:
    embedder = open_embedder(Settings(_env_file=None))

    def find(question: EvaluationQuestion, k: int) -> Sequence[Hit]:
        with index.reading() as reading:
            return search(reading, embedder, question.text, k=k, history=question.history)

    return figures(evaluate(read_question_set(shared / "eval" / "dev.jsonl"), find=find))


def test_all_papers_of_the_real_dumps_are_there(index: Index) -> None:
    with index.reading() as reading:
        assert reading.counts().papers == 385


def test_ranking_stays_above_its_floor(measured: Figures) -> None:
    assert measured.judged == 105
    assert measured.ranking["ndcg@10"].mean >= 0.93
    assert measured.ranking["hit@1"].mean >= 0.92
    assert measured.ranking["recall@10"].mean >= 0.94


def test_everyday_questions_are_seldom_answered(index: Index, real_index: Path) -> None:
    settings = Settings(_env_file=None, data_dir=real_index)
    answers = Assistant(index, open_embedder(settings), settings)
    refused = [answers.ask(question).outcome != "answered" for question in everyday()]
    assert sum(refused) / len(refused) >= 0.85


def test_questions_about_one_paper_and_follow_ups_find_it(measured: Figures) -> None:
    for kind in ("single", "number", "followup"):
        assert measured.kinds[kind]["ndcg@10"].mean >= 0.97
