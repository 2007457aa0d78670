"""Sums an evaluation up: ranking, evidence, refusals, citations, latency."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.corpus import Answer, Level
from rag.evaluation.evaluate import Evaluation, QuestionResult
from rag.evaluation.metrics import (
    Interval,
    area_interval,
    bootstrap,
    hit,
    interval,
    ndcg,
    percentile_interval,
    recall,
    reciprocal_rank,
    roc,
)

RANKING: dict[str, Callable[[QuestionResult], float]] = {
    "ndcg@10": lambda result: ndcg(result.keys, result.question.grades),
    "recall@10": lambda result: recall(result.keys, result.question.grades),
    "mrr@10": lambda result: reciprocal_rank(result.keys, result.question.grades),
    "hit@1": lambda result: hit(result.keys, result.question.grades),
}
_MANY_PAPERS = "multi"  # the kind whose answer is a list of papers: no single sentence proves it
_BLANKS = re.compile(r"\s+")
_FIRST = 3  # citations whose quotes a reader sees at first sight


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds: the median, and what 95 of 100 questions stay below."""

    p50: Interval
    p95: Interval


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """How good the answers are. A share of nothing has count 0 and nan for its mean."""

    evidence_at_3: Interval  # a proof sentence among the quotes of the first three citations; answerable, one paper
    wrongly_refused: Interval  # of the answerable
    refused: Interval  # of the unanswerable
    refused_off_topic: Interval  # of those without a paper on the topic
    refused_near: Interval  # of those with a paper on the topic that does not hold the fact
    auc: Interval  # of the confidence, answerable against unanswerable; count 0 where answers carry none
    brier: Interval  # squared error of the confidence, both sides weighed alike; 0.25 is what "one half" always gets
    sure: dict[Level, Interval]  # the right ones of the decisions called so; no level that nothing was called
    citations: Interval  # per answer that is no refusal
    verbatim: Interval  # of the quotes: substring of the cited abstract
    supported: Interval  # of the citations
    relevant: Interval  # of the citations of answerable questions: names a paper that answers
    kinds: dict[str, KindOfAnswers]
    roc: tuple[tuple[float, float], ...]  # (unanswerable answered, answerable answered) by confidence; () without one
    latency: Latency


@dataclass(frozen=True, slots=True)
class KindOfAnswers:
    """The answers to one kind of question."""

    evidence_at_3: Interval
    refused: Interval  # wrongly where the kind is answerable, else rightly
    answerable: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is reported of one evaluation."""

    questions: int
    judged: int  # with at least one relevant paper: what the ranking figures are means of
    ranking: dict[str, Interval]
    kinds: dict[str, dict[str, Interval]]
    search_latency: Latency
    answers: AnswerFigures | None


def figures(evaluation: Evaluation) -> Figures:
    """The figures of an evaluation."""
    judged = [result for result in evaluation.results if result.question.answerable]
    kinds = sorted({result.question.kind for result in judged if result.question.kind})
    return Figures(
        questions=len(evaluation.results),
        judged=len(judged),
        ranking=_ranking(judged),
        kinds={kind: _ranking([one for one in judged if one.question.kind == kind]) for kind in kinds},
        search_latency=_latency([result.search_ms for result in evaluation.results]),
        answers=_answer_figures(evaluation.results) if evaluation.with_answers else None,
    )


def _ranking(results: Sequence[QuestionResult]) -> dict[str, Interval]:
    return {name: interval([measure(result) for result in results]) for name, measure in RANKING.items()}


def _latency(values: Sequence[float]) -> Latency:
    return Latency(percentile_interval(values, 0.5), percentile_interval(values, 0.95))


_Pairs = Sequence[tuple[QuestionResult, Answer]]


def _answer_figures(results: Sequence[QuestionResult]) -> AnswerFigures:
    pairs = [(one, one.answer) for one in results if one.answer is not None and one.question.judged]
    answerable = [(one, answer) for one, answer in pairs if one.question.answerable]
    unanswerable = [(one, answer) for one, answer in pairs if not one.question.answerable]
    given = [(one, one.answer) for one in results if one.answer is not None and not one.answer.refused]
    citations = [citation for _, answer in given for citation in answer.citations]
    near = [pair for pair in unanswerable if pair[0].question.near]
    confident = _confidences(answerable), _confidences(unanswerable)
    return AnswerFigures(
        evidence_at_3=_evidence_at_3(answerable),
        wrongly_refused=_refused(answerable),
        refused=_refused(unanswerable),
        # Where a set names no paper that is near, nothing says which of its questions are off the topic.
        refused_off_topic=_refused([pair for pair in unanswerable if near and not pair[0].question.near]),
        refused_near=_refused(near),
        auc=area_interval(*confident),
        brier=_brier(*confident),
        sure=_sure(pairs),
        citations=bootstrap([float(len(answer.citations)) for _, answer in given]),
        verbatim=_share(citation.quote in citation.paper.abstract for citation in citations),
        supported=_share(citation.support == "supported" for citation in citations),
        relevant=_share(
            one.question.grades.get(key, 0) > 0 for one, _ in given if one.question.answerable for key in one.cited
        ),
        kinds=_kinds_of_answers(pairs),
        roc=tuple(roc(*confident)) if all(confident) else (),
        latency=_latency([one.answer_ms for one in results if one.answer is not None]),
    )


def _kinds_of_answers(pairs: _Pairs) -> dict[str, KindOfAnswers]:
    found = {}
    for kind in sorted({one.question.kind for one, _ in pairs if one.question.kind}):
        of_kind = [(one, answer) for one, answer in pairs if one.question.kind == kind]
        answerable = [pair for pair in of_kind if pair[0].question.answerable]
        found[kind] = KindOfAnswers(_evidence_at_3(answerable), _refused(answerable or of_kind), bool(answerable))
    return found


def _evidence_at_3(answerable: _Pairs) -> Interval:
    return _share(
        shows_proof(answer, one.question.evidence)
        for one, answer in answerable
        if one.question.evidence and one.question.kind != _MANY_PAPERS
    )


def _refused(pairs: _Pairs) -> Interval:
    return _share(answer.refused for _, answer in pairs)


def shows_proof(answer: Answer, evidence: Sequence[str]) -> bool:
    """True where one of the first three citations quotes a sentence of `evidence`, or a part of it, or more."""
    proofs = [_one_line(sentence) for sentence in evidence]
    quotes = [_one_line(citation.quote) for citation in answer.citations[:_FIRST]]
    return any(quote and (quote in proof or proof in quote) for quote in quotes for proof in proofs)


def _confidences(pairs: _Pairs) -> list[float]:
    return [answer.confidence for _, answer in pairs if answer.confidence is not None]


def _brier(answerable: Sequence[float], unanswerable: Sequence[float]) -> Interval:
    """The mean of squared errors, each side with half of the weight; nothing where a side is missing."""
    if not answerable or not unanswerable:
        return interval([])
    half = (len(answerable) + len(unanswerable)) / 2
    errors = [(1 - share) ** 2 * half / len(answerable) for share in answerable]
    return interval(errors + [share**2 * half / len(unanswerable) for share in unanswerable])


def _sure(pairs: _Pairs) -> dict[Level, Interval]:
    """Of each level: how many of the answers and refusals that were called so were right."""
    levels: tuple[Level, ...] = ("high", "fair", "low")
    called = {
        level: [one.question.answerable != answer.refused for one, answer in pairs if answer.how_sure == level]
        for level in levels
    }
    return {level: _share(right) for level, right in called.items() if right}


def _share(truths: Iterable[bool]) -> Interval:
    return interval([float(truth) for truth in truths])


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()
