"""LlamaIndex both ways: our assistant as its query engine, any of its models as our writer."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata, MockLLM

from rag.answer import Assistant
from rag.embedder import Embedder
from rag.endpoint import Endpoint
from rag.index import Index
from rag.query_engine import PaperQueryEngine
from rag.settings import Settings
from tests.answering import AssistantMaker, embedder, made_data, make_assistant
from tests.openai_server import OpenAIServer

__all__ = ["embedder", "made_data", "make_assistant"]

QUESTION = "Which optimizer needs less memory than Adam?"


def test_the_assistant_is_a_query_engine(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    openai_server.replies.append("TinyState needs 47 % less memory than Adam [1].")
    response = PaperQueryEngine(assistant=make_assistant(openai_server.base_url)).query(QUESTION)
    assert str(response) == "TinyState needs 47 % less memory than Adam [1]."
    assert [node.metadata["number"] for node in response.source_nodes] == [1]
    assert "47 %" in response.source_nodes[0].text
    assert response.metadata is not None
    assert response.metadata["mode"] == "llm"


def test_without_a_model_it_gives_extracts(make_assistant: AssistantMaker) -> None:
    response = PaperQueryEngine(assistant=make_assistant()).query(QUESTION)
    assert response.metadata is not None
    assert response.metadata["mode"] == "extractive"
    assert all(node.score is not None for node in response.source_nodes)


class Own(CustomLLM):
    """A model that somebody wrote for LlamaIndex."""

    @property
    def metadata(self) -> LLMMetadata:
        """Its name and context."""
        return LLMMetadata(model_name="own", context_window=4096, is_chat_model=False)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        """The whole answer."""
        assert "<paper number=" in prompt
        return CompletionResponse(text="TinyState needs 47 % less memory than Adam [1].")

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponseGen:
        """The answer word by word."""
        text = ""
        for word in re.findall(r"\S+\s*", self.complete(prompt).text):
            text += word
            yield CompletionResponse(text=text, delta=word)


def test_any_llm_of_llama_index_writes(made_data: Path, embedder: Embedder) -> None:
    settings = Settings(data_dir=made_data, _env_file=None)
    with closing(Index.open(made_data)) as index:
        answer = Assistant(index, embedder, settings, llm=Own()).ask(QUESTION)
    assert (answer.mode, answer.model) == ("llm", "own")
    assert answer.text == "TinyState needs 47 % less memory than Adam [1]."
    assert answer.sentences[0].support == "supported"


class Broken(MockLLM):
    """A model of LlamaIndex that fails in a way of its own."""

    def stream_chat(self, *_: object, **__: object) -> object:  # type: ignore[override]  # it never returns
        raise RuntimeError("out of memory")


def test_an_llm_that_fails_in_its_own_way_ends_in_extracts(made_data: Path, embedder: Embedder) -> None:
    settings = Settings(data_dir=made_data, _env_file=None)
    with closing(Index.open(made_data)) as index:
        answer = Assistant(index, embedder, settings, llm=Broken(max_tokens=5)).ask(QUESTION)
    assert answer.mode == "extractive"
    assert "RuntimeError" in answer.notice


def test_the_endpoint_is_an_llm_for_llama_index(openai_server: OpenAIServer) -> None:
    openai_server.replies.append("Hello.")
    settings = Settings(llm_base_url=openai_server.base_url, llm_model="tiny", _env_file=None)
    with closing(Endpoint(settings)) as endpoint:
        assert endpoint.llm.complete("Say hello.").text == "Hello."
