"""rag/words.py: BM25 for the best papers and for given ones; no text of a user ever fails."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import Paper
from rag.errors import DamagedStoreError
from rag.words import Words, WordsWriter, stems

PAPERS = [
    Paper("p1", "Memory of Optimizers", "Adam keeps two moments of every weight. Eight bits are enough for both."),
    Paper("p2", "Forecasting dunes", "Dunes wander. We forecast their movements from satellite images."),
    Paper("p3", "KV caches", "Caches of keys and values grow with the context; memory is short. C++ code is given."),
]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    folder = tmp_path_factory.mktemp("generation")
    writer = WordsWriter(folder)
    writer.add(PAPERS)
    writer.commit()
    return Words(folder)


def test_the_best_papers_come_first_by_stem(words: Words) -> None:
    assert [paper_id for paper_id, _ in words.best("Which optimizer needs less memory?", 5)] == ["p1", "p3"]
    assert [paper_id for paper_id, _ in words.best("forecasts of a moving DUNE", 5)] == ["p2"]


def test_a_folder_that_cannot_be_written_is_read_from_a_copy_that_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = WordsWriter(tmp_path)
    writer.add(PAPERS)
    writer.commit()
    for path in (tmp_path / "words").iterdir():
        path.chmod(0o444)
    (tmp_path / "words").chmod(0o555)
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # whoever runs this: root may write anywhere
    words = Words(tmp_path)
    assert [paper_id for paper_id, _ in words.best("dunes", 5)] == ["p2"]
    copied = [path.stat().st_mode & 0o200 for path in (tmp_path / "copies").rglob("*")]
    assert copied
    assert all(copied)
    words.close()
    assert not list((tmp_path / "copies").iterdir())
    (tmp_path / "words").chmod(0o700)


def test_every_word_can_be_asked_for(words: Words) -> None:
    assert [paper_id for paper_id, _ in words.best("keys and values of memory", 5, every=True)] == ["p3"]
    assert words.best("memory of dunes", 5, every=True) == []
    assert len(words.best("memory of dunes", 5)) == 3


def test_fewer_than_k_and_nothing_are_answers(words: Words) -> None:
    assert words.best("zebra", 5) == []
    assert words.best("what is the of and", 5) == []  # stop words alone
    assert words.best("memory", 0) == []
    assert words.scores("memory", []) == {}


def test_scores_of_given_papers_are_those_of_the_ranking(words: Words) -> None:
    best = dict(words.best("memory of optimizers and caches", 5))
    scores = words.scores("memory of optimizers and caches", ["p1", "p2", "p3", "unknown"])
    assert scores == {**best, "p2": 0.0}
    assert words.scores("the of", ["p1"]) == {"p1": 0.0}


def test_stop_words_of_a_question_are_left_out_and_those_of_a_list_kept(words: Words) -> None:
    assert list(stems("Which papers show the memory of caches?")) == ["memori", "cach"]
    assert list(stems(["the memory", "Caches"])) == ["the", "memori", "cach"]
    assert words.best(["of"], 5) != []


def test_a_word_asked_for_twice_counts_twice(words: Words) -> None:
    once, twice = words.scores(["dunes"], ["p2"])["p2"], words.scores(["dunes", "dune"], ["p2"])["p2"]
    assert twice == pytest.approx(2 * once)


@pytest.mark.parametrize(
    "text", ["C++ (a:b", '"LSTM', "a AND OR NOT", "[1 TO 2", "paper_id:p1", "*", "\\", "~^", "\ud800 x"]
)
def test_query_syntax_is_only_text(words: Words, text: str) -> None:
    words.best(text, 5)
    words.scores(text, ["p1"])
    words.best([text], 5)


@given(st.text(max_size=200))
def test_no_text_of_a_user_fails(text: str) -> None:
    assert all(count >= 1 for count in stems(text).values())


def test_a_question_of_twenty_thousand_characters_is_searched(words: Words) -> None:
    text = " ".join(f"word{number}" for number in range(3000)) + " dunes"
    assert words.best("dunes " + text, 5)[0][0] == "p2"


def test_papers_are_replaced_and_taken_out(tmp_path: Path) -> None:
    writer = WordsWriter(tmp_path)
    writer.add(PAPERS)
    writer.commit()
    writer = WordsWriter(tmp_path)
    writer.delete(["p1", "p2", "unknown"])
    writer.add([Paper("p2", "Tides", "The sea.")])
    writer.commit()
    words = Words(tmp_path)
    assert words.count() == 2
    assert [paper_id for paper_id, _ in words.best("tides", 5)] == ["p2"]
    assert words.best("dunes adam", 5) == []
    words.close()
    assert words.count() == 2  # opened again


def test_what_was_not_committed_is_not_there(tmp_path: Path) -> None:
    writer = WordsWriter(tmp_path)
    writer.add(PAPERS)
    writer.abandon()
    assert Words(tmp_path).count() == 0


def test_a_missing_index_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DamagedStoreError, match="cannot be opened"):
        Words(tmp_path).best("dunes", 3)
