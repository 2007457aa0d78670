"""The fake server itself: what the other tests lean on."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.openai_server import Fault, OpenAIServer, Reply, closed_port_url, embed, openai_server

__all__ = ["openai_server"]


def post(url: str, body: dict[str, Any]) -> tuple[int, str]:
    """Status and body of a POST."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310 - a loopback address
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - a loopback address
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def chat(server: OpenAIServer, **fields: Any) -> tuple[int, str]:
    """One chat request."""
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hello"}], **fields}
    return post(server.base_url + "/chat/completions", body)


def test_replies_are_used_up_in_order_and_requests_are_kept(openai_server: OpenAIServer) -> None:
    openai_server.replies += ["first", Reply("second")]
    texts = [json.loads(chat(openai_server)[1])["choices"][0]["message"]["content"] for _ in range(3)]
    assert texts == ["first", "second", "The first paper says so [1]."]
    assert [request.body["model"] for request in openai_server.chats()] == ["tiny"] * 3


def test_a_stream_holds_the_pieces_and_an_end(openai_server: OpenAIServer) -> None:
    openai_server.replies.append(Reply(pieces=["a [", "1", "]"]))
    status, body = chat(openai_server, stream=True)
    events = [line.removeprefix("data: ") for line in body.splitlines() if line.startswith("data: ")]
    assert status == 200
    assert events[-1] == "[DONE]"
    contents = [json.loads(event)["choices"][0]["delta"].get("content") for event in events[:-1]]
    assert [content for content in contents if content] == ["a [", "1", "]"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("unauthorised", 401), ("model_not_found", 404), ("unknown_field", 422), ("rate_limited", 429), ("loading", 503)],
)
def test_faults_have_the_status_of_real_servers(openai_server: OpenAIServer, kind: Any, status: int) -> None:
    openai_server.replies.append(Fault(kind))
    assert chat(openai_server)[0] == status


def test_nothing_listens_on_a_closed_port() -> None:
    with pytest.raises(urllib.error.URLError):
        post(closed_port_url() + "/chat/completions", {})


def test_embeddings_of_like_texts_are_near() -> None:
    def dot(left: str, right: str) -> float:
        return sum(a * b for a, b in zip(embed(left, 64), embed(right, 64), strict=True))

    assert dot("memory of optimizers", "optimizers need memory") > dot("memory of optimizers", "graphs and trees")
