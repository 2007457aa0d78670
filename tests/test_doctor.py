"""The doctor: one check for each part, and how much context a server really reads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag import doctor
from rag.doctor import Check, examine
from rag.settings import Settings
from rag.words import WordsWriter
from tests.answering import KEY, embedder, made_data
from tests.conftest import ROOT
from tests.openai_server import Fault, OpenAIServer, Raw, Reply, Request, closed_port_url

__all__ = ["embedder", "made_data"]


def checks(data: Path, url: str = "", **given: Any) -> dict[str, Check]:
    """All checks by name."""
    fields = {"llm_base_url": url, "llm_model": "tiny" if url else "", "llm_timeout": 2.0, "llm_api_key": KEY, **given}
    return {check.name: check for check in examine(Settings(data_dir=data, _env_file=None, **fields))}


def finds_the_word(request: Request) -> str:
    """A model that reads well: it names the secret word where it can still see it, and else counts."""
    if "secret word" not in request.prompt:
        return "One two three four five six seven eight nine ten."
    return "TURQUOISE-4711" if "The secret word is TURQUOISE-4711" in request.prompt else "I see no secret word."


def test_store_and_embeddings_without_a_model(made_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_local_servers", list)  # whatever runs on the machine of the test
    found = checks(made_data)
    assert [found[name].status for name in ("embeddings", "store", "index", "endpoint")] == ["ok", "ok", "ok", "off"]
    assert "6 papers" in found["store"].detail


def without_chroma(generation: Path) -> None:
    shutil.rmtree(generation / "chroma")


def without_words(generation: Path) -> None:
    shutil.rmtree(generation / "words")
    WordsWriter(generation).commit()


def with_half_the_matrix(generation: Path) -> None:
    path = generation / "vectors.f16"
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [without_chroma, without_words, with_half_the_matrix])
def test_an_index_that_lost_a_part_is_not_called_sound(
    made_data: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    shutil.copytree(made_data, tmp_path / "copy")
    damage(tmp_path / "copy/generations/1")
    index = checks(tmp_path / "copy", closed_port_url())["index"]
    assert (index.status, "--rebuild" in index.hint) == ("failed", True)


def test_a_server_on_this_machine_is_offered(
    made_data: Path, openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(openai_server.root_url.rpartition(":")[2])
    monkeypatch.setattr("rag.endpoint.servers.KNOWN_PORTS", {port: "Ollama"})
    hint = checks(made_data)["endpoint"].hint
    assert f"LLM_BASE_URL=http://127.0.0.1:{port}/v1" in hint
    assert "LLM_MODEL=tiny" in hint


def test_an_empty_data_folder_is_a_warning(tmp_path: Path) -> None:
    found = checks(tmp_path / "nothing", closed_port_url())
    assert found["store"].status == "warning"
    assert "python -m ingest" in found["store"].hint


def test_a_good_endpoint(made_data: Path, openai_server: OpenAIServer) -> None:
    openai_server.default_reply = finds_the_word
    found = checks(made_data, openai_server.base_url)
    assert {check.status for check in found.values()} == {"ok"}
    assert {"endpoint", "model", "streaming", "context"} <= set(found)
    prompts = [len(request.prompt) for request in openai_server.chats()]
    assert max(prompts) > 3 * 3000  # characters of a prompt that fills 4,096 tokens


@pytest.mark.parametrize("usage", [True, False])
def test_silent_truncation_is_measured(made_data: Path, openai_server: OpenAIServer, *, usage: bool) -> None:
    openai_server.default_reply = lambda request: Reply(finds_the_word(request), usage=usage)
    openai_server.reads_tokens = 2100
    check = checks(made_data, openai_server.base_url)["context"]
    assert check.status == "failed"
    assert "reads 2,048" in check.detail
    assert "LLM_CONTEXT_WINDOW=2048" in check.hint


def test_the_mending_line_fits_the_server() -> None:
    assert "OLLAMA_CONTEXT_LENGTH=8192" in doctor._mend_context("http://localhost:11434/v1", 8192, 4096)
    assert "-c 8192" in doctor._mend_context("http://localhost:8080/v1", 8192, 4096)
    assert "--max-model-len 8192" in doctor._mend_context("http://localhost:8000/v1", 8192, 4096)


def test_a_model_that_follows_nothing_is_no_proof_of_truncation(made_data: Path, openai_server: OpenAIServer) -> None:
    openai_server.default_reply = "I like rivers and mills."
    check = checks(made_data, openai_server.base_url)["context"]
    assert check.status == "warning"
    assert "could not be measured" in check.detail


def test_a_server_that_refuses_long_prompts_says_its_size(made_data: Path, openai_server: OpenAIServer) -> None:
    openai_server.replies += ["One two three.", Fault("context_exceeded")]
    check = checks(made_data, openai_server.base_url)["context"]
    assert check.status == "failed"
    assert "2048" in check.detail


def test_oddities_of_the_endpoint(made_data: Path, openai_server: OpenAIServer) -> None:
    openai_server.default_reply = finds_the_word
    openai_server.models = ["another"]
    openai_server.ignores_stream = True
    found = checks(made_data, openai_server.base_url)
    assert found["model"].status == "warning"
    assert "another" in found["model"].hint
    assert found["streaming"].status == "warning"


def counting(reply: Reply, prompt_tokens: int | None) -> Raw:
    """The stream of a server that counts the prompt so; None: it does not count."""
    delta = {"content": reply.text}
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": reply.finish_reason}]}
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 9, "total_tokens": 9}
    events = [{"choices": [{"index": 0, "delta": delta}]}, end if prompt_tokens is None else {**end, "usage": usage}]
    return Raw("".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n")


@pytest.mark.parametrize("counted", [0, 21])
def test_a_server_that_counts_too_little_still_reads_what_it_finds(
    made_data: Path, openai_server: OpenAIServer, counted: int
) -> None:
    openai_server.default_reply = lambda request: counting(Reply(finds_the_word(request)), counted)
    assert checks(made_data, openai_server.base_url)["context"].status == "ok"


@pytest.mark.parametrize(("counted", "status"), [(3900, "ok"), (1500, "failed"), (None, "warning")])
@pytest.mark.parametrize("thoughts", ["", "<think>The reader asks for"])
def test_a_model_that_thinks_before_its_first_word_is_no_fault(
    made_data: Path, openai_server: OpenAIServer, thoughts: str, counted: int | None, status: str
) -> None:
    def think(request: Request) -> Raw | str:
        if request.body["max_tokens"] > 200:
            return "One two three."
        return counting(Reply(thoughts, finish_reason="length"), counted)

    openai_server.default_reply = think
    found = checks(made_data, openai_server.base_url)
    assert (found["endpoint"].status, found["streaming"].status) == ("ok", "ok")
    assert found["context"].status == status
    assert ("no fault" in found["context"].hint) is (status == "warning")


def test_a_model_is_listed_under_its_latest_tag(made_data: Path, openai_server: OpenAIServer) -> None:
    openai_server.models = ["tiny:latest"]
    assert checks(made_data, openai_server.base_url)["model"].status == "ok"


def test_what_is_timed_is_the_server_and_not_the_first_import(made_data: Path, openai_server: OpenAIServer) -> None:
    script = (
        "import sys, time; from pathlib import Path; from rag import doctor; from rag.settings import Settings\n"
        "class Clock:\n"
        "    @staticmethod\n"
        "    def perf_counter():\n"
        "        print({'rag.endpoint.adapting', 'openai.resources.chat'} <= sys.modules.keys())\n"
        "        return time.perf_counter()\n"
        "doctor.time = Clock\n"
        "list(doctor.check_endpoint(Settings(_env_file=None, llm_base_url=sys.argv[1], llm_model=sys.argv[2])))"
    )
    for name in ("tiny", ""):
        command = [sys.executable, "-c", script, openai_server.base_url, name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert set(done.stdout.split()) == {"True"}


@pytest.mark.parametrize("url", ["closed", "wrong key"])
def test_an_endpoint_that_cannot_be_asked(made_data: Path, openai_server: OpenAIServer, url: str) -> None:
    openai_server.accepted_key = "another"
    found = checks(made_data, closed_port_url() if url == "closed" else openai_server.base_url)
    assert found["endpoint"].status == "failed"
    assert found["endpoint"].hint
    assert "context" not in found
    assert KEY not in str(found)


def test_an_endpoint_of_embeddings_that_is_half_described(made_data: Path) -> None:
    found = checks(made_data, embed_base_url="http://127.0.0.1:9/v1")
    assert found["embeddings"].status == "failed"
    assert "EMBED_MODEL" in found["embeddings"].detail
