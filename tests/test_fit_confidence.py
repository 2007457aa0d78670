"""scripts/fit_confidence.py: the confidence's weights are fitted and written by one command."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rag.confidence import Signals
from rag.corpus import normalise_title
from rag.evaluation.question_sets import EvaluationQuestion
from rag.fitted import USUAL, VERSION, WEIGHTS, Usual, Weights
from rag.minilm import bundled_embedder
from scripts.fit_confidence import TARGET, WRONGLY_REFUSED, Example, comparison, examples_of, fit, main, render
from tests.small_corpus import PAPERS, index_small_corpus


def made(count: int, *, answerable: bool, seed: int) -> list[Example]:
    """Questions that only the words met worst tell apart; the score of the first hit is chance."""
    chance = random.Random(seed)  # noqa: S311 - examples
    middle = 0.5 if answerable else 0.2
    return [
        Example(Signals(chance.gauss(middle, 0.1), 0.0, chance.gauss(1.0, 0.2), 0.0, 0.0, 0.5), answerable, near=False)
        for _ in range(count)
    ]


def test_what_is_written_is_what_is_there() -> None:
    assert render(WEIGHTS, USUAL, version=VERSION) == TARGET.read_text(encoding="utf-8")


def test_new_values_are_written_and_can_be_read() -> None:
    text = render(Weights(1.5, 2.0, 0.25, 4.0, 0.1, -0.75), Usual(0.3), version=7)
    values: dict[str, object] = {}
    exec(compile(text, "fitted.py", "exec"), {"__name__": "rag.fitted"}, values)  # noqa: S102 - text of ours
    assert values["VERSION"] == 7
    assert repr(values["WEIGHTS"]) == repr(Weights(1.5, 2.0, 0.25, 4.0, 0.1, -0.75))
    assert repr(values["USUAL"]) == repr(Usual(0.3))


def test_a_fit_weighs_what_tells_and_refuses_few_of_the_answerable() -> None:
    examples = [*made(200, answerable=True, seed=1), *made(60, answerable=False, seed=2)]
    weights = fit(examples)
    assert weights.worst_words > 10 * abs(weights.score)
    refused = [one.signals.odds(weights) < 0 for one in examples if one.answerable]
    assert 0 < sum(refused) / len(refused) <= WRONGLY_REFUSED + 0.005
    assert sum(one.signals.odds(weights) < 0 for one in examples if not one.answerable) > 40
    told = comparison(examples, weights)
    assert "fitted on others" in told
    assert "refused: answerable, 200" in told


def test_the_signals_of_questions_are_those_of_the_answers_to_them(tmp_path: Path) -> None:
    data = index_small_corpus(tmp_path / "data").data_dir
    questions = [
        EvaluationQuestion("1", PAPERS[0][0], grades={normalise_title(PAPERS[0][0]): 1.0}),
        EvaluationQuestion("2", "Which vaccine protects cattle against anthrax?", near=("Cattle",)),
        EvaluationQuestion("3", "How many papers are there?"),  # counted, not judged
    ]
    found = examples_of(data, bundled_embedder(), questions)
    assert [(one.answerable, one.near) for one in found] == [(True, False), (False, True)]
    assert found[0].signals.odds() > 0 > found[1].signals.odds()


def test_without_the_questions_a_sentence_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--dumps", "nowhere"])
    assert ended.value.code == 2
    assert "ASKPAPERS_SHARED" in capsys.readouterr().err
