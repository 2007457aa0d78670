"""Cue words: what a sentence is for, what a question asks for."""

from __future__ import annotations

import pytest

from rag.rhetoric import asks_for_list, asks_for_number, holds_number, is_background, is_contribution


@pytest.mark.parametrize(
    ("sentence", "background", "contribution"),
    [
        ("However, existing caches grow with every token.", True, False),
        ("Training such models remains a challenge.", True, False),
        ("We propose a cache that forgets.", False, True),
        ("In this paper we show that half of it is enough.", False, True),
        ("The cache takes a sixth of the memory.", False, False),
    ],
)
def test_background_and_contribution_are_told_apart(sentence: str, background: bool, contribution: bool) -> None:
    assert (is_background(sentence), is_contribution(sentence)) == (background, contribution)


@pytest.mark.parametrize(
    ("question", "number", "several"),
    [
        ("How many parameters does it have?", True, False),
        ("By what factor is it faster?", True, False),
        ("What accuracy does it reach?", True, False),
        ("How does it work?", False, False),
        ("Which papers store keys in fewer bits?", False, True),
        ("Which newly proposed optimizers need less memory?", False, True),
        ("Give me an overview of the work on privacy.", False, True),
        ("Which kind of solver does it rely on?", False, False),
        ("What does it do against made-up solutions?", False, False),
    ],
)
def test_questions_for_numbers_and_for_several_papers_are_recognised(
    question: str, number: bool, several: bool
) -> None:
    assert (asks_for_number(question), asks_for_list(question)) == (number, several)


def test_numbers_stand_in_digits_or_as_words() -> None:
    assert holds_number("It is 3 times as fast.")
    assert holds_number("It halves nothing, but two of them double.")
    assert not holds_number("It is faster.")
