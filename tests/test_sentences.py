"""Sentence spans: exact, complete, and not fooled by abbreviations, numbers, addresses and lost blanks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rag.sentences import sentence_spans, split_sentences


def sentences(text: str) -> list[str]:
    return [quote.text for quote in split_sentences(text)]


@pytest.mark.parametrize(
    "pieces",
    [
        ["Large models are slow.", "We make them fast, e.g. by pruning."],
        ["Costs fall by 1.12 times, i.e. 12% of v2.0 of Vicuna.", "It holds."],
        ["Brown et al. (2020) showed it.", "The work of J. R. Smith et al.", "We extend it."],
        ["Does it scale?", "It does!", "(We tried.)", "So it is."],
        ['He called it "done."', "Then it broke."],
        ["It uses data, code, etc.", "However, Fig. 2 and Eq. 3 differ."],
        ["It runs in the U.S. Army vs. the rest.", "2 of 3 agree."],
        ["We reach a factor of 5.", "Then we stop in 2019.", "We are done."],
        ["Three aims follow: 1. The first is speed and 2. another is size.", "Done."],
        ["It beats them w.r.t. all scores.", "vLLM is one base.", "k-means is another."],
        ["All of it holds [2].", "None of it does. [1][3]", "More [4, 5]."],
        ["Sizes matter ...", "But not always."],
        ["Parts are: (i) small ones; and (ii) large ones.", "ii) We count them."],
        ["- first point of the list", "- second point of it"],
        ["The title", "The text after a blank line."],
        ["方法很简单。", "结果很好！"],
    ],
)
def test_sentences_end_where_a_reader_would_end_them(pieces: list[str]) -> None:
    between = "\n\n" if "title" in pieces[0] else "\n" if pieces[0].startswith("-") else " "
    if pieces[0].endswith("。"):
        between = ""
    assert sentences(between.join(pieces)) == pieces


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It follows instructions.With it, all is well.", 2),
        ("Accuracy is 72.1%.We release it (soon).Code is free.", 3),
        ("The code is at github.com/Someone/Thing.Git for all.", 1),
        ("We build on ChaKi.NET and torch.Tensor and Next.js here.", 1),
        ("See https://example.org/A.B/c.Pdf for more.", 1),
        ("It costs e.g.The usual price.", 1),
        ("unit tests are few. most fail, i.e. nearly all. more follow.", 3),
        ("We found that: \\bullet One thing holds, \\bullet Another does not.", 3),
    ],
)
def test_lost_blanks_are_seen_and_names_with_dots_stay_whole(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_an_empty_or_blank_text_has_no_sentences() -> None:
    assert split_sentences("") == []
    assert split_sentences(" \n\t ") == []


def test_punctuation_alone_stays_with_the_sentence_before_it() -> None:
    assert sentences('It works. " . And on.') == ['It works. " .', "And on."]


@hypothesis_settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from("aAbW1 .?!…,;:()[]\"'\n。。\\-•e.g"), max_size=80))
def test_spans_are_exact_ordered_and_lose_nothing(text: str) -> None:
    spans = sentence_spans(text)
    rest = text
    for start, end in reversed(spans):
        assert text[start:end] == text[start:end].strip() != ""
        rest = rest[:start] + rest[end:]
    assert rest.strip() == ""
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert [quote.text for quote in split_sentences(text)] == [text[start:end] for start, end in spans]
