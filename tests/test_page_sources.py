"""The sources beside an answer: what a paper's card shows, marks and links."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus import Citation
from rag.page.sources import found_by, seen_in, source_card, sources_html
from tests.html_reader import Reader
from tests.made_up import ABSTRACT, PAPERS, made_answer, made_hit


def test_a_card_marks_the_quoted_sentence_and_tells_where_the_paper_is_from() -> None:
    paper = PAPERS[0]
    quote = ABSTRACT[1]
    card = Reader(source_card([Citation(2, paper, quote, "supported")], made_hit(0, rank=1), anchor="turn-9"))
    card.check()
    assert card.text.count(quote) == 2  # in the excerpt, and in the whole abstract behind it
    assert sum(tag == "mark" for tag, _ in card.tags) == 2
    assert "Ada Winter, Bo Chen, Carla Diaz and 1 more · 14 Nov 2025" in card.text
    assert "Seen in autumn.txt, winter.txt" in card.text
    assert "Found by meaning (1st) and words (2nd)" in card.text
    hrefs = [attributes["href"] for tag, attributes in card.tags if tag == "a"]
    assert hrefs == [
        *("https://papers.example/2511.01234", f"papers?paper={paper.paper_id}", "https://papers.example/2511.01234"),
        *("https://arxiv.org/abs/2511.01234", "https://code.example/x"),
    ]


def test_sentences_of_one_paper_share_its_card() -> None:
    cited = [Citation(1, PAPERS[0], ABSTRACT[3], "supported"), Citation(4, PAPERS[0], ABSTRACT[0], "supported")]
    card = Reader(source_card(cited, None, anchor="turn-1"))
    card.check()
    marks = [attributes["data-number"] for tag, attributes in card.tags if tag == "mark"]
    assert marks == ["4", "1"]  # in the order of the abstract, which fits as a whole
    assert [a["id"] for _, a in card.tags if a.get("class") == "number"] == ["turn-1-source-1", "turn-1-source-4"]


@given(st.lists(st.integers(0, 300), min_size=4, max_size=4))
@settings(max_examples=100, deadline=None)
def test_whatever_is_quoted_the_whole_abstract_stays_as_it_is(places: list[int]) -> None:
    abstract = PAPERS[0].abstract
    spans = [sorted(places[:2]), sorted(places[2:])]
    cited = [Citation(n, PAPERS[0], abstract[a:b], "supported") for n, (a, b) in enumerate(spans, start=1)]
    card = Reader(source_card(cited, None, anchor="turn-1"))
    card.check()
    assert abstract in card.text


def test_a_paper_without_address_is_searched_for_by_its_title() -> None:
    card = Reader(source_card([Citation(1, PAPERS[1], "", "supported")], None, anchor="turn-1"))
    assert "Search for the title" in card.text
    assert "Seen" not in seen_in(())
    assert found_by(None) == ""


def test_what_was_read_and_not_cited_is_named_too() -> None:
    beside = Reader(sources_html(made_answer(), anchor="turn-1"))
    beside.check()
    assert "Also near: 1 paper" in beside.text
