"""What was measured, as a table for people and as a JSON object for programs.

The same as a page: `rag/evaluation/report_page.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rag.evaluation.comparison import EvaluationComparison, comparisons_by_name, in_words, p_in_words
from rag.evaluation.evaluate import Evaluation
from rag.evaluation.figures import RANKING, AnswerFigures, Figures, KindOfAnswers, Latency
from rag.evaluation.metrics import Comparison, Interval

SHARES = {
    "evidence_at_3": "a proof sentence among the first three quotes",
    "wrongly_refused": "answerable questions wrongly refused",
    "refused": "unanswerable questions refused",
    "refused_off_topic": "  of those: nothing on the topic",
    "refused_near": "  of those: topic there, fact absent",
    "verbatim": "quotes that are verbatim",
    "supported": "citations that carry their sentence",
    "relevant": "citations of a paper that answers",
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """What was measured: so that two reports can be told apart and made again."""

    questions: str  # the file, or how they were made
    data: str
    papers: int
    chunks: int
    dumps: int
    generation: int
    embeddings: str  # the model's name
    fingerprint: str
    dimension: int
    answers: str | None  # what wrote them: the model's name, or "extracts"; None where only the search was measured
    note: str = ""  # what the questions measure, where they were made by a rule
    measured: str = ""  # ISO time, UTC
    ordered_by: str | None = None  # which language model put how many questions' hits in order; None: the search did


@dataclass(frozen=True, slots=True)
class Report:
    """All that is shown of one evaluation."""

    configuration: Configuration
    evaluation: Evaluation
    figures: Figures
    comparisons: tuple[EvaluationComparison, ...] = ()


def as_json(report: Report) -> dict[str, object]:
    """The report as one JSON object; null for a figure that nothing was to be judged by."""
    figures = report.figures
    answers = figures.answers
    return {
        "questions": figures.questions,
        "judged": figures.judged,
        "metrics": {name: interval_json(value) for name, value in figures.ranking.items()},
        "kinds": {
            kind: {name: interval_json(value) for name, value in ranking.items()}
            for kind, ranking in figures.kinds.items()
        },
        "search_ms": _latency_json(figures.search_latency),
        "answers": None if answers is None else _answers_json(answers),
        "comparisons": [_comparison_json(comparison) for comparison in report.comparisons],
        "configuration": asdict(report.configuration),
    }


def as_table(report: Report) -> str:
    """The report as text of a fixed width, figures with their 95 % confidence intervals."""
    figures = report.figures
    lines = [
        f"{figures.questions} questions, {figures.judged} with papers that answer them; 95 % confidence intervals",
        f"{report.configuration.papers:,} papers, {report.configuration.embeddings}",
    ]
    if report.configuration.ordered_by:
        lines.append(f"put in order by {report.configuration.ordered_by}")
    if report.configuration.answers:
        lines.append(f"answers by {report.configuration.answers}")
    if figures.judged:
        lines += ["", *_ranking_rows(figures)]
    lines += ["", _latency_text("search", figures.search_latency)]
    if figures.answers is not None:
        lines += ["", *_answer_rows(figures.answers)]
    for comparison in report.comparisons:
        lines += ["", *_comparison_rows(comparison)]
    if report.configuration.note:
        lines += ["", report.configuration.note]
    return "\n".join(lines)


def _ranking_rows(figures: Figures) -> Sequence[str]:
    named = {"all": figures.ranking, **figures.kinds}
    width = max(len(name) for name in named) + 2
    header = "".join(f"{name:>24}" for name in RANKING)
    rows = [f"{'':<{width}}{'n':>4}{header}"]
    for name, ranking in named.items():
        cells = "".join(f"{ranking[metric]!s:>24}" for metric in RANKING)
        rows.append(f"{name:<{width}}{ranking['ndcg@10'].count:>4}{cells}")
    return rows


def _answer_rows(answers: AnswerFigures) -> Sequence[str]:
    rows = []
    for name, words in SHARES.items():
        share: Interval = getattr(answers, name)
        if share.count:
            rows.append(f"{words:<48}{share!s:>24}   n {share.count}")
    for words, value in (
        ("area under the ROC of the confidence", answers.auc),
        ("squared error of the confidence (Brier)", answers.brier),
        *((f"right where it was called {level}", share) for level, share in answers.sure.items()),
        ("citations in an answer", answers.citations),
    ):
        if value.count:
            rows.append(f"{words:<48}{value!s:>24}   n {value.count}")
    rows += ["", *_rows_of_kinds(answers.kinds)] if answers.kinds else []
    return [*rows, "", _latency_text("answer", answers.latency)]


def _rows_of_kinds(kinds: dict[str, KindOfAnswers]) -> Sequence[str]:
    width = max(len(name) for name in kinds) + 2
    rows = [f"{'':<{width}}{'n':>4}{'evidence hit@3':>24}{'wrongly refused':>24}{'rightly refused':>24}"]
    for name, kind in kinds.items():
        refused = str(kind.refused)
        wrongly, rightly = (refused, "-") if kind.answerable else ("-", refused)
        proof = str(kind.evidence_at_3)
        rows.append(f"{name:<{width}}{kind.refused.count:>4}{proof:>24}{wrongly:>24}{rightly:>24}")
    return rows


def _comparison_rows(comparison: EvaluationComparison) -> Sequence[str]:
    rows = [in_words(comparison)]
    named = comparisons_by_name(comparison)
    width = max((len(name) for name in named), default=0) + 2
    for name, found in named.items():
        gain = f"{found.gain.mean:+.3f} [{found.gain.low:+.3f}, {found.gain.high:+.3f}]"
        counts = f"better {found.better:>4}   worse {found.worse:>4}   equal {found.equal:>4}"
        rows.append(f"  {name:<{width}}{gain:>26}   {p_in_words(found):<9}   {counts}")
    return rows


def _answers_json(answers: AnswerFigures) -> dict[str, object]:
    return {
        **{name: interval_json(getattr(answers, name)) for name in SHARES},
        "auc": interval_json(answers.auc),
        "brier": interval_json(answers.brier),
        "sure": {level: interval_json(share) for level, share in answers.sure.items()},
        "citations": interval_json(answers.citations),
        "kinds": {
            name: {
                "evidence_at_3": interval_json(kind.evidence_at_3),
                "wrongly_refused" if kind.answerable else "refused": interval_json(kind.refused),
            }
            for name, kind in answers.kinds.items()
        },
        "roc": [[round(false, 4), round(true, 4)] for false, true in answers.roc],
        "answer_ms": _latency_json(answers.latency),
    }


def _comparison_json(comparison: EvaluationComparison) -> dict[str, object]:
    return {
        "first": comparison.first,
        "second": comparison.second,
        "questions": comparison.questions,
        "verdict": comparison.verdict,
        "sentence": in_words(comparison),
        "metrics": {name: _gain_json(found) for name, found in comparison.ranking.items()},
        "kinds": {name: _gain_json(found) for name, found in comparison.kinds.items()},
        "decisions": _gain_json(comparison.decisions) if comparison.decisions else None,
        "changes": [asdict(change) for change in comparison.changes],
    }


def _gain_json(found: Comparison) -> dict[str, object]:
    return {
        "gain": interval_json(found.gain),
        "p": number(found.p_value),
        "better": found.better,
        "worse": found.worse,
        "equal": found.equal,
    }


def _latency_text(name: str, latency: Latency) -> str:
    p50, p95 = latency.p50, latency.p95
    return (
        f"{name}   p50 {p50.mean:.1f} ms [{p50.low:.1f}, {p50.high:.1f}]"
        f"   p95 {p95.mean:.1f} ms [{p95.low:.1f}, {p95.high:.1f}]"
    )


def interval_json(value: Interval) -> dict[str, object] | None:
    """`{"mean", "low", "high", "n"}`; None where nothing was measured."""
    if not value.count:
        return None
    return {"mean": number(value.mean), "low": number(value.low), "high": number(value.high), "n": value.count}


def _latency_json(value: Latency) -> dict[str, object]:
    return {
        "p50": number(value.p50.mean),
        "p95": number(value.p95.mean),
        "p50_interval": [number(value.p50.low), number(value.p50.high)],
        "p95_interval": [number(value.p95.low), number(value.p95.high)],
    }


def number(value: float) -> float | None:
    """A figure as JSON holds it."""
    return None if math.isnan(value) else round(value, 4)
