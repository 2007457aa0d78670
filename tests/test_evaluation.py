"""Question sets, runs and reports: read strictly, judged by titles or by ids, summed up right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.corpus import Answer, Chunk, Citation, Hit, Outcome, Paper, paper_key
from rag.errors import UsageError
from rag.evaluation.evaluate import Evaluation, evaluate
from rag.evaluation.figures import figures
from rag.evaluation.question_sets import EvaluationQuestion, read_qrels, read_question_set
from rag.evaluation.report import Configuration, Report, as_json, as_table
from rag.evaluation.runs import read_run, write_run

PAPERS = {
    title: Paper(
        paper_id=paper_key(title), title=title, abstract=f"{title} is short. It says one thing.", external_id=id_
    )
    for title, id_ in {"Alpha Study": "1", "Beta Study": "2", "Gamma": "3"}.items()
}


def hits(*titles: str) -> list[Hit]:
    return [
        Hit(PAPERS[title], Chunk(f"{title}:0", PAPERS[title].paper_id, 0, 5), rank, 1 / rank, 0.5, 1.0)
        for rank, title in enumerate(titles, start=1)
    ]


def answer(outcome: Outcome, *quotes: tuple[str, str], confidence: float = 0.5) -> Answer:
    citations = tuple(
        Citation(n, PAPERS[title], quote, "supported") for n, (title, quote) in enumerate(quotes, start=1)
    )
    return Answer("q", "q", outcome, "extractive", None, "", (), citations, (), confidence=confidence)


def reported(evaluation: Evaluation) -> Report:
    configuration = Configuration("questions.jsonl", "data", 3, 3, 1, 1, "a model", "f", 4, None)
    return Report(configuration, evaluation, figures(evaluation))


def write_lines(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def question_file(tmp_path: Path) -> Path:
    return write_lines(
        tmp_path / "questions.jsonl",
        [
            {"id": "a", "question": "What is alpha?", "kind": "single", "relevant": ["ALPHA study"],
             "evidence": ["Alpha Study is short."], "history": [{"role": "user", "content": "Hello"}]},
            {"id": "b", "text": "Which studies?", "kind": "multi", "relevant": ["Alpha study", "Beta-Study"]},
            {"id": 3, "question": "What about delta?", "kind": "unanswerable", "relevant": [], "near": ["Gamma"]},
            {"id": "d", "question": "What about cooking?", "relevant": []},
        ],
    )  # fmt: skip


def evaluated(question_file: Path) -> Evaluation:
    found = {"a": hits("Alpha Study", "Gamma"), "b": hits("Gamma", "Beta Study"), "3": hits("Gamma"), "d": []}
    answers = {
        "a": answer(
            "answered", ("Gamma", "Gamma is short."), ("Alpha Study", "Alpha Study  is short."), confidence=0.9
        ),
        "b": answer("related", confidence=0.4),
        "3": answer("related", confidence=0.4),
        "d": answer("answered", ("Gamma", "Gamma is long."), confidence=0.1),
    }
    return evaluate(
        read_question_set(question_file),
        find=lambda question, k: found[question.question_id][:k],
        ask=lambda question: answers[question.question_id],
    )


def test_questions_are_read_with_titles_normalised_and_history(question_file: Path) -> None:
    questions = read_question_set(question_file).questions
    assert questions[0].grades == {"alpha study": 1.0}
    assert questions[0].history[0].content == "Hello"
    assert questions[1].text == "Which studies?"
    assert [question.answerable for question in questions] == [True, True, False, False]
    assert questions[2].question_id == "3"


def test_qrels_judge_by_the_source_s_ids_and_leave_unjudged_questions_out(tmp_path: Path, question_file: Path) -> None:
    qrels = tmp_path / "qrels.tsv"
    qrels.write_text("query-id\tcorpus-id\tscore\na\t2\t1\na\t1\t0\nunknown\t9\t2\n", encoding="utf-8")
    questions = read_question_set(question_file, qrels)
    assert [question.question_id for question in questions.questions] == ["a"]
    assert questions.questions[0].grades == {"2": 1.0, "1": 0.0}
    assert questions.key(PAPERS["Beta Study"]) == "2"


def test_qrels_of_trec_s_four_columns_are_read(tmp_path: Path) -> None:
    qrels = tmp_path / "qrels.txt"
    qrels.write_text("a 0 doc1 1\na 0 doc2 2\n\n", encoding="utf-8")
    assert read_qrels(qrels) == {"a": {"doc1": 1.0, "doc2": 2.0}}
    qrels.write_text("\nquery\tdocument\tgrade\na\tdoc1\t1\n", encoding="utf-8")
    assert read_qrels(qrels) == {"a": {"doc1": 1.0}}


@pytest.mark.parametrize("grade", ["nan", "inf", "-inf", "1e999"])
def test_a_grade_or_score_that_cannot_be_reckoned_with_is_refused(tmp_path: Path, grade: str) -> None:
    path = tmp_path / "file"
    path.write_text(f"a\tdoc1\t1\na\tdoc2\t{grade}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"Line 2 of .* is no judgement"):
        read_qrels(path)
    path.write_text(f"a Q0 doc1 1 {grade} x\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"Line 1 of .* is no line of a run"):
        read_run(path)


def test_two_questions_of_one_id_are_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", [{"id": "2", "question": "x"}, {"question": "y"}])
    with pytest.raises(UsageError, match=r"Line 2 of .*q\.jsonl has the id 2, as line 1 of .*q\.jsonl has\."):
        read_question_set(path)


def test_null_in_place_of_the_relevant_papers_is_no_judgement(tmp_path: Path) -> None:
    lines = [{"id": 1, "question": "x", "relevant": None}, {"id": 2, "question": "y", "relevant": []}]
    questions = read_question_set(write_lines(tmp_path / "q.jsonl", lines)).questions
    assert [question.judged for question in questions] == [False, True]


def test_half_a_character_anywhere_leaves_texts_that_can_be_written(tmp_path: Path) -> None:
    half = "x\ud83d"
    line = {"id": half, "question": half, "kind": half, "relevant": [half], "evidence": [half], "near": half}
    (question,) = read_question_set(write_lines(tmp_path / "q.jsonl", [line])).questions
    str(question).encode()
    assert question.question_id == question.kind == "x?"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "Line 1 of .* is not JSON"),
        ('{"id": 1}', "Line 1 of .* holds no question"),
        ('{"question": "x", "relevant": 3}', "relevant is no list"),
        ('{"question": "x", "history": [1]}', "history that cannot be read"),
        ("", "holds no question"),
    ],
)
def test_an_unreadable_question_file_is_one_sentence_with_the_line(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(UsageError, match=complaint):
        read_question_set(path)


def test_missing_binary_and_foreign_files_are_sentences(tmp_path: Path, question_file: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        read_question_set(tmp_path / "absent.jsonl")
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not text in UTF-8"):
        read_question_set(binary)
    with pytest.raises(UsageError, match="is no judgement"):
        read_question_set(question_file, question_file)
    qrels = tmp_path / "qrels.tsv"
    qrels.write_text("zzz\t1\t1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="judges none of the questions"):
        read_question_set(question_file, qrels)


def test_figures_are_means_over_the_questions_that_have_an_answer(question_file: Path) -> None:
    found = figures(evaluated(question_file))
    assert (found.questions, found.judged) == (4, 2)
    assert found.ranking["hit@1"].mean == 0.5
    assert found.ranking["recall@10"].mean == pytest.approx((1 + 0.5) / 2)
    assert found.ranking["mrr@10"].mean == pytest.approx((1 + 0.5) / 2)
    assert found.kinds["single"]["ndcg@10"].mean == 1.0
    assert set(found.kinds) == {"single", "multi"}


def test_answers_are_judged_by_quotes_refusals_and_citations(question_file: Path) -> None:
    answers = figures(evaluated(question_file)).answers
    assert answers is not None
    assert (answers.evidence_at_3.mean, answers.evidence_at_3.count) == (1.0, 1)
    assert answers.wrongly_refused.mean == 0.5
    assert (answers.refused.mean, answers.refused_near.mean, answers.refused_off_topic.mean) == (0.5, 1.0, 0.0)
    assert answers.auc.mean == pytest.approx(3.5 / 4)
    # Answerable: 0.9 and 0.4, squared errors 0.01 and 0.36; unanswerable: 0.4 and 0.1, 0.16 and 0.01.
    assert answers.brier.mean == pytest.approx((0.37 / 2 + 0.17 / 2) / 2)
    assert answers.sure == {}
    assert (answers.citations.mean, answers.citations.count) == (1.5, 2)
    one_each = Evaluation(evaluated(question_file).results[3:], with_answers=True)
    counted = figures(one_each).answers
    assert counted is not None
    assert counted.citations.low == counted.citations.mean == 1.0  # a count, although it could be a share
    assert answers.verbatim.mean == pytest.approx(1 / 3)  # one quote has two blanks, one is made up
    assert answers.relevant.mean == 0.5
    assert (answers.kinds["multi"].refused.mean, answers.kinds["multi"].answerable) == (1.0, True)
    assert (answers.kinds["unanswerable"].refused.mean, answers.kinds["unanswerable"].answerable) == (1.0, False)
    assert answers.roc[0] == (0.0, 0.0)
    assert answers.roc[-1] == (1.0, 1.0)


def test_what_is_off_the_topic_is_not_guessed_where_a_set_does_not_tell(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", [{"id": "a", "question": "What about cooking?", "relevant": []}])
    found = figures(
        evaluate(read_question_set(path), find=lambda _question, _k: [], ask=lambda _question: answer("nothing"))
    )
    assert found.answers is not None
    assert (found.answers.refused.count, found.answers.refused_off_topic.count) == (1, 0)


def test_reports_hold_the_same_figures_and_nothing_that_is_not_json(question_file: Path) -> None:
    report = reported(evaluated(question_file))
    shape = json.loads(json.dumps(as_json(report), allow_nan=False))
    assert shape["metrics"]["hit@1"]["mean"] == 0.5
    assert shape["answers"]["evidence_at_3"]["n"] == 1
    assert shape["answers"]["kinds"]["unanswerable"]["refused"]["mean"] == 1.0
    assert shape["search_ms"]["p50_interval"][0] <= shape["search_ms"]["p50"] <= shape["search_ms"]["p50_interval"][1]
    assert shape["configuration"]["embeddings"] == "a model"
    table = as_table(report)
    assert "single" in table
    assert "0.500 [0.095, 0.905]" in table  # the score interval of one hit in two
    assert "proof sentence" in table
    assert "p95" in table


def test_without_answers_or_judgements_the_report_says_only_what_it_knows() -> None:
    report = reported(evaluate_one(EvaluationQuestion("a", "x", judged=False)))
    assert report.figures.answers is None
    assert json.loads(json.dumps(as_json(report), allow_nan=False))["metrics"]["ndcg@10"] is None
    assert "1 questions, 0 with" in as_table(report)


def evaluate_one(question: EvaluationQuestion) -> Evaluation:
    from rag.evaluation.question_sets import QuestionSet

    return evaluate(QuestionSet((question,), "title"), find=lambda _question, k: hits("Gamma", "Alpha Study")[:k])


def test_a_run_is_written_and_read_back_best_first(tmp_path: Path) -> None:
    path = tmp_path / "run.txt"
    results = evaluate_one(EvaluationQuestion("q 1", "x")).results
    write_run(path, results, k=10)
    assert path.read_text(encoding="utf-8").splitlines() == [
        "q_1 Q0 gamma 1 1.000000 askpapers",
        "q_1 Q0 alpha_study 2 0.500000 askpapers",
    ]
    assert read_run(path) == {"q_1": [("gamma", 1.0), ("alpha_study", 0.5)]}
    with pytest.raises(UsageError, match="cannot be written"):
        write_run(tmp_path / "absent" / "run.txt", results, k=1)
    path.write_text(f"{path.read_text(encoding='utf-8')}\n \n", encoding="utf-8-sig")
    assert list(read_run(path)) == ["q_1"]
    path.write_text("one two\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"Line 1 of .* is no line of a run"):
        read_run(path)
