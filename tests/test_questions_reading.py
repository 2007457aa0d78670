"""How a question is read: its kind, its filters, its language; rules that no index is needed for."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.filters import EVERYTHING, Filters, first_day, last_day
from rag.questions.kinds import CONTENT, wanted
from rag.questions.languages import language_of
from rag.questions.narrowing import narrow
from rag.questions.spelling import slips
from rag.topics.variants import hyphened, other_spellings

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("question", "kind", "topic"),
    [
        ("how many papers on quantum computing", "count", "quantum computing"),
        ("How many papers are there?", "count", ""),
        ("Count the papers about bees", "count", "bees"),
        ("list everything about KV caches", "list", "KV caches"),
        ("What papers do you have?", "list", ""),
        ("Which papers are about speculative decoding?", "list", "speculative decoding"),
        ("papers on LoRA, please", "list", "LoRA"),
        ("newest first", "list", ""),
        ("the latest papers on tides", "list", "tides"),
        ("Who wrote Attention Is All You Need?", "authors", "Attention Is All You Need"),
        ("How many papers were published on bees?", "count", "bees"),
        ("how many papers have been published about bees", "count", "bees"),
        ("What is the number of papers on bees?", "count", "bees"),
        ("How many papers on radiology report generation?", "count", "radiology report generation"),
        ("How many papers on beat tracking?", "count", "beat tracking"),
    ],
)
def test_questions_about_the_collection_are_told_by_their_whole_form(question: str, kind: str, topic: str) -> None:
    found = wanted(question)
    assert (found.kind, found.topic) == (kind, topic)


@pytest.mark.parametrize(
    "question",
    [
        "How many parameters does LARK have?",
        "How many tasks are in MBPP?",
        "How many papers did the authors review?",
        "Which papers show that scaling fails?",
        "Which papers store attention keys and values in fewer bits?",
        "What are the latest methods for separating choirs?",
        "papers about making models smaller",
        "list the limitations of LoRA",
        "Who has applied quantum kernels to classification?",
        "Give me an overview of the work on tides: what does each paper solve?",
        "which papers are about how to train models without backprop?",
        "How many papers on bees beat hand-made maps?",
        "How many papers on bees report negative results?",
        "How many papers about bees train on pictures?",
        "How many papers on bees need two cameras?",
        "papers about bees but for gardeners",
        "Which works treat hives as graphs?",
        'Who wrote ""?',
    ],
)
def test_questions_that_only_begin_alike_ask_for_content(question: str) -> None:
    assert wanted(question) == CONTENT


def test_order_and_code_are_understood() -> None:
    assert wanted("diffusion models, newest first").newest
    assert wanted("Which papers release their code?").releases_code
    assert wanted("How many papers have code?").kind == "count"
    of_topic = wanted("How many papers on bees release their code?")
    assert (of_topic.kind, of_topic.topic, of_topic.releases_code) == ("count", "bees", True)


@pytest.mark.parametrize(
    ("question", "text", "filters"),
    [
        ("papers from 2025", "papers", Filters(since="2025-01-01", until="2025-12-31")),
        ("Which papers on bees since 2024?", "Which papers on bees?", Filters(since="2024-01-01")),
        ("tides before 2024-05", "tides", Filters(until="2024-04-30")),
        ("papers on bees published last year", "papers on bees", Filters(since="2025-01-01", until="2025-12-31")),
        ("papers published in March 2025 on bees", "papers on bees", Filters(since="2025-03-01", until="2025-03-31")),
        ("papers between 2023 and 2024 on tides", "papers on tides", Filters(since="2023-01-01", until="2024-12-31")),
        ("papers seen in dump a.txt", "papers", Filters(dumps=("a.txt",))),
        ("which papers with code on bees?", "which papers on bees?", Filters(has_code=True)),
        ('tides -bees -"low rank"', "tides", Filters(without=("bees", "low rank"))),
        ("papers about tides, not about bees", "papers about tides", Filters(without=("bees",))),
        ("papers by Ada Winter on tides", "papers on tides", Filters(authors=("Ada Winter",))),
        ("tides since:2025-03 dump:a.txt has:code", "tides", Filters(("a.txt",), since="2025-03-01", has_code=True)),
        ('papers not about "low rank"', "papers", Filters(without=("low rank",))),
        ('papers on bees excluding "low rank"', "papers on bees", Filters(without=("low rank",))),
        ("how many papers about bees but not wasps", "how many papers about bees", Filters(without=("wasps",))),
        ("list papers on bees and not on wasps", "list papers on bees", Filters(without=("wasps",))),
        ("papers about bees except wasps", "papers about bees", Filters(without=("wasps",))),
        ("papers on bees that do not mention the queen", "papers on bees", Filters(without=("queen",))),
        ("papers on bees but not wasps or the queen bee", "papers on bees but not wasps or the queen bee", EVERYTHING),
        ("papers on bees, not about wasps or hornets", "papers on bees", Filters(without=("wasps", "hornets"))),
        ("What papers are by Ada Winter?", "What papers?", Filters(authors=("Ada Winter",))),
        ("papers on bees, without surveys", "papers on bees", Filters(without=("surveys",))),
        (
            "papers on bees not about wasps since 2024",
            "papers on bees",
            Filters(since="2024-01-01", without=("wasps",)),
        ),
        (
            "papers not about wasps since 2024 on bees",
            "papers on bees",
            Filters(since="2024-01-01", without=("wasps",)),
        ),
        ("papers on bees not about wasps with code", "papers on bees", Filters(has_code=True, without=("wasps",))),
        ("papers on bees with code not about wasps", "papers on bees", Filters(has_code=True, without=("wasps",))),
        (
            "How many papers on bees since 2023 and with code?",
            "How many papers on bees?",
            Filters(since="2023-01-01", has_code=True),
        ),
        ("papers on bees since 2024, newest first", "papers on bees, newest first", Filters(since="2024-01-01")),
        ("papers on bees since 2024 please", "papers on bees please", Filters(since="2024-01-01")),
        (
            "papers on bees from 2025 in this index",
            "papers on bees in this index",
            Filters(since="2025-01-01", until="2025-12-31"),
        ),
        (
            "papers on bees in 2025 are there",
            "papers on bees are there",
            Filters(since="2025-01-01", until="2025-12-31"),
        ),
        ("papers in the dump a.txt on bees", "papers on bees", Filters(dumps=("a.txt",))),
        ("papers in the dump called winter", "papers", Filters(dumps=("winter",))),
        ("papers on the waggle dance of bees with code", "papers on the waggle dance of bees", Filters(has_code=True)),
        (
            "papers by Ada Winter, Bo Chen and Cy van Dam",
            "papers",
            Filters(authors=("Ada Winter", "Bo Chen", "Cy van Dam")),
        ),
    ],
)
def test_what_a_question_says_of_its_papers_becomes_filters(question: str, text: str, filters: Filters) -> None:
    found = narrow(question, TODAY)
    assert (found.text, found.filters) == (text, filters)


@pytest.mark.parametrize(
    "question",
    [
        "32% of programs required methadone in 2001.",
        "Heart failure has increased by 10% in women since 1979.",
        "What approaches generate programs with code LLMs?",
        "Which methods quantise weights but not activations?",
        "Does a learning rate of -0.1 diverge?",
        "papers in 2025-13",
        "Show me the abstract of 2005.14165",
        "papers from 2006.11239",
        "Which papers use data from Mars 2020?",
        "papers from 2022 and 2025",
        "How do papers from 2023 differ from papers from 2025?",
        "Which model released in 2024 is best?",
        "How many papers in the dump are about bees?",
        "papers in the dump on bees",
        "Which papers pretrain models on text with code?",
        "What works better, training on text or on text with code?",
        "Is anything gained by training with code?",
        "Which papers train everything except the last layer?",
        "papers on translation without parallel data",
        "The task is about writing digests, not about judging them.",
        "Clocks: Time Is Not About Hands",
        "papers by Ada Winter and Bo Chen or Cy Dam",
        "The articles were written by Danish keepers of bees.",
    ],
)
def test_dates_and_words_of_the_topic_stay_in_it(question: str) -> None:
    assert narrow(question, TODAY).filters == EVERYTHING


@pytest.mark.parametrize(
    ("span", "since", "until"),
    [
        ("from 2023 to 2025", "2023-01-01", "2025-12-31"),
        ("from 2023-2025", "2023-01-01", "2025-12-31"),
        ("from 2023–2025", "2023-01-01", "2025-12-31"),
        ("in 2023 and 2024", "2023-01-01", "2024-12-31"),
        ("from 2025 or 2024", "2024-01-01", "2025-12-31"),
        ("from 2023, 2024 and 2025", "2023-01-01", "2025-12-31"),
        ("from March 2024 to 2024-06", "2024-03-01", "2024-06-30"),
        ("from 2023 onwards", "2023-01-01", ""),
        ("from 2023 until now", "2023-01-01", ""),
        ("since 2023 and before 2025", "2023-01-01", "2024-12-31"),
        ("published between 2023 and 2024", "2023-01-01", "2024-12-31"),
        ("from last year and this year", "2025-01-01", "2026-12-31"),
    ],
)
def test_all_years_of_a_span_are_searched(span: str, since: str, until: str) -> None:
    for question, text in (
        (f"papers {span} on bees", "papers on bees"),
        (f"How many papers {span}?", "How many papers?"),
    ):
        found = narrow(question, TODAY)
        assert (found.text, found.filters) == (text, Filters(since=since, until=until))


def test_a_page_of_blanks_does_not_hold_up_the_server() -> None:
    """A backtracking pattern would not come back from it: the test would never end."""
    assert narrow(f"papers {' ' * 100_000} since 2024", TODAY).text == "papers"


def test_chips_say_each_restriction_and_take_it_away() -> None:
    filters = Filters(dumps=("a.txt",), since="2024-01-01", has_code=True, without=("bees",), phrases=("low rank",))
    chips = filters.chips()
    assert [chip.label for chip in chips] == ["In a.txt", "Since 2024", "With code", "“low rank”", "Not bees"]
    for chip in chips:
        filters = filters.less(chip)
    assert filters == EVERYTHING
    assert not filters


@pytest.mark.parametrize(
    ("filters", "label"),
    [
        (Filters(since="2025-01-01", until="2025-12-31"), "2025"),
        (Filters(since="2025-03-01", until="2025-03-31"), "Mar 2025"),
        (Filters(until="2024-04-30"), "Until Apr 2024"),
        (Filters(since="2025-01-01", until="2025-03-31"), "Jan 2025 to Mar 2025"),
        (Filters(since="2025-10-01", until="2025-12-31"), "Oct 2025 to Dec 2025"),
        (Filters(since="2025-03-14", until="2025-03-14"), "14 Mar 2025"),
        (Filters(since="2024-02-03", until="2025-12-31"), "3 Feb 2024 to 2025"),
    ],
)
def test_a_span_of_days_is_said_shortly(filters: Filters, label: str) -> None:
    assert filters.chips()[0].label == label


def test_a_span_of_days_stands_in_a_sentence() -> None:
    assert Filters(since="2025-03-01", until="2025-03-31").in_words() == "dated Mar 2025"
    assert Filters(since="2025-03-01").in_words() == "dated since Mar 2025"


def test_two_filters_at_once_are_the_narrower_one() -> None:
    both = Filters(since="2024-01-01", dumps=("a",)).and_also(Filters(since="2025-01-01", until="2026-01-01"))
    assert both == Filters(dumps=("a",), since="2025-01-01", until="2026-01-01")


def test_days_are_read_and_nonsense_is_a_sentence() -> None:
    assert (first_day("2024-02"), last_day("2024-02")) == ("2024-02-01", "2024-02-29")
    assert last_day("2024-12") == "2024-12-31"
    with pytest.raises(UsageError, match="no date"):
        first_day("2025-77")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wie funktioniert LoRA?", "German"),
        ("Was ist Mamba?", "German"),
        ("Quels optimiseurs utilisent moins de mémoire qu'Adam ?", "French"),
        ("¿Cómo funciona LoRA?", "Spanish"),
        ("LoRA 是如何工作的？", "Chinese"),
        ("KVキャッシュを量子化する論文は？", "Japanese"),
        ("Как работает LoRA?", "Russian"),
        ("Was kostet das Training?", "German"),
        ("Erkläre LoRA", "German"),
        ("explique moi LoRA", "French"),
        ("resumen de LoRA", "Spanish"),
        ("parlami di Mamba", "Italian"),
        ("Hvordan fungerer LoRA?", "Danish or Norwegian"),
        ("Vad är Mamba?", "Swedish"),
        ("Mikä on LoRA?", "Finnish"),
        ("Jak działa LoRA?", "Polish"),
        ("Kolik paměti šetří LoRA?", "Czech"),
        ("Što je Mamba?", "Croatian, Bosnian or Serbian"),
        ("Ce este Mamba?", "Romanian"),
        ("Mi az a Mamba?", "Hungarian"),
        ("LoRA nasıl çalışır ve neden?", "Turkish"),
        ("Apa itu Mamba?", "Indonesian"),
        ("Mamba là gì?", "Vietnamese"),
        ("How does 李 et al. train it?", ""),
        ("What does ∇θ L(θ) = σ(x) mean in DPO?", ""),
        ("Which papers cite Müller and de la Cruz?", ""),
        ("de novo protein design", ""),
        ("La La Land dataset", ""),
        ("LoRA", ""),
        ("Was LoRA tested in vitro?", ""),
        ("What do I do for an on-device LoRA?", ""),
        ("on-policy or off-policy: what is on top?", ""),
    ],
)
def test_other_languages_are_told_without_false_alarms(question: str, language: str) -> None:
    assert language_of(question) == language


def test_real_questions_keep_their_route(shared: Path) -> None:
    for name in ("dev", "unanswerable"):
        for line in (shared / "eval" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            question = json.loads(line)["question"]
            found = narrow(question, TODAY)
            assert (found.filters, wanted(found.text), language_of(question)) == (EVERYTHING, CONTENT, ""), question


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("optimzer", "optimizer", 1),
        ("modles", "models", 1),
        ("same", "same", 0),
        ("ca", "abc", 3),
        ("kitten", "sit", 4),
    ],
)
def test_slips_are_counted_as_damerau_does(one: str, other: str, distance: int) -> None:
    assert slips(one, other, most=9) == distance
    assert slips(one, other, most=0) == min(distance, 1)


def test_spellings_of_both_sides_of_the_ocean_and_hyphens() -> None:
    assert "quantization" in other_spellings("quantisation")
    assert "behavior" in other_spellings("behaviour")
    assert hyphened("pre-training") == [["pretraining"]]
    assert ["pre", "training"] in hyphened("pretraining")
