"""Files to text: encodings, archives, binary files, long lines; no bytes whatever crash it."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest.reading
from ingest.parse import DumpFile, find_dumps, read_dump
from ingest.reading import open_bytes, open_text
from ingest.record import Record
from ingest.taking import fingerprint
from rag.errors import DumpError
from tests.dump_reading import read_content, read_one
from tests.rendered_papers import PAPERS
from tests.rendering import RENDERED

TEXT = (
    "Paths of Least Resistance in Gödel’s City\n\n"
    "We study how walkers choose paths. A café — or naïve rules — suffice.\n\n"
    "Kernel Fusion Without Rules\n\nThis paper presents a compiler that fuses small kernels.\n"
)
TITLES = ["Paths of Least Resistance in Gödel’s City", "Kernel Fusion Without Rules"]


@pytest.mark.parametrize(
    ("encoding", "reported"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8 with BOM"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "utf-32"),
        ("cp1252", "windows-1252"),
    ],
)
def test_encodings_are_recognised_and_reported(encoding: str, reported: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, TEXT.encode(encoding))
    assert (read.titles, read.file.encoding) == (TITLES, reported)
    assert read.records[0].abstract.endswith("A café — or naïve rules — suffice.")
    assert bool(read.file.notes) == (encoding == "cp1252")


def test_a_file_of_two_encodings_loses_nothing(tmp_path: Path) -> None:
    read = read_content(tmp_path, TEXT.encode() + b"\nLatin R\xe9sum\xe9s\n\nWe read a caf\xe9 menu, in Latin.\n")
    assert read.titles == [*TITLES, "Latin Résumés"]
    assert read.file.encoding == "utf-8 and windows-1252"
    assert read.file.notes == ("3 bytes were no UTF-8 and were read as Windows-1252.",)


def test_a_file_cut_inside_a_character_is_utf_8_still(tmp_path: Path) -> None:
    data = TEXT.encode()[: TEXT.encode().index("’".encode()) + 2]
    read = read_content(tmp_path, b"A Title\n\nWe do it.\n\n" + data)
    assert read.file.encoding == "utf-8"
    assert read.rejected[-1].text == "Paths of Least Resistance in Gödel"


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems(ending: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, TEXT.replace("\n", ending).encode())
    assert read.titles == TITLES
    assert [record.line for record in read.records] == [1, 5]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 something", "a PDF"),
        (b"\x89PNG\r\n\x1a\n rest", "an image"),
        (b"text and\0NUL", "NUL bytes"),
        (bytes(range(1, 32)) * 30, "control characters"),
        (b"x" * 257 + b"ustar\x0000 more", "a tar archive"),
        (b"\x7fELF\x02\x01", "a program"),
    ],
)
def test_binary_files_are_refused_in_one_sentence(data: bytes, said: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, data)
    assert (read.records, read.file.layout) == ([], "")
    (refused,) = read.rejected
    assert refused.line == 1
    assert said in refused.reason


def test_empty_files_say_so(tmp_path: Path) -> None:
    for data in (b"", b"\n \n\t\n", b"\xef\xbb\xbf", gzip.compress(b"")):
        assert [item.reason for item in read_content(tmp_path, data).rejected] == ["The file is empty."]


def test_a_line_with_nul_bytes_far_inside_is_listed_and_left_out(tmp_path: Path) -> None:
    filler = json.dumps({"title": "Filler", "abstract": "We fill. " * 100}) + "\n"
    lines = filler * (ingest.reading.SAMPLE_BYTES // len(filler) + 1)
    last = json.dumps({"title": "After", "abstract": "We come after."})
    read = read_content(tmp_path, (lines + '{"title": "Bad\0", "abstract": "x"}\n' + last).encode())
    assert read.titles[-1] == "After"
    assert [item.reason for item in read.rejected] == ["This line holds NUL bytes."]
    assert read.rejected[0].line == lines.count("\n") + 1


def test_a_line_that_is_too_long_is_listed_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.reading, "LONGEST_LINE", 2_000_000)
    text = f"{TITLES[0]}\n\nWe walk.\n\n{'much too long ' * 200_000}\n\n{TITLES[1]}\n\nWe fuse.\n"
    read = read_content(tmp_path, text)
    assert read.titles == TITLES
    assert [(item.line, item.reason) for item in read.rejected] == [
        (5, "This line is longer than 2 million characters.")
    ]


def test_lines_of_a_megabyte_are_read(tmp_path: Path) -> None:
    abstract = "We walk on and on. " * 60_000
    read = read_content(tmp_path, f"{TITLES[0]}\n\n{abstract}\n\n{TITLES[1]}\n\nWe fuse.\n")
    assert read.titles == TITLES
    assert read.records[0].abstract == abstract.strip()


def test_damaged_archives_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    rng = random.Random(1)  # noqa: S311 - text that hardly packs
    rows = [{"title": f"Title {n}", "abstract": f"We do {rng.random()} and {rng.random()}."} for n in range(3000)]
    packed = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())
    read = read_content(tmp_path, packed[: len(packed) // 2])
    assert 1000 < len(read.records) < 2000
    assert "breaks off" in read.rejected[-1].reason
    damaged = bytearray(packed)
    damaged[len(packed) // 2] ^= 0xFF
    assert len(read_content(tmp_path, bytes(damaged)).records) > 1000
    two = gzip.compress(json.dumps(rows[0]).encode() + b"\n") + gzip.compress(json.dumps(rows[1]).encode())
    assert read_content(tmp_path, two).titles == ["Title 0", "Title 1"]


def test_a_member_with_a_password_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "secret.zip", "w") as archive:
        archive.writestr("day1.txt", TEXT)
    data = bytearray((tmp_path / "secret.zip").read_bytes())
    data[6] |= 1  # the flags of the member say that it is encrypted,
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and so do those of the directory
    (tmp_path / "secret.zip").write_bytes(data)
    (refused,) = read_one(tmp_path / "secret.zip").rejected
    assert "cannot be unpacked" in refused.reason


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_refused_and_not_the_whole_ingest(packing: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("täg.txt", TEXT * 40)
    whole = path.read_bytes()
    directory = whole.index(b"PK\x01\x02")
    # The packed data, the version that can unpack it, the name in the directory, its first byte and its length.
    for place in (60, 70, directory + 6, directory + 46, directory + 47, directory + 28):
        for byte in (0, 0xAF, 0xFF):
            path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
            for file in find_dumps([str(path)]):
                fingerprint(file)
                assert list(read_dump(file)), "papers, or a reason why there are none"


def test_an_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "gone").write_text(TEXT, encoding="utf-8")
    (file,) = find_dumps([str(tmp_path / "gone")])
    (tmp_path / "gone").unlink()
    (item,) = read_dump(file)
    assert "cannot be read" in getattr(item, "reason", "")
    with pytest.raises(DumpError), open_bytes(file):
        pass


def test_memory_does_not_grow_with_the_dump(tmp_path: Path) -> None:
    with (tmp_path / "many.jsonl").open("w", encoding="utf-8") as out:
        for number in range(10_000):
            row = {"title": f"Title {number}", "abstract": f"We do {number} things, one after another. " * 20}
            out.write(json.dumps(row) + "\n")
    text = open_text(DumpFile("many.jsonl", str(tmp_path / "many.jsonl")))
    assert not text.complete
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_dump(DumpFile("many.jsonl", str(tmp_path / "many.jsonl"))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert peak < 7_000_000  # bytes; the file has 9 million


def _ways() -> Iterator[bytes]:
    for ways in RENDERED.values():
        for way in ways:
            yield way(PAPERS, random.Random(3)).encode()  # noqa: S311 - furniture


PRINTED = list(_ways())


def _drain(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    for file in find_dumps([str(path)]):
        for item in read_dump(file):
            assert item.line >= 1
            if isinstance(item, Record):
                assert item.title
                assert item.abstract
            else:
                assert item.reason
                assert len(item.text) <= 120


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_no_bytes_whatever_crash_it(data: bytes, tmp_path: Path) -> None:
    _drain(tmp_path / "dump", data)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    printed=st.sampled_from(PRINTED),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.binary(max_size=12)), min_size=1, max_size=6),
    packed=st.booleans(),
)
def test_no_damage_to_a_dump_crashes_it(
    printed: bytes, cuts: list[tuple[float, int, bytes]], packed: bool, tmp_path: Path
) -> None:
    data = gzip.compress(printed) if packed else printed
    for where, length, instead in cuts:
        place = int(where * len(data))
        data = data[:place] + instead + data[place + length :]
    _drain(tmp_path / "dump", data)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        st.sampled_from([*"[](){}<>#*-_=\"'`~\\|.,:;!?&@%$/ \n\n\n\t0aA1éБ汉"])
        | st.characters(exclude_categories=["Cs"]),
        max_size=300,
    ),
    head=st.sampled_from(
        ["", "### [T](/papers/2410.05434)\n\n", "<html>", "[{", '{"title":', "@article{", "title,abstract\n"]
    ),
)
def test_no_text_crashes_a_layout(text: str, head: str, tmp_path: Path) -> None:
    _drain(tmp_path / "dump", (head + text).encode())
