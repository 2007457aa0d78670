"""Clicks that follow each other: Streamlit ends what an earlier one began, a callback in its middle, at its next touch.

Here another click comes at the first touch of Streamlit, at the second, and so on: what was begun is then either not
there at all or whole.
"""

from __future__ import annotations

import shutil
import threading
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from rag.answer import Assistant, Events, TextDelta
from rag.conversations import Conversations
from rag.page.asking import Asking, Wish
from rag.page.conversation import Conversation, Exchange
from tests.answering import embedder, made_data
from tests.page_harness import APP, OpenPage, fresh_server, open_page

__all__ = ["embedder", "fresh_server", "made_data", "open_page"]

QUESTION = "How much less memory than Adam does TinyState need?"
SECOND = "What is measured on rivers?"
TOUCHES = 20  # more than a press has before it is whole


def click_at(monkeypatch: pytest.MonkeyPatch, touch: int) -> None:
    """Another click at this touch of Streamlit: the run is asked to stop, as where a session begins the next one."""
    handle = ScriptRunner._maybe_handle_execution_control_request
    touches = count(1)

    def touched(runner: ScriptRunner) -> None:
        if next(touches) == touch:
            runner.request_stop()
        handle(runner)

    monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", touched)


def shown_conversation(page: AppTest) -> Conversation:
    opened: dict[str, Conversation] = page.session_state["conversations"]
    return opened[page.session_state["conversation"]]


def endless_asking() -> Asking:
    """A question whose answer has begun and never ends."""
    written = threading.Event()

    class NeverDone:
        def stream(self, *_given: Any, **_named: Any) -> Events:
            while True:
                yield TextDelta("It began. ")
                written.wait(0.01)
                written.set()

    asking = Asking("endless", lambda: cast("Assistant", NeverDone()), Wish(QUESTION))
    written.wait(60)
    return asking


def test_a_question_is_never_lost_to_the_next_click(open_page: OpenPage, made_data: Path, tmp_path: Path) -> None:
    data = shutil.copytree(made_data, tmp_path / "data")
    open_page(data, RAG_KEEP_CONVERSATIONS="yes")
    whole = []
    for touch in range(1, TOUCHES):
        page = AppTest.from_file(APP, default_timeout=60).run()
        now, first = shown_conversation(page), Exchange(QUESTION, asking=endless_asking())
        now.exchanges.append(first)
        Conversations(data).add_question(now.conversation_id, first.exchange_id, QUESTION)
        with pytest.MonkeyPatch.context() as patch:
            click_at(patch, touch)
            page.chat_input(key="question").set_value(SECOND).run()
        questions = [each.question for each in now.exchanges]
        kept = Conversations(data).exchanges(now.conversation_id)
        assert [each.question for each in kept] == questions, touch
        whole.append(questions == [QUESTION, SECOND])
        if whole[-1]:
            assert now.exchanges[1].asking or now.exchanges[1].answer, touch
            assert first.stopped, touch
            assert kept[0].stopped == first.stopped, touch
        else:
            assert first.asking
            first.asking.stop()
    assert whole == sorted(whole)
    assert whole[-1]


def test_an_answer_is_never_lost_to_the_click_after_ask_again(
    open_page: OpenPage, made_data: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(made_data, tmp_path / "data")
    page = open_page(data, RAG_KEEP_CONVERSATIONS="yes")
    page.chat_input(key="question").set_value(QUESTION).run()
    drawn = page.query_params["c"]
    for touch in range(1, TOUCHES):
        page = AppTest.from_file(APP, default_timeout=60)
        page.query_params["c"] = drawn
        page.run()
        (exchange,) = shown_conversation(page).exchanges
        assert exchange.answer
        with pytest.MonkeyPatch.context() as patch:
            click_at(patch, touch)
            next(each for each in page.button if each.label == "Ask again").click().run()
        asking = exchange.asking
        assert exchange.answer or asking, touch
        if asking:
            asking.wait_for_suggestions(60)
