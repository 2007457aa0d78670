"""The bundled sample: read as a page of papers is, whole, and good enough to answer the questions beside it."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.parse import find_dumps, read_dump
from ingest.record import Record
from rag.corpus import normalise_title
from tests.conftest import ROOT, SAMPLE, RunCommand

QUESTIONS = ROOT / "samples" / "questions.jsonl"


def sample_records() -> list[Record]:
    (dump,) = find_dumps([str(SAMPLE)])
    found = list(read_dump(dump))
    records = [one for one in found if isinstance(one, Record)]
    assert len(records) == len(found), [one for one in found if not isinstance(one, Record)]
    return records


def test_every_paper_is_read_with_its_own_summary() -> None:
    written = SAMPLE.read_text(encoding="utf-8").split("\n\n")
    first = written.index("Attention Is All You Need")
    pairs = list(zip(written[first::2], (text.strip() for text in written[first + 1 :: 2]), strict=True))
    assert len(pairs) > 60
    assert [(record.title, record.abstract) for record in sample_records()] == pairs


def test_no_title_stands_twice() -> None:
    titles = [normalise_title(record.title) for record in sample_records()]
    assert len(set(titles)) == len(titles)


def test_the_questions_name_papers_and_sentences_that_are_there() -> None:
    abstracts = {record.title: record.abstract for record in sample_records()}
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        assert set(question["relevant"]) | set(question.get("near", [])) <= abstracts.keys()
        for sentence in question["evidence"]:
            assert any(sentence in abstracts[title] for title in question["relevant"]), sentence


def test_the_sample_answers_its_questions(run_command: RunCommand, sample_index: Path) -> None:
    outcome = run_command("rag", "eval", QUESTIONS, "--data", sample_index, "--run", "run.txt", "-k", 10)
    assert outcome.returncode == 0, outcome.stderr
    searched = run_command("rag", "search", "--queries", QUESTIONS, "--data", sample_index, "--json")
    assert searched.returncode == 0, searched.stderr
    firsts = {}
    for line in searched.stdout.splitlines():
        found = json.loads(line)
        firsts[found["query_id"]] = found["hits"][0]["title"]
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    missed = [one["question"] for one in questions if one["relevant"] and firsts[one["id"]] not in one["relevant"]]
    assert missed == []


def test_the_examples_of_the_first_visit_are_answered_from_the_right_paper(
    run_command: RunCommand, sample_index: Path
) -> None:
    asked = run_command("rag", "ask", "--questions", QUESTIONS, "--data", sample_index, "--no-llm", "--json")
    assert asked.returncode == 0, asked.stderr
    answers = {answer["question"]: answer for answer in map(json.loads, asked.stdout.splitlines())}
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    examples = [question for question in questions if question.get("example")]
    assert len(examples) == 4
    for example in examples:
        answer = answers[example["question"]]
        assert answer["outcome"] == "answered"
        assert answer["citations"][0]["title"] in example["relevant"]
