"""rag/page/asking.py: what comes after an answer gives way to others who still wait for theirs."""

from __future__ import annotations

import threading

from rag.page.asking import Asking, Wish, _Answering
from rag.page.conversation import Exchange
from rag.page.exchange import _outcome_html
from tests.answering import AssistantMaker, embedder, made_data, make_assistant
from tests.openai_server import OpenAIServer, Reply

__all__ = ["embedder", "made_data", "make_assistant"]


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
