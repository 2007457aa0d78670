"""Text of others on the page: it shows as it stands, and nothing in it becomes markup, a picture or a foreign link."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus import AnswerSentence, Citation, Paper, Source
from rag.export import answer_as_markdown
from rag.page.answer_view import NEAREST_BESIDE, Progress, finished_html, progress_html, question_html, stopped_html
from rag.page.examples import shared_topics
from rag.page.prose import answer_html, extract_html
from rag.page.sources import printed_date, source_card, sources_html
from rag.page.text import count, escape, label, listed, printable, safe_url, shorten
from tests.html_reader import Reader
from tests.made_up import PAPERS, made_answer, made_hit

AWKWARD = "Costs of $5 and $x_1$: <eos> [1] :red[x] :smile: a -> b ~c~ `d` *e* __f__ | # 1. g & \"h\" 'i'"
AWKWARD_DRAWN = AWKWARD.replace("$x_1$", "x1")  # its one formula, as a browser shows its text


def drawn(text: str, *sentences: AnswerSentence, numbers: tuple[int, ...] = (1, 2, 3)) -> Reader:
    reader = Reader(answer_html(text, anchor="turn-1", numbers=numbers, sentences=sentences))
    reader.check()
    return reader


def test_titles_and_abstracts_show_as_they_stand() -> None:
    paper = Paper("a" * 16, AWKWARD, f"{AWKWARD} First. {AWKWARD} Second.", sources=(Source("<b>.txt", 3),))
    card = Reader(source_card([Citation(1, paper, f"{AWKWARD} Second.", "supported")], None, anchor="turn-1"))
    card.check()
    assert card.text.count(AWKWARD_DRAWN) >= 2
    assert "Seen in <b>.txt" in card.text
    assert AWKWARD in Reader(question_html(AWKWARD, anchor="turn-1")).text


def test_a_label_has_no_sign_left_that_markdown_or_streamlit_would_read() -> None:
    shown = re.sub(r"\\(.)", r"\1", label(AWKWARD)).replace("\u2060", "")
    assert shown == AWKWARD
    assert not re.search(r"(?<!\\)[$<`*_\[~]|:[a-z]|->", label(AWKWARD))


def test_html_in_an_answer_is_text() -> None:
    reader = drawn('Watch <img src="http://a.example/x" onerror=go()> and <script>go()</script> [1].')
    assert "<script>go()</script>" in reader.text
    assert {tag for tag, _ in reader.tags} == {"p", "span", "a"}


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("![a plot](http://a.example/plot.png)", "a plot"),
        ("[read](javascript:go())", "read"),
        ("[read](data:text/html;base64,AA)", "read"),
        ("[read](/local)", "read"),
        ("<javascript:go()>", "javascript:go()"),
    ],
)
def test_images_and_links_that_are_not_http_become_their_words(markdown: str, words: str) -> None:
    reader = drawn(markdown)
    assert reader.text.strip() == words
    assert {tag for tag, _ in reader.tags} == {"p"}


def test_a_link_to_the_web_opens_beside_the_page() -> None:
    (_, attributes) = drawn("See [the page](https://a.example/?a=1&b=2).").tags[1]
    assert attributes["href"] == "https://a.example/?a=1&b=2"
    assert attributes["target"] == "_blank"
    assert "noopener" in (attributes["rel"] or "")


def test_a_reference_definition_does_not_turn_citations_into_foreign_links() -> None:
    reader = drawn("It is small [1].\n\n[1]: http://evil.example")
    assert "http://evil.example" not in {attributes.get("href") for _, attributes in reader.tags}


def test_citations_lead_to_their_source_and_stay_with_the_word_before() -> None:
    reader = drawn("Small [1, 3], and quick [2][1].")
    links = [attributes for tag, attributes in reader.tags if tag == "a"]
    assert [link["href"] for link in links] == [f"#turn-1-source-{n}" for n in (1, 3, 2, 1)]
    assert [link["aria-label"] for link in links] == [f"Source {n}" for n in (1, 3, 2, 1)]
    assert reader.text.strip() == "Small,13 and quick.21"


def test_a_number_without_a_source_stays_text() -> None:
    assert drawn("As in 2024 [7] and a[3].", numbers=(1,)).text.strip() == "As in 2024 [7] and a[3]."


def test_a_growing_answer_shows_its_citations_before_their_sources_are_known() -> None:
    grown = Reader(progress_html(Progress((("writing", ""),), "Small [2] and **half"), anchor="turn-1"))
    assert ("span", {"class": "cite"}) in grown.tags
    assert "a" not in {tag for tag, _ in grown.tags}


def test_a_supported_sentence_is_calm_and_others_say_why_not() -> None:
    text = "It is small [1]. It is **cheap [2]. And** quick [3]."
    reader = drawn(
        text,
        AnswerSentence("It is small [1].", (1,), "supported"),
        AnswerSentence("It is **cheap [2].", (2,), "partial", "Only the price in $ is named."),
        AnswerSentence("And** quick [3].", (3,), "unsupported", "The paper says <slow>."),
    )
    classes = [attributes.get("class") for tag, attributes in reader.tags if tag == "span"]
    assert "claim supported" not in classes
    assert {"claim partial", "claim unsupported", "verdict partial", "verdict unsupported"} <= set(classes)
    assert "partly supportedOnly the price in $ is named." in reader.text
    assert "not supportedThe paper says <slow>." in reader.text


def test_a_marked_sentence_may_be_an_item_of_a_list_or_end_in_code() -> None:
    sentence = AnswerSentence("- Use `adam`", (), "unsupported", "No paper names it.")
    reader = drawn("Two ways:\n\n- Use `adam`\n- Use nothing", sentence)
    assert reader.text.count("not supported") == 1
    assert reader.text.index("adam") < reader.text.index("not supported") < reader.text.index("Use nothing")


def test_headings_tables_and_lists_are_drawn() -> None:
    reader = drawn("# Title\n\n| a | b |\n|---|---|\n| c [1] | d |\n\n3. three\n4. four")
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("h4") == 1
    assert tags.count("td") == 2
    assert ("ol", {"start": "3"}) in reader.tags


@given(st.text(max_size=200), st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_whatever_a_model_writes_becomes_whole_harmless_html(text: str, claim: str) -> None:
    drawn(f"{text} {claim} [1]", AnswerSentence(claim, (1,), "partial", text))


@given(st.text(alphabet=st.sampled_from("<>&\"'`*_[]()!#|-+~=\\$:/\n\t ajh1.2{}"), max_size=120))
@settings(max_examples=200, deadline=None)
def test_whatever_signs_a_model_writes_become_whole_harmless_html(text: str) -> None:
    middle = text[len(text) // 3 : 2 * len(text) // 3]
    drawn(text, AnswerSentence(middle, (1,), "unsupported", "why"))


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_escaped_text_reads_back_as_it_was(text: str) -> None:
    assert html.unescape(escape(text)) == printable(text)
    assert not set("<>\"'") & set(escape(text))


@given(st.text(max_size=200), st.integers(5, 60))
@settings(max_examples=50, deadline=None)
def test_shortened_text_keeps_to_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


def test_control_and_direction_signs_do_not_reach_the_page() -> None:
    assert printable("a\x00b\u202ec\x1b[31m\nd") == "a bc [31m\nd"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://arxiv.org/abs/2401.00001", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("https://a b", False),
        ('https://a.example/"onmouseover="x', False),
        ("//a.example", False),
        ("https://", False),
        ("", False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_are_linked(url: str | None, safe: bool) -> None:
    assert (safe_url(url) is not None) == safe


def test_counts_and_lists_are_written_as_people_do() -> None:
    assert [count(n, "paper") for n in (0, 1, 12345)] == ["0 papers", "1 paper", "12,345 papers"]
    assert listed(["a", "b"], limit=3) == "a, b"
    assert listed(["a", "b", "c"], limit=1) == "a and 2 more"
    assert [printed_date(text) for text in ("2026-10-04", "2026-10", "2026", "May 8", "2026-19", None)] == [
        *("4 Oct 2026", "Oct 2026", "2026", "May 8", "2026-19", ""),
    ]


def test_an_extract_is_no_markdown_and_only_its_own_markers_are_citations() -> None:
    words = "As in [3], *all* of a_1_b and `c` cost $5 [1]."
    sentence = AnswerSentence(f"{words} [2]", (2,), "supported")
    reader = Reader(
        extract_html(f"“A [1] Title”: {sentence.text}", anchor="turn-1", numbers=[1, 2, 3], sentences=[sentence])
    )
    reader.check()
    assert reader.text == f"A [1] Title{words}2"
    assert [attributes["href"] for tag, attributes in reader.tags if tag == "a"] == ["#turn-1-source-2"]


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_whatever_an_abstract_says_its_extract_is_harmless(title: str, words: str) -> None:
    sentence = AnswerSentence(f"{words} [1]", (1,), "supported")
    text = f"“{title}”: {sentence.text}"
    Reader(extract_html(text, anchor="turn-1", numbers=[1], sentences=[sentence])).check()


def test_a_refusal_stands_out_and_names_the_nearest_papers() -> None:
    nothing = made_answer(
        outcome="nothing",
        mode="extractive",
        text="The papers hold nothing about this. The nearest are: “A <b> of 3.5 Parts”; “B”.",
        sentences=(),
        citations=(),
        nearest=(made_hit(0, rank=1), made_hit(1, rank=2)),
    )
    text = finished_html(nothing, anchor="turn-1")
    Reader(text).check()
    assert '<p class="refusal">The papers hold nothing about this.</p>' in text
    assert NEAREST_BESIDE in text  # not their titles too, which stand beside it
    beside = Reader(sources_html(nothing, anchor="turn-1"))
    beside.check()
    assert beside.text.startswith("Nearest papers")
    assert PAPERS[1].title in beside.text


def test_an_answer_sums_up_its_support() -> None:
    answer = made_answer()
    reader = Reader(finished_html(answer, anchor="turn-1"))
    reader.check()
    assert "1 of 2 sentences supported" in reader.text
    assert "[1] SignStep" not in answer_as_markdown(answer)
    assert f"[1] {PAPERS[0].title}. https://papers.example/2511.01234" in answer_as_markdown(answer)


@pytest.mark.parametrize(
    ("outcome", "confidence", "words"),
    [
        ("answered", 0.95, "How sure it is that these papers answer the question: high"),
        ("answered", 0.7, "How sure it is that these papers answer the question: fair"),
        # many papers score as high in this corpus
        ("answered", 0.3, "How sure it is that these papers answer the question: low"),
        ("related", 0.3, "How sure it is that these papers do not say it: fair"),
        ("nothing", 0.05, "How sure it is that these papers do not say it: high"),
    ],
)
def test_how_sure_an_answer_is_stands_below_it_with_its_reasons(outcome: str, confidence: float, words: str) -> None:
    because = ("Nothing in the nearest papers is like “<b>”.", "No sentence seems to say what is asked.")
    answer = made_answer(outcome=outcome, confidence=confidence, sure_because=because)
    reader = Reader(finished_html(answer, anchor="turn-1"))
    reader.check()
    assert f"{words}{because[0]}{because[1]}" in reader.text


def test_a_stopped_answer_leads_to_its_papers_whatever_signs_their_titles_have() -> None:
    paper = Paper(
        paper_id="p", title="Owls ] [two] over a\\b <i>Dunes</i>", abstract="", url="https://owls.example/(1)"
    )
    stopped = Progress(text="Owls **fly [1].\n\n", papers=(paper,)).markdown
    assert Progress(text="Owls [1] f").markdown == "Owls [1] f"
    reader = Reader(stopped_html(stopped, anchor="turn-1"))
    reader.check()
    assert "https://owls.example/(1)" in [attributes.get("href") for _, attributes in reader.tags]
    assert paper.title in reader.text
    assert "not checked" in reader.text
    assert "not checked" not in stopped_html("", anchor="turn-1")


def test_where_nothing_was_judged_nothing_is_said_of_it() -> None:
    counted = made_answer(confidence=1.0, sure_because=())
    assert counted.how_sure is None
    assert "How sure" not in finished_html(counted, anchor="turn-1")


def test_a_topic_of_the_examples_is_neither_rare_nor_too_wide() -> None:
    titles = ["Tree Search in Time", "Guided Tree Search", "Tree Search for Language Models", "Small Language Models"]
    papers = [
        Paper(paper_id=str(number), title=title, abstract="We use tree search, and language models.")
        for number, title in enumerate([*titles, "On Language Models"])
    ]
    assert shared_topics(papers) == ["tree search"]


def test_a_row_of_a_table_keeps_its_cells_and_has_its_verdict_in_the_last() -> None:
    row = "| A | 40 % \\| more [1] |"
    sentence = AnswerSentence(row, (1,), "unsupported", reason="says 40 %")
    drawn = answer_html(f"| P | Q |\n|---|---|\n{row}", anchor="a", numbers=[1], sentences=[sentence])
    first, second = re.findall("<td>(.*?)</td>", drawn)
    assert "A" in first
    assert "verdict" not in first
    assert "40 % | more" in re.sub("<[^>]*>", "", second)
    assert "verdict unsupported" in second
