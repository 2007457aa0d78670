"""The commands as other programs call them: the shapes of docs/commands.md, key by key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commanding import QUESTION, objects, write_lines
from tests.conftest import SAMPLE, RunCommand
from tests.openai_server import OpenAIServer

PAPER_KEYS = {"paper_id", "id", "title", "abstract", "url", "authors", "date", "sources"}
HIT_KEYS = {"rank", "paper_id", "id", "title", "score", "passage", "url", "sources"}
UNDERSTOOD_KEYS = {"filters", "corrections", "notes", "tally"}
ANSWER_KEYS = UNDERSTOOD_KEYS | {
    "style",
    "usage",
    "second_judge",
    "provenance",
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
    "how_sure",
}
CITATION_KEYS = {"number", "paper_id", "title", "url", "quote", "support"}
EVIDENCE_KEYS = {"number", "paper_id", "title", "score", "passage"}
SUPPORT = {"supported", "partial", "unsupported"}


def test_search_gives_the_agreed_shape(run_command: RunCommand, sample_index: Path) -> None:
    (found,) = objects(run_command("rag", "search", QUESTION, "-k", 5, "--data", sample_index, "--json"))
    assert set(found) == {"query", "hits"} | UNDERSTOOD_KEYS
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
        assert set(sentence) == {"text", "citations", "support", "reason", "opinion"}
        assert set(sentence["citations"]) <= set(numbers)
        assert sentence["support"] in SUPPORT
    for evidence in answer["evidence"]:
        assert set(evidence) == EVIDENCE_KEYS
        assert evidence["passage"] in abstracts[evidence["paper_id"]]
    assert all(isinstance(value, int | float) for value in answer["timings_ms"].values())
    assert set(answer["how_sure"]) == {"level", "papers_answer", "reasons"}
    assert answer["how_sure"]["level"] in {"high", "fair", "low"}
    assert 0 <= answer["how_sure"]["papers_answer"] <= 1
    told = run_command("rag", "ask", QUESTION, "--data", sample_index, "--no-llm").stdout
    assert f"How sure it is that these papers answer the question: {answer['how_sure']['level']}. " in told
    assert answer["how_sure"]["reasons"][0].split()[0] in told


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
