"""rag/page/asking.py: what comes after an answer gives way to others who still wait for theirs."""

from __future__ import annotations

import threading

from rag.page.asking import _Answering


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
