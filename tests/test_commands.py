"""The commands as other programs call them: shapes of JSON, exit codes, one sentence for each mistake of a person."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE, RunCommand
from tests.openai_server import OpenAIServer

QUESTION = "Which optimizers need less memory than Adam?"

PAPER_KEYS = {"paper_id", "id", "title", "abstract", "url", "authors", "date", "sources"}
HIT_KEYS = {"rank", "paper_id", "id", "title", "score", "passage", "url", "sources"}
ANSWER_KEYS = {
    "question",
    "standalone_question",
    "mode",
    "model",
    "answer",
    "outcome",
    "refused",
    "citations",
    "sentences",
    "evidence",
    "timings_ms",
}
CITATION_KEYS = {"number", "paper_id", "title", "url", "quote", "support"}
EVIDENCE_KEYS = {"number", "paper_id", "title", "score", "passage"}
SUPPORT = {"supported", "partial", "unsupported"}


def objects(outcome: subprocess.CompletedProcess[str]) -> list[Any]:
    """The JSON objects on stdout, which must hold nothing else."""
    assert outcome.returncode == 0, outcome.stderr
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def assert_one_sentence(outcome: subprocess.CompletedProcess[str], exit_code: int, *parts: str) -> None:
    """A problem that is told in a line or two, with what to do, and nothing of our insides."""
    assert outcome.returncode == exit_code, outcome.stderr
    assert "Traceback" not in outcome.stderr
    last = outcome.stderr.strip().splitlines()[-1]
    assert last
    for part in parts:
        assert part in outcome.stderr
    assert outcome.stdout == ""


def write_lines(path: Path, *items: object) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path


# ------------------------------------------------------------------------------------------------------- shapes


def test_search_gives_the_agreed_shape(run_command: RunCommand, sample_index: Path) -> None:
    (found,) = objects(run_command("rag", "search", QUESTION, "-k", 5, "--data", sample_index, "--json"))
    assert set(found) == {"query", "hits"}
    assert found["query"] == QUESTION
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3, 4, 5]
    assert len({hit["paper_id"] for hit in found["hits"]}) == 5
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    for hit in found["hits"]:
        assert set(hit) == HIT_KEYS
        assert hit["passage"]
        assert hit["sources"][0]["dump"] == SAMPLE.name
        assert hit["sources"][0]["line"] > 0


def test_queries_of_a_file_keep_their_ids(run_command: RunCommand, sample_index: Path, tmp_path: Path) -> None:
    queries = write_lines(
        tmp_path / "queries.jsonl",
        {"id": "a", "question": QUESTION},
        {"id": 7, "text": "speech recognition"},
        {"id": "c", "question": "and its learning rate?", "history": [{"role": "user", "content": "What is Lion?"}]},
    )
    found = objects(run_command("rag", "search", "--queries", queries, "-k", 3, "--data", sample_index, "--json"))
    assert [one["query_id"] for one in found] == ["a", 7, "c"]
    assert [len(one["hits"]) for one in found] == [3, 3, 3]
    assert found[2]["query"] == "and its learning rate?"
    assert "Symbolic Discovery of Optimization Algorithms" in [hit["title"] for hit in found[2]["hits"]]


def test_queries_are_read_from_standard_input(run_command: RunCommand, sample_index: Path) -> None:
    line = json.dumps({"id": "x", "question": "protein structure"})
    (found,) = objects(run_command("rag", "search", "--queries", "-", "--data", sample_index, "--json", stdin=line))
    assert found["query_id"] == "x"
    assert len(found["hits"]) == 10


def test_an_answer_has_the_agreed_shape(run_command: RunCommand, sample_index: Path) -> None:
    (answer,) = objects(run_command("rag", "ask", QUESTION, "--data", sample_index, "--no-llm", "--json"))
    assert set(answer) == ANSWER_KEYS
    assert (answer["question"], answer["standalone_question"]) == (QUESTION, QUESTION)
    assert (answer["mode"], answer["model"]) == ("extractive", None)
    assert (answer["outcome"], answer["refused"]) == ("answered", False)
    numbers = [citation["number"] for citation in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers
    abstracts = {
        one["paper_id"]: one["abstract"]
        for one in objects(run_command("rag", "papers", "--data", sample_index, "--json"))
    }
    for citation in answer["citations"]:
        assert set(citation) == CITATION_KEYS
        assert citation["quote"]
        assert citation["quote"] in abstracts[citation["paper_id"]]
        assert citation["support"] in SUPPORT
    for sentence in answer["sentences"]:
        assert set(sentence) == {"text", "citations", "support"}
        assert set(sentence["citations"]) <= set(numbers)
        assert sentence["support"] in SUPPORT
    for evidence in answer["evidence"]:
        assert set(evidence) == EVIDENCE_KEYS
        assert evidence["passage"] in abstracts[evidence["paper_id"]]
    assert all(isinstance(value, int | float) for value in answer["timings_ms"].values())


def test_a_model_writes_where_one_is_set(
    run_command: RunCommand, sample_index: Path, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append("Lion keeps only the momentum [1].")
    model = {"LLM_BASE_URL": openai_server.base_url, "LLM_MODEL": "fake-model"}
    (answer,) = objects(
        run_command(
            "rag", "ask", "Why does Lion need less memory than Adam?", "--data", sample_index, "--json", **model
        )
    )
    assert (answer["mode"], answer["model"]) == ("llm", "fake-model")
    assert "[1]" in answer["answer"]
    assert set(answer) == ANSWER_KEYS


def test_without_the_model_no_model_is_asked(
    run_command: RunCommand, sample_index: Path, openai_server: OpenAIServer
) -> None:
    model = {"LLM_BASE_URL": openai_server.base_url, "LLM_MODEL": "fake-model"}
    (answer,) = objects(run_command("rag", "ask", QUESTION, "--data", sample_index, "--no-llm", "--json", **model))
    assert answer["mode"] == "extractive"
    assert openai_server.requests == []


def test_a_refusal_is_a_result(run_command: RunCommand, sample_index: Path) -> None:
    (answer,) = objects(
        run_command("rag", "ask", "How long should lentil soup simmer?", "--data", sample_index, "--no-llm", "--json")
    )
    assert answer["refused"] is True
    assert answer["outcome"] in {"nothing", "related"}
    assert answer["answer"]


def test_questions_of_a_file_and_earlier_turns(run_command: RunCommand, sample_index: Path, tmp_path: Path) -> None:
    history = [
        {"role": "user", "content": "Why does the Lion optimizer need less memory than Adam?"},
        {"role": "assistant", "content": "Lion keeps only the momentum [1]."},
    ]
    questions = write_lines(
        tmp_path / "questions.jsonl",
        {"id": "one", "question": QUESTION},
        {"id": "two", "question": "And how should its learning rate be set?", "history": history},
    )
    common = ["--data", sample_index, "--no-llm", "--json"]
    first, second = objects(run_command("rag", "ask", "--questions", questions, *common))
    assert (first["question_id"], second["question_id"]) == ("one", "two")
    assert set(first) == ANSWER_KEYS | {"question_id"}
    turns = tmp_path / "turns.json"
    turns.write_text(json.dumps(history), encoding="utf-8")
    (alone,) = objects(run_command("rag", "ask", second["question"], "--history", turns, *common))
    assert alone["answer"] == second["answer"]
    assert alone["standalone_question"] == second["standalone_question"]


def test_papers_status_and_doctor_have_the_agreed_shapes(run_command: RunCommand, sample_index: Path) -> None:
    papers = objects(run_command("rag", "papers", "--data", sample_index, "--json"))
    assert len(papers) > 60
    assert all(set(paper) == PAPER_KEYS for paper in papers)
    (status,) = objects(run_command("rag", "status", "--data", sample_index, "--json"))
    assert (status["papers"], status["dumps"]) == (len(papers), 1)
    assert status["chunks"] >= len(papers)
    assert status["embeddings"]["dimension"] == 384
    checks = objects(run_command("rag", "doctor", "--data", sample_index, "--json"))
    assert checks
    assert not [check for check in checks if check["status"] == "failed"]


def test_support_and_eval_have_the_agreed_shapes(run_command: RunCommand, sample_index: Path, tmp_path: Path) -> None:
    pair = {"id": "p", "sentence": "It used 8 GPUs.", "title": "A paper", "abstract": "We trained on 8 GPUs for a day."}
    (verdict,) = objects(run_command("rag", "support", write_lines(tmp_path / "pairs.jsonl", pair), "--json"))
    assert set(verdict) == {"id", "support", "reason", "quote"}
    assert verdict["support"] in SUPPORT
    question = {"id": "q", "question": QUESTION, "relevant": ["Symbolic Discovery of Optimization Algorithms"]}
    questions = write_lines(tmp_path / "questions.jsonl", question)
    run_file = tmp_path / "run.txt"
    measured = run_command("rag", "eval", questions, "--run", run_file, "-k", 4, "--data", sample_index, "--json")
    assert len(objects(measured)) == 1
    lines = [line.split() for line in run_file.read_text(encoding="utf-8").splitlines()]
    assert [(line[0], line[1], line[3]) for line in lines] == [("q", "Q0", str(rank)) for rank in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "command", [["search", QUESTION], ["ask", QUESTION, "--no-llm"], ["papers"], ["status"], ["doctor"]]
)
def test_people_read_plain_text(command: list[str], run_command: RunCommand, sample_index: Path) -> None:
    outcome = run_command("rag", *command, "--data", sample_index)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.strip()
    assert "\033" not in outcome.stdout
    assert "{" not in outcome.stdout


# ---------------------------------------------------------------------------------------- what people get wrong


def test_a_search_without_papers_says_how_to_get_some(run_command: RunCommand, tmp_path: Path) -> None:
    for command in (["search", QUESTION], ["ask", QUESTION, "--no-llm"]):
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
    root = Path(__file__).resolve().parent.parent
    command = f'"{sys.executable}" -m rag papers --json --data "{sample_index}" | head -n 1'
    outcome = subprocess.run(["sh", "-c", command], cwd=root, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0
    assert outcome.stderr == ""
    assert json.loads(outcome.stdout)["title"]


# ------------------------------------------------------------------------------------------------ the main path


def test_nothing_leaves_the_machine(run_command: RunCommand, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for arguments in (
        ["ingest", SAMPLE, "--data", data],
        ["rag", "search", QUESTION, "--data", data],
        ["rag", "ask", QUESTION, "--data", data],
        ["rag", "doctor", "--data", data],
    ):
        outcome = run_command("tests.loopback_guard", *arguments)
        assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("target", ["192.0.2.1", "example.com"])
def test_the_guard_sees_who_leaves(target: str, tmp_path: Path, run_command: RunCommand) -> None:
    (tmp_path / "leaver.py").write_text(
        f"import socket\ntry:\n    socket.create_connection(({target!r}, 80), 0.1)\nexcept OSError:\n    pass\n",
        encoding="utf-8",
    )
    outcome = run_command("tests.loopback_guard", "leaver")
    assert outcome.returncode == 97
    assert target in outcome.stderr
