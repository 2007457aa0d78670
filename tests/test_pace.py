"""How far reading has come: bytes against the sizes of files, told in the command's line and to the page."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest import pace
from ingest.pace import ReadingPace
from ingest.parse import find_dumps
from ingest.progress import Line, Progress
from ingest.reading import DumpFile
from ingest.sync import sync
from rag.settings import Settings
from tests.dumps_of import row, write_dump
from tests.test_ingest_command import Terminal
from tests.word_embedder import WordEmbedder


class Hands:
    """A clock that goes only when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("ingest.pace.time", SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    return Hands(monkeypatch)


def _file(size: int) -> DumpFile:
    return DumpFile("a", "-", packed_size=size)


def test_the_time_left_is_told_from_the_bytes_that_were_read(hands: Hands) -> None:
    seen: list[Progress] = []
    reading = ReadingPace(seen.append, [_file(100), _file(300)])
    reading.open(0, "first.txt")
    hands.now += 2
    reading.at(5, 0.5)
    assert (seen[-1].done, seen[-1].detail) == (5, "first.txt")
    assert seen[-1].share == pytest.approx(50 / 400)
    assert seen[-1].seconds_left == pytest.approx(14)  # 50 bytes took 2 s, 350 are to come
    reading.close(10, was_read=True)
    reading.open(1, "second.txt")
    hands.now += 2
    reading.at(1, 1.0)
    assert (seen[-1].done, seen[-1].share, seen[-1].seconds_left) == (11, 1.0, 0.0)


def test_dumps_that_are_the_same_as_before_count_neither_as_bytes_nor_as_time(hands: Hands) -> None:
    seen: list[Progress] = []
    reading = ReadingPace(seen.append, [_file(900), _file(100)])
    reading.open(0, "known.txt")
    hands.now += 60
    reading.close(900, was_read=False)
    reading.open(1, "new.txt")
    hands.now += 2
    reading.at(3, 0.5)
    assert (seen[-1].done, seen[-1].share, seen[-1].seconds_left) == (903, 0.5, 2.0)


def test_nothing_is_foretold_from_the_first_moment(hands: Hands) -> None:
    seen: list[Progress] = []
    reading = ReadingPace(seen.append, [_file(100)])
    reading.open(0, "a.txt")
    hands.now += 0.5
    reading.at(1, 0.1)
    assert (seen[-1].share, seen[-1].seconds_left) == (0.1, None)


def test_the_bytes_of_plain_packed_and_archived_dumps_are_known_before_they_are_read() -> None:
    plain = write_dump(Path("a.jsonl"), [row(1), row(2)])
    packed = Path("b.jsonl.gz")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile("c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, "inside.jsonl")
    files = list(find_dumps([str(plain), str(packed), "c.zip"]))
    with zipfile.ZipFile("c.zip") as archive:
        inside = archive.infolist()[0].compress_size
    sizes = [pace._size_of(file) for file in files]
    assert sizes == [plain.stat().st_size, packed.stat().st_size, inside]


def test_an_ingest_tells_the_share_that_it_has_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "PAUSE", 0.0)
    dump = write_dump(Path("a.jsonl"), [row(number) for number in range(4000)])
    assert dump.stat().st_size > 1 << 20
    seen: list[Progress] = []
    sync(
        [str(dump)],
        Settings(data_dir=Path("data"), _env_file=None),
        embedder=WordEmbedder(),
        dry_run=True,
        progress=seen.append,
    )
    shares = [each.share for each in seen if each.stage == "reading" and each.share is not None]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 1
    assert shares[-1] == 1.0


def test_the_line_tells_share_and_time() -> None:
    terminal = Terminal()
    Line(terminal)(Progress("reading", 1200, None, 75.0, "a.txt", 0.25))  # type: ignore[arg-type]  # as much of a TextIO as is used
    assert terminal.text == "\rReading 1,200 records (25 %), a.txt, 1 min 15 s left"


def test_standard_input_has_a_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_text(json.dumps(row(1)), encoding="utf-8")
    with path.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        [file] = find_dumps(["-"])
    assert pace._size_of(file) == path.stat().st_size
