"""The embedder over an endpoint, against a real server over loopback HTTP."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from rag.chosen_embedder import open_embedder
from rag.endpoint_embedder import EndpointEmbedder, habits_of
from rag.endpoint_embedder.cutting import count_tokens, cut_text
from rag.errors import EmbedderError, SettingsError
from rag.settings import Settings
from tests.openai_server import Fault, FaultKind, OpenAIServer, closed_port_url

SENTENCE = "Optimizers keep two numbers for each weight of a network. "


def embedder_of(server: OpenAIServer, model: str = "tiny", **options: Any) -> EndpointEmbedder:
    return EndpointEmbedder(server.base_url, model, **{"retries": 0, **options})


@contextmanager
def serving(answer: Callable[[list[str]], tuple[int, object]]) -> Iterator[str]:
    """A server whose whole answer to the texts of a request is made by `answer`: status and JSON."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = answer(request["input"])
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def listed(*vectors: object) -> dict[str, object]:
    entries = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(vectors)]
    return {"object": "list", "model": "tiny", "data": entries, "usage": {"prompt_tokens": 1, "total_tokens": 1}}


def sent_texts(server: OpenAIServer) -> list[str]:
    return [text for request in server.requests for text in request.body["input"]]


def test_rows_are_of_unit_length_and_in_the_order_of_the_texts(openai_server: OpenAIServer) -> None:
    embedder = embedder_of(openai_server)
    texts = [f"paper number {number} on rivers" for number in range(70)]
    together = embedder.embed_documents(texts)
    assert together.shape == (70, openai_server.embedding_dimension)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(70), abs=1e-6)
    assert np.array_equal(together[41], embedder.embed_documents([texts[41]])[0])


def test_nothing_is_sent_for_no_texts(openai_server: OpenAIServer) -> None:
    assert embedder_of(openai_server).embed_documents([]).shape[0] == 0
    assert openai_server.requests == []


def test_the_dimension_is_known_after_the_first_answer(openai_server: OpenAIServer) -> None:
    embedder = embedder_of(openai_server)
    assert embedder.identity.dimension == 0
    embedder.embed_queries(["rivers"])
    assert embedder.identity.dimension == openai_server.embedding_dimension


def test_queries_and_documents_get_the_prefixes_of_the_model(openai_server: OpenAIServer) -> None:
    embedder = embedder_of(openai_server, "nomic-embed-text:latest")
    embedder.embed_queries(["rivers"])
    embedder.embed_documents(["A paper on rivers."])
    assert sent_texts(openai_server) == ["search_query: rivers", "search_document: A paper on rivers."]
    assert embedder.identity.query_prefix == "search_query: "


def test_empty_texts_and_half_characters_can_be_sent(openai_server: OpenAIServer) -> None:
    vectors = embedder_of(openai_server).embed_documents(["", " \n", "half \ud83d of a face"])
    assert len(vectors) == 3
    assert sent_texts(openai_server) == [".", ".", "half ? of a face"]


def test_a_long_text_is_cut_and_nothing_of_it_is_lost(openai_server: OpenAIServer) -> None:
    words = [f"word{number}" for number in range(2000)]
    vectors = embedder_of(openai_server).embed_documents(["short", " ".join(words), "also short"])
    sent = sent_texts(openai_server)
    assert vectors.shape[0] == 3
    assert sent[0] == "short"
    assert sent[-1] == "also short"
    assert {word for text in sent[1:-1] for word in text.split()} == set(words)
    assert max(map(count_tokens, sent)) <= habits_of("tiny").window


def test_windows_shrink_for_a_server_that_reads_less() -> None:
    taken: list[str] = []

    def answer(texts: list[str]) -> tuple[int, object]:
        if max(map(len, texts)) > 600:
            return 400, {"error": {"message": "input (700 tokens) is larger than the maximum context length"}}
        taken.extend(texts)
        return 200, listed(*[[1.0, 0.0]] * len(texts))

    with serving(answer) as url:
        vectors = EndpointEmbedder(url, "tiny", retries=0).embed_documents([SENTENCE * 60])
    assert vectors.shape == (1, 2)
    assert all(text.endswith(".") or text in SENTENCE * 60 for text in taken)


def test_a_server_that_takes_few_texts_at_once_gets_few(openai_server: OpenAIServer) -> None:
    openai_server.embedding_batch_limit = 5
    vectors = embedder_of(openai_server).embed_documents([f"text {number}" for number in range(40)])
    assert len(vectors) == 40
    assert max(len(request.body["input"]) for request in openai_server.requests[-7:]) <= 5


def test_the_address_may_lack_its_v1(openai_server: OpenAIServer) -> None:
    embedder = EndpointEmbedder(openai_server.root_url, "tiny", retries=0)
    assert len(embedder.embed_queries(["rivers"])) == 1


def test_a_fault_that_passes_is_tried_again(openai_server: OpenAIServer) -> None:
    openai_server.embedding_faults.append(Fault("rate_limited", retry_after=0.01))
    assert len(embedder_of(openai_server, retries=1).embed_queries(["rivers"])) == 1


@pytest.mark.parametrize(
    ("kind", "message", "hint"),
    [
        ("unauthorised", "does not accept the key", "EMBED_API_KEY"),
        ("model_not_found", "does not have the model tiny", "EMBED_MODEL"),
        ("rate_limited", "rate limit", "later"),
        ("server_error", "status 500", "log"),
        ("loading", "status 503", "Try again"),
        ("html", "no list of embeddings", "EMBED_BASE_URL"),
        ("broken_json", "no list of embeddings", "EMBED_BASE_URL"),
        ("odd_shape", "no list of embeddings", "EMBED_BASE_URL"),
        ("disconnect", "closed the connection", "Try again"),
        ("unknown_field", "status 422", "bundled"),
    ],
)
def test_each_fault_is_one_sentence_with_a_hint(
    openai_server: OpenAIServer, kind: FaultKind, message: str, hint: str
) -> None:
    openai_server.embedding_faults.append(Fault(kind))
    with pytest.raises(EmbedderError, match=message) as caught:
        embedder_of(openai_server, api_key="sk-made-up-key-1234").embed_queries(["rivers"])
    assert hint in caught.value.hint
    assert openai_server.root_url in caught.value.message
    assert "sk-made-up" not in str(caught.value)


def test_a_silent_server_is_not_waited_for_without_end() -> None:
    over = Event()

    def answer(texts: list[str]) -> tuple[int, object]:
        over.wait(10)
        return 200, {}

    with serving(answer) as url:
        with pytest.raises(EmbedderError, match=r"within 0\.2 seconds"):
            EndpointEmbedder(url, "tiny", retries=0, timeout=0.2).embed_queries(["rivers"])
        over.set()


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(EmbedderError, match="Nothing answers") as caught:
        EndpointEmbedder(closed_port_url(), "tiny", retries=0).embed_queries(["rivers"])
    assert "EMBED_BASE_URL" in caught.value.hint


def test_an_address_that_the_transport_refuses_is_told() -> None:
    with pytest.raises(EmbedderError, match=r"Nothing answers at http://häu_ser\.invalid") as caught:
        EndpointEmbedder("http://häu_ser.invalid/v1", "tiny", retries=0).embed_queries(["rivers"])
    assert "correct EMBED_BASE_URL" in caught.value.hint


def test_a_host_that_does_not_exist() -> None:
    with pytest.raises(EmbedderError, match=r"cannot be found|Nothing answers|time-out"):
        EndpointEmbedder("http://nowhere.invalid/v1", "tiny", retries=0).embed_queries(["rivers"])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (listed([1.0, 0.0]), "1 embeddings for 2 texts"),
        (listed([1.0, 0.0], [math.nan, 1.0]), "no direction"),
        (listed([1.0, 0.0], [0.0, 0.0]), "no direction"),
        (listed([1.0, 0.0], [1.0]), "no list of embeddings"),
        (listed([], []), "no list of embeddings"),
        (listed("abc", None), "no list of embeddings"),
        ({"data": []}, "no list of embeddings"),
        ([1, 2], "no list of embeddings"),
        ("hello", "no list of embeddings"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(answer: object, message: str) -> None:
    with serving(lambda texts: (200, answer)) as url, pytest.raises(EmbedderError, match=message):
        EndpointEmbedder(url, "tiny", retries=0).embed_documents(["one", "two"])


def test_another_dimension_than_before_is_refused() -> None:
    sizes = iter([3, 2])
    with serving(lambda texts: (200, listed(*[[1.0] * next(sizes)] * len(texts)))) as url:
        embedder = EndpointEmbedder(url, "tiny", retries=0)
        embedder.embed_documents(["one"])
        with pytest.raises(EmbedderError, match="2 dimensions after 3 before"):
            embedder.embed_documents(["one"])


def test_answers_out_of_order_are_put_in_order() -> None:
    def answer(texts: list[str]) -> tuple[int, object]:
        body = listed(*([1.0, float(len(text))] for text in texts))
        entries = body["data"]
        assert isinstance(entries, list)
        entries.reverse()
        return 200, body

    with serving(answer) as url:
        vectors = EndpointEmbedder(url, "tiny", retries=0).embed_documents(["a", "bb", "cccc"])
    assert (vectors[:, 1] / vectors[:, 0]).tolist() == pytest.approx([1, 2, 4])


def test_the_fingerprint_names_the_endpoint_without_its_password() -> None:
    identity = EndpointEmbedder("http://user:secret@host:1234/v1", "tiny").identity
    assert identity.fingerprint == "endpoint:http://host:1234/v1:tiny"


def test_settings_choose_the_endpoint(openai_server: OpenAIServer) -> None:
    settings = Settings(embed_base_url=openai_server.base_url, embed_model="bge-m3")
    assert open_embedder(settings).identity.model == "bge-m3"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (Settings(embed_base_url="http://localhost:1/v1", embed_model=""), "EMBED_MODEL"),
        (Settings(embed_base_url="http://me:secret@host/v1", embed_model=""), "EMBED_BASE_URL is http://host/v1,"),
        (Settings(embed_model="text-embedding-3-small", embed_api_key=SecretStr("")), "EMBED_API_KEY"),
    ],
)
def test_half_described_endpoints_are_refused(settings: Settings, name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        open_embedder(settings)


@pytest.mark.parametrize(
    ("model", "query", "document"),
    [
        ("intfloat/multilingual-e5-large", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", "Instruct: ", ""),
        ("text-embedding-nomic-embed-text-v1.5@q8_0", "search_query: ", "search_document: "),
        ("mxbai-embed-large:335m", "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("bge-m3:latest", "", ""),
        ("snowflake-arctic-embed:22m", "Represent this sentence for searching relevant passages: ", ""),
        ("snowflake-arctic-embed2", "query: ", ""),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", ""),
        ("embeddinggemma", "task: search result | query: ", "title: none | text: "),
        ("hf.co/Qwen/Qwen3-Embedding-0.6B-GGUF:Q8_0", "Instruct: ", ""),
        ("Alibaba-NLP/gte-Qwen2-1.5B-instruct", "Instruct: ", ""),
        ("thenlper/gte-base", "", ""),
        ("jinaai/jina-embeddings-v2-base-en", "", ""),
        ("all-minilm:l6-v2", "", ""),
        ("text-embedding-3-small", "", ""),
        ("mine5", "", ""),
    ],
)
def test_known_models_are_recognised_however_servers_spell_them(model: str, query: str, document: str) -> None:
    habits = habits_of(model)
    assert habits.query_prefix.startswith(query)
    assert bool(habits.query_prefix) == bool(query)
    assert habits.document_prefix == document


@given(text=st.text(max_size=3000) | st.text("ab \n", max_size=5000), room=st.integers(64, 600))
def test_pieces_fit_and_hold_every_word(text: str, room: int) -> None:
    pieces = cut_text(text, room=room)
    assert all(count_tokens(piece) <= room for piece in pieces)
    assert {letter for letter in text if not letter.isspace()} <= set("".join(pieces))


def test_a_redirect_is_told_and_no_text_is_sent_after_it(openai_server: OpenAIServer) -> None:
    with OpenAIServer() as other:
        openai_server.redirects_to = other.base_url
        with pytest.raises(EmbedderError, match=f"sends requests on to {other.base_url}, ") as caught:
            embedder_of(openai_server).embed_documents([SENTENCE])
        assert "EMBED_BASE_URL" in caught.value.hint
        assert other.requests == []
