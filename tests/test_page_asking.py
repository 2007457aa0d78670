"""Answers on their way: what comes after one gives way to others, and which are stopped when one turns elsewhere."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from rag.answer import Assistant, Events, TextDelta
from rag.conversations import Conversations
from rag.corpus import Answer
from rag.errors import AskPapersError
from rag.page.asking import Asking, Wish, _Answering
from rag.page.conversation import Conversation, Exchange
from rag.page.engine import engine
from rag.page.exchange import _outcome_html
from tests.answering import AssistantMaker, embedder, made_data, make_assistant
from tests.openai_server import OpenAIServer, Reply, Request
from tests.page_harness import APP, OpenPage, button, fresh_server, open_page, shown

__all__ = ["embedder", "fresh_server", "made_data", "make_assistant", "open_page"]

QUESTION = "How much less memory than Adam does TinyState need?"
ANSWER = "TinyState needs 47 % less memory than Adam [1]."


def to_room(page: AppTest, room: str) -> None:
    """The page of that room at the next run; "" is Ask."""
    page._page_hash = next(key for key, each in page._registered_pages.items() if each.get("url_pathname", "") == room)


def asked_and_left(page: AppTest) -> Exchange:
    """Asked on Ask, and off to the papers before anything is drawn; the question's exchange."""
    page.chat_input(key="question").set_value(QUESTION)
    to_room(page, "papers")
    page.run()
    opened: dict[str, Conversation] = page.session_state["conversations"]
    return opened[page.session_state["conversation"]].exchanges[-1]


def press_row(page: AppTest) -> None:
    """Press the one conversation of the list, and look at Ask, where it leads."""
    next(each for each in page.button if each.key and each.key.startswith("conversation-")).click()
    to_room(page, "papers")
    page.run()
    to_room(page, "")
    page.run()


def test_it_is_quiet_only_where_nobody_waits_for_an_answer() -> None:
    answering = _Answering()
    assert answering.quiet(within=0)
    with answering:
        with answering:
            assert not answering.quiet(within=0)
        assert not answering.quiet(within=0)
    assert answering.quiet(within=0)


def test_who_waits_for_quiet_is_told_when_the_last_answer_is_there() -> None:
    answering = _Answering()
    heard: list[bool] = []
    with answering:
        waiting = threading.Thread(target=lambda: heard.append(answering.quiet(within=60)))
        waiting.start()
    waiting.join(60)
    assert heard == [True]


def test_a_stopped_answer_tells_what_the_model_had_read_and_written(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append(Reply(pieces=["TinyState keeps ", "one momentum. "], piece_delay=0.05, endless=True))
    assistant = make_assistant(openai_server.base_url)
    asking = Asking("stopped", lambda: assistant, Wish("Which optimizer needs less memory than Adam?"))
    while not asking.progress().text:
        asking.wait(0.05)
    asking.stop()
    asking.wait(30)
    assert asking.answer is None
    assert asking.spent
    assert asking.spent.completion_tokens > 0
    exchange = Exchange("q", stopped="TinyState", spent=asking.spent)
    assert asking.spent.in_words in _outcome_html(exchange, 1)
    assert "tokens" not in _outcome_html(Exchange("q", stopped="TinyState"), 1)


def test_a_stopped_answer_keeps_its_papers_and_says_that_it_was_not_checked(
    open_page: OpenPage, made_data: Path, tmp_path: Path, make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    cited = "TinyState keeps one momentum [1]. BlockMoments keeps eight bits [2]. "
    openai_server.replies.append(Reply(pieces=[cited, "So much "], piece_delay=0.05, endless=True))
    assistant = make_assistant(openai_server.base_url)
    asking = Asking("cited", lambda: assistant, Wish(QUESTION))
    while "So much" not in asking.progress().text:
        asking.wait(0.05)
    asking.stop()
    asking.wait(30)
    exchange = Exchange(QUESTION, asking=asking)
    exchange.take_over(asking)
    first, second = openai_server.chats()[0].prompt.split("<paper ")[1:3]
    papers = asking.progress().papers
    assert len(papers) == 2
    for number, paper, prompted in ((1, papers[0], first), (2, papers[1], second)):
        assert paper.title in prompted
        assert f"[{number}] [{paper.title}](<{paper.link}>)" in str(exchange.stopped)
    data = shutil.copytree(made_data, tmp_path / "data")
    store = Conversations(data)
    store.add_question("c1", exchange.exchange_id, QUESTION)
    store.add_stopped(exchange.exchange_id, str(exchange.stopped))
    page = open_page(data, RAG_KEEP_CONVERSATIONS="yes")
    page.query_params["c"] = "c1"
    text = shown(page.run())
    assert 'momentum.<span class="cite">1</span>' in text
    assert "Stopped. What is here was not checked against the papers." in text
    assert f'data-copy="# {QUESTION}\n\nTinyState keeps one momentum [1].' in text


@pytest.mark.parametrize("keep", ["yes", "no"])
def test_the_row_of_the_conversation_that_is_shown_cuts_its_answer_not_off(
    open_page: OpenPage, made_data: Path, tmp_path: Path, openai_server: OpenAIServer, keep: str
) -> None:
    pressed = threading.Event()

    def answer_later(_: Request) -> str:
        assert pressed.wait(60)
        return ANSWER

    openai_server.replies.append(answer_later)
    data = shutil.copytree(made_data, tmp_path / "data")
    page = open_page(data, RAG_KEEP_CONVERSATIONS=keep, LLM_BASE_URL=openai_server.base_url, LLM_MODEL="tiny")
    asking = asked_and_left(page).asking
    assert asking
    page.query_params["c"] = "nowhere"  # an address of nobody stops nothing either
    page.run()
    threading.Timer(0.5, pressed.set).start()
    press_row(page)
    text = shown(page)
    assert "47 % less memory" in text
    assert "Stopped." not in text
    assert not asking.stopped


@pytest.mark.parametrize("keep", ["yes", "no"])
def test_an_answer_that_was_finished_while_nobody_looked_is_there_later(
    open_page: OpenPage, made_data: Path, tmp_path: Path, keep: str
) -> None:
    data = shutil.copytree(made_data, tmp_path / "data")
    page = open_page(data, RAG_KEEP_CONVERSATIONS=keep)
    exchange = asked_and_left(page)
    assert exchange.asking
    exchange.asking.wait(60)
    conversation_id = str(page.session_state["conversation"])
    button(page, "New conversation")
    assert exchange.answer
    assert exchange.stopped is None
    press_row(page)
    assert 'class="cite"' in shown(page)
    assert "Stopped." not in shown(page)
    assert all(each.stopped is None for each in Conversations(data).exchanges(conversation_id))


def test_an_answer_that_is_whole_when_it_is_stopped_is_kept(make_assistant: AssistantMaker) -> None:
    assistant = make_assistant()

    class StoppedLate:
        """The reader presses Stop right behind the last event."""

        def stream(self, *given: Any, **named: Any) -> Events:
            yield from assistant.stream(*given, **named)
            asking.stop()

    kept: list[Answer | None] = []
    begun = threading.Event()

    def late() -> Assistant:
        begun.wait(60)
        return cast("Assistant", StoppedLate())

    asking = Asking("late", late, Wish(QUESTION), keep=lambda done: kept.append(done.answer))
    begun.set()
    asking.wait(60)
    assert asking.answer
    assert kept == [asking.answer]


def test_a_run_that_ends_late_takes_nothing_from_what_was_stopped(make_assistant: AssistantMaker) -> None:
    written = threading.Event()

    class NeverDone:
        """A model without end, of which the first words have come."""

        def stream(self, *_given: Any, **_named: Any) -> Events:
            while True:
                yield TextDelta("It began. ")
                written.set()

    asking = Asking("stopped", lambda: cast("Assistant", NeverDone()), Wish(QUESTION))
    written.wait(60)
    asking.stop()
    asking.wait(60)
    text = asking.progress().text
    assert text.startswith("It began. ")
    for before in (None, make_assistant().ask(QUESTION)):
        exchange = Exchange(QUESTION, asking=asking, before=before, feedback="good")
        for _run in ("the one of the button", "the one that drew the answer"):
            exchange.take_over(asking)
            assert exchange.asking is None
            assert exchange.answer is before
            assert exchange.stopped == (None if before else text)
            assert exchange.feedback == "good"


def test_an_answer_comes_back_where_another_tab_stopped_the_next_one(make_assistant: AssistantMaker) -> None:
    before = make_assistant().ask(QUESTION)
    asking = Asking("again", lambda: make_assistant(), Wish(QUESTION))
    asking.stop()
    asking.wait(60)
    exchange = Exchange(QUESTION, asking=asking, before=before, suggestions=("And on rivers?",))
    exchange.take_over(asking)
    assert exchange.answer is before
    assert exchange.suggestions == ("And on rivers?",)
    assert exchange.asking is None


def test_an_answer_stays_where_the_next_one_meets_a_problem(
    open_page: OpenPage, made_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(shutil.copytree(made_data, tmp_path / "data"), RAG_KEEP_CONVERSATIONS="yes")
    page.chat_input(key="question").set_value(QUESTION).run()
    monkeypatch.setattr(engine(), "_assistant", None)
    monkeypatch.setattr(engine(), "_problem", AskPapersError("The index lies elsewhere."))
    button(page, "Ask again")
    reloaded = AppTest.from_file(APP, default_timeout=60)
    reloaded.query_params["c"] = page.query_params["c"]
    for looked_at in (page, page.run(), reloaded.run()):
        outcome = next(each for each in shown(looked_at).splitlines() if "data-copy=" in each or "cite" in each)
        assert "The index lies elsewhere." in outcome
        assert 'class="cite"' in outcome


def test_questions_stay_in_their_order_where_the_file_does_not_hold_them(
    open_page: OpenPage, made_data: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(made_data, tmp_path / "data")
    page = open_page(data, RAG_KEEP_CONVERSATIONS="yes")
    asked = [QUESTION, "What is measured on rivers?"]
    for question in asked:
        page.chat_input(key="question").set_value(question).run()
    conversation_id = str(page.session_state["conversation"])
    now = page.session_state["conversations"][conversation_id]
    store = Conversations(data)
    store.delete(conversation_id)  # in another tab
    for question in ("How many bits has a key?", "And a value?"):
        page.chat_input(key="question").set_value(question).run()
        asked.append(question)
        assert [each.question for each in now.exchanges] == asked
    now.exchanges.append(Exchange("Never kept?"))
    store.add_question(conversation_id, "e1", "From another tab?")
    page.run()
    assert [each.question for each in now.exchanges] == [*asked, "Never kept?", "From another tab?"]
