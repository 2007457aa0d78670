"""The stored vectors brought down to the few directions in which the papers of this corpus differ most (PCA)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag.embedder import FloatMatrix
from rag.matrix import Matrix

IntVector = NDArray[np.intp]

DIRECTIONS = 32
_SAMPLE = 8192  # vectors that the directions are found from; more change nothing that can be seen
_BLOCK = 8192  # vectors in memory at a time


def project_papers(matrix: Matrix, positions: IntVector, owners: IntVector) -> FloatMatrix:
    """One unit row a paper: the mean of its vectors without what all papers have in common.

    `positions` are rows of the matrix, `owners` says for each of them whose it is: 0, 1, 2 ... in ascending order,
    every number at least once. Returns float32 (papers, at most DIRECTIONS).
    """
    step = max(1, len(positions) // _SAMPLE)
    sample = matrix.take(positions[::step]).astype(np.float64)
    mean = sample.mean(axis=0)
    centred = sample - mean
    _, directions = np.linalg.eigh(centred.T @ centred)
    basis = directions[:, ::-1][:, : min(DIRECTIONS, len(sample))]
    # A direction may come out either way round; its largest part decides, so that the same corpus gives the same map.
    basis = basis * np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])])
    parts = []
    for first in range(0, len(positions), _BLOCK):
        rows = matrix.take(positions[first : first + _BLOCK])
        parts.append((rows - mean.astype(np.float32)) @ basis.astype(np.float32))
    projected = np.concatenate(parts)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    return unit_rows(np.add.reduceat(projected, starts, axis=0))


def unit_rows(rows: FloatMatrix) -> FloatMatrix:
    """Each row of length 1; a row of zeros stays one."""
    unit: FloatMatrix = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit
