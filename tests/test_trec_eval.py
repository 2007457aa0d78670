"""Our metrics against trec_eval, the published program that everyone's figures come from, and our runs read by it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rag.evaluation.evaluate import QuestionResult
from rag.evaluation.metrics import hit, ndcg, recall, reciprocal_rank
from rag.evaluation.question_sets import EvaluationQuestion, read_qrels
from rag.evaluation.runs import read_run, write_run

pytrec_eval = pytest.importorskip("pytrec_eval", reason="trec_eval has no wheel for this kind of processor")

Qrels = dict[str, dict[str, int]]
Run = dict[str, list[tuple[str, float]]]


def random_judgements(seed: int) -> tuple[Qrels, Run]:
    """Forty questions with 1 to 15 judged papers of grades 0 to 3, and rankings of 0 to 30 papers."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    papers = [f"paper-{number}" for number in range(60)]
    qrels = {
        f"q{number}": {paper: chance.randint(0, 3) for paper in chance.sample(papers, chance.randint(1, 15))}
        for number in range(40)
    }
    run = {
        query: [(paper, 100.0 - place) for place, paper in enumerate(chance.sample(papers, chance.randint(0, 30)))]
        for query in qrels
    }
    return qrels, run


def by_trec_eval(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    measures = {"ndcg_cut.10", "recall.10", "success.1", "recip_rank"}
    evaluator = pytrec_eval.RelevanceEvaluator(qrels, measures)
    found: dict[str, dict[str, float]] = evaluator.evaluate({query: dict(hits) for query, hits in run.items()})
    return found


@pytest.mark.parametrize("seed", range(5))
def test_metrics_agree_with_trec_eval(seed: int) -> None:
    qrels, run = random_judgements(seed)
    # trec_eval looks for the first relevant paper without end, we do among the first ten.
    theirs = by_trec_eval(qrels, {query: hits[:10] for query, hits in run.items()})
    assert len(theirs) == 40
    for query, judged in qrels.items():
        ranked = [paper for paper, _ in run[query]]
        grades = {paper: float(grade) for paper, grade in judged.items()}
        ours = {
            "ndcg_cut_10": ndcg(ranked, grades),
            "recall_10": recall(ranked, grades),
            "success_1": hit(ranked, grades),
            "recip_rank": reciprocal_rank(ranked, grades),
        }
        assert ours == pytest.approx(theirs[query]), query


def test_a_run_that_we_write_is_read_by_trec_eval(tmp_path: Path) -> None:
    qrels, run = random_judgements(9)
    results = [
        QuestionResult(EvaluationQuestion(query, "x"), tuple(hits), search_ms=1.0) for query, hits in run.items()
    ]
    path = tmp_path / "run.txt"
    write_run(path, results, k=10)
    with path.open(encoding="utf-8") as file:
        read_by_them = pytrec_eval.parse_run(file)
    assert read_by_them == {query: dict(hits) for query, hits in read_run(path).items()}
    judgements = tmp_path / "qrels.txt"
    lines = (f"{query} 0 {paper} {grade}\n" for query, judged in qrels.items() for paper, grade in judged.items())
    judgements.write_text("".join(lines), encoding="utf-8")
    with judgements.open(encoding="utf-8") as file:
        assert pytrec_eval.parse_qrel(file) == read_qrels(judgements)
