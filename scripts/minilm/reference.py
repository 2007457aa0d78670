"""The forward pass of all-MiniLM-L6-v2 in plain numpy, float32, as published: what the bundled model must agree with.

Devlin et al. 2019 (https://arxiv.org/abs/1810.04805) describe the encoder, Wang et al. 2020
(https://arxiv.org/abs/2002.10957) this small one; sentence-transformers takes the mean over the tokens at unit length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12

FloatArray = NDArray[np.float32]
Weights = Mapping[str, FloatArray]  # as the published file names them
Observer = Callable[[str, FloatArray], None]  # name of a linear step, its input (tokens, in)


class Linear(NamedTuple):
    """value @ weight + bias."""

    weight: FloatArray  # (in, out)
    bias: FloatArray  # (out,)


def linear_steps(weights: Weights) -> dict[str, Linear]:
    """The 24 matrix products: per layer "joined" (query, key and value side by side), "project", "widen", "narrow"."""
    steps = {}
    for layer in range(LAYERS):
        source = f"encoder.layer.{layer}"
        parts = {
            "joined": [f"{source}.attention.self.{part}" for part in ("query", "key", "value")],
            "project": [f"{source}.attention.output.dense"],
            "widen": [f"{source}.intermediate.dense"],
            "narrow": [f"{source}.output.dense"],
        }
        for step, names in parts.items():
            weight = np.concatenate([weights[f"{name}.weight"] for name in names]).T
            bias = np.concatenate([weights[f"{name}.bias"] for name in names])
            steps[f"layer{layer}.{step}"] = Linear(weight, bias)
    return steps


class Encoder:
    """The model with the published weights."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.steps = linear_steps(weights)

    def embed(self, token_ids: Sequence[int], observe: Observer = lambda step, value: None) -> FloatArray:
        """The unit-length embedding (384,) of one text given as token ids with the marks at both ends.

        `observe` is shown the input of every linear step.
        """

        def linear(step: str, value: FloatArray) -> FloatArray:
            observe(step, value)
            return value @ self.steps[step].weight + self.steps[step].bias

        hidden = self._norm("embeddings", self._words_at_places(np.asarray(token_ids)))
        for layer in range(LAYERS):
            source, name = f"encoder.layer.{layer}", f"layer{layer}"
            attended = linear(f"{name}.project", _attend(linear(f"{name}.joined", hidden)))
            hidden = self._norm(f"{source}.attention.output", attended + hidden)
            narrow = linear(f"{name}.narrow", _gelu(linear(f"{name}.widen", hidden)))
            hidden = self._norm(f"{source}.output", narrow + hidden)
        mean = hidden.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _words_at_places(self, ids: NDArray[np.integer]) -> FloatArray:
        words = self.weights["embeddings.word_embeddings.weight"][ids]
        places = self.weights["embeddings.position_embeddings.weight"][: len(ids)]
        segment = self.weights["embeddings.token_type_embeddings.weight"][0]
        return np.asarray(words + places + segment, np.float32)

    def _norm(self, source: str, value: FloatArray) -> FloatArray:
        centred = value - value.mean(axis=-1, keepdims=True)
        deviation = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + EPSILON)
        scale, shift = self.weights[f"{source}.LayerNorm.weight"], self.weights[f"{source}.LayerNorm.bias"]
        return np.asarray(centred / deviation * scale + shift, np.float32)


def _attend(joined: FloatArray) -> FloatArray:
    """Scaled dot-product attention of all tokens to all tokens, per head."""
    tokens = len(joined)
    query, key, value = (
        part.reshape(tokens, HEADS, WIDTH // HEADS).transpose(1, 0, 2) for part in np.split(joined, 3, axis=1)
    )
    scores = query @ key.transpose(0, 2, 1) / np.float32((WIDTH // HEADS) ** 0.5)
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return np.asarray((shares @ value).transpose(1, 0, 2).reshape(tokens, WIDTH), np.float32)


def _gelu(value: FloatArray) -> FloatArray:
    return np.asarray(0.5 * value * (1 + erf(value / np.float32(2**0.5))), np.float32)


def erf(value: FloatArray) -> FloatArray:
    """Abramowitz and Stegun, formula 7.1.26; off by 1.5e-7 at most."""
    size = np.abs(value)
    t = 1 / (1 + 0.3275911 * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(np.sign(value) * (1 - series * np.exp(-size * size)), np.float32)
