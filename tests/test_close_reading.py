"""Papers read word by word with the bundled model."""

from __future__ import annotations

import numpy as np
import pytest

from rag.close_reading import ClosePaper, match, read_papers, read_question
from rag.corpus import Paper
from rag.minilm import BundledEmbedder
from tests.small_corpus import PAPERS


@pytest.fixture(scope="module")
def embedder() -> BundledEmbedder:
    return BundledEmbedder()


@pytest.fixture(scope="module")
def papers(embedder: BundledEmbedder) -> list[ClosePaper]:
    return read_papers([Paper(str(n), title, text) for n, (title, text) in enumerate(PAPERS)], embedder)


def test_every_sentence_has_a_vector_and_every_word_a_place(papers: list[ClosePaper]) -> None:
    for paper, (_, abstract) in zip(papers, PAPERS, strict=True):
        assert paper.sentence_vectors.shape == (len(paper.sentences), 384)
        assert paper.word_vectors.shape == (len(paper.word_sentences), 384)
        assert set(paper.word_sentences) <= {-1, *range(len(paper.sentences))}
        assert all(abstract[quote.start : quote.end] == quote.text for quote in paper.sentences)


def test_a_word_of_the_question_that_the_paper_lacks_is_seen(
    papers: list[ClosePaper], embedder: BundledEmbedder
) -> None:
    question = read_question("How large is the error of forecasts of desert dunes in Portugal?", embedder)
    found = dict(zip(question.words, match(question, papers[2]).best.tolist(), strict=True))
    assert found["dunes"] > 0.7
    assert found["Portugal"] < 0.5
    assert min(found, key=lambda word: found[word]) == "Portugal"


def test_the_sentence_that_answers_is_the_nearest(papers: list[ClosePaper], embedder: BundledEmbedder) -> None:
    question = read_question("What is the mean error after a year on the coast?", embedder)
    found = match(question, papers[2])
    assert int(np.argmax(found.words.mean(axis=0))) == int(np.argmax(found.sentence_cosines)) == 2


def test_a_question_or_a_paper_without_words_matches_nothing(
    papers: list[ClosePaper], embedder: BundledEmbedder
) -> None:
    nothing = match(read_question("what is it?", embedder), papers[0])
    assert nothing.words.shape == (0, len(papers[0].sentences))
    assert nothing.sentence_cosines.shape == (len(papers[0].sentences),)
    empty = read_papers([Paper("x", "?!", "")], embedder)[0]
    assert match(read_question("desert dunes", embedder), empty).best.tolist() == [0.0, 0.0]
