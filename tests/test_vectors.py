"""rag/vectors.py and rag/matrix.py: cosine from Chroma, and the same rows beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.embedder import FloatMatrix
from rag.errors import DamagedStoreError
from rag.matrix import Matrix, append_rows, compact_rows
from rag.vectors import Vectors


def unit_rows(count: int, dimension: int = 16) -> FloatMatrix:
    rows = np.random.default_rng(1).standard_normal((count, dimension)).astype(np.float32)
    unit: FloatMatrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def names(count: int) -> list[str]:
    return [f"paper{number:04}:key" for number in range(count)]


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    with closing(Vectors(tmp_path, create=True)) as opened:
        yield opened


def test_similarity_is_the_cosine_and_the_best_comes_first(vectors: Vectors) -> None:
    rows = unit_rows(50)
    vectors.upsert(names(50), rows)
    found = vectors.nearest(rows[7], 50)
    assert (found[0][0], round(found[0][1], 4)) == ("paper0007:key", 1.0)
    wanted = rows @ rows[7]
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    assert all(abs(wanted[int(name[5:9])] - cosine) < 1e-5 for name, cosine in found)
    assert -1.0 <= found[-1][1] < 0.0


def test_fewer_than_k_and_none(vectors: Vectors) -> None:
    assert vectors.nearest(unit_rows(1)[0], 5) == []
    vectors.upsert(names(3), unit_rows(3))
    vectors.close()
    assert len(vectors.nearest(unit_rows(1)[0], 5)) == 3
    assert vectors.nearest(unit_rows(1)[0], 0) == []


def test_the_same_id_is_replaced_and_more_than_a_batch_is_written(vectors: Vectors) -> None:
    rows = unit_rows(6000)
    vectors.upsert(names(6000), rows)  # Chroma takes 5,461 at a time
    vectors.upsert(names(1), -rows[:1])
    assert vectors.count() == 6000
    assert len(set(vectors.all_ids())) == 6000
    vectors.delete([*names(5000), "unknown"])
    vectors.close()
    assert vectors.count() == 1000


def test_missing_vectors_are_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DamagedStoreError, match="no vectors") as caught:
        Vectors(tmp_path).nearest(unit_rows(1)[0], 3)
    assert "--rebuild" in caught.value.hint
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma/chroma.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(DamagedStoreError, match="cannot be used"):
        Vectors(tmp_path).nearest(unit_rows(1)[0], 3)


def test_rows_of_the_matrix_are_those_that_went_in(tmp_path: Path) -> None:
    path, rows = tmp_path / "vectors.f16", unit_rows(10)
    append_rows(path, rows[:4])
    append_rows(path, rows[4:])
    matrix = Matrix(path, 16)
    assert len(matrix) == 10
    assert np.allclose(matrix.take([3, 9, 3]), rows[[3, 9, 3]], atol=5e-4)
    assert np.allclose(matrix.cosines(rows[2], [2, 5]), rows[[2, 5]] @ rows[2], atol=3e-4)
    assert np.allclose(matrix.all_cosines(rows[2]), rows @ rows[2], atol=3e-4)
    assert matrix.take([]).shape == (0, 16)
    compact_rows(path, 16, [1, 8, 9])
    assert np.allclose(Matrix(path, 16).take([0, 1, 2]), rows[[1, 8, 9]], atol=5e-4)


def test_a_matrix_of_another_dimension_or_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "vectors.f16"
    with pytest.raises(DamagedStoreError, match="cannot be read"):
        Matrix(path, 16)
    append_rows(path, unit_rows(3))
    with pytest.raises(DamagedStoreError, match="does not hold vectors of 7"):
        Matrix(path, 7)
