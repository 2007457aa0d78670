"""ingest/chunk.py: chunks cover an abstract, end between sentences, and are about as long as each other."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import chunk_paper, embedding_text, text_key
from rag.corpus import Paper

SENTENCE = "The method keeps one state for every weight and needs no second pass over the data. "  # 16 words


def paper(abstract: str) -> Paper:
    return Paper("p", "A title", abstract)


def passages(abstract: str) -> list[str]:
    made = paper(abstract)
    return [chunk.passage(made) for chunk in chunk_paper(made)]


def test_a_short_abstract_is_one_chunk() -> None:
    assert passages("One sentence.") == ["One sentence."]
    assert passages((SENTENCE * 9).strip()) == [(SENTENCE * 9).strip()]


def test_a_long_abstract_is_cut_between_sentences_into_equal_parts() -> None:
    found = passages((SENTENCE * 20).strip())
    assert len(found) == 3
    assert all(passage.endswith("data.") and passage.startswith("The method") for passage in found)
    lengths = [len(passage.split()) for passage in found]
    assert max(lengths) - min(lengths) <= 16


def test_chunks_are_numbered_and_embedded_with_the_title() -> None:
    made = paper((SENTENCE * 20).strip())
    chunks = chunk_paper(made)
    assert [chunk.chunk_id for chunk in chunks] == ["p:0", "p:1", "p:2"]
    assert embedding_text(made, chunks[0]).startswith("A title\nThe method keeps")
    keys = {text_key(embedding_text(made, chunk)) for chunk in chunks}
    assert all(len(key) == 16 for key in keys)


def test_a_sentence_without_end_is_cut_between_words() -> None:
    found = passages(" ".join(f"word{number}" for number in range(1000)))
    assert len(found) >= 6
    assert all(len(passage.split()) <= 160 for passage in found)
    assert " ".join(found).split() == [f"word{number}" for number in range(1000)]


def test_text_without_blanks_is_cut_too() -> None:
    found = passages("我们提出一种新的方法来训练语言模型。" * 60)
    assert len(found) >= 4
    assert all(passage.endswith("。") for passage in found)


def test_an_abstract_of_blanks_or_none_has_a_chunk() -> None:
    assert passages("") == [""]
    assert len(passages(" \n ")) == 1


@given(
    st.lists(
        st.sampled_from(["One word. ", SENTENCE, "x" * 50 + " ", "3.5 % of it, e.g. ", "\n\n", "目的は。"]), max_size=60
    )
)
def test_no_word_is_lost_and_none_is_in_two_chunks(parts: list[str]) -> None:
    abstract = "".join(parts)
    made = paper(abstract)
    chunks = chunk_paper(made)
    assert "".join("".join(chunk.passage(made).split()) for chunk in chunks) == "".join(abstract.split())
    assert all(one.end <= other.start for one, other in pairwise(chunks))
