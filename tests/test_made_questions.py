"""Questions made from the papers, and the index that hides what they were made from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from ingest.chunk import embedding_text
from ingest.sync import sync
from rag.chosen_embedder import open_embedder
from rag.corpus import Chunk, Hit, Paper
from rag.embedder import Embedder
from rag.errors import EmptyIndexError
from rag.evaluation.made_questions import make_questions, mask
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet
from rag.evaluation.sides import Side
from rag.evaluation.withheld import PartialIndex, Withheld, _embedded_text
from rag.index import Index, Reading
from rag.search import search
from rag.sentences import split_sentences
from rag.settings import Settings
from tests.answering import PAPERS

TITLE = "Attention Is All You Need"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder(Settings(_env_file=None))


@pytest.fixture(scope="module")
def index(sample_index: Path, embedder: Embedder) -> Iterator[PartialIndex]:
    with closing(PartialIndex(sample_index, embedder=embedder)) as opened:
        yield opened


@pytest.fixture
def paper(index: PartialIndex) -> Iterator[Paper]:
    index.hide(None)
    with index.reading() as reading:
        yield next(paper for paper in reading.all_papers() if paper.title == TITLE)
    index.hide(None)


def found(index: PartialIndex, embedder: Embedder, question: str, *, k: int = 10) -> list[Hit]:
    with index.reading() as reading:
        return search(reading, embedder, question, k=k)


def made(index: PartialIndex, *, sample: int = 12, seed: int = 0) -> QuestionSet:
    index.hide(None)
    with index.reading() as reading:
        return make_questions(reading, sample=sample, seed=seed)


def test_three_questions_of_each_sampled_paper(index: PartialIndex) -> None:
    questions = made(index).questions
    assert len(questions) == 36
    assert [question.kind for question in questions[:3]] == ["title", "sentence", "left out"]
    assert [question.answerable for question in questions[:3]] == [True, True, False]
    assert all(question.judged and question.withheld for question in questions)
    assert len({question.question_id for question in questions}) == 36


def test_the_seed_decides_and_a_larger_sample_holds_the_smaller_one(index: PartialIndex) -> None:
    assert made(index) == made(index)
    assert made(index, seed=1) != made(index)
    assert made(index, sample=13).questions[:36] == made(index).questions


def test_a_sentence_loses_names_and_rare_words(index: PartialIndex, paper: Paper) -> None:
    with index.reading() as reading:
        masked = mask("Here FastNet7, a network, beats zyxwvut and GPT on translation.", "FastNet7: a network", reading)
    assert not {"FastNet7", "zyxwvut", "GPT"} & set(masked.replace(",", "").split())
    assert "network" in masked
    assert masked == masked.strip()


def test_a_hidden_title_is_no_help_and_the_abstract_still_is(
    index: PartialIndex, embedder: Embedder, paper: Paper
) -> None:
    (before,) = [hit for hit in found(index, embedder, TITLE) if hit.paper.paper_id == paper.paper_id]
    index.hide(Withheld(paper.paper_id, "title"))
    (after,) = [hit for hit in found(index, embedder, TITLE) if hit.paper.paper_id == paper.paper_id]
    assert after.paper.title == ""
    assert after.score < before.score - 5  # it is no longer named by its title
    assert after.cosine < before.cosine
    assert 0 < after.bm25 < before.bm25


def test_a_hidden_sentence_leaves_all_places_as_they_were(
    index: PartialIndex, embedder: Embedder, paper: Paper
) -> None:
    sentence = split_sentences(paper.abstract)[1]
    (before,) = [h for h in found(index, embedder, sentence.text, k=99) if h.paper.paper_id == paper.paper_id]
    index.hide(Withheld(paper.paper_id, "sentence", sentence.start, sentence.end))
    (after,) = [h for h in found(index, embedder, sentence.text, k=99) if h.paper.paper_id == paper.paper_id]
    assert sentence.text not in after.paper.abstract
    assert len(after.paper.abstract) == len(paper.abstract)
    assert after.paper.title == paper.title
    assert after.score < before.score
    assert after.bm25 < before.bm25


def test_a_left_out_paper_is_found_by_nothing(index: PartialIndex, embedder: Embedder, paper: Paper) -> None:
    index.hide(Withheld(paper.paper_id, "paper"))
    hits = found(index, embedder, TITLE)
    assert len(hits) == 10
    assert paper.paper_id not in {hit.paper.paper_id for hit in hits}
    index.hide(None)
    assert found(index, embedder, TITLE)[0].paper == paper


def test_other_papers_keep_their_scores(
    index: PartialIndex, embedder: Embedder, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.search.MOST", 1)  # papers that are read change places, and scores stay in place
    question = "translation with attention"
    before = {hit.paper.paper_id: hit.score for hit in found(index, embedder, question)}
    index.hide(Withheld(paper.paper_id, "paper"))
    after = {hit.paper.paper_id: hit.score for hit in found(index, embedder, question)}
    shared = before.keys() & after.keys()
    assert len(shared) == 9
    assert all(after[paper_id] == pytest.approx(before[paper_id]) for paper_id in shared)


def test_hiding_nothing_of_a_paper_gives_the_vectors_that_are_stored(
    index: PartialIndex, embedder: Embedder, paper: Paper
) -> None:
    vector = embedder.embed_queries(["attention"])[0]
    with index.reading() as reading:
        stored = reading.chunk_cosines(vector, [paper.paper_id])
    index.hide(Withheld(paper.paper_id, "sentence"))  # an empty one
    with index.reading() as reading:
        anew = reading.chunk_cosines(vector, [paper.paper_id])
        words = reading.word_scores("attention translation", [paper.paper_id])
        best = dict(reading.best_words("attention translation", 5))
    assert anew.keys() == stored.keys()
    for mine, theirs in zip(anew[paper.paper_id], stored[paper.paper_id], strict=True):
        assert mine[0] == theirs[0]
        assert mine[1] == pytest.approx(theirs[1], abs=2e-3)
    assert words[paper.paper_id] > 0
    assert best[paper.paper_id] == pytest.approx(words[paper.paper_id])


def test_a_chunk_is_laid_out_as_the_ingest_does() -> None:
    paper = Paper("p", "A Title", "One sentence. And another one.")
    chunk = Chunk("p:0", "p", 0, len(paper.abstract))
    assert _embedded_text(paper, chunk) == embedding_text(paper, chunk)


def test_papers_without_enough_text_make_no_question(index: PartialIndex) -> None:
    index.hide(None)
    with index.reading() as reading:
        (one,) = {question.withheld for question in made(index, sample=1).questions if question.kind == "title"}
        assert one is not None
        only = make_questions(reading, sample=5, among={one.paper_id})
        assert {question.withheld.paper_id for question in only.questions if question.withheld} == {one.paper_id}
        with pytest.raises(EmptyIndexError, match="no question can be made"):
            make_questions(reading, sample=5, among=set())


def test_the_rest_of_a_paper_has_no_title_or_no_sentence() -> None:
    paper = Paper("p", "A Title", "One sentence. And another one.")
    assert Withheld("p", "title").rest_of(paper) == replace(paper, title="")
    assert Withheld("p", "sentence", 0, 13).rest_of(paper).abstract == " " * 13 + " And another one."


def test_an_unknown_paper_hides_nothing(index: PartialIndex, embedder: Embedder) -> None:
    index.hide(Withheld("0" * 16, "paper"))
    assert found(index, embedder, TITLE)[0].paper.title == TITLE
    index.hide(None)


def test_made_questions_are_mostly_found_by_what_is_left(index: PartialIndex, embedder: Embedder) -> None:
    questions = [question for question in made(index, sample=20).questions if question.kind == "title"]

    def first(question: EvaluationQuestion) -> bool:
        index.hide(question.withheld)
        return found(index, embedder, question.text)[0].paper.paper_id in question.grades

    assert np.mean([first(question) for question in questions]) >= 0.7
    index.hide(None)


@pytest.mark.parametrize("part", ["title", "paper"])
def test_what_a_hidden_title_quotes_restricts_no_papers(
    tmp_path: Path, part: Literal["title", "paper"], embedder: Embedder
) -> None:
    rows = [{"title": title, "abstract": abstract} for title, abstract in PAPERS.items()]
    quoting = {
        "title": "Trains on “Hollow Rails” since 2019",
        "abstract": "Trains roll on tubes. The tubes save steel.",
    }
    dump = tmp_path / "dump.jsonl"
    dump.write_text("".join(json.dumps(row) + "\n" for row in [*rows, quoting]), encoding="utf-8")
    settings = Settings(data_dir=tmp_path / "data", _env_file=None)
    sync([str(dump)], settings)
    with closing(Side(settings.data_dir, settings, embedder)) as side:
        own = next(one.paper_id for one in side.read(Reading.all_papers) if one.title == quoting["title"])
        question = EvaluationQuestion(
            "q", quoting["title"], grades={own: 1.0} if part == "title" else {}, withheld=Withheld(own, part)
        )
        result = side.evaluate(QuestionSet((question,), "paper_id"), answers=True, use_model=False, k=10).results[0]
    assert len(result.ranked) == len(rows) + (part == "title")
    assert result.answer is not None
    assert not result.answer.understood.filters


def test_an_index_that_hides_nothing_is_an_index(sample_index: Path, embedder: Embedder) -> None:
    with closing(Index.open(sample_index)) as plain, plain.reading() as reading:
        assert type(reading) is Reading
    with closing(PartialIndex(sample_index, embedder=embedder)) as partial, partial.reading() as reading:
        assert type(reading) is Reading
