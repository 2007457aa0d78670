"""The endpoint against a real server: llama.cpp with a tiny random model, made here. Skipped without `xllamacpp`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import xllamacpp  # type: ignore[import-untyped]  # it ships no types

from rag.answer import Finished, TextDelta
from rag.doctor import check_endpoint
from rag.endpoint import Endpoint
from rag.errors import ModelError
from rag.prompts import Message
from rag.settings import Settings
from tests.answering import AssistantMaker, embedder, made_data, make_assistant
from tests.tiny_llama import CONTEXT, write_model

__all__ = ["embedder", "made_data", "make_assistant"]


@pytest.fixture(scope="module")
def llama_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a llama.cpp server."""
    path = tmp_path_factory.mktemp("llama") / "tiny.gguf"
    write_model(path)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = CONTEXT
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    yield server.listening_address
    del server


def settings(url: str) -> Settings:
    """Settings for it."""
    return Settings(llm_base_url=url, llm_model="tiny", llm_timeout=30.0, llm_context_window=CONTEXT, _env_file=None)


@pytest.mark.parametrize("path", ["", "/v1"])
def test_it_streams_with_counts_and_an_ending(llama_url: str, path: str) -> None:
    with closing(Endpoint(settings(llama_url + path))) as endpoint:
        pieces = list(endpoint.stream((Message("system", "Be brief."), Message("user", "What is it?")), max_tokens=20))
    assert "".join(piece.text for piece in pieces)
    assert {piece.finish_reason for piece in pieces} >= {"length"} or {piece.finish_reason for piece in pieces} >= {
        "stop"
    }
    assert any(piece.prompt_tokens for piece in pieces)


def test_a_prompt_that_is_too_long_says_what_it_reads(llama_url: str) -> None:
    with closing(Endpoint(settings(llama_url))) as endpoint, pytest.raises(ModelError) as caught:
        list(endpoint.stream((Message("user", "word " * 3 * CONTEXT),), max_tokens=20))
    assert caught.value.kind == "context"
    assert str(CONTEXT) in str(caught.value)


def test_the_whole_way(llama_url: str, made_data: Path, make_assistant: AssistantMaker) -> None:
    """The model writes nonsense: it is shown as it comes, and checked, or extracts take its place."""
    events = list(make_assistant(llama_url, llm_timeout=30.0, llm_context_window=1024).stream("What is TinyState?"))
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    assert any(isinstance(event, TextDelta) for event in events)
    assert answer.mode == "extractive" or not any(one.support == "supported" for one in answer.sentences if one.checked)


def test_the_doctor_examines_it(llama_url: str) -> None:
    given = settings(llama_url).model_copy(update={"llm_context_window": 1024})
    checks = {check.name: check for check in check_endpoint(given)}
    assert checks["endpoint"].status == "ok"
    assert checks["streaming"].status == "ok"
    assert checks["context"].status != "ok"  # a model of random weights finds no word
