"""Metrics against values worked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rag.evaluation.metrics import (
    area_interval,
    compare,
    hit,
    interval,
    ndcg,
    percentile,
    percentile_interval,
    recall,
    reciprocal_rank,
    roc,
)


def test_ndcg_of_two_relevant_papers_at_ranks_two_and_four() -> None:
    # gain 1/log2(3) + 1/log2(5) = 0.63093 + 0.43068; ideal 1 + 1/log2(3) = 1.63093
    assert ndcg(["a", "b", "c", "d"], {"b": 1, "d": 1}) == pytest.approx(1.06161 / 1.63093, abs=1e-5)


def test_ndcg_takes_the_grade_as_gain() -> None:
    # gain 1 + 3/log2(3) = 2.89279; ideal 3 + 1/log2(3) = 3.63093
    assert ndcg(["a", "b"], {"a": 1, "b": 3}) == pytest.approx(2.89279 / 3.63093, abs=1e-5)


def test_ndcg_looks_no_further_than_k_and_its_ideal_neither() -> None:
    assert ndcg(["x", "a"], {"a": 1}, k=1) == 0.0
    assert ndcg(["a", "b"], {"a": 1, "b": 1, "c": 1}, k=2) == 1.0


def test_a_grade_of_zero_or_below_is_not_relevant() -> None:
    assert ndcg(["a"], {"a": 0}) == 0.0
    assert ndcg(["a", "b"], {"a": -1, "b": 1}) == pytest.approx(1 / math.log2(3))
    assert recall(["a"], {"a": 0, "b": 1}) == 0.0


def test_recall_reciprocal_rank_and_hit_by_hand() -> None:
    ranked, grades = ["x", "a", "y", "b"], {"a": 1.0, "b": 1.0, "c": 2.0, "z": 0.0}
    assert recall(ranked, grades) == pytest.approx(2 / 3)
    assert recall(ranked, grades, k=3) == pytest.approx(1 / 3)
    assert reciprocal_rank(ranked, grades) == 0.5
    assert reciprocal_rank(ranked, grades, k=1) == 0.0
    assert (hit(ranked, grades), hit(ranked, grades, k=2)) == (0.0, 1.0)


def test_nothing_found_or_nothing_relevant_scores_zero() -> None:
    for measure in (ndcg, recall, reciprocal_rank, hit):
        assert measure([], {"a": 1.0}) == 0.0
        assert measure(["a"], {}) == 0.0


def test_an_interval_holds_its_mean_and_narrows_with_more_questions() -> None:
    few, many = interval([0.0, 1.0] * 10), interval([0.0, 1.0] * 1000)
    assert few.mean == many.mean == 0.5
    assert few.low < 0.5 < few.high
    # Wilson's interval of 10 in 20: (0.5 + 1.96^2/40 -+ 1.96 sqrt(0.25/20 + 1.96^2/1600)) / (1 + 1.96^2/20)
    assert [few.low, few.high] == pytest.approx([0.2993, 0.7007], abs=1e-4)
    assert many.high - many.low < (few.high - few.low) / 5
    assert interval([0.7]) == interval([0.7])
    assert interval([]).count == 0


def test_ten_of_ten_is_no_certainty() -> None:
    # Wilson's lower end of 10 in 10 is 1 / (1 + 1.96^2/10)
    every, none = interval([1.0] * 10), interval([0.0] * 10)
    assert (every.mean, every.high, none.mean, none.low) == (1.0, 1.0, 0.0, 0.0)
    assert [every.low, none.high] == pytest.approx([0.7225, 0.2775], abs=1e-4)


def test_the_interval_of_other_values_comes_from_drawing_them_again() -> None:
    values = [0.1, 0.4, 0.5, 0.9] * 25
    found = interval(values)
    # the standard error is 0.287 / sqrt(100) = 0.0287, so the interval is about 0.475 -+ 0.056
    assert found.mean == pytest.approx(0.475)
    assert [found.low, found.high] == pytest.approx([0.419, 0.531], abs=0.01)
    assert interval(values) == found


def test_percentiles_and_areas_have_intervals_that_hold_them() -> None:
    median = percentile_interval([float(value) for value in range(101)], 0.5)
    assert median.mean == 50
    assert 30 < median.low < 50 < median.high < 70
    area = area_interval([3, 2] * 20, [2, 1] * 20)
    assert area.mean == pytest.approx(3.5 / 4)
    assert 0.75 < area.low < area.mean < area.high < 1
    assert area_interval([1], []).count == 0


def test_comparing_pairs_the_questions() -> None:
    outcome = compare([0.2, 0.5, 0.9, 0.1] * 10, [0.3, 0.5, 0.8, 0.4] * 10)
    assert (outcome.better, outcome.worse, outcome.equal) == (20, 10, 10)
    assert outcome.gain.mean == pytest.approx(0.075)
    assert outcome.p_value < 0.05
    assert compare([0.5, 0.6], [0.5, 0.6]).p_value == 1.0


def test_the_roc_and_its_area_by_hand() -> None:
    assert roc([3, 2], [2, 1]) == [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]
    assert area_interval([3, 2], [2, 1]).mean == pytest.approx(3.5 / 4)
    assert math.isnan(area_interval([], [1]).mean)


def test_percentiles_lie_between_neighbours() -> None:
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([5], 0.95) == 5
    assert math.isnan(percentile([], 0.5))


@hypothesis_settings(max_examples=60)
@given(
    st.permutations(list("abcdefghijkl")),
    st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(0, 3), min_size=1),
)
def test_no_metric_leaves_its_range_and_the_best_order_scores_one(ranked: list[str], grades: dict[str, int]) -> None:
    judged = {key: float(grade) for key, grade in grades.items()}
    for measure in (ndcg, recall, reciprocal_rank, hit):
        assert 0.0 <= measure(ranked, judged) <= 1.0 + 1e-12
    if any(grades.values()):
        best = sorted(ranked, key=lambda key: -judged.get(key, 0))
        assert ndcg(best, judged) == pytest.approx(1.0)
