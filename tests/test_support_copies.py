"""Which sentences repeat the abstract, and which only look so (rag/support/copies.py)."""

from __future__ import annotations

import pytest

from rag.support import check_copy, check_sentence
from rag.support.copies import find_copy, find_part
from rag.support.evidence import sentences_of

KILN = (
    "Kiln prunes experts while they are trained. However, pruning by 12.5% costs 2.2times more steps. "
    "We show that Kiln needs O(n^{3}) updates, at a rate of 1/k^2, and drops below -3.5 dB in non-linear layers. "
    "It was long assumed that smaller experts forget what they learn first. "
    "Unsupervised experts are trained with fewer labels, provided that the router is fixed."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kiln prunes experts while they are trained",
        "However, pruning by 12.5% costs 2.2times more steps.",
        "Pruning by 12.5 % costs 2.2 times more steps.",
        "Kiln needs $O(n^3)$ updates, at a rate of 1/k^2, and drops below −3.5 dB in non-linear layers.",
        "Kiln prunes experts while they are trained. However, pruning by 12.5% costs 2.2times more steps.",
    ],
)
def test_a_whole_sentence_is_a_copy_whatever_opens_it(sentence: str) -> None:
    assert find_copy(sentence, sentences_of(KILN))


@pytest.mark.parametrize(
    "sentence",
    [
        "Pruning by 125% costs 2.2times more steps.",
        "Pruning by 12.5% costs 22times more steps.",
        "Kiln needs O(n^3) updates, at a rate of 1k^2, and drops below -3.5 dB in non-linear layers.",
        "Kiln needs O(n^3) updates, at a rate of 1/k^2, and drops below 3.5 dB in non-linear layers.",
        "Kiln needs O(n^3) updates, at a rate of 1/k2, and drops below -3.5 dB in non-linear layers.",
        "Kiln needs O(n^3) updates, at a rate of 1/k^2, and drops below -3.5 dB in linear layers.",
        "Kiln prunes experts while they are trained. It was long assumed that smaller experts forget.",
    ],
)
def test_another_number_sign_or_word_makes_no_copy(sentence: str) -> None:
    assert find_copy(sentence, sentences_of(KILN)) is None


@pytest.mark.parametrize(
    "part",
    [
        "Smaller experts forget what they learn first.",
        "Unsupervised experts are trained with fewer labels.",
        "Kiln needs O(n^{3}) updates, at a rate of 1/k",
    ],
)
def test_a_part_tells_whose_words_it_has_but_is_no_proof(part: str) -> None:
    assert find_copy(part, sentences_of(KILN)) is None
    assert find_part(part, sentences_of(KILN))
    assert not check_sentence(part, "Kiln", KILN).certain


def test_a_part_ends_where_words_end() -> None:
    assert find_part("supervised experts are trained with fewer labels", sentences_of(KILN)) is None
    assert find_part("5% costs 2.2times more steps", sentences_of(KILN)) is None
    assert check_copy("are trained with fewer labels", "Kiln", KILN)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Pruning by 125% costs 2.2times more steps.", "says 125%, the abstract says 12.5"),
        ("Kiln needs O(n) updates.", "says O(n), which the abstract does not say"),
        ("We show that Kiln needs O(n) updates, at a rate of 1/k^2.", "says O(n), which the abstract does not say"),
    ],
)
def test_a_sentence_that_leaves_out_a_point_or_a_power_is_checked_as_all_others(sentence: str, reason: str) -> None:
    verdict = check_sentence(sentence, "Kiln", KILN)
    assert (verdict.support, verdict.reason) == ("unsupported", reason)
