"""Two configurations over the same questions: named better or worse only where chance is no likely explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from rag.corpus import Answer
from rag.evaluation.comparison import (
    compare_evaluations,
    compare_with_run,
    comparisons_by_name,
    evaluation_of_run,
    in_words,
)
from rag.evaluation.evaluate import Evaluation, QuestionResult
from rag.evaluation.figures import RANKING
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet
from rag.evaluation.runs import read_run, write_run

NAMES = ("the first", "the second")


def question(number: int, *, kind: str = "", answerable: bool = True) -> EvaluationQuestion:
    return EvaluationQuestion(
        f"q {number}", f"Question {number}?", kind=kind, grades={"a b": 1.0} if answerable else {}
    )


def evaluation(places: Sequence[int], *, refused: Mapping[int, bool] | None = None) -> Evaluation:
    """Each question's one relevant paper at this place; with `refused` answers, too."""
    results = []
    for number, place in enumerate(places):
        others = ((f"other {rank}", -float(rank)) for rank in range(1, place))
        ranked = (*others, ("a b", -float(place)))
        answer = None
        if refused is not None:
            outcome = "related" if refused.get(number) else "answered"
            answer = Answer("q", "q", outcome, "extractive", None, "", (), (), ())  # type: ignore[arg-type]  # literals
        asked = question(number, kind="odd" if number % 2 else "even")
        results.append(QuestionResult(asked, ranked, 1.0, answer=answer))
    return Evaluation(tuple(results), with_answers=refused is not None)


def test_a_consistent_gain_is_called_better_with_its_size_and_p_value() -> None:
    found = compare_evaluations(evaluation([2, 3] * 15), evaluation([1, 2] * 15), names=NAMES)
    assert found.verdict == "better"
    assert found.ranking["hit@1"].better == 15
    # nDCG rises from 0.6309 to 1 for one half and from 0.5 to 0.6309 for the other
    assert found.ranking["ndcg@10"].gain.mean == pytest.approx((0.3691 + 0.1309) / 2, abs=1e-4)
    assert in_words(found).startswith("The second is better than the first on 30 questions: +0.250 nDCG@10, 95 %")
    assert in_words(found).endswith("p < 0.001.")
    assert set(found.kinds) == {"even", "odd"}
    assert found.changes[0].second - found.changes[0].first == pytest.approx(0.3691, abs=1e-4)


def test_the_other_way_round_it_is_worse() -> None:
    found = compare_evaluations(evaluation([1, 2] * 15), evaluation([2, 3] * 15), names=NAMES)
    assert found.verdict == "worse"
    assert "is worse than the first" in in_words(found)


def test_a_gain_that_few_questions_cannot_show_is_called_no_difference() -> None:
    found = compare_evaluations(evaluation([1, 2, 1, 2, 1, 1]), evaluation([1, 1, 2, 1, 1, 1]), names=NAMES)
    assert found.verdict == "no difference"
    assert in_words(found).startswith("No difference between the second and the first that 6 questions could show (+")
    assert "would not be seen" in in_words(found)


def test_of_very_few_questions_no_size_of_a_gain_is_said_to_be_seen() -> None:
    for few in (1, 2, 5):
        found = compare_evaluations(evaluation([9] * few), evaluation([1] * few), names=NAMES)
        assert (found.verdict, found.ranking["ndcg@10"].better) == ("no difference", few)
        assert in_words(found).endswith("; fewer than 6 cannot show any.")
    assert compare_evaluations(evaluation([9] * 6), evaluation([1] * 6), names=NAMES).verdict == "better"


def test_questions_that_a_run_lacks_are_left_out_and_counted() -> None:
    now = evaluation([1] * 12)
    questions = QuestionSet(tuple(one.question for one in now.results), "title")
    found = compare_with_run(questions, {f"q_{number}": [("a_b", 1.0)] for number in range(4)}, now, names=NAMES)
    assert (found.questions, found.verdict) == (4, "no difference")
    assert in_words(found) == (
        "The second ranks exactly as well as the first on each of 4 questions."
        " 8 of 12 questions are not in the run and are left out."
    )


def test_a_run_that_was_cut_is_compared_down_to_where_it_was_cut(tmp_path: Path) -> None:
    now = evaluation([1, 3, 5, 7] * 3)
    questions = QuestionSet(tuple(one.question for one in now.results), "title")
    for cut, note in ((3, " The run was cut after 3 papers a question, so only these count on both sides."), (7, "")):
        write_run(tmp_path / "run", now.results, k=cut)
        found = compare_with_run(questions, read_run(tmp_path / "run"), now, names=NAMES)
        assert in_words(found) == f"The second ranks exactly as well as the first on each of 12 questions.{note}"


def test_the_same_ranking_is_said_to_be_the_same() -> None:
    found = compare_evaluations(evaluation([1, 2]), evaluation([1, 2]), names=NAMES)
    assert in_words(found) == "The second ranks exactly as well as the first on each of 2 questions."
    assert found.changes == ()


def test_questions_without_an_answer_count_for_decisions_alone() -> None:
    unanswerable = QuestionResult(question(9, answerable=False), (), 1.0)
    nothing = Evaluation((unanswerable,), with_answers=False)
    found = compare_evaluations(nothing, nothing, names=NAMES)
    assert (found.questions, found.verdict) == (0, "no difference")
    assert "Nothing to compare" in in_words(found)


def test_answers_to_questions_that_nobody_judged_are_no_decisions() -> None:
    unjudged = QuestionResult(EvaluationQuestion("q", "Question?", judged=False), (), 1.0)
    found = compare_evaluations(*[Evaluation((unjudged,), with_answers=True)] * 2, names=NAMES)
    assert found.decisions is None
    assert "right decisions" not in comparisons_by_name(found)


def test_a_key_that_a_run_repeats_is_found_once(tmp_path: Path) -> None:
    asked = question(1)
    run = {"q_1": [("a_b", 3.0), ("other", 2.5), ("a_b", 2.0)]}
    found = evaluation_of_run(QuestionSet((asked,), "title"), run).results[0]
    assert found.keys == ("a b", "other")
    assert all(measure(found) == 1.0 for measure in RANKING.values())
    write_run(tmp_path / "run", [found], k=3)
    assert read_run(tmp_path / "run") == {"q_1": [("a_b", 3.0), ("other", 2.5)]}


def test_refusing_less_often_where_there_is_an_answer_is_a_better_decision() -> None:
    first = evaluation([1] * 12, refused=dict.fromkeys(range(8), True))
    found = compare_evaluations(first, evaluation([1] * 12, refused={}), names=NAMES)
    assert found.decisions is not None
    assert (found.decisions.better, found.decisions.worse) == (8, 0)
    assert found.decisions.gain.mean == pytest.approx(8 / 12)


def test_a_run_is_judged_by_the_names_that_it_was_written_with() -> None:
    questions = QuestionSet((question(1), question(2)), "title")
    read = evaluation_of_run(questions, {"q_1": [("x_y", 2.0), ("a_b", 1.0)]})
    assert read.results[0].keys == ("x_y", "a b")
    assert read.results[1].keys == ()
