"""ingest/scope.py: which dumps the given paths speak of, and which of them are gone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from ingest.scope import Scope
from tests.dumps_of import row, title_of, write_dump
from tests.ingesting import ingest, papers


def _write_archive(path: Path, *numbers: int) -> Path:
    """An archive with a dump `m<number>.jsonl` for each paper."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for number in numbers:
            archive.writestr(f"m{number}.jsonl", json.dumps(row(number)) + "\n")
    return path


@pytest.mark.parametrize(
    ("given", "place", "covered"),
    [
        ("dumps", "dumps/a.txt", True),
        ("dumps", "dumps/sub/a.txt", True),
        ("dumps", "dumps2/a.txt", False),
        ("dumps/a.txt", "dumps/a.txt", True),
        ("dumps/*.txt", "dumps/a.txt", True),
        ("dumps/*.txt", "dumps/a.zip/m.txt", False),
        ("dumps/*.txt", "dumps/sub/m.txt", False),
        ("dumps/*.txt", "dumps/.hidden.txt", False),
        ("dumps/.*.txt", "dumps/.hidden.txt", True),
        ("dumps/*", "dumps/a.zip/m.txt", True),
        ("d*", "dumps/sub/a.txt", True),
        ("d*/a.txt", "dumps/sub/a.txt", False),
        ("dumps/**", "dumps/sub/deep/a.txt", True),
        ("dumps/**/*.txt", "dumps/a.txt", True),
        ("dumps/**/*.txt", "dumps/sub/deep/a.txt", True),
        ("dumps/**/*.txt", "dumps/sub/deep/a.md", False),
        ("dumps/**/*.txt", "dumps/.trash/a.txt", False),
        ("sub/../dumps/*.txt", "dumps/a.txt", True),
        ("-", "dumps/a.txt", False),
    ],
)
def test_paths_speak_of_what_an_ingest_of_them_would_read(given: str, place: str, *, covered: bool) -> None:
    here = Path.cwd()
    assert Scope([given]).covers(f"{here}/{place}") is covered
    if given != "-":
        assert Scope([f"{here}/{given}"]).covers(f"{here}/{place}") is covered


def test_a_glob_behind_a_link_speaks_of_what_the_link_leads_to() -> None:
    Path("dumps").mkdir()
    Path("link").symlink_to("dumps")
    assert Scope(["link/*.txt"]).covers(f"{Path.cwd()}/dumps/a.txt")


@pytest.mark.parametrize("given", ["dumps/*.jsonl", "dumps/**/*.jsonl"])
def test_a_glob_that_leaves_an_archive_out_takes_nothing_of_it(given: str) -> None:
    _write_archive(Path("dumps/a.zip"), 1)
    write_dump(Path("dumps/b.jsonl"), [row(2)])
    ingest(["dumps"])
    report = ingest([given], prune=True)
    assert (report.vanished, report.pruned) == (0, 0)
    assert set(papers()) == {title_of(1), title_of(2)}


def test_an_unpacked_copy_is_a_place_beside_the_archives() -> None:
    ingest([_write_archive(Path("a.zip"), 1)])
    ingest([write_dump(Path("unpacked/m1.jsonl"), [row(1)])])
    assert [source.dump for source in papers()[title_of(1)].sources] == ["a.zip/m1.jsonl", "m1.jsonl"]


def test_what_an_archive_no_longer_holds_is_gone_and_so_is_an_archive_that_is_deleted() -> None:
    archive, other = _write_archive(Path("dumps/a.zip"), 1, 2), _write_archive(Path("dumps/b.zip"), 3)
    ingest(["dumps"])
    _write_archive(archive, 1)
    assert ingest(["dumps"], prune=True).pruned == 1
    assert set(papers()) == {title_of(1), title_of(3)}
    other.unlink()
    assert ingest(["dumps"], prune=True).pruned == 1
    assert set(papers()) == {title_of(1)}


def test_the_members_of_an_archive_that_cannot_be_opened_are_not_gone() -> None:
    archive = _write_archive(Path("dumps/a.zip"), 1)
    write_dump(Path("dumps/b.jsonl"), [row(2)])
    ingest(["dumps"])
    archive.write_bytes(archive.read_bytes()[:-30])
    assert ingest(["dumps"], prune=True).pruned == 0
    assert set(papers()) == {title_of(1), title_of(2)}


def test_pruning_leaves_what_vanished_from_elsewhere() -> None:
    here = write_dump(Path("here/a.jsonl"), [row(1)])
    stick = write_dump(Path("mnt/stick/b.jsonl"), [row(2)])
    write_dump(Path("mnt/kept.jsonl"), [row(3)])
    ingest([here, "mnt"])
    stick.unlink()  # as when a disk is not mounted
    assert ingest(["mnt"]).vanished == 1
    assert ingest(["here"], prune=True).pruned == 0
    assert ingest(["here/*.jsonl"], prune=True).pruned == 0
    assert title_of(2) in papers()
    assert ingest(["mnt"], prune=True).pruned == 1


def test_a_glob_is_read_with_prune_too() -> None:
    gone = write_dump(Path("dumps/a.jsonl"), [row(1)])
    write_dump(Path("dumps/b.jsonl"), [row(2)])
    ingest(["dumps/*.jsonl"])
    gone.unlink()
    write_dump(Path("dumps/c.jsonl"), [row(3)])
    assert ingest(["dumps/*.jsonl"], prune=True).pruned == 1
    assert set(papers()) == {title_of(2), title_of(3)}
    Path("dumps/b.jsonl").unlink()
    Path("dumps/c.jsonl").unlink()
    other = write_dump(Path("other.jsonl"), [row(4)])
    assert ingest(["dumps/*.jsonl", other], prune=True).pruned == 2, "a glob may have lost all it named"
