"""What stands in the question box while the page is drawn anew: it stays, for the box is never taken down meanwhile.

The browser forgets what was typed as soon as the box is gone for one picture. So between two runs of the page no block
around it may move, nor be empty for a moment: a busy server may send just then.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

from tests.page_harness import OpenPage, fresh_server, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here

Place = tuple[int, ...]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Place, str]]:
    """Everything that is sent to be drawn, in its order: where, and what."""
    deltas: list[tuple[Place, str]] = []
    enqueue = ForwardMsgQueue.enqueue

    def note(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "delta":
            delta = message.delta
            kind = delta.WhichOneof("type")
            element = delta.new_element.WhichOneof("type") if kind == "new_element" else None
            deltas.append((tuple(message.metadata.delta_path), element or kind or ""))
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", note)
    return deltas


def around_the_box(page: AppTest, sent: list[tuple[Place, str]]) -> tuple[Place, list[str]]:
    """Where one more run puts the box, and what it draws at the places of the blocks around it."""
    sent.clear()
    page.run()
    places = [place for place, what in sent if what == "chat_input"]
    assert len(places) == 1
    blocks = {places[0][:depth] for depth in range(2, len(places[0]))}
    return places[0], [what for place, what in sent if place in blocks]


def test_the_box_of_a_first_visit_stays(open_page: OpenPage, sample_index: Path, sent: list[tuple[Place, str]]) -> None:
    page = open_page(sample_index)
    first, drawn = around_the_box(page, sent)
    assert drawn
    assert set(drawn) == {"add_block"}
    assert around_the_box(page, sent)[0] == first


def test_the_box_stays_where_the_notice_above_it_goes(
    open_page: OpenPage, sample_index: Path, sent: list[tuple[Place, str]]
) -> None:
    page = open_page(sample_index)
    before, _ = around_the_box(page, sent)
    page.query_params["c"] = "nobody-has-this-conversation"
    told, drawn = around_the_box(page, sent)
    assert "is not here any more" in shown(page)
    assert set(drawn) == {"add_block"}
    assert told == before == around_the_box(page, sent)[0]


def test_the_box_of_a_conversation_stays(
    open_page: OpenPage, sample_index: Path, sent: list[tuple[Place, str]]
) -> None:
    page = open_page(sample_index)
    page.chat_input(key="question").set_value("How does LoRA adapt a large model with few trainable weights?").run()
    first, drawn = around_the_box(page, sent)
    assert set(drawn) == {"add_block"}
    assert around_the_box(page, sent)[0] == first
