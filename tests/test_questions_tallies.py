"""Lists in another order, of a number, and of papers that have no code, over a small real index."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer import Assistant
from rag.conversation import as_turns
from rag.filters import EVERYTHING, Filters
from rag.questions.kinds import CONTENT, wanted
from rag.questions.narrowing import narrow
from tests.answering import embedder
from tests.dated_corpus import ALL, assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("papers without code", "papers"),
        ("papers on bees without any public code", "papers on bees"),
        ("Which papers do not release code?", "Which papers?"),
        ("papers on bees that don't release their code", "papers on bees"),
        ("which papers on bees have no code?", "which papers on bees?"),
        ("How many papers haven't released code?", "How many papers?"),
    ],
)
def test_papers_without_code_are_asked_for(question: str, text: str) -> None:
    found = narrow(question, TODAY)
    assert (found.text, found.filters) == (text, Filters(no_code=True))


@pytest.mark.parametrize(
    "question",
    [
        "Which papers pretrain models without code?",
        "What is lost by training without code?",
        "Which models do not release code embeddings?",
        "How do agents that have no code of conduct behave?",
    ],
)
def test_code_of_the_topic_is_no_restriction(question: str) -> None:
    assert narrow(question, TODAY).filters == EVERYTHING


def test_papers_with_code_and_without_are_all_papers(assistant: Assistant) -> None:
    released = assistant.ask("Which papers release code?")
    answer = assistant.ask("papers that don't release code")
    assert set(ids_of(released)) == {"2401.00001", "d2"}
    assert not set(ids_of(released)) & set(ids_of(answer))
    assert len(ids_of(released)) + len(ids_of(answer)) == ALL
    assert [chip.label for chip in answer.understood.filters.chips()] == ["Without code"]
    assert "papers that have no link to code and do not say that code is released" in answer.text
    assert answer.understood.filters.less(answer.understood.filters.chips()[0]) == EVERYTHING


@pytest.mark.parametrize("question", ["What is the oldest paper here?", "oldest papers", "all papers, oldest first"])
def test_the_oldest_come_first_and_those_without_a_date_last(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    ids = ids_of(answer)
    assert ids[:3] == ["q3", "2401.00001", "2402.00002"]
    assert set(ids[-2:]) == {"q2", "d3"}
    assert "The oldest come first, and those without a date last." in answer.text


def test_an_order_and_a_time_are_both_read(assistant: Assistant) -> None:
    assert ids_of(assistant.ask("papers from 2025, oldest first")) == ["q1", "d4", "d1"]
    assert ids_of(assistant.ask("papers from 2025, newest first")) == ["d1", "d4", "q1"]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("top 2 newest papers", ["d2", "d1"]),
        ("the newest 2 papers", ["d2", "d1"]),
        ("What are the two oldest papers?", ["q3", "2401.00001"]),
        ("first two papers from 2025", ["d1", "d4"]),
    ],
)
def test_as_many_are_shown_as_were_asked_for(assistant: Assistant, question: str, ids: list[str]) -> None:
    answer = assistant.ask(question)
    assert ids_of(answer) == ids
    assert " more. The room Papers lists" in answer.text


def test_a_number_of_papers_on_a_topic_is_shown(assistant: Assistant) -> None:
    answer = assistant.ask("list 1 paper about quantum computing")
    assert answer.text.startswith(f"2 of {ALL} papers.")
    assert len(ids_of(answer)) == 1


@pytest.mark.parametrize(
    "question",
    [
        "Give me 5 papers that show that bees count",
        "Name two papers about making hives smaller",
        "What do the oldest hives look like?",
        "Which two papers disagree on bees?",
        "Which was the earliest method to count bees?",
    ],
)
def test_numbers_and_ages_of_the_topic_ask_for_content(question: str) -> None:
    assert wanted(question) == CONTENT


def test_a_count_may_ask_for_an_order_besides(assistant: Assistant) -> None:
    answer = assistant.ask("How many papers by Bo Chen are there and which one is the oldest?")
    assert answer.text.startswith(f"2 of {ALL} papers.")
    assert ids_of(answer) == ["2401.00001", "d1"]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("how many tide papers are there?", "tide"),
        ("number of lorry articles", "lorry"),
        ("How many papers contain the word lorries?", "lorries"),
        ('How many papers have "lorries" in them?', "lorries"),
        ("how many papers use quantum computers?", "quantum computers"),
        ("How many different papers talk about tides?", "tides"),
        ("can you tell me how many papers on tides there are?", "tides"),
        ("I'd like to know how many papers are about tides", "tides"),
        ("what number of papers is about tides?", "tides"),
        ("what is the count of papers on tides", "tides"),
        ("total papers on tides", "tides"),
        ("papers on tides: how many?", "tides"),
        ("how many papers on tides!!! thanks a lot", "tides"),
        ("How many papers on tides? Many thanks in advance", "tides"),
        ("how many papers on tides at the moment?", "tides"),
        ("And how many papers mention tides?", "tides"),
        ("but how many papers are about tides", "tides"),
    ],
)
def test_a_number_is_asked_for_in_many_words(question: str, topic: str) -> None:
    assert (wanted(question).kind, wanted(question).topic) == ("count", topic)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("list the tide papers", "tide"),
        ("Which glacier papers do you have?", "glacier"),
        ("Are there any tide papers?", "tide"),
        ("show me all quantum computing papers", "quantum computing"),
        ("could you list papers on tides?", "tides"),
        ("Also, which papers are about tides?", "tides"),
        ("what about papers on tides?", "tides"),
        ("which papers contain the word lorries?", "lorries"),
    ],
)
def test_a_list_is_asked_for_in_many_words(question: str, topic: str) -> None:
    assert (wanted(question).kind, wanted(question).topic) == ("list", topic)


@pytest.mark.parametrize(
    "question",
    [
        "show me the cited papers",
        "list similar papers",
        "Which of these papers are there?",
        "how many recent papers are there?",
        "and about tides?",
        "Tell me about tides",
        "Which papers use a quantum computer?",
        "How many papers were published on 3 October 2024",
    ],
)
def test_what_says_no_topic_of_its_own_is_none(question: str) -> None:
    assert wanted(question) == CONTENT


@pytest.mark.parametrize(
    ("question", "oldest", "topic"),
    [
        ("papers on tides sorted by date, oldest first", True, "tides"),
        ("papers on tides, from newest to oldest", False, "tides"),
        ("tide papers, newest first", False, "tide"),
        ("papers on the slow tides of small bays in winter, oldest first", True, "slow tides of small bays in winter"),
        ("what's the newest paper on tides?", False, "tides"),
    ],
)
def test_an_order_is_read_to_its_end(question: str, oldest: bool, topic: str) -> None:
    found = wanted(question)
    assert (found.kind, found.oldest, found.newest, found.topic) == ("list", oldest, not oldest, topic)


def test_a_number_that_no_count_goes_by_is_looked_for_and_said_not_to_be_counted(assistant: Assistant) -> None:
    answer = assistant.ask("How many papers beat a hand-made solver?")
    assert answer.understood.tally is None
    assert answer.understood.notes == ("No papers were counted: that is done by topic, date, author, dump and code.",)
    denied = assistant.ask("How many papers passed the customs in Rotterdam?")
    assert denied.outcome == "nothing"
    assert denied.text.startswith("That cannot be told here: papers are counted and listed by")
    assert assistant.ask("How many halls does the solver win in?").understood.notes == ()


@pytest.mark.parametrize(
    "question",
    [
        "how many papers on tides per year?",
        "number of papers about tides by dump",
        "how many papers by year?",
        "How many papers on tides in 2025 for each month?",
        "how many papers have tides in the title?",
        "how many authors are there?",
        "how many papers have no date?",
        "Which year has the most papers?",
        "how many papers per year?",
        "what's the best paper?",
        "show me the most cited papers",
        "list all authors",
        "What topics are covered?",
        "which topics do you have?",
        "What are the main themes in this collection?",
        "Give me an overview of the collection",
        "recommend me a paper",
        "Any interesting papers?",
        "what should I read first?",
        "summarize everything",
    ],
)
def test_what_no_catalogue_tells_is_not_looked_for_in_abstracts(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.outcome == "nothing"
    assert answer.text.startswith("That cannot be told here: papers are counted and listed by")


@pytest.mark.parametrize(
    "question",
    [
        "How many authors took part in the review?",
        "Which year has the most storms?",
        "What is the best paper on knobs?",
        "How many references does a survey need?",
        "When was the dam built?",
    ],
)
def test_what_abstracts_may_tell_is_looked_for_there(question: str) -> None:
    assert wanted(question) == CONTENT


def test_when_a_paper_is_from_is_told_where_a_dump_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("When was LARK published?")
    assert answer.outcome == "answered"
    assert "“LARK: Large Adapters with Rank Knobs”: Date: 2024-01-05." in answer.text
    history = as_turns([assistant.ask("Who wrote Noise and Patience?")])
    undated = assistant.ask("when was it released?", history)
    assert undated.outcome == "related"
    assert "No dump says its date." in undated.text
    assert assistant.ask("When was quantum noise released?").understood.tally is None


@pytest.mark.parametrize(
    ("question", "rule", "note"),
    [
        ("papers by Zoe Nobody", "papers by Zoe Nobody", "No paper here names Zoe Nobody as an author."),
        ("how many papers in dump spring", "papers seen in spring", "There is no dump called “spring”."),
        ("papers by Zoe Nobody on tides", "by Zoe Nobody", "No paper here names Zoe Nobody as an author."),
    ],
)
def test_nobodys_papers_are_none(assistant: Assistant, question: str, rule: str, note: str) -> None:
    answer = assistant.ask(question)
    assert answer.text.startswith(f"0 of {ALL} papers.")
    assert rule in answer.text
    assert answer.understood.notes == (note,)


def test_a_list_of_a_time_of_which_nothing_is_here_says_how_many_have_no_date(assistant: Assistant) -> None:
    answer = assistant.ask("papers on tides from 2031")
    assert answer.outcome == "nothing"
    assert answer.text.startswith(f"0 of {ALL} papers.")
    assert "Not counted: 2 without a date." in answer.text
