"""What servers and proxies send beside an answer or in place of one, over real HTTP, event for event."""

from __future__ import annotations

import asyncio
import json

import openai
import pytest

from rag.endpoint.adapting import AdaptingModel
from rag.errors import ModelError
from tests.openai_server import OpenAIServer, Raw
from tests.test_endpoint import EndpointMaker, answer, fault_of, make_endpoint

__all__ = ["make_endpoint"]  # a fixture

SAID = "It adapts [1]."
END = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
COUNTS = {"prompt_tokens": 5, "completion_tokens": 6, "total_tokens": 11}


def delta(**fields: object) -> dict[str, object]:
    """An event with a piece of an answer."""
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": None}]}


def events(*bodies: object) -> Raw:
    """A stream of these objects; a text stands for itself."""
    written = [body if isinstance(body, str) else f"data: {json.dumps(body)}" for body in bodies]
    return Raw("\n\n".join([*written, "data: [DONE]", ""]))


@pytest.mark.parametrize(
    "before",
    [
        {"choices": None},
        {"type": "ping"},
        {"choices": [{"index": 0, "delta": None}]},
        'event: ping\ndata: {"type": "ping"}',
        "data: ",
        ": still here",
    ],
)
def test_a_sign_of_life_before_the_first_word_is_no_fault(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, before: object
) -> None:
    openai_server.replies.append(events(before, delta(content=SAID), END))
    assert answer(make_endpoint(openai_server.base_url)) == SAID
    assert len(openai_server.chats()) == 1


@pytest.mark.parametrize("beside", [{"choices": None}, {"choices": []}, {}])
def test_token_counts_behind_a_whole_answer_may_come_without_choices(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, beside: dict[str, object]
) -> None:
    openai_server.replies.append(events(delta(content=SAID), END, {**beside, "usage": COUNTS}))
    pieces = list(make_endpoint(openai_server.base_url).stream((), max_tokens=50))
    assert "".join(piece.text for piece in pieces) == SAID
    assert [piece.finish_reason for piece in pieces if piece.finish_reason] == ["stop"]
    assert [piece.completion_tokens for piece in pieces if piece.completion_tokens] == [6]


@pytest.mark.parametrize("end", [{"index": 0, "finish_reason": "stop"}, {"delta": None, "finish_reason": "stop"}])
def test_an_end_without_a_delta_is_an_end(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, end: dict[str, object]
) -> None:
    openai_server.replies.append(events(delta(content=SAID), {"choices": [end]}))
    pieces = list(make_endpoint(openai_server.base_url).stream((), max_tokens=50))
    assert [piece.finish_reason for piece in pieces if piece.finish_reason] == ["stop"]


THOUGHT = {"type": "thinking", "thinking": [{"type": "text", "text": "Let me see."}]}
PARTS = [THOUGHT, {"type": "text", "text": "It adapts "}, {"type": "text", "text": "[1]."}]


@pytest.mark.parametrize("in_one_piece", [True, False])
def test_content_in_parts_is_one_text_and_its_thoughts(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, *, in_one_piece: bool
) -> None:
    message = {"role": "assistant", "content": PARTS}
    plain = Raw(
        json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}), "application/json"
    )
    openai_server.default_reply = plain if in_one_piece else events(delta(content=[THOUGHT]), delta(content=PARTS[1:]))
    pieces = list(make_endpoint(openai_server.base_url).stream((), max_tokens=50))
    assert "".join(piece.text for piece in pieces) == SAID
    assert "".join(piece.reasoning for piece in pieces) == "Let me see."


@pytest.mark.parametrize(("reason", "understood"), [({"type": "stop"}, ["stop"]), (1, []), (["stop"], [])])
def test_an_end_in_another_form_is_understood_or_left_out(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, reason: object, understood: list[str]
) -> None:
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}
    openai_server.replies.append(events(delta(content=SAID), end))
    pieces = list(make_endpoint(openai_server.base_url).stream((), max_tokens=50))
    assert [piece.finish_reason for piece in pieces if piece.finish_reason] == understood


def test_counts_that_are_no_numbers_are_none(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    counts = {"prompt_tokens": 5, "completion_tokens": "6", "total_tokens": None}
    openai_server.replies.append(events(delta(content=SAID), {**END, "usage": counts}))
    last = list(make_endpoint(openai_server.base_url).stream((), max_tokens=50))[-1]
    assert (last.prompt_tokens, last.completion_tokens) == (5, None)


WHOLE = {"choices": [{"index": 0, "message": {"role": "assistant", "content": SAID}, "finish_reason": "stop"}]}


@pytest.mark.parametrize(
    "reply",
    [
        Raw(json.dumps(WHOLE), "text/plain"),
        Raw(f"\ufeff\n{json.dumps(WHOLE, indent=1)}", "application/octet-stream"),
        events(WHOLE),
        events({"choices": [{"index": 0, "delta": None, "message": WHOLE["choices"][0]["message"]}]}, END),
        events(delta(content="It adapts "), delta(content="[1]."), WHOLE),
    ],
)
def test_a_whole_answer_in_place_of_a_stream_is_read_once(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, reply: Raw
) -> None:
    openai_server.replies.append(reply)
    pieces = list(make_endpoint(openai_server.base_url).stream((), max_tokens=50))
    assert "".join(piece.text for piece in pieces) == SAID
    assert [piece.finish_reason for piece in pieces if piece.finish_reason] == ["stop"]
    assert len(openai_server.chats()) == 1


def test_a_mark_before_a_stream_costs_no_word(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    openai_server.replies.append(Raw("\ufeff" + events(delta(content=SAID), END).body))
    assert answer(make_endpoint(openai_server.base_url)) == SAID


@pytest.mark.parametrize(
    "error",
    [
        {"object": "error", "message": "The server is asleep", "code": 50001},
        {"choices": [{"index": 0, "delta": {"content": ""}, "error": {"message": "The server is asleep"}}]},
    ],
)
@pytest.mark.parametrize("said", ["", "It adapts"])
def test_an_error_among_the_events_is_told_in_the_servers_words(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, error: object, said: str
) -> None:
    openai_server.default_reply = events(delta(content=said), error)
    found = fault_of(make_endpoint(openai_server.base_url))
    assert "The server is asleep" in found.message
    assert "broke off" not in found.message


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ({"message": "Daily limit of free questions reached", "code": 429}, "error_in_answer", "Daily limit of free"),
        ('model "tiny" not found', "model_not_found", "does not have the model tiny"),
        ({"message": "input exceeds the context length of 512"}, "context", "It reads 512 tokens"),
    ],
)
def test_an_error_in_place_of_an_answer_is_told_in_the_servers_words(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, error: object, kind: str, words: str
) -> None:
    openai_server.default_reply = Raw(json.dumps({"error": error}), "application/json")
    found = fault_of(make_endpoint(openai_server.base_url))
    assert found.kind == kind
    assert words in found.message


def test_after_an_error_in_place_of_an_answer_a_stream_is_asked_for_again(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.replies += [Raw(json.dumps({"error": "busy"}), "application/json")] * 2
    endpoint = make_endpoint(openai_server.base_url)
    fault_of(endpoint)
    assert answer(endpoint) == "The first paper says so [1]."
    assert openai_server.chats()[-1].body["stream"] is True


@pytest.mark.parametrize("in_one_piece", [True, False])
def test_a_refusal_is_told_in_the_models_words(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, *, in_one_piece: bool
) -> None:
    said = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
    plain = Raw(json.dumps({"choices": [{"index": 0, "message": said, "finish_reason": "stop"}]}), "application/json")
    openai_server.default_reply = plain if in_one_piece else events(delta(refusal="I cannot "), delta(**said), END)
    found = fault_of(make_endpoint(openai_server.base_url))
    assert found.kind == "declined"
    assert "I cannot help with that." in found.message


def test_thoughts_of_an_answer_in_one_piece_are_thoughts(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    said = {"role": "assistant", "content": None, "reasoning_content": "Let me see."}
    body = {"choices": [{"index": 0, "message": said, "finish_reason": "length"}]}
    openai_server.default_reply = Raw(json.dumps(body), "application/json")
    [piece] = make_endpoint(openai_server.base_url).stream((), max_tokens=50)
    assert (piece.text, piece.reasoning, piece.finish_reason) == ("", "Let me see.", "length")


@pytest.mark.parametrize("name", ["tiny", ""])
def test_a_redirect_is_told_and_nothing_is_sent_after_it(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, name: str
) -> None:
    with OpenAIServer() as other:
        openai_server.redirects_to = other.base_url.replace("http://", "http://me:secret@")
        error = fault_of(make_endpoint(openai_server.base_url, llm_model=name))
        assert error.kind == "redirected"
        assert f"sends requests on to {other.base_url}, " in error.message
        assert "LLM_BASE_URL" in error.hint
        assert other.requests == []


def test_nor_is_it_where_llamaindex_asks_by_itself(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    async def ask(llm: AdaptingModel) -> None:
        try:
            await llm.acomplete("What is Adam?")
        finally:
            await llm._get_aclient().close()

    with OpenAIServer() as other:
        openai_server.redirects_to = other.base_url
        llm = make_endpoint(openai_server.base_url).llm
        assert isinstance(llm, AdaptingModel)
        with pytest.raises(openai.APIStatusError):
            asyncio.run(ask(llm))
        assert other.requests == []


def test_a_redirect_to_no_address_is_told_as_well(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    openai_server.redirects_to = "http://["
    with pytest.raises(ModelError, match=r"sends requests on to http://\["):
        answer(make_endpoint(openai_server.base_url))
