"""Rows of many numbers to points of a plane, so that papers of like meaning lie together.

Each paper is drawn to its nearest neighbours and pushed away by papers taken at random, all papers at once, less and
less far: the forces of UMAP (McInnes, Healy and Melville 2018, https://arxiv.org/abs/1802.03426) with a = b = 1.
"""

from __future__ import annotations

import numpy as np

from rag.corpus_map.projection import IntVector
from rag.embedder import FloatMatrix

_NEIGHBOURS = 12
_PUSHERS = 8  # papers taken at random, for each paper and round
_ROUNDS = 220
_BLOCK = 1024  # rows compared with all others at a time
_NEAREST = 3  # placed papers among which another one is put
_FARTHEST = 4.0  # of one step along either axis
_EDGE = 0.5  # percent of the points on either side that do not decide how large the map is


def lay_out(rows: FloatMatrix, *, seed: int = 0) -> FloatMatrix:
    """Places in the unit square, float32 (n, 2). `rows` are unit rows; the same rows and seed give the same places."""
    if len(rows) < 3:
        return np.column_stack([np.linspace(0.3, 0.7, len(rows)), np.full(len(rows), 0.5)]).astype(np.float32)
    generator = np.random.default_rng(seed)
    places = _beginning(rows, generator)
    heads, tails = _edges(rows)
    degree = np.maximum(np.bincount(heads, minlength=len(rows)), 1)[:, None].astype(np.float32)
    for done in range(_ROUNDS):
        step = 1.0 - done / _ROUNDS
        others = generator.integers(len(rows), size=(len(rows), _PUSHERS))
        places += step * (_pull(places, heads, tails) / np.sqrt(degree) + _push(places, others))
    return _into_square(places)


def place_among(rows: FloatMatrix, placed_rows: FloatMatrix, places: FloatMatrix) -> FloatMatrix:
    """Places for more rows, each among its nearest placed ones, float32 (n, 2)."""
    parts = [np.empty((0, 2), np.float32)]
    near = min(_NEAREST, len(placed_rows))
    for first in range(0, len(rows), _BLOCK):
        likeness = rows[first : first + _BLOCK] @ placed_rows.T
        best = np.argpartition(-likeness, near - 1, axis=1)[:, :near]
        weight = np.maximum(np.take_along_axis(likeness, best, axis=1), 1e-3) ** 4
        weight /= weight.sum(axis=1, keepdims=True)
        parts.append((places[best] * weight[:, :, None]).sum(axis=1).astype(np.float32))
    return np.concatenate(parts)


def _beginning(rows: FloatMatrix, generator: np.random.Generator) -> FloatMatrix:
    """The first two directions, and a little chance so that no two points are one."""
    plane = rows[:, :2] if rows.shape[1] > 1 else np.column_stack([rows, np.zeros(len(rows), np.float32)])
    scaled = plane / max(float(np.abs(plane).max()), 1e-9) * 10.0
    begun: FloatMatrix = (scaled + generator.normal(0.0, 0.05, plane.shape)).astype(np.float32)
    return begun


def _edges(rows: FloatMatrix) -> tuple[IntVector, IntVector]:
    """Each paper with its nearest neighbours, both ways round, each pair once."""
    near = min(_NEIGHBOURS, len(rows) - 1)
    pairs = []
    for first in range(0, len(rows), _BLOCK):
        likeness = rows[first : first + _BLOCK] @ rows.T
        here = np.arange(first, first + len(likeness))
        likeness[np.arange(len(here)), here] = -np.inf
        best = np.argpartition(-likeness, near - 1, axis=1)[:, :near]
        pairs.append(np.column_stack([np.repeat(here, near), best.ravel()]))
    one_way = np.concatenate(pairs)
    both = np.unique(np.concatenate([one_way, one_way[:, ::-1]]), axis=0)
    return both[:, 0], both[:, 1]


def _pull(places: FloatMatrix, heads: IntVector, tails: IntVector) -> FloatMatrix:
    apart = places[tails] - places[heads]
    force = np.clip(apart * (2.0 / (1.0 + (apart**2).sum(axis=1, keepdims=True))), -_FARTHEST, _FARTHEST)
    return _summed(heads, force, len(places)) * 0.25


def _push(places: FloatMatrix, others: IntVector) -> FloatMatrix:
    apart = places[:, None, :] - places[others]
    square = (apart**2).sum(axis=2, keepdims=True)
    force = np.clip(apart * (2.0 / ((0.01 + square) * (1.0 + square))), -_FARTHEST, _FARTHEST)
    pushed: FloatMatrix = (force.sum(axis=1) * 0.25).astype(np.float32)
    return pushed


def _summed(owners: IntVector, force: FloatMatrix, size: int) -> FloatMatrix:
    columns = [np.bincount(owners, weights=force[:, axis], minlength=size) for axis in (0, 1)]
    return np.column_stack(columns).astype(np.float32)


def _into_square(places: FloatMatrix) -> FloatMatrix:
    """The longer way lies across, each axis fills the square; the few points far outside are brought to the edge."""
    centred = places - np.median(places, axis=0)
    _, axes = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    axes = axes[:, ::-1] * np.sign(axes[:, ::-1][np.abs(axes[:, ::-1]).argmax(axis=0), [0, 1]])
    turned = centred @ axes
    low, high = np.percentile(turned, [_EDGE, 100 - _EDGE], axis=0)
    middle, reach = (low + high) / 2, np.maximum((high - low) / 2, 1e-9)
    square: FloatMatrix = np.clip((turned - middle) / reach * 0.46 + 0.5, 0.0, 1.0).astype(np.float32)
    return square
