"""ingest/lock.py and rag/generations.py: one writer, and leases that end with their process."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.lock import writer_lock
from ingest.sync import sync
from rag.errors import LockedError, UnwritableStoreError
from rag.generations import Lease, leased_generations, remove_unused
from rag.settings import Settings
from tests.conftest import ROOT
from tests.dumps_of import row, write_dump
from tests.word_embedder import WordEmbedder

DATA = Path("data")

HOLD_LOCK = """
import sys, time
from pathlib import Path
from ingest.lock import writer_lock
with writer_lock(Path("data")):
    print("held", flush=True)
    time.sleep(float(sys.argv[1]))
"""
HOLD_LEASE = """
import time
from pathlib import Path
from rag.generations import Lease
lease = Lease(Path("data"), 1)
print("held", flush=True)
time.sleep(600)
"""


def hold(script: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that holds something, and has said so."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_second_ingest_is_told_who_writes() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1)])
    holder = hold(HOLD_LOCK, "600")
    with pytest.raises(LockedError, match=rf"process {holder.pid} on ") as caught:
        sync([str(dump)], Settings(data_dir=DATA, _env_file=None), embedder=WordEmbedder(), wait=0.2)
    assert "Wait" in caught.value.hint
    planned = sync([str(dump)], Settings(data_dir=DATA, _env_file=None), embedder=WordEmbedder(), dry_run=True)
    assert planned.papers_total == 1  # a dry run needs no lock
    end(holder)


def test_a_second_ingest_waits_for_a_short_one() -> None:
    holder = hold(HOLD_LOCK, "0.5")
    with writer_lock(DATA, wait=30):
        pass
    holder.communicate()


def test_the_lock_of_a_dead_process_does_not_block() -> None:
    end(hold(HOLD_LOCK, "600"))
    with writer_lock(DATA, wait=0):
        pass


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence() -> None:
    Path("file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(UnwritableStoreError, match="file"), writer_lock(Path("file/data")):
        pass


def test_a_generation_stays_while_a_living_process_reads_it() -> None:
    for number in (1, 2, 3):
        (DATA / "generations" / str(number)).mkdir(parents=True)
    reader = hold(HOLD_LEASE)
    own = Lease(DATA, 2)
    assert leased_generations(DATA) == {1, 2}
    assert remove_unused(DATA, published=3) == []
    own.release()
    end(reader)
    assert remove_unused(DATA, published=3) == [1, 2]
    assert list((DATA / "leases").iterdir()) == []
    assert [path.name for path in (DATA / "generations").iterdir()] == ["3"]
