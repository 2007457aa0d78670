"""Which files are meant: folders, globs, archives, standard input and pipes."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from ingest.parse import DumpFile, find_dumps, read_dump
from ingest.record import Record
from rag.errors import DumpError
from tests.dump_reading import read_one

TEXT = (
    "Paths of Least Resistance in Gödel’s City\n\n"
    "We study how walkers choose paths. A café — or naïve rules — suffice.\n\n"
    "Kernel Fusion Without Rules\n\nThis paper presents a compiler that fuses small kernels.\n"
)
TITLES = ["Paths of Least Resistance in Gödel’s City", "Kernel Fusion Without Rules"]


def _titles(file: DumpFile) -> list[str]:
    return [item.title for item in read_dump(file) if isinstance(item, Record)]


def test_zip_archives_have_a_dump_for_every_member(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "feed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("day1.txt", TEXT)
        archive.writestr("sub/day2.jsonl.gz", gzip.compress(b'{"title": "T", "abstract": "We do."}'))
        archive.writestr("__MACOSX/._day1.txt", b"\0")
        archive.writestr("image.png", b"\x89PNG")
        archive.writestr("page_files/lib.min.js.download", TEXT)
    files = list(find_dumps([str(tmp_path / "feed.zip")]))
    assert [file.name for file in files] == ["feed.zip/day1.txt", "feed.zip/sub/day2.jsonl.gz"], "and no pictures"
    assert [sum(isinstance(item, Record) for item in read_dump(file)) for file in files] == [2, 1]
    (tmp_path / "broken.zip").write_bytes((tmp_path / "feed.zip").read_bytes()[:-30])
    assert "archive" in read_one(tmp_path / "broken.zip").rejected[0].reason


def test_a_packer_s_path_upwards_hides_no_member(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("../pages/day1.txt", TEXT)
        archive.writestr("./day2.txt", TEXT)
        archive.writestr("../.trash/day3.txt", TEXT)
    files = list(find_dumps([str(tmp_path / "all.zip")]))
    assert [file.name for file in files] == ["all.zip/../pages/day1.txt", "all.zip/./day2.txt"]
    assert list(map(_titles, files)) == [TITLES, TITLES]


@pytest.mark.parametrize("members", [[], ["picture.png", ".hidden/day.txt"]])
def test_an_archive_of_which_nothing_is_read_is_told(members: list[str], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in members:
            archive.writestr(name, TEXT)
    read = read_one(tmp_path / "all.zip")
    assert (read.records, read.file.name) == ([], "all.zip")
    assert ["holds no file" in item.reason for item in read.rejected] == [True]


def test_folders_are_searched_and_globs_expanded(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.md",
        "sub/c.json",
        ".hidden/d.txt",
        ".e.txt",
        "README.md",
        "picture.png",
        "code.py",
        "j.js.download",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert [file.name for file in find_dumps([str(tmp_path)])] == ["a.md", "b.txt", "sub/c.json"]
    assert [file.name for file in find_dumps([f"{tmp_path}/*.txt"])] == ["b.txt"]
    assert [file.name for file in find_dumps([f"{tmp_path}/**/*.json"])] == ["c.json"]
    assert next(find_dumps([str(tmp_path / "code.py"), str(tmp_path)])).name == "code.py"
    twice = [str(tmp_path / "b.txt"), str(tmp_path), str(tmp_path / "sub" / ".." / "b.txt")]
    assert [(file.name, file.explicit) for file in find_dumps(twice)] == [
        ("b.txt", True),
        ("a.md", False),
        ("sub/c.json", False),
    ]


@pytest.mark.parametrize("path", ["nowhere.txt", "no*thing", "bad\0name", "x" * 5000])
def test_a_path_that_is_not_there_is_one_sentence(path: str, tmp_path: Path) -> None:
    with pytest.raises(DumpError) as caught:
        list(find_dumps([str(tmp_path / path)]))
    assert caught.value.hint


def test_standard_input_is_a_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(TEXT.encode()))))
    (file,) = find_dumps(["-"])
    assert file.name == "standard input"
    for _ in range(2):  # it can be read again
        assert [item.title for item in read_dump(file) if isinstance(item, Record)] == TITLES


def test_a_pipe_is_read_where_it_is_named_and_passed_over_elsewhere(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "day.txt").write_text(TEXT, encoding="utf-8")
    for path in (tmp_path, f"{tmp_path}/*"):
        assert [file.name for file in find_dumps([str(path)])] == ["day.txt"]
    writer = threading.Thread(target=pipe.write_text, args=(TEXT, "utf-8"))
    writer.start()
    (file,) = find_dumps([str(pipe)])
    writer.join()
    assert [_titles(file), _titles(file)] == [TITLES, TITLES]


def test_the_output_of_programs_is_read_from_descriptors() -> None:
    ends = [os.pipe() for _ in range(2)]
    for number, (_, into) in enumerate(ends):
        with open(into, "wb") as stream:  # noqa: PTH123 - a descriptor
            stream.write(TEXT.replace("City", f"City {number}").encode())
    files = list(find_dumps([f"/dev/fd/{out}" for out, _ in ends]))
    for out, _ in ends:
        os.close(out)
    assert [_titles(file)[0][-6:] for file in files] == ["City 0", "City 1"]
