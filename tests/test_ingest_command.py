"""`python -m ingest` as a person or a program runs it: exit codes, JSON, sentences, the log."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.progress import Clock, Line, Progress, duration
from rag.settings import Settings
from tests.conftest import RunCommand
from tests.dumps_of import row, title_of, write_dump

Run = Callable[..., "Done"]


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """`python -m ingest ARGUMENTS` in this process, which has the slow imports behind it."""

    def run_here(*arguments: object) -> Done:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse's way to end
            code = int(str(ended.code))
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    return run_here


KEYS = {"path", "layout", "records", "new", "changed", "unchanged", "duplicates", "rejected"}


def test_two_runs_over_the_same_folder(run: Run) -> None:
    write_dump(Path("dumps/a.jsonl"), [row(1), row(2)])
    Path("dumps/b.jsonl.gz").write_bytes(gzip.compress(json.dumps(row(2)).encode()))
    first = run("dumps", "--json")
    assert (first.returncode, first.stderr) == (0, "")
    found = json.loads(first.stdout)
    assert list(found) == ["files", "papers_total", "chunks_total", "embedded", "seconds", "calibration"]
    assert set(found["files"][0]) == KEYS
    assert [(file["records"], file["new"], file["duplicates"]) for file in found["files"]] == [(2, 2, 0), (1, 0, 1)]
    assert (found["papers_total"], found["embedded"]) == (2, 2)
    second = run("dumps")
    assert second.returncode == 0
    assert second.stdout.splitlines()[-1].startswith("2 dumps, 3 records: 0 new, 0 changed, 2 unchanged, 1 duplicate,")
    assert "0 embedded" in second.stdout
    assert second.stderr == ""  # no progress where it is piped


def test_what_could_not_be_read_is_listed_with_file_and_line(run: Run) -> None:
    dump = write_dump(Path("a.jsonl"), [row(1), {"title": "A title alone"}])
    done = run(dump)
    assert done.returncode == 0
    assert done.stderr.startswith("a.jsonl:2: ")
    strict = run(dump, "--strict", "--json")
    assert strict.returncode == 1
    [rejected] = json.loads(strict.stdout)["files"][0]["rejected"]
    assert set(rejected) == {"line", "reason", "text"}


def test_a_file_s_name_steers_no_terminal(run: Run) -> None:
    name = "red\x1b[31m and\nblue.jsonl"
    write_dump(Path("dumps") / name, [row(1), {"title": "Alone"}])
    for printed in (run("dumps"), run("log", 1)):
        text = printed.stdout + printed.stderr
        assert "\x1b" not in text
        assert "red [31m and blue.jsonl" in text
    assert json.loads(run("log", "--json").stdout)["dumps"][0]["name"] == name


def test_exit_codes_and_sentences(run: Run) -> None:
    Path("empty.txt").touch()
    Path("binary.bin").write_bytes(bytes(range(256)) * 10)
    Path("folder").mkdir()
    for path in ("empty.txt", "binary.bin", "folder"):
        done = run(path)
        assert (done.returncode, "No given file holds a paper." in done.stderr) == (1, True), path
    missing = run("missing.txt")
    assert missing.returncode == 1
    assert "missing.txt" in missing.stderr
    assert not Path("data/generations").exists()
    assert run().returncode == 2
    assert run("--unknown").returncode == 2
    for empty in (run(""), run("empty.txt", "--data", "")):  # would be this folder, with all that lies in it
        assert (empty.returncode, "it is empty; give a path" in empty.stderr) == (2, True)
    unwritable = run(write_dump(Path("a.jsonl"), [row(1)]), "--data", "empty.txt/data")
    assert unwritable.returncode == 3
    assert "Traceback" not in unwritable.stderr
    assert len(unwritable.stderr.splitlines()) == 1


def test_standard_input_is_a_dump_of_its_own(run_command: RunCommand) -> None:
    for number in (1, 2):
        done = run_command("ingest", "-", "--json", stdin=json.dumps(row(number)))
        assert done.returncode == 0
        assert json.loads(done.stdout)["files"][0]["path"] == "-"
    shown = [json.loads(line) for line in run_command("rag", "papers", "--json").stdout.splitlines()]
    assert [paper["title"] for paper in shown] == [title_of(1), title_of(2)]
    first, second = (paper["sources"][0]["dump"] for paper in shown)
    assert first == "standard input"
    assert re.fullmatch(r"standard input \w+", second), "two dumps, and so two names"


def test_the_log_for_people_and_for_programs(run: Run) -> None:
    nothing = run("log")
    assert nothing.returncode == 3
    assert "Nothing has been ingested yet." in nothing.stderr
    run(write_dump(Path("a.jsonl"), [row(1)]))
    run(write_dump(Path("b.jsonl"), [row(1, upvotes=3), row(2)]))
    lines = run("log").stdout.splitlines()
    assert lines[0].startswith("Run 2, ")
    assert lines[1] == "  b.jsonl: 2 records, 1 new, 1 changed, 0 unchanged, 0 duplicates, 0 rejected"
    one = run("log", "2").stdout
    assert f"changed   {title_of(1)} (upvotes)" in one
    assert f"new       {title_of(2)}" in one
    as_json = [json.loads(line) for line in run("log", "--json", "--last", "1").stdout.splitlines()]
    assert [run["run"] for run in as_json] == [2]
    assert run("log", "9").returncode == 2
    for wrong in (["9" * 30], ["--last", "0"], ["--last=-5"]):
        done = run("log", *wrong)
        assert (done.returncode, "is not a number from 1" in done.stderr) == (2, True), wrong


def test_the_five_real_dumps(shared: Path, real_index: Path, run_command: RunCommand) -> None:
    again = run_command("ingest", shared / "dumps", "--data", real_index, "--dry-run", "--json")
    found = json.loads(again.stdout)
    assert (found["papers_total"], found["embedded"]) == (385, 0)
    assert sum(file["records"] for file in found["files"]) == 458
    assert sum(file["unchanged"] for file in found["files"]) == 385
    assert [file["rejected"] for file in found["files"]] == [[]] * 5


def test_interrupting_says_that_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.sync.sync", interrupt)
    assert main(["a.txt"]) == 130
    assert "The corpus is as it was" in capsys.readouterr().err


class Terminal:
    """A stream that says it is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_progress_is_one_line_that_is_written_over() -> None:
    terminal = Terminal()
    line = Line(terminal)  # type: ignore[arg-type]  # as much of a TextIO as is used
    line(Progress("reading", 12, None, detail="a\n.txt"))
    line(Progress("embedding", 1500, 3000, 75.0))
    line.clear()
    drawn = terminal.text.split("\r")
    assert drawn[1:3] == ["Reading 12 records, a .txt", "Embedding 1,500 of 3,000 passages (50 %), 1 min 15 s left"]
    assert "\n" not in terminal.text
    assert drawn[-1] == ""


def test_a_clock_reports_the_first_and_the_last_and_few_between() -> None:
    seen: list[Progress] = []
    clock = Clock(seen.append, "storing", 1000)
    for done in range(1, 1001):
        clock.at(done)
    assert (seen[0].done, seen[-1].done) == (0, 1000)
    assert len(seen) < 100


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_settings_come_from_the_environment(run_command: RunCommand) -> None:
    dump = write_dump(Path("a.jsonl"), [row(1)])
    assert run_command("ingest", dump, RAG_DATA_DIR="elsewhere").returncode == 0
    assert Path("elsewhere/catalogue.sqlite").is_file()
    wrong = run_command("ingest", dump, RAG_TOP_K="many")
    assert (wrong.returncode, "RAG_TOP_K" in wrong.stderr) == (2, True)
    assert Settings(_env_file=None).data_dir == Path("data")
