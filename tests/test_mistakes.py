"""What people and files get wrong: one sentence that says what to do, a fitting exit code, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commanding import QUESTION, assert_one_sentence, write_lines
from tests.conftest import ROOT, SAMPLE, RunCommand
from tests.openai_server import OpenAIServer


def test_a_search_without_papers_says_how_to_get_some(run_command: RunCommand, tmp_path: Path) -> None:
    questions = write_lines(tmp_path / "questions.jsonl", {"id": 1, "question": QUESTION, "relevant": []})
    for command in (["search", QUESTION], ["ask", QUESTION, "--no-llm"], ["eval", questions]):
        outcome = run_command("rag", *command, "--data", tmp_path / "none", "--json")
        assert_one_sentence(outcome, 3, "python -m ingest")
    assert not (tmp_path / "none").exists()


def test_no_papers_are_an_empty_list(run_command: RunCommand, tmp_path: Path) -> None:
    outcome = run_command("rag", "papers", "--data", tmp_path / "none", "--json")
    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert "python -m ingest" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["frobnicate"], "invalid choice"),
        ([], "COMMAND"),
        (["search"], "Give either a query or --queries FILE"),
        (["search", "x", "--queries", "f"], "Give either a query or --queries FILE"),
        (["search", "x", "-k", "0"], "not a number of papers"),
        (["search", "x", "-k", "many"], "not a number of papers"),
        (["ask"], "Give either a question or --questions FILE"),
        (["ask", "--questions", "f", "--history", "h"], "--history goes with one question"),
        (["ask", "x", "--history", "no-such-file.json"], "no-such-file.json"),
        (["search", "--queries", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["support", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["eval", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["search", "x", "--unknown"], "--unknown"),
        (["search", "x", "--data", ""], "argument --data: it is empty"),
        (["eval", "f", "--against", ""], "argument --against: it is empty"),
    ],
)
def test_wrong_usage(arguments: list[str], part: str, run_command: RunCommand, sample_index: Path) -> None:
    where = ["--data", sample_index] if arguments[:1] not in ([], ["frobnicate"]) else []
    assert_one_sentence(run_command("rag", *arguments, *where), 2, part)


def test_an_unknown_setting_is_named(run_command: RunCommand) -> None:
    assert_one_sentence(run_command("rag", "status", RAG_TOPK="3"), 2, "RAG_TOPK", "RAG_TOP_K")
    assert_one_sentence(run_command("rag", "status", RAG_TOP_K="lots"), 2, "RAG_TOP_K='lots'")


@pytest.mark.parametrize(
    "content", [b"not json\n", b'"text"\n', b'{"id": 1}\n', b"\xff\xfe\x00x\n", b'{"question": ["a"]}\n']
)
def test_a_line_that_is_no_question_is_named(
    content: bytes, run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    for command in (["search", "--queries"], ["ask", "--no-llm", "--questions"]):
        assert_one_sentence(run_command("rag", *command, path, "--data", sample_index, "--json"), 2, "questions.jsonl")


def test_a_line_that_holds_nothing_to_ask_is_told_and_the_others_go_on(
    run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    path = write_lines(
        tmp_path / "q.jsonl", {"id": "a", "question": QUESTION}, ["no object"], {"id": "b"}, {"id": "c", "text": "Lion"}
    )
    with path.open("a", encoding="utf-8") as file:
        file.write('not json\n{"id": "d", "text": "Lion", "history": [1]}\n{"id": "e", "question": "optimizers"}\n')
    for command, key in ((["search", "--queries"], "query_id"), (["ask", "--no-llm", "--questions"], "question_id")):
        outcome = run_command("rag", *command, path, "--data", sample_index, "--json")
        assert (outcome.returncode, "Traceback" in outcome.stderr) == (2, False)
        assert [json.loads(line)[key] for line in outcome.stdout.splitlines()] == ["a", "c", "e"]
        assert [f"Line {number} of {path}" in outcome.stderr for number in range(1, 8)] == [
            number in {2, 3, 5, 6} for number in range(1, 8)
        ]


def test_standard_input_is_read_as_a_file_is(sample_index: Path, tmp_path: Path) -> None:
    """With the marks that Windows puts in front of a text, and never in the encoding of the locale."""
    search = [sys.executable, "-m", "rag", "search", "--queries", "-", "--json", "--data", str(sample_index)]

    def read(content: bytes, encoding: str) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        return subprocess.run(search, cwd=ROOT, input=content, capture_output=True, check=False, env=environment)

    line = json.dumps({"id": 1, "question": "Schrödinger bridges"}, ensure_ascii=False).encode()
    marked = read(b"\xef\xbb\xbf" + line, "latin-1")
    assert (marked.returncode, json.loads(marked.stdout)["query"]) == (0, "Schrödinger bridges")
    broken = read(b'{"id": 1, "question": "Adam \xff"}\n', "utf-8")
    assert (broken.returncode, broken.stdout) == (2, b"")
    assert broken.stderr.startswith(b"- is not text in UTF-8.")


@pytest.mark.parametrize(
    ("command", "closed"),
    [
        (["rag", "search", "optimizers", "-k", "1"], ">&-"),
        (["rag", "search", "optimizers", "-k", "1"], "2>&-"),
        (["rag", "search", "--queries", "-"], "<&-"),
        (["ingest", "-", "--dry-run"], "<&- >&-"),
    ],
)
def test_a_stream_that_was_closed_is_an_empty_one(command: list[str], closed: str, sample_index: Path) -> None:
    line = [sys.executable, "-m", *command, "--data", str(sample_index)]
    outcome = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", *line], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == (1 if "ingest" in command else 0)
    assert "Traceback" not in outcome.stderr


ODD_QUESTIONS = {
    "long": "How does attention work in transformers? " * 500,  # 20,000 characters
    "operators": 'C++ (a:b "LSTM AND OR NOT ^2 ~ [* TO',
    "half a character": "what is \ud800 attention",
    "control characters": "what\x00is\x1b[31mattention",
    "no words": "?!",
    "another script": "什么是注意力机制？",
    "markup": "<script>alert(1)</script> $x_1$ ![](http://example.invalid/x.png)",
}


def test_odd_questions_are_answered_or_refused(run_command: RunCommand, sample_index: Path, tmp_path: Path) -> None:
    questions = write_lines(
        tmp_path / "odd.jsonl", *[{"id": name, "question": text} for name, text in ODD_QUESTIONS.items()]
    )
    for command in (["search", "--queries"], ["ask", "--no-llm", "--questions"]):
        outcome = run_command("rag", *command, questions, "--data", sample_index, "--json")
        assert outcome.returncode in {0, 2}, outcome.stderr
        assert "Traceback" not in outcome.stderr
        told = {name for name in ODD_QUESTIONS if f"{name}: " in outcome.stderr}
        key = "query_id" if command[0] == "search" else "question_id"
        answered = {json.loads(line)[key] for line in outcome.stdout.splitlines()}
        assert answered | told == set(ODD_QUESTIONS)
        assert not answered & told


def test_an_empty_question_is_told_and_the_others_go_on(
    run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    for command in (["search"], ["ask", "--no-llm"]):
        assert_one_sentence(run_command("rag", *command, "  ", "--data", sample_index, "--json"), 2)
    questions = write_lines(tmp_path / "q.jsonl", {"id": "a", "question": " "}, {"id": "b", "question": QUESTION})
    outcome = run_command("rag", "ask", "--no-llm", "--questions", questions, "--data", sample_index, "--json")
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("a: ")
    assert [json.loads(line)["question_id"] for line in outcome.stdout.splitlines()] == ["b"]


def test_a_data_folder_that_is_a_file(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for command in (["status"], ["search", QUESTION], ["papers"]):
        assert_one_sentence(run_command("rag", *command, "--data", tmp_path / "file"), 3)


@pytest.mark.parametrize(
    ("name", "content"),
    [("no-such-file.txt", None), ("empty-folder", "folder"), ("picture.png", b"\x89PNG\r\n\x1a\n\0\0")],
)
def test_a_path_without_papers(name: str, content: bytes | str | None, run_command: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "folder":
        path.mkdir()
        (path / "program.bin").write_bytes(b"\0\1\2" * 100)
    outcome = run_command("ingest", path, "--data", tmp_path / "data")
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert name in outcome.stderr or "No given file holds a paper" in outcome.stderr
    assert run_command("rag", "papers", "--data", tmp_path / "data").stdout == ""


def test_a_data_folder_that_cannot_be_written(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for command in (["ingest", SAMPLE], ["ingest", SAMPLE, "--json"]):
        outcome = run_command(*command, "--data", tmp_path / "file" / "data")
        assert_one_sentence(outcome, 3, "--data")


def test_a_damaged_catalogue(run_command: RunCommand, sample_index: Path, tmp_path: Path) -> None:
    data = tmp_path / "damaged"
    shutil.copytree(sample_index, data)
    for leftover in data.glob("catalogue.sqlite-*"):
        leftover.unlink()
    (data / "catalogue.sqlite").write_bytes(b"this is no database" * 500)
    for command in (["status"], ["search", QUESTION], ["papers", "--json"]):
        assert_one_sentence(run_command("rag", *command, "--data", data), 3, "catalogue.sqlite")


def test_other_embeddings_than_the_index_was_made_with(
    run_command: RunCommand, sample_index: Path, openai_server: OpenAIServer
) -> None:
    other = {"EMBED_BASE_URL": openai_server.base_url, "EMBED_MODEL": "other-embeddings"}
    for command in (["search", QUESTION], ["ask", QUESTION, "--no-llm"]):
        outcome = run_command("rag", *command, "--data", sample_index, "--json", **other)
        assert_one_sentence(outcome, 3, "other-embeddings", "--rebuild")


def test_a_reader_who_leaves_is_no_error(sample_index: Path) -> None:
    command = f'"{sys.executable}" -m rag papers --json --data "{sample_index}" | head -n 1'
    outcome = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0
    assert outcome.stderr == ""
    assert json.loads(outcome.stdout)["title"]
