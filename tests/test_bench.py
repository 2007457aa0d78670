"""The benchmarks' own parts: what they change they put back, what they make is distinct and the same each time."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from bench.__main__ import PARTS, main
from bench.first_word import STEPS, overheads
from bench.measuring import run_command
from bench.rankings import IDEAS, as_evaluation, changed, whole_text
from bench.recombined import RecombiningEmbedder, made_records
from bench.retrieval_sets import retrieval_sets
from bench.sessions import Session, answer_times
from bench.sureness import asked_twice
from rag.corpus import Turn, normalise_title
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet, read_question_set
from rag.index import Index
from rag.minilm import bundled_embedder
from scripts.page_server import page_server
from tests.conftest import ROOT
from tests.dumps_of import row, write_dump
from tests.word_embedder import WordEmbedder

REAL: list[dict[str, object]] = [
    {"title": f"A Paper of {name}", "abstract": f"We study {name}. It is hard. We solve {name} at last.", "year": 2024}
    for name in ("attention", "sparsity", "planning", "translation")
]


@pytest.mark.parametrize("idea", IDEAS, ids=lambda idea: idea.name)
def test_an_idea_that_is_taken_away_is_put_back(idea: object) -> None:
    without = next(each.without for each in IDEAS if each is idea)
    places = [(import_module(module), name) for module, _, name in (place.partition(":") for place in without)]
    before = [getattr(module, name) for module, name in places]  # fails where a name is no longer there
    with changed(without):
        assert [getattr(module, name) for module, name in places] == list(without.values())
        assert [getattr(module, name) for module, name in places] != before
    assert [getattr(module, name) for module, name in places] == before


def test_made_papers_have_titles_of_their_own_and_are_the_same_each_time() -> None:
    made = list(made_records(REAL, 50, seed=1))
    assert len({normalise_title(str(record["title"])) for record in made}) == 50
    assert made == list(made_records(REAL, 50, seed=1))
    assert made != list(made_records(REAL, 50, seed=2))
    assert all(str(record["abstract"]).count(".") >= 3 for record in made)


def test_mixed_vectors_belong_to_their_text() -> None:
    words = WordEmbedder()
    mixer = RecombiningEmbedder(words, words.embed_documents([f"text number {number}" for number in range(30)]))
    first = mixer.embed_documents(["one", "two"])
    assert np.allclose(np.linalg.norm(first, axis=1), 1.0)
    assert np.array_equal(first, mixer.embed_documents(["one", "two"]))
    assert not np.allclose(first[0], first[1])
    assert np.array_equal(mixer.embed_queries(["one"]), words.embed_queries(["one"]))


def test_rankings_of_others_are_judged_like_ours() -> None:
    history = (Turn("user", "What is A?"), Turn("assistant", "A thing."))
    question = EvaluationQuestion("q", "And B?", history=history, grades={"b": 1.0})
    assert whole_text(question) == "What is A? A thing. And B?"
    (result,) = as_evaluation(QuestionSet((question,), "title"), [["a", "b"]]).results
    assert result.keys == ("a", "b")


def test_what_is_measured_takes_no_settings_from_around_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CHROMA_URL", "EMBED_MODEL", "OPENAI_API_KEY", "LLM_BASE_URL"):
        monkeypatch.setenv(name, "“no address”")
    Path(".env").write_text("RAG_TOP_K=none\n", encoding="utf-8")
    write_dump(Path("a.jsonl"), [row(1)])
    run_command("ingest", Path("a.jsonl"), "--data", Path("data"))
    assert (tmp_path / "data" / "catalogue.sqlite").is_file()


def test_without_the_real_dumps_the_sample_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASKPAPERS_SHARED", str(tmp_path / "none"))
    (sample,) = retrieval_sets(tmp_path)
    assert sample.name == "sample"
    assert {key for question in sample.questions.questions for key in question.grades} <= set(sample.texts)


def test_how_sure_it_is_falls_where_the_papers_that_answer_are_hidden(sample_index: Path) -> None:
    questions = read_question_set(ROOT / "samples" / "questions.jsonl")
    few = replace(questions, questions=questions.questions[:6])
    with closing(Index.open(sample_index)) as index, index.reading() as reading:
        scored = asked_twice(few, reading, bundled_embedder())
    assert [there for _, there in scored] == [True, False] * 6
    with_them, without = ([odds for odds, there in scored if there is which] for which in (True, False))
    assert sum(with_them) > sum(without)


def test_parts_are_listed_and_unknown_ones_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    listed = capsys.readouterr().out
    assert all(f"  {name}" in listed for name in PARTS)
    with pytest.raises(SystemExit) as ended:
        main(["nothing"])
    assert ended.value.code == 2
    assert "no such part: nothing" in capsys.readouterr().err


def test_sessions_without_a_browser_ask_the_page_and_wait_for_whole_answers(sample_index: Path, tmp_path: Path) -> None:
    with page_server(sample_index, cwd=tmp_path, RAG_KEEP_CONVERSATIONS="no") as address:
        taken = answer_times(address, sessions=3, each=2)
        assert len(taken) == 6
        assert min(taken) > 0
        with Session(address) as session, pytest.raises(TimeoutError):
            session.ask("   ", patience=1.0)  # no question, so no answer


def test_our_own_part_is_measured_up_to_the_models_first_word(sample_index: Path) -> None:
    questions = ["Which optimizer needs less memory than Adam?", "Who won the football world cup?"]
    (taken,) = overheads(sample_index, questions)  # off the topic no model is asked
    assert set(taken) == set(STEPS)
    assert all(milliseconds >= 0 for milliseconds in taken.values())
    assert taken["search"] > 0
