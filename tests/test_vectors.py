"""rag/vectors.py and rag/matrix.py: cosine from Chroma, and the same rows beside it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest

from ingest.sync import sync
from rag.embedder import FloatMatrix
from rag.errors import DamagedStoreError, StoreError
from rag.index import Index
from rag.matrix import Matrix, append_rows, compact_rows
from rag.settings import Settings
from rag.vectors import Vectors
from tests.dumps_of import row, title_of, write_dump
from tests.word_embedder import WordEmbedder


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


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Chroma server on this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("chroma")),
            "run",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--path",
            "chroma",
        ],
        cwd=tmp_path_factory.mktemp("server"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            with urlopen(f"{address}/api/v2/heartbeat"):  # noqa: S310 - our own server
                break
        except OSError:
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait()


def search(data: Path, url: str, number: int) -> list[str]:
    """Titles of the papers nearest to a paper's title, asked twice: from the matrix and from Chroma."""
    index = Index.open(data, chroma_url=url)
    with index.reading() as reading:
        vector = WordEmbedder().embed_queries([title_of(number)])[0]
        found = [
            [
                reading.papers([c.partition(":")[0]])[c.partition(":")[0]].title
                for c, _ in reading.nearest_chunks(vector, 5)
            ]
            for _ in range(2)
        ]
    index.close()
    assert found[0] == found[1]
    return found[0]


def test_a_chroma_server_holds_the_vectors_in_place_of_the_folder(chroma_server: str, tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(number) for number in range(30)])
    local, remote = (
        Settings(data_dir=tmp_path / "data", chroma_url=url, _env_file=None) for url in ("", chroma_server)
    )

    sync([str(dump)], remote, embedder=WordEmbedder())
    assert not (tmp_path / "data/generations/1/chroma").exists()
    assert search(remote.data_dir, chroma_server, 3)[0] == title_of(3)

    # What a killed ingest left on the server is skipped, and removed by the next one.
    with Index.open(remote.data_dir, chroma_url=chroma_server).reading() as reading:
        assert reading.passport is not None
    collection = f"askpapers-{corpus_name(remote.data_dir)}-1"
    stray = Vectors(tmp_path, chroma_url=chroma_server, collection=collection)
    stray.upsert(["left:over"], WordEmbedder().embed_queries([title_of(3)]))
    assert search(remote.data_dir, chroma_server, 3)[0] == title_of(3)
    write_dump(dump, [row(number) for number in range(31)])
    sync([str(dump)], remote, embedder=WordEmbedder())
    assert stray.count() == 31

    # Back into the folder, and to the server again, without embedding.
    embedder = WordEmbedder()
    sync([str(dump)], local, embedder=embedder)
    assert search(local.data_dir, "", 3)[0] == title_of(3)
    sync([str(dump)], remote, embedder=embedder)
    assert search(remote.data_dir, chroma_server, 3)[0] == title_of(3)
    assert embedder.embedded == []

    # A rebuild fills a new collection and drops the old one.
    sync([], remote, embedder=WordEmbedder(name="other"), rebuild=True)
    with pytest.raises(StoreError):
        Vectors(tmp_path, chroma_url=chroma_server, collection=collection).count()
    stray.close()


def corpus_name(data: Path) -> str:
    from rag.catalogue import Catalogue, connect

    with closing(connect(data / "catalogue.sqlite")) as connection:
        return Catalogue(connection).state().corpus


def test_a_server_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(1)])
    settings = Settings(data_dir=tmp_path / "data", chroma_url="http://127.0.0.1:9", _env_file=None)
    with pytest.raises(StoreError, match=r"Chroma server at http://127\.0\.0\.1:9 failed") as caught:
        sync([str(dump)], settings, embedder=WordEmbedder())
    assert "CHROMA_URL" in caught.value.hint
    shutil.rmtree(tmp_path / "data")
