"""Which address and which model an endpoint settles on: an address in any form, no model named, many at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.endpoint import Endpoint
from rag.endpoint.addresses import base_urls
from rag.errors import ModelError, SettingsError
from rag.settings import Settings
from tests.openai_server import Fault, OpenAIServer, Request
from tests.test_endpoint import EndpointMaker, answer, fault_of, make_endpoint

__all__ = ["make_endpoint"]  # a fixture

SAID = "The first paper says so [1]."


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1",
        "/v1/",
        "/v1/chat/completions",
        "/v1/chat",
        "/v1/embeddings",
        "/v1/responses",
        "/api",
        "/api/chat",
        "/api/generate",
    ],
)
def test_the_address_may_be_given_in_any_usual_form(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, path: str
) -> None:
    assert answer(make_endpoint(openai_server.root_url + path)) == "The first paper says so [1]."


def test_without_an_address_openai_is_meant() -> None:
    assert base_urls("") == ("https://api.openai.com/v1",)
    with pytest.raises(SettingsError):
        Endpoint(Settings(_env_file=None, llm_model="tiny"))


def test_an_address_alone_takes_the_first_chat_model(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    openai_server.models = ["nomic-embed-text:latest", "qwen3:8b", "llama3:8b"]
    openai_server.replies.append("Yes.")
    endpoint = make_endpoint(openai_server.base_url.removesuffix("/v1"), llm_model="")
    assert answer(endpoint) == "Yes."
    assert endpoint.name == "qwen3:8b"


def test_an_address_alone_says_what_to_do_where_there_is_no_chat_model(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.models = ["nomic-embed-text"]
    assert "offers no chat model" in fault_of(make_endpoint(openai_server.base_url, llm_model="")).message
    openai_server.models = None
    assert "LLM_MODEL" in fault_of(make_endpoint(openai_server.base_url, llm_model="")).hint


def test_what_was_learned_of_a_wrong_address_is_forgotten_at_the_right_one(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.knows_no_404 = True
    assert answer(make_endpoint(openai_server.root_url)) == "The first paper says so [1]."
    assert openai_server.chats()[-1].body["stream"] is True


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (403, "", "forbidden"),
        (408, "", "server_error"),
        (429, "slow down", "rate_limited"),
        (500, "", "server_error"),
        (502, "", "server_error"),
        (503, "Loading model", "loading"),
    ],
)
def test_a_listing_that_fails_for_now_is_told_and_asked_for_again(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, status: int, said: str, kind: str
) -> None:
    openai_server.prefix = ""
    openai_server.listing = (status, {"error": {"message": said}})
    endpoint = make_endpoint(openai_server.root_url, llm_model="")
    error = fault_of(endpoint)
    assert error.kind == kind
    assert "the model " not in error.message.replace("loading the model", "")
    openai_server.listing = None
    assert answer(endpoint) == "The first paper says so [1]."


def test_the_form_of_an_address_that_answers_is_kept(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    openai_server.prefix = "/api"  # as Open WebUI has it
    assert answer(make_endpoint(openai_server.base_url)) == SAID
    assert len(openai_server.chats()) == 1


@pytest.mark.parametrize("name", ["tiny", ""])
def test_first_questions_at_once_all_find_the_address(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, name: str
) -> None:
    openai_server.meeting = threading.Barrier(2)
    endpoint = make_endpoint(openai_server.root_url, llm_model=name, llm_timeout=30.0)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(answer, [endpoint] * 2)) == [SAID] * 2
    assert answer(endpoint) == SAID


def test_first_questions_at_once_all_learn_what_a_server_refuses(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.fixed_temperature = True
    openai_server.meeting = threading.Barrier(2)
    endpoint = make_endpoint(openai_server.base_url, llm_timeout=30.0)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(answer, [endpoint] * 2)) == [SAID] * 2
    assert "max_tokens" in openai_server.chats()[-1].body


def test_the_model_as_llamaindex_takes_it_is_settled_like_any(openai_server: OpenAIServer) -> None:
    endpoint = Endpoint(Settings(_env_file=None, llm_base_url=openai_server.root_url))
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(endpoint.llm.metadata.model_name), daemon=True)
    thread.start()
    thread.join(60)
    assert found == ["tiny"], "it waits for itself, and so would closing it"
    assert endpoint.base_url == openai_server.base_url
    endpoint.close()


def test_a_right_address_that_fails_once_is_not_given_up(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    configured = f"{openai_server.root_url}/openai"
    endpoint = make_endpoint(configured)
    error = fault_of(endpoint)
    assert (error.kind, f"Nothing at {configured} answers" in error.message) == ("not_found", True)
    openai_server.prefix = "/openai"
    assert answer(endpoint) == SAID


def test_a_server_that_comes_back_with_another_model_is_asked_for_that(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    def only_what_is_listed(request: Request) -> Fault | str:
        return SAID if request.body["model"] in (openai_server.models or ()) else Fault("model_not_found")

    openai_server.default_reply = only_what_is_listed
    endpoint = make_endpoint(openai_server.base_url, llm_model="")
    assert answer(endpoint) == SAID
    openai_server.models = ["another"]
    assert answer(endpoint) == SAID
    assert endpoint.name == "another"


def test_a_model_that_was_set_by_hand_is_never_exchanged(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.models = ["another"]
    openai_server.replies.append(Fault("model_not_found"))
    assert "does not have the model tiny" in fault_of(make_endpoint(openai_server.base_url)).message
    assert len(openai_server.chats()) == 1


def test_a_list_that_is_not_ready_is_asked_for_once_more(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    openai_server.first_listings.append((503, {"error": {"message": "Loading model"}}))
    assert answer(make_endpoint(openai_server.base_url, llm_model="")) == SAID


def test_a_list_that_a_question_needs_may_take_as_long_as_an_answer(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.endpoint.client.LIST_SECONDS", 0.05)
    openai_server.listing_delay = 0.5
    endpoint = make_endpoint(openai_server.base_url, llm_model="", llm_timeout=30.0)
    with pytest.raises(ModelError, match=r"did not list its models within 0\.05 seconds"):
        endpoint.models()
    assert answer(endpoint) == SAID


def test_a_wrong_address_without_a_model_is_called_wrong(
    openai_server: OpenAIServer, make_endpoint: EndpointMaker
) -> None:
    error = fault_of(make_endpoint(f"{openai_server.root_url}/docs", llm_model=""))
    assert f"{openai_server.root_url}/docs does not list its models" in error.message
    assert "LLM_BASE_URL may be wrong" in error.hint


def test_what_a_server_says_of_an_address_is_told(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    openai_server.replies.append(Fault("model_not_found", message="No endpoints match your data policy."))
    error = fault_of(make_endpoint(openai_server.base_url))
    assert "(status 404: No endpoints match your data policy)." in error.message


def test_a_complaint_of_the_length_changes_no_field(openai_server: OpenAIServer, make_endpoint: EndpointMaker) -> None:
    said = (
        "'max_tokens' or 'max_completion_tokens' is too large: 50. This model's maximum context length is 2048 tokens "
        "and your request has 2018 input tokens"
    )
    openai_server.replies.append(Fault("context_exceeded", message=said))
    endpoint = make_endpoint(openai_server.base_url)
    assert fault_of(endpoint).kind == "context"
    assert answer(endpoint) == SAID
    assert [chat.body["max_tokens"] for chat in openai_server.chats()] == [50, 50]
