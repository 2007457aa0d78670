"""The endpoint over real HTTP: every fault ends in one sentence that says what to do, every oddity is adapted to."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from rag.endpoint import Endpoint, find_local_servers
from rag.endpoint.adapting import make_model
from rag.endpoint.faults import Place
from rag.errors import ModelError
from rag.prompts import Message
from rag.settings import Settings
from tests.answering import KEY
from tests.openai_server import Fault, FaultKind, OpenAIServer, Reply, closed_port_url

MESSAGES = (Message("system", "Answer briefly."), Message("user", "What is Adam?"))

EndpointMaker = Callable[..., Endpoint]


@pytest.fixture
def make_endpoint() -> Iterator[EndpointMaker]:
    """`make_endpoint(url, llm_timeout=...)`; closed when the test ends."""
    made: list[Endpoint] = []

    def make(url: str, **given: object) -> Endpoint:
        fields = {"llm_base_url": url, "llm_model": "tiny", "llm_api_key": KEY, "llm_timeout": 1.0, **given}
        made.append(Endpoint(Settings(_env_file=None, **fields), pause=0.01))  # type: ignore[arg-type]  # fields by name
        return made[-1]

    yield make
    for endpoint in made:
        endpoint.close()


def answer(endpoint: Endpoint) -> str:
    """The text of one answer."""
    with closing(endpoint.stream(MESSAGES, max_tokens=50)) as pieces:
        return "".join(piece.text for piece in pieces)


def fault_of(endpoint: Endpoint) -> ModelError:
    """The error of one request that fails."""
    with pytest.raises(ModelError) as caught:
        answer(endpoint)
    return caught.value


# Fault of the server -> kind of our error, words of its message or hint, requests that were made
FAULTS: list[tuple[FaultKind, str, str, int]] = [
    ("disconnect", "disconnected", "closed the connection", 2),
    ("unauthorised", "unauthorised", "LLM_API_KEY", 1),
    ("model_not_found", "model_not_found", "ollama pull tiny", 1),
    ("rate_limited", "rate_limited", "in 30 seconds", 1),
    ("server_error", "server_error", "status 500", 2),
    ("loading", "loading", "still loading", 2),
    ("context_exceeded", "context", "It reads 2048 tokens", 1),
    ("html", "not_an_endpoint", "ends in /v1", 1),
    ("broken_json", "broken", "no answer of a language model", 1),
    ("odd_shape", "error_in_answer", "Unexpected endpoint or method", 2),
    ("stall", "stalled", "fell silent", 1),
    ("silent", "timeout", "no first word", 1),
    ("kept_alive", "stalled", "fell silent", 1),
    ("error_in_stream", "server_error", "CUDA out of memory", 1),
]


@pytest.mark.parametrize(("fault", "kind", "words", "requests"), FAULTS)
def test_each_fault_says_what_happened_and_what_to_do(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, fault: FaultKind, kind: str, words: str, requests: int
) -> None:
    openai_server.replies += [Fault(fault)] * 3
    error = fault_of(make_endpoint(openai_server.base_url, llm_timeout=0.3))
    assert error.kind == kind
    assert words in str(error)
    assert error.hint
    assert "\n" not in str(error)
    assert len(openai_server.chats()) == requests


@pytest.mark.parametrize(("fault", "kind", "words", "requests"), FAULTS)
def test_the_key_is_in_no_error_and_no_log(
    openai_server: OpenAIServer,
    make_endpoint: EndpointMaker,
    caplog: pytest.LogCaptureFixture,
    fault: FaultKind,
    kind: str,
    words: str,
    requests: int,
) -> None:
    caplog.set_level(logging.INFO)
    leak = f"the key {KEY} of Bearer {KEY} was seen"
    openai_server.replies += [
        Fault(fault, message=f"{leak} model not found" if fault == "model_not_found" else leak)
    ] * 3
    error = fault_of(make_endpoint(openai_server.base_url, llm_timeout=0.3))
    assert KEY not in f"{error} {error.message} {error.hint} {caplog.text}"
    assert KEY[:12] not in str(error)


def test_nothing_listens(make_endpoint: EndpointMaker) -> None:
    error = fault_of(make_endpoint(closed_port_url()))
    assert error.kind == "refused"
    assert "Nothing answers at http://127.0.0.1:" in error.message


def test_a_name_that_nobody_knows(make_endpoint: EndpointMaker) -> None:
    error = fault_of(make_endpoint("http://no-such-host.invalid/v1"))
    assert error.kind == "unknown_host"


def test_https_to_a_server_without_it(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    error = fault_of(make_endpoint(openai_server.base_url.replace("http:", "https:")))
    assert error.kind == "tls"
    assert "http://" in error.hint


def test_a_user_name_in_the_address_is_not_repeated(make_endpoint: EndpointMaker) -> None:
    error = fault_of(make_endpoint(closed_port_url().replace("http://", "http://me:secret@")))
    assert "secret" not in str(error)


def test_a_short_rate_limit_is_waited_for_once(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    openai_server.replies += [Fault("rate_limited", retry_after=None), Reply("It adapts.")]
    assert answer(make_endpoint(openai_server.base_url)) == "It adapts."
    assert len(openai_server.chats()) == 2


def test_an_answer_that_has_begun_is_never_asked_for_again(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.replies += [Fault("stall"), "second"]
    fault_of(make_endpoint(openai_server.base_url, llm_timeout=0.2))
    assert len(openai_server.chats()) == 1


def test_an_unknown_models_error_names_those_that_are_there(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.models = ["llama3.2", "qwen3"]
    openai_server.replies.append(Fault("model_not_found"))
    assert "llama3.2, qwen3" in fault_of(make_endpoint(openai_server.base_url)).hint


@pytest.mark.parametrize(
    "oddity",
    [
        {"wants_max_completion_tokens": True},
        {"fixed_temperature": True},
        {"rejected_fields": {"stream_options"}},
        {"rejected_fields": {"stream_options", "max_tokens", "temperature"}},
        {"refuses_system_role": True},
        {"ignores_stream": True},
        {"models": None},
        {
            "wants_max_completion_tokens": True,
            "fixed_temperature": True,
            "rejected_fields": {"stream_options"},
            "refuses_system_role": True,
        },
    ],
)
def test_oddities_are_adapted_to_and_remembered(make_endpoint: EndpointMaker, oddity: dict[str, object]) -> None:
    with OpenAIServer(**oddity) as server:  # type: ignore[arg-type]  # fields by name
        endpoint = make_endpoint(server.base_url)
        assert answer(endpoint) == "The first paper says so [1]."
        learned = len(server.chats())
        assert answer(endpoint) == "The first paper says so [1]."
        assert len(server.chats()) == learned + 1
        assert "Answer briefly." in server.chats()[-1].prompt


def test_what_is_sent(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    answer(make_endpoint(openai_server.base_url))
    request = openai_server.chats()[0]
    assert request.body["model"] == "tiny"
    assert request.body["stream"] is True
    assert request.body["max_tokens"] == 50
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_thoughts_and_counts_come_with_the_pieces(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    openai_server.replies.append(Reply("It adapts.", reasoning="Let me see.", first_delay=0.05))
    pieces = list(make_endpoint(openai_server.base_url).stream(MESSAGES, max_tokens=50))
    assert "".join(piece.reasoning for piece in pieces) == "Let me see."
    assert [piece.finish_reason for piece in pieces if piece.finish_reason] == ["stop"]
    assert [piece.completion_tokens for piece in pieces if piece.completion_tokens] == [2]


@pytest.mark.parametrize("trailing", [True, False])
def test_a_last_event_without_choices_is_no_fault(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, *, trailing: bool
) -> None:
    openai_server.replies.append(Reply("It adapts.", usage=False, trailing_empty_choices=trailing))
    assert answer(make_endpoint(openai_server.base_url)) == "It adapts."


def test_stopping_ends_the_request(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    openai_server.replies.append(Reply(pieces=["on and on "], endless=True))
    with closing(make_endpoint(openai_server.base_url).stream(MESSAGES, max_tokens=50)) as pieces:
        for _ in range(5):
            next(pieces)
    assert not openai_server.is_busy_after(5)


@pytest.mark.parametrize("body", [{"object": "list", "data": None}, {"object": "list", "data": []}, []])
def test_a_list_without_models_is_a_list(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, body: object
) -> None:
    openai_server.listing = (200, body)
    assert "offers no chat model" in fault_of(make_endpoint(openai_server.base_url, llm_model="")).message
    port = int(openai_server.root_url.rpartition(":")[2])
    assert [server.models for server in find_local_servers({port: "Ollama"})] == [()]


@pytest.mark.parametrize("key", ["", KEY])
def test_user_name_and_password_of_the_address_are_sent_alike_with_every_request(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, key: str
) -> None:
    address = openai_server.base_url.replace("http://", "http://me:s%40cr%C3%A9t@")
    answer(make_endpoint(address, llm_model="", llm_api_key=key))
    sent = {request.path: request.headers["authorization"] for request in openai_server.requests}
    basic = f"Basic {base64.b64encode('me:s@crét'.encode()).decode()}"
    assert sent == {"/v1/models": basic, "/v1/chat/completions": basic}


def test_an_address_that_the_transport_refuses_is_told(make_endpoint: EndpointMaker) -> None:
    assert "http://häu_ser.invalid/v1" in fault_of(make_endpoint("http://häu_ser.invalid/v1")).message


def test_an_endpoint_that_was_never_asked_is_closed_without_a_client() -> None:
    model = make_model("tiny", base_url="http://127.0.0.1:port/v1", api_key="", context_window=4096, timeout=1.0)
    model.close()
    assert model._client is None


def test_an_error_in_a_stream_is_recognised_in_the_servers_own_words(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.replies.append(Fault("error_in_stream", text="", message=f"{'so ' * 90}exceeds the context length"))
    assert fault_of(make_endpoint(openai_server.base_url)).kind == "context"


def test_a_servers_own_words_are_cut_and_cleaned() -> None:
    place = Place("http://127.0.0.1:1/v1", "tiny", KEY, 1.0, 4096)
    said = place.clean(f"bad\nkey {KEY}, also sk-abcdefghij123456 \x1b[31m{'x y ' * 200}")
    assert KEY not in said
    assert "sk-abc" not in said
    assert "\x1b" not in said
    assert len(said) <= 200
