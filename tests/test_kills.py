"""Ingests killed with SIGKILL at random moments: readers see the corpus before or after, and no work is done twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.sync import sync
from rag.index import Index
from rag.settings import Settings
from tests.conftest import ROOT
from tests.dumps_of import row, write_dump
from tests.word_embedder import WordEmbedder

DATA = Path("data")
IN_WORK = 3 * 32  # texts of ingest/cutting.py that a kill may cost: two batches in work, one being kept
OLD, NEW = 20, 420  # papers before and after the ingest that is killed

SLOW_INGEST = """
import sys
from pathlib import Path
from ingest.sync import sync
from rag.settings import Settings
from tests.word_embedder import WordEmbedder

class Counting(WordEmbedder):
    def embed_documents(self, texts):
        vectors = super().embed_documents(texts)
        with Path("embedded.txt").open("a") as file:
            file.write("".join(f"{text!r}\\n" for text in texts))
        return vectors

def say(progress):
    print(progress.stage, flush=True)

settings = Settings(data_dir=Path("data"), _env_file=None)
sync(["new.jsonl"], settings, embedder=Counting(seconds_a_batch=0.05), progress=say)
"""


def start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SLOW_INGEST], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
    )


def check_whole(*allowed: int) -> int:
    """All of the published corpus can be read and searched, and it is one of the allowed ones."""
    index = Index.open(DATA)
    with index.reading() as reading:
        count = reading.counts().papers
        assert count in allowed
        vector = WordEmbedder().embed_queries(["dunes"])[0]
        near = {chunk_id for _ in range(2) for chunk_id, _ in reading.nearest_chunks(vector, 1000)}
        assert len({chunk_id.partition(":")[0] for chunk_id in near}) == count
        assert len(reading.best_words("method", 1000)) == count
        assert len(reading.chunk_cosines(vector, [paper.paper_id for paper in reading.all_papers()])) == count
    index.close()
    return count


@pytest.fixture
def _old_corpus() -> None:
    old = write_dump(Path("old.jsonl"), [row(number) for number in range(OLD)])
    sync([str(old)], Settings(data_dir=DATA, _env_file=None), embedder=WordEmbedder())
    write_dump(Path("new.jsonl"), [row(number) for number in range(NEW)])


@pytest.mark.usefixtures("_old_corpus")
def test_killed_at_any_moment_the_corpus_is_whole_and_nothing_is_embedded_twice() -> None:
    chance = random.Random(20)  # noqa: S311 - moments to kill at
    kills = 0
    # Two kills in every stage, each some time after it began; then one run to the end.
    for stage in ("reading", "embedding", "embedding", "embedding", "storing", "storing", "publishing", "publishing"):
        ingest = start()
        assert ingest.stdout is not None
        while (line := ingest.stdout.readline().strip()) not in (stage, ""):
            pass
        if line:
            time.sleep(chance.uniform(0.0, 0.15))
        ingest.send_signal(signal.SIGKILL)
        ingest.communicate()
        kills += ingest.returncode == -signal.SIGKILL
        check_whole(OLD, NEW)
    assert kills >= 6
    last = start()
    last.communicate()
    assert last.returncode == 0
    assert check_whole(NEW) == NEW
    embedded = Path("embedded.txt").read_text(encoding="utf-8").splitlines()
    assert len(set(embedded)) == NEW - OLD
    assert len(embedded) <= NEW - OLD + kills * IN_WORK
    assert len(embedded) - len(set(embedded)) <= 3 * IN_WORK  # of the kills while embedding
    assert not (DATA / "staging.sqlite").exists()
    assert [path.name for path in (DATA / "generations").iterdir()] == ["2"]  # nothing is left of the killed ones


FULL_DISK = """
import resource, sys
from pathlib import Path
from ingest.sync import sync
from rag.errors import UnwritableStoreError
from rag.settings import Settings
from tests.word_embedder import WordEmbedder

limit = int(sys.argv[1])  # bytes that a file may have: beyond it a write fails as on a full disk
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
embedder = WordEmbedder()
try:
    sync(["new.jsonl"], Settings(data_dir=Path("data"), _env_file=None), embedder=embedder)
except UnwritableStoreError as error:
    print(error)
print(len(embedder.embedded))
"""


@pytest.mark.usefixtures("_old_corpus")
def test_where_the_disk_is_full_a_sentence_says_so_and_nothing_is_lost() -> None:
    sentences, embedded = [], 0
    for limit in (150_000, 250_000, 400_000, 100_000_000):
        ended = subprocess.run(
            [sys.executable, "-c", FULL_DISK, str(limit)],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(ROOT)},
            check=True,
        )
        *said, count = ended.stdout.splitlines()
        sentences += said
        embedded += int(count)
        assert check_whole(OLD, NEW) == (OLD if said else NEW)
        assert len(list((DATA / "generations").iterdir())) == 1  # what was begun does not fill the disk further
    assert len(sentences) == 3
    assert all("space" in sentence or "permissions" in sentence for sentence in sentences)
    assert embedded <= NEW - OLD + 2 * IN_WORK  # a batch that could not be kept is embedded again
