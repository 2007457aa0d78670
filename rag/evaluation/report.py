"""Figures as a table for people and as a JSON object for programs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.evaluation.figures import RANKING, AnswerFigures, Figures, Latency
from rag.evaluation.metrics import Interval

_SHARES = {
    "evidence_at_3": "a proof sentence among the first three quotes",
    "wrongly_refused": "answerable questions wrongly refused",
    "refused": "unanswerable questions refused",
    "refused_off_topic": "  of those: nothing on the topic",
    "refused_near": "  of those: topic there, fact absent",
    "verbatim": "quotes that are verbatim",
    "supported": "citations that carry their sentence",
    "relevant": "citations of a paper that answers",
}


def as_json(figures: Figures) -> dict[str, object]:
    """The figures as one JSON object; null for a figure that nothing was to be judged by."""
    answers = figures.answers
    return {
        "questions": figures.questions,
        "judged": figures.judged,
        "metrics": {name: _interval_json(value) for name, value in figures.ranking.items()},
        "kinds": {
            kind: {name: _interval_json(value) for name, value in ranking.items()}
            for kind, ranking in figures.kinds.items()
        },
        "search_ms": _latency_json(figures.search_latency),
        "answers": None if answers is None else _answers_json(answers),
    }


def as_table(figures: Figures) -> str:
    """The figures as text of a fixed width, means with their 95 % confidence intervals."""
    lines = [f"{figures.questions} questions, {figures.judged} with papers that answer them"]
    if figures.judged:
        lines += ["", *_ranking_rows(figures)]
    latency = figures.search_latency
    lines += ["", f"search   p50 {latency.p50:.1f} ms   p95 {latency.p95:.1f} ms"]
    if figures.answers is not None:
        lines += ["", *_answer_rows(figures.answers)]
    return "\n".join(lines)


def _ranking_rows(figures: Figures) -> Sequence[str]:
    named = {"all": figures.ranking, **figures.kinds}
    width = max(len(name) for name in named) + 2
    header = "".join(f"{name:>24}" for name in RANKING)
    rows = [f"{'':<{width}}{'n':>4}{header}"]
    for name, ranking in named.items():
        cells = "".join(f"{_interval_text(ranking[metric]):>24}" for metric in RANKING)
        rows.append(f"{name:<{width}}{ranking['ndcg@10'].count:>4}{cells}")
    return rows


def _answer_rows(answers: AnswerFigures) -> Sequence[str]:
    rows = []
    for name, words in _SHARES.items():
        share: Interval = getattr(answers, name)
        if share.count:
            rows.append(f"{words:<48}{_interval_text(share):>24}   n {share.count}")
    if not math.isnan(answers.auc):
        rows.append(f"{'area under the ROC of the confidence':<48}{answers.auc:>6.3f}")
    if not math.isnan(answers.citations):
        rows.append(f"{'citations in an answer':<48}{answers.citations:>6.1f}")
    rows.append(f"answer   p50 {answers.latency.p50:.0f} ms   p95 {answers.latency.p95:.0f} ms")
    return rows


def _answers_json(answers: AnswerFigures) -> dict[str, object]:
    return {
        **{name: _interval_json(getattr(answers, name)) for name in _SHARES},
        "auc": _number(answers.auc),
        "citations": _number(answers.citations),
        "answer_ms": _latency_json(answers.latency),
    }


def _interval_text(value: Interval) -> str:
    return f"{value.mean:.3f} [{value.low:.3f}, {value.high:.3f}]" if value.count else "-"


def _interval_json(value: Interval) -> dict[str, object] | None:
    if not value.count:
        return None
    return {"mean": _number(value.mean), "low": _number(value.low), "high": _number(value.high), "n": value.count}


def _latency_json(value: Latency) -> dict[str, object]:
    return {"p50": _number(value.p50), "p95": _number(value.p95)}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
