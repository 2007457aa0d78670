"""The models that a server lists, and the servers that are found on this machine."""

from __future__ import annotations

import pytest

from rag.endpoint import find_local_servers, list_models
from rag.errors import ModelError
from tests.answering import KEY
from tests.openai_server import OpenAIServer, closed_port_url


def test_models_are_listed(openai_server: OpenAIServer) -> None:
    assert list_models(openai_server.base_url) == ("tiny",)
    openai_server.models = None
    with pytest.raises(ModelError, match="does not list"):
        list_models(openai_server.base_url)


def test_a_listing_with_a_wrong_key_says_so(openai_server: OpenAIServer) -> None:
    openai_server.accepted_key = "another"
    with pytest.raises(ModelError) as caught:
        list_models(openai_server.base_url, KEY)
    assert caught.value.kind == "unauthorised"
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ([{"id": "tiny"}], ("tiny",)),
        ({"data": None, "models": [{"name": "tiny"}]}, ("tiny",)),
        ({"data": [], "models": [{"name": "tiny"}]}, ("tiny",)),
    ],
)
def test_a_list_is_read_in_every_shape(openai_server: OpenAIServer, body: object, names: tuple[str, ...]) -> None:
    openai_server.listing = (200, body)
    assert list_models(openai_server.base_url) == names


@pytest.mark.parametrize("body", [{"error": "no"}, {"code": 401, "data": None}, "tiny", 7, None])
def test_what_is_no_list_is_none(openai_server: OpenAIServer, body: object) -> None:
    openai_server.listing = (200, body)
    with pytest.raises(ModelError) as caught:
        list_models(openai_server.base_url)
    assert caught.value.kind == "no_list"


def test_a_server_that_has_no_listing_is_no_fault(openai_server: OpenAIServer) -> None:
    openai_server.listing = (501, {})
    with pytest.raises(ModelError, match="no fault"):
        list_models(openai_server.base_url)


def test_a_listing_is_asked_for_by_name(openai_server: OpenAIServer) -> None:
    list_models(openai_server.base_url)
    assert openai_server.requests[-1].headers["user-agent"] == "AskPapers"


def test_a_password_is_not_in_the_error_of_a_listing() -> None:
    with pytest.raises(ModelError) as caught:
        list_models(closed_port_url().replace("http://", "http://me:secret@"))
    assert caught.value.kind == "refused"
    assert "secret" not in str(caught.value)


def test_servers_on_this_machine_are_found(openai_server: OpenAIServer) -> None:
    port = int(openai_server.root_url.rpartition(":")[2])
    empty = int(closed_port_url().removesuffix("/v1").rpartition(":")[2])
    found = find_local_servers({empty: "Ollama", port: "vLLM"})
    assert [(server.name, server.models) for server in found] == [("vLLM", ("tiny",))]
