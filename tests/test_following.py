"""rag/page/following.py and rag/page/examples.py: what is suggested is varied, new, and answered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.answer import Assistant
from rag.calibration import SHIPPED, Calibration, OddsMapping, write_calibration
from rag.chosen_embedder import open_embedder
from rag.corpus import Answer
from rag.embedder import Embedder
from rag.index import Index
from rag.page.examples import example_questions
from rag.page.following import is_answered, suggest_questions
from rag.page.holdings import some_papers
from rag.settings import Settings

QUESTION = "How does quantization make a language model smaller?"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder(Settings())


@pytest.fixture
def index(sample_index: Path) -> Index:
    return Index.open(sample_index)


def answer_to(question: str, index: Index, embedder: Embedder) -> Answer:
    """Made of extracts."""
    return Assistant(index, embedder, Settings()).ask(question, use_model=False)


def test_different_questions_follow_and_the_corpus_answers_each(index: Index, embedder: Embedder) -> None:
    answer = answer_to(QUESTION, index, embedder)
    found = suggest_questions(index, embedder, answer, known=[QUESTION])
    assert 2 <= len(set(found)) == len(found) <= 3
    with index.reading() as reading:
        assert all(is_answered(question, (), reading, embedder, SHIPPED) for question in found)


def test_a_question_that_this_corpus_would_refuse_is_not_suggested(
    sample_index: Path, embedder: Embedder, tmp_path: Path
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "data")
    index = Index.open(data)
    answer = answer_to(QUESTION, index, embedder)
    with index.reading() as reading:
        corpus = reading.corpus
    strict = Calibration(
        OddsMapping(9.0, 9.0), corpus, embedder.identity.fingerprint, 1, (), 60, 0.2, 0.2, "2026-01-01"
    )
    assert write_calibration(data, strict)
    found = suggest_questions(index, embedder, answer, known=[QUESTION])
    assert all(question.startswith("Which papers") for question in found)  # those are counted, and never refused
    index.close()


def test_what_restricts_papers_in_a_question_restricts_them_before_it_is_shown(
    index: Index, embedder: Embedder
) -> None:
    with index.reading() as reading:
        assert is_answered("What is LoRA?", (), reading, embedder, SHIPPED)
        assert not is_answered("What is LoRA, not about adaptation?", (), reading, embedder, SHIPPED)


def test_no_question_of_the_conversation_comes_again(index: Index, embedder: Embedder) -> None:
    answer = answer_to(QUESTION, index, embedder)
    known = [QUESTION]
    for _ in range(4):
        found = suggest_questions(index, embedder, answer, known=known)
        assert not {question.casefold() for question in found} & {question.casefold() for question in known}
        known += [question.upper() for question in found]


def test_nothing_follows_where_nothing_was_found(index: Index, embedder: Embedder) -> None:
    answer = answer_to("Which cheese goes with pears?", index, embedder)
    assert answer.outcome == "nothing"
    assert suggest_questions(index, embedder, answer, known=[]) == ()


def test_examples_are_of_different_kinds_and_only_those_that_are_answered(sample_index: Path) -> None:
    papers = some_papers(sample_index)
    refused: list[str] = []

    def answered(question: str, _: object) -> bool:
        refuse = not refused or len(refused) < 3
        if refuse:
            refused.append(question)
        return not refuse

    found = example_questions(papers, answered=answered)
    assert len(found) == 4
    assert len(refused) == 3
    assert not set(found) & set(refused)
    assert found == example_questions(papers, answered=lambda question, _: question not in refused)
    assert sum(question.startswith("Which papers are about") for question in found) <= 1


def test_a_corpus_of_one_paper_is_asked_about_by_its_title() -> None:
    from rag.corpus import Paper

    assert example_questions([Paper("a", "Slow Notes", "Slow notes stay.")]) == ("What is “Slow Notes” about?",)


def test_how_something_works_is_not_suggested_to_whoever_asked_about_it(index: Index, embedder: Embedder) -> None:
    question = "What is LoRA?"
    found = suggest_questions(index, embedder, answer_to(question, index, embedder), known=[question])
    assert "How does LoRA work?" not in found
