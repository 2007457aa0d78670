"""Two configurations over the same questions: which is better, by how much, and could it be chance?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.errors import UsageError
from rag.evaluation.evaluate import DEPTH, Evaluation, QuestionResult
from rag.evaluation.figures import RANKING
from rag.evaluation.metrics import Comparison, compare
from rag.evaluation.question_sets import QuestionSet
from rag.evaluation.runs import Run, column

MAIN = "ndcg@10"  # the metric that the sentence is about
_CHANCE = 0.05  # a p-value from which on a difference is called chance
_FEWEST = 6  # questions; of fewer, signs that all agree come by chance more often than that
_CHANGED = 10  # questions that are named, of those that changed most


@dataclass(frozen=True, slots=True)
class Change:
    """A question that the two answer differently."""

    question_id: str
    text: str
    first: float  # the main metric
    second: float


@dataclass(frozen=True, slots=True)
class EvaluationComparison:
    """What the second configuration adds to the first."""

    first: str  # names as shown to people
    second: str
    questions: int  # those with a paper that answers them, which the ranking is judged by
    ranking: dict[str, Comparison]
    kinds: dict[str, Comparison]  # of the main metric
    decisions: (
        Comparison | None
    )  # answered where it can be, refused where it cannot; None without answers or judgements
    changes: tuple[Change, ...]  # the most changed first
    note: str = ""  # what of the two could not be compared

    @property
    def verdict(self) -> str:
        """`better`, `worse` or `no difference`: of the second, by the main metric."""
        return verdict(self.ranking[MAIN]) if self.questions else "no difference"


def verdict(comparison: Comparison) -> str:
    """`better` or `worse` where neither the interval nor the p-value leaves it to chance, else `no difference`."""
    if comparison.p_value < _CHANCE and comparison.gain.low > 0:
        return "better"
    if comparison.p_value < _CHANCE and comparison.gain.high < 0:
        return "worse"
    return "no difference"


def compare_evaluations(first: Evaluation, second: Evaluation, *, names: tuple[str, str]) -> EvaluationComparison:
    """Both were evaluated on one question set. Questions without a judgement are left out."""
    pairs = list(zip(first.results, second.results, strict=True))
    judged = [pair for pair in pairs if pair[0].question.answerable]
    kinds = sorted({one.question.kind for one, _ in judged if one.question.kind})
    main = RANKING[MAIN]
    decided = [pair for pair in pairs if pair[0].question.judged]
    changes = [Change(one.question.question_id, one.question.text, main(one), main(other)) for one, other in judged]
    changed = [change for change in changes if change.first != change.second]
    return EvaluationComparison(
        first=names[0],
        second=names[1],
        questions=len(judged),
        ranking={name: _compared(judged, measure) for name, measure in RANKING.items()} if judged else {},
        kinds={kind: _compared([pair for pair in judged if pair[0].question.kind == kind], main) for kind in kinds},
        decisions=_compared(decided, right_decision)
        if decided and first.with_answers and second.with_answers
        else None,
        changes=tuple(sorted(changed, key=lambda change: -abs(change.second - change.first))[:_CHANGED]),
    )


def right_decision(result: QuestionResult) -> float:
    """1 where an answerable question was answered or another one refused, else 0."""
    answered = result.answer is not None and not result.answer.refused
    return float(answered == result.question.answerable)


def check_answers(run: Run, questions: QuestionSet, *, name: str) -> None:
    """Raises UsageError where the run holds none of the questions."""
    if not any(column(question.question_id) in run for question in questions.questions):
        raise UsageError(f"{name} answers none of the questions.", hint="Their ids must agree with the run's.")


def compare_with_run(
    questions: QuestionSet, run: Run, evaluation: Evaluation, *, names: tuple[str, str]
) -> EvaluationComparison:
    """The evaluation against a run of the same questions, over what both of them searched for.

    Questions that the run lacks are left out, as trec_eval does: whether they were asked it does not say. Where it
    was cut after fewer papers than the figures look at, the evaluation is cut there, too.
    """
    pairs = [
        (old, new)
        for old, new in zip(evaluation_of_run(questions, run).results, evaluation.results, strict=True)
        if column(old.question.question_id) in run
    ]
    depth = max((len(old.keys) for old, _ in pairs), default=DEPTH)
    notes = []
    if len(pairs) < len(evaluation.results):
        lacking = len(evaluation.results) - len(pairs)
        notes.append(f"{lacking} of {len(evaluation.results)} questions are not in the run and are left out.")
    if depth < DEPTH and any(len(new.keys) > depth for _, new in pairs):
        papers = "1 paper" if depth == 1 else f"{depth} papers"
        notes.append(f"The run was cut after {papers} a question, so only these count on both sides.")
        pairs = [(old, replace(new, ranked=tuple(new.scores.items())[:depth])) for old, new in pairs]
    old_side = Evaluation(tuple(old for old, _ in pairs), with_answers=False)
    new_side = Evaluation(tuple(new for _, new in pairs), with_answers=False)
    return replace(compare_evaluations(old_side, new_side, names=names), note=" ".join(notes))


def evaluation_of_run(questions: QuestionSet, run: Run) -> Evaluation:
    """A run as an evaluation, of which the ranking alone is known; a question that it lacks found nothing.

    Names in a run have no blanks: titles are written with `_` in their place, and judged in that form.
    """
    names = {column(key): key for question in questions.questions for key in question.grades}
    return Evaluation(
        tuple(
            QuestionResult(
                question=question,
                ranked=tuple((names.get(key, key), score) for key, score in run.get(column(question.question_id), ())),
                search_ms=0.0,
            )
            for question in questions.questions
        ),
        with_answers=False,
    )


def in_words(comparison: EvaluationComparison) -> str:
    """One sentence: better or worse by how much, or that so few questions show no difference; and the note."""
    return " ".join(part for part in (_verdict_in_words(comparison), comparison.note) if part)


def _verdict_in_words(comparison: EvaluationComparison) -> str:
    if not comparison.questions:
        return "Nothing to compare: no question has a paper that answers it."
    found = comparison.ranking[MAIN]
    gain = found.gain
    count = f"{comparison.questions} question{'' if comparison.questions == 1 else 's'}"
    if found.equal == comparison.questions:
        return f"{_capital(comparison.second)} ranks exactly as well as {comparison.first} on each of {count}."
    figures = f"{gain.mean:+.3f} nDCG@10, 95 % interval {gain.low:+.3f} to {gain.high:+.3f}, {p_in_words(found)}"
    if comparison.verdict == "no difference":
        none = f"No difference between {comparison.second} and {comparison.first} that {count} could show ({figures})"
        if comparison.questions < _FEWEST:
            return f"{none}; fewer than {_FEWEST} cannot show any."
        return f"{none}; one of less than about {(gain.high - gain.low) / 2:.3f} would not be seen."
    return f"{_capital(comparison.second)} is {comparison.verdict} than {comparison.first} on {count}: {figures}."


def p_in_words(comparison: Comparison) -> str:
    """The p-value as it is written."""
    return "p < 0.001" if comparison.p_value < 0.001 else f"p = {comparison.p_value:.3f}"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _compared(
    pairs: Sequence[tuple[QuestionResult, QuestionResult]], measure: Callable[[QuestionResult], float]
) -> Comparison:
    return compare([measure(one) for one, _ in pairs], [measure(other) for _, other in pairs])


def comparisons_by_name(comparison: EvaluationComparison) -> Mapping[str, Comparison]:
    """Everything that was compared, in the order in which it is shown."""
    shown = dict(comparison.ranking)
    shown.update({f"ndcg@10, {kind}": found for kind, found in comparison.kinds.items()})
    if comparison.decisions is not None:
        shown["right decisions"] = comparison.decisions
    return shown
