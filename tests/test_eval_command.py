"""`rag eval` as a person runs it: made questions, another index, an earlier run, the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.embedder import EmbedderIdentity
from rag.endpoint_embedder import EndpointEmbedder
from rag.evaluation.sides import open_embedder_of
from rag.minilm import BundledEmbedder
from rag.settings import Settings
from tests.commanding import assert_one_sentence, objects, write_lines
from tests.conftest import ROOT, SAMPLE, RunCommand
from tests.openai_server import OpenAIServer

QUESTIONS = ROOT / "samples" / "questions.jsonl"


def test_without_labels_questions_are_made_and_the_same_is_reported(
    run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    options = ["--self", "--sample", 4, "--seed", 3, "--data", sample_index]
    (first,) = objects(run_command("rag", "eval", *options, "--html", page, "--json"))
    assert (first["questions"], first["judged"]) == (12, 8)
    assert set(first["kinds"]) == {"title", "sentence"}
    assert first["answers"]["refused"]["n"] == 4
    assert set(first["answers"]["kinds"]) == {"title", "sentence", "left out"}
    assert "hidden from the search" in first["configuration"]["note"]
    (again,) = objects(run_command("rag", "eval", *options, "--json"))
    assert (again["metrics"], again["kinds"]) == (first["metrics"], first["kinds"])
    assert "seed 3" in first["configuration"]["questions"]
    assert "Answer or refuse?" in page.read_text(encoding="utf-8")


def test_other_embeddings_are_compared_over_the_same_papers(
    run_command: RunCommand, sample_index: Path, tmp_path: Path, openai_server: OpenAIServer
) -> None:
    other = tmp_path / "other"
    made = run_command(
        "ingest", SAMPLE, "--data", other, EMBED_BASE_URL=openai_server.base_url, EMBED_MODEL="words", EMBED_API_KEY="k"
    )
    assert made.returncode == 0, made.stderr
    (found,) = objects(run_command("rag", "eval", QUESTIONS, "--data", sample_index, "--against", other, "--json"))
    (comparison,) = found["comparisons"]
    assert comparison["verdict"] in {"worse", "no difference"}  # counting words is no match for the bundled model
    assert comparison["metrics"]["ndcg@10"]["gain"]["mean"] < 0
    assert set(comparison["metrics"]) == {"ndcg@10", "recall@10", "mrr@10", "hit@1"}
    assert f"he index in {other}" in comparison["sentence"]
    by_itself = run_command("rag", "eval", "--self", "--sample", 3, "--data", sample_index, "--against", other)
    assert f"he index in {other}" in by_itself.stdout
    assert "on 6 questions" in by_itself.stdout or "that 6 questions could show" in by_itself.stdout
    assert "right decisions" in by_itself.stdout


def test_an_earlier_run_is_compared_with_what_is_found_now(
    run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    run_file = tmp_path / "run.txt"
    assert run_command("rag", "eval", QUESTIONS, "--run", run_file, "--data", sample_index).returncode == 0
    same = run_command("rag", "eval", QUESTIONS, "--compare", run_file, "--data", sample_index)
    assert "ranks exactly as well as the run" in same.stdout
    lines = run_file.read_text(encoding="utf-8").splitlines()
    upside_down = [f"{' '.join(line.split()[:4])} {-float(line.split()[4])} x" for line in lines]
    run_file.write_text("\n".join(upside_down) + "\n", encoding="utf-8")
    (found,) = objects(run_command("rag", "eval", QUESTIONS, "--compare", run_file, "--data", sample_index, "--json"))
    assert found["comparisons"][0]["verdict"] == "better"
    assert found["comparisons"][0]["metrics"]["hit@1"]["worse"] == 0
    shallow = run_command("rag", "eval", QUESTIONS, "-k", 2, "--run", run_file, "--data", sample_index)
    assert shallow.returncode == 0
    same = run_command("rag", "eval", QUESTIONS, "--compare", run_file, "--data", sample_index)
    assert "ranks exactly as well as the run" in same.stdout
    assert "was cut after 2 papers" in same.stdout


@pytest.mark.parametrize("fails", [True, False])
def test_answers_that_the_model_failed_to_write_are_counted(
    fails: bool, run_command: RunCommand, sample_index: Path, tmp_path: Path, openai_server: OpenAIServer
) -> None:
    questions = tmp_path / "q.jsonl"
    first, *_ = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions.write_text(f"{first}\n", encoding="utf-8")
    model = {"LLM_BASE_URL": "http://127.0.0.1:9/v1" if fails else openai_server.base_url, "LLM_MODEL": "tiny"}
    outcome = run_command("rag", "eval", questions, "--answers", "--json", "--data", sample_index, **model)
    wrote = objects(outcome)[0]["configuration"]["answers"]
    assert wrote == ("tiny, for 0 of 1 questions; extracts for the others" if fails else "tiny")
    assert ("1 answer is an extract in place of the model's" in outcome.stderr) is fails


def test_relevant_papers_that_the_index_lacks_are_told(
    run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    known = json.loads(QUESTIONS.read_text(encoding="utf-8").splitlines()[0])["relevant"][0]
    lines = [{"id": 1, "question": "Lion?", "relevant": [known, "A Title of Nobody"]}]
    questions = write_lines(tmp_path / "q.jsonl", *lines)
    told = run_command("rag", "eval", questions, "--data", sample_index)
    assert "1 relevant paper is not in" in told.stderr
    assert "the first: A Title of Nobody" in told.stderr
    assert run_command("rag", "eval", QUESTIONS, "--data", sample_index).stderr == ""


def test_made_questions_leave_out_papers_whose_text_differs_in_the_other_index(
    run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    lines = run_command("rag", "papers", "--json", "--data", sample_index).stdout.splitlines()
    papers = [json.loads(line) for line in lines]
    for paper in papers[1::2]:
        paper["abstract"] = f"This sentence was put in front of the others. {paper['abstract']}"
    changed = write_lines(tmp_path / "changed.jsonl", *papers)
    other = tmp_path / "other"
    assert run_command("ingest", changed, "--data", other).returncode == 0
    outcome = run_command("rag", "eval", "--self", "--data", sample_index, "--against", other, "--json")
    (found,) = objects(outcome)
    assert "whose text differs between the two" in outcome.stderr
    assert 0 < found["comparisons"][0]["questions"] <= 2 * len(papers[::2])
    assert {change["text"] for change in found["comparisons"][0]["changes"]}.isdisjoint(
        paper["title"] for paper in papers[1::2]
    )


def test_a_run_of_other_questions_is_told(run_command: RunCommand, sample_index: Path, tmp_path: Path) -> None:
    run_file = tmp_path / "run.txt"
    run_file.write_text("other Q0 paper 1 1.0 x\n", encoding="utf-8")
    outcome = run_command("rag", "eval", QUESTIONS, "--compare", run_file, "--data", sample_index)
    assert_one_sentence(outcome, 2, "run.txt", "none of the questions")


def test_papers_that_the_other_index_lacks_are_told(
    run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    abstract = "One sentence of an abstract. Another sentence follows here. A third one ends it."
    papers = write_lines(tmp_path / "few.jsonl", {"title": "A Paper of Its Own", "abstract": abstract})
    few = tmp_path / "few"
    assert run_command("ingest", papers, "--data", few).returncode == 0
    outcome = run_command("rag", "eval", QUESTIONS, "--data", sample_index, "--against", few)
    assert outcome.returncode == 0, outcome.stderr
    assert "are not in" in outcome.stderr
    alone = run_command("rag", "eval", "--self", "--data", sample_index, "--against", few)
    assert_one_sentence(alone, 3, "no question can be made")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "--self"),
        ([QUESTIONS, "--self"], "--self"),
        ([QUESTIONS, "--sample", "5"], "--sample goes with --self"),
        (["--self", "--qrels", "x"], "--qrels"),
        (["--self", "--sample", "0"], "not a number from 1"),
        ([QUESTIONS, "--compare", "no-such-run.txt"], "no-such-run.txt"),
    ],
)
def test_wrong_usage(arguments: list[object], part: str, run_command: RunCommand, sample_index: Path) -> None:
    assert_one_sentence(run_command("rag", "eval", *arguments, "--data", sample_index), 2, part)


def test_an_empty_other_index_and_an_unwritable_page_are_sentences(
    run_command: RunCommand, sample_index: Path, tmp_path: Path
) -> None:
    empty = run_command("rag", "eval", QUESTIONS, "--data", sample_index, "--against", tmp_path / "none")
    assert_one_sentence(empty, 3, "none", "python -m ingest")
    page = run_command("rag", "eval", QUESTIONS, "--data", sample_index, "--html", tmp_path / "none" / "x.html")
    assert_one_sentence(page, 2, "cannot be written", "--html")
    assert_one_sentence(run_command("rag", "eval", QUESTIONS, "--run", tmp_path), 2, "cannot be written", "--run")


def test_a_key_goes_only_to_the_server_that_the_settings_name() -> None:
    settings = Settings(
        embed_base_url="http://127.0.0.1:1/v1", embed_model="mine", embed_api_key="secret", _env_file=None
    )

    def key_of(fingerprint: str, model: str) -> str:
        opened = open_embedder_of(EmbedderIdentity(model, fingerprint, 64), settings)
        assert isinstance(opened, EndpointEmbedder)
        assert opened.identity.fingerprint == fingerprint
        return opened._key

    assert key_of("endpoint:http://127.0.0.1:1/v1:another", "another") == "secret"
    assert key_of("endpoint:http://127.0.0.1:2/v1:mine", "mine") == ""
    bundled = open_embedder_of(BundledEmbedder().identity, settings)
    assert isinstance(bundled, BundledEmbedder)


def test_json_is_one_object_with_intervals_everywhere(run_command: RunCommand, sample_index: Path) -> None:
    outcome = run_command("rag", "eval", QUESTIONS, "--data", sample_index, "--answers", "--json")
    assert json.loads(outcome.stdout) == objects(outcome)[0]
    found = objects(outcome)[0]
    for figure in (*found["metrics"].values(), found["answers"]["wrongly_refused"], found["answers"]["citations"]):
        assert figure["low"] <= figure["mean"] <= figure["high"]
        assert figure["n"] > 0
    for latency in (found["search_ms"], found["answers"]["answer_ms"]):
        assert latency["p50"] <= latency["p95"]
        assert len(latency["p50_interval"]) == len(latency["p95_interval"]) == 2
