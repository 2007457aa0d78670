"""The steps that make the bundled model, on small matrices; the whole is proved by the script itself."""

from __future__ import annotations

import numpy as np
import pytest

from scripts.minilm.quantise import WEIGHT_LIMIT, Statistics, quantise_rows, quantise_step
from scripts.minilm.reference import Linear, erf


@pytest.fixture
def inputs() -> np.ndarray:
    """Activations with a few channels that run large, and channels that go together, as in the real model."""
    random = np.random.default_rng(0)
    mixed = random.normal(size=(400, 24)) @ random.normal(size=(24, 48))
    mixed[:, :2] *= 20
    return mixed.astype(np.float32)


@pytest.fixture
def linear() -> Linear:
    random = np.random.default_rng(1)
    return Linear(random.normal(size=(48, 32)).astype(np.float32), random.normal(size=32).astype(np.float32))


@pytest.mark.parametrize("step", ["layer0.widen", "layer0.project"])
def test_int8_weights_give_nearly_the_same_product(inputs: np.ndarray, linear: Linear, step: str) -> None:
    statistics = Statistics()
    statistics.observe(step, inputs[:200])
    statistics.observe(step, inputs[200:])
    quantised = quantise_step(step, linear, statistics)
    assert np.abs(quantised.values.astype(int)).max() <= WEIGHT_LIMIT
    assert (quantised.input_scale is None) == (step == "layer0.project")
    scaled = inputs if quantised.input_scale is None else inputs * quantised.input_scale
    ours = scaled @ (quantised.values * quantised.scale) + quantised.bias
    wanted = inputs @ linear.weight + linear.bias
    nearest = np.abs(linear.weight).max(axis=0) / WEIGHT_LIMIT
    rounded = inputs @ (np.rint(linear.weight / nearest) * nearest) + linear.bias
    assert np.square(ours - wanted).mean() < 0.5 * np.square(rounded - wanted).mean()


def test_a_channel_that_never_speaks_does_no_harm(linear: Linear) -> None:
    statistics = Statistics()
    silent = np.zeros((10, 48), np.float32)
    silent[:, 0] = 1
    statistics.observe("layer0.narrow", silent)
    quantised = quantise_step("layer0.narrow", linear, statistics)
    assert np.isfinite(quantised.scale).all()
    assert quantised.input_scale is not None
    assert np.isfinite(quantised.input_scale).all()


def test_rows_of_an_embedding_table_keep_their_own_scale() -> None:
    table = np.array([[1, -2, 0.5], [0, 0, 0], [100, 1, -50]], np.float32)
    values, scale = quantise_rows(table)
    assert values * scale == pytest.approx(table, abs=0.5)
    assert (values * scale)[0] == pytest.approx(table[0], abs=0.01)


def test_the_error_function_is_that_of_the_tables() -> None:
    # Abramowitz and Stegun, table 7.1.
    assert erf(np.array([0, 0.5, 1, 2, -1], np.float32)) == pytest.approx(
        [0, 0.5204999, 0.8427008, 0.9953223, -0.8427008], abs=1e-6
    )
