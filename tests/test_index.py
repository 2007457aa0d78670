"""rag/index.py: what readers see, alone, in threads, and while another process ingests."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.sync import sync
from rag.catalogue import Counts
from rag.errors import DamagedStoreError, EmptyIndexError, StoreError
from rag.generations import leased_generations
from rag.index import Index
from rag.settings import Settings
from tests.conftest import ROOT
from tests.dumps_of import abstract_of, row, title_of, write_dump
from tests.word_embedder import WordEmbedder

DATA = Path("data")


def ingest(numbers: range, *, data: Path = DATA, name: str = "a.jsonl") -> None:
    dump = write_dump(Path("dumps") / name, [row(number) for number in numbers])
    sync([str(dump)], Settings(data_dir=data, _env_file=None), embedder=WordEmbedder())


@pytest.fixture
def index() -> Iterator[Index]:
    opened = Index.open(DATA)
    yield opened
    opened.close()


def test_an_empty_index_has_nothing_and_says_so_when_searched(index: Index) -> None:
    vector = WordEmbedder().embed_queries(["bees"])[0]
    with index.reading() as reading:
        assert (reading.generation, reading.passport, reading.counts()) == (0, None, Counts(0, 0, 0))
        assert (list(reading.all_papers()), reading.papers(["x"]), reading.dumps()) == ([], {}, [])
        with pytest.raises(EmptyIndexError):
            reading.nearest_chunks(vector, 3)
        with pytest.raises(EmptyIndexError):
            reading.best_words("bees", 3)
    ingest(range(1))
    with index.reading() as reading:
        assert reading.counts().papers == 1


def test_papers_and_chunks_come_back_as_they_went_in(index: Index) -> None:
    ingest(range(600))  # more than one page
    with index.reading() as reading:
        papers = list(reading.all_papers())
        assert [paper.title for paper in papers] == [title_of(number) for number in range(600)]
        paper = papers[7]
        assert (paper.abstract, paper.sources[0].dump, paper.sources[0].line) == (abstract_of(7), "a.jsonl", 8)
        assert reading.papers([paper.paper_id, "unknown"]) == {paper.paper_id: paper}
        [chunk] = reading.chunks_of([paper.paper_id])[paper.paper_id]
        assert chunk.passage(paper) == paper.abstract
        assert reading.chunks([chunk.chunk_id, "unknown", "un:known", f"{paper.paper_id}:9"]) == {chunk.chunk_id: chunk}
        assert [dump.papers for dump in reading.dumps()] == [600]


def test_the_first_query_and_later_ones_find_the_same_neighbours(index: Index) -> None:
    ingest(range(300))
    vector = WordEmbedder().embed_queries([title_of(123)])[0]
    with index.reading() as reading:
        first = reading.nearest_chunks(vector, 20)  # from the matrix
        later = reading.nearest_chunks(vector, 20)  # from Chroma
        exact = reading.chunk_cosines(vector, [paper.paper_id for paper in reading.all_papers()])
        assert reading.nearest_chunks(vector, 0) == []
        assert len(reading.nearest_chunks(vector, 1000)) == 300
    assert first[0][1] >= first[-1][1]
    assert np.allclose([cosine for _, cosine in first], [cosine for _, cosine in later], atol=3e-4)
    wanted = dict(pair for chunks in exact.values() for pair in chunks)
    assert all(abs(wanted[chunk_id] - cosine) < 3e-4 for chunk_id, cosine in later)
    best = sorted(wanted.values(), reverse=True)[:20]
    assert np.allclose([cosine for _, cosine in later], best, atol=3e-4)


def test_cosines_of_given_papers_leave_out_unknown_ones(index: Index) -> None:
    ingest(range(3))
    with index.reading() as reading:
        some = next(iter(reading.all_papers())).paper_id
        vector = WordEmbedder().embed_queries([title_of(0)])[0]
        assert list(reading.chunk_cosines(vector, [some, "unknown"])) == [some]
        assert reading.chunk_cosines(vector, []) == {}
        assert set(reading.word_scores("kind method", [some, "unknown"])) == {some}


def test_a_reading_stays_as_it_was_while_a_new_generation_is_published(index: Index) -> None:
    ingest(range(20))
    vector = WordEmbedder().embed_queries(["tides"])[0]
    with index.reading() as old:
        ingest(range(10, 40))
        with index.reading() as new:
            assert (old.generation, new.generation) == (1, 2)
            assert (old.counts().papers, new.counts().papers) == (20, 40)
            for reading, count in ((old, 20), (new, 40), (old, 20)):
                assert len(reading.nearest_chunks(vector, 100)) == count
                assert len(reading.best_words("kind", 100)) == count
                assert len(reading.papers([c.rpartition(":")[0] for c, _ in reading.nearest_chunks(vector, 9)])) == 9
        assert (DATA / "generations/1").is_dir()  # it is being read
    ingest(range(50, 51), name="b.jsonl")
    assert not (DATA / "generations/1").exists()
    with index.reading() as reading:
        assert reading.generation == 3


def test_threads_share_an_index_while_ingests_run(index: Index) -> None:
    ingest(range(5))
    problems: list[str] = []
    done = threading.Event()

    def ask() -> None:
        embedder = WordEmbedder()
        while not done.is_set():
            with index.reading() as reading:
                wanted = reading.counts().papers
                near = reading.nearest_chunks(embedder.embed_queries(["bees of kind"])[0], 100)
                found = len(reading.papers([chunk_id.rpartition(":")[0] for chunk_id, _ in near]))
                if not wanted == len(near) == found == len(reading.best_words("method", 100)):
                    problems.append(f"{reading.generation}: {wanted} {len(near)} {found}")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for step in range(1, 6):
        ingest(range(5 + 5 * step))
    done.set()
    for thread in threads:
        thread.join()
    assert problems == []
    assert leased_generations(DATA) == {6}


READER = """
import sys
from pathlib import Path
from rag.index import Index
from tests.word_embedder import WordEmbedder

index, embedder, seen = Index.open(Path("data")), WordEmbedder(), set()
while not Path("stop").exists():
    with index.reading() as reading:
        papers = reading.counts().papers
        near = reading.nearest_chunks(embedder.embed_queries(["tides"])[0], 200)
        words = reading.best_words("method", 200)
        known = reading.papers([paper_id for paper_id, _ in words])
        assert papers == len(near) == len(words) == len(known), (reading.generation, papers, len(near), len(words))
        if reading.generation not in seen:
            seen.add(reading.generation)
            print(reading.generation, flush=True)
index.close()
"""


def test_a_reader_in_one_process_follows_the_ingests_of_another() -> None:
    ingest(range(10))
    reader = subprocess.Popen(
        [sys.executable, "-c", READER],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "1\n"
    for generation in range(2, 6):
        ingest(range(10 * generation))
        assert reader.stdout.readline() == f"{generation}\n"
    Path("stop").touch()
    _, errors = reader.communicate(timeout=60)
    assert (reader.returncode, errors) == (0, "")


def test_a_data_folder_that_is_removed_and_made_anew_is_noticed(index: Index) -> None:
    ingest(range(5))
    with index.reading() as reading:
        assert reading.counts().papers == 5
    shutil.rmtree(DATA)
    with index.reading() as reading:
        assert reading.counts().papers == 0
    ingest(range(100, 103), name="b.jsonl")
    with index.reading() as reading:
        assert [paper.title for paper in reading.all_papers()] == [title_of(number) for number in range(100, 103)]
        assert len(reading.best_words("method", 10)) == 3


def test_what_is_wrong_with_the_store_is_said_in_a_sentence(index: Index) -> None:
    ingest(range(2))
    index.close()
    shutil.rmtree(DATA / "generations")
    with pytest.raises(DamagedStoreError) as caught, index.reading():
        pass
    assert "--rebuild" in caught.value.hint
    (DATA / "catalogue.sqlite").write_bytes(b"no database at all" * 1000)
    with pytest.raises(DamagedStoreError, match="damaged"), index.reading():
        pass


def test_vectors_on_a_server_are_not_looked_for_in_the_folder() -> None:
    ingest(range(2))
    elsewhere = Index.open(DATA, chroma_url="http://127.0.0.1:9")
    with pytest.raises(StoreError, match="CHROMA_URL"), elsewhere.reading():
        pass


def test_a_folder_without_permission_to_write_is_searched_all_the_same(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(range(30))
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    monkeypatch.setattr("rag.vectors.Vectors.nearest", None)
    with index.reading() as reading:
        vector = WordEmbedder().embed_queries([title_of(3)])[0]
        for _ in range(3):
            [(chunk_id, _)] = reading.nearest_chunks(vector, 1)
            assert reading.papers([chunk_id.partition(":")[0]])[chunk_id.partition(":")[0]].title == title_of(3)
        assert len(reading.best_words("method", 50)) == 30


def test_warming_loads_what_the_first_query_needs(index: Index) -> None:
    index.warm()  # nothing there yet
    ingest(range(30))
    index.warm()
    with index.reading() as reading:
        assert len(reading.nearest_chunks(WordEmbedder().embed_queries(["bees"])[0], 5)) == 5


def test_an_error_of_the_reader_itself_passes_through(index: Index) -> None:
    ingest(range(2))
    with pytest.raises(BrokenPipeError), index.reading():
        raise BrokenPipeError
    with index.reading() as reading:
        assert reading.counts().papers == 2
