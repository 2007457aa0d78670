"""Looks at each part that can be wrong and says what to do: store, embeddings, and the language model's endpoint.

What is contacted is the configured endpoint; ports of this machine are looked at only where no model is configured.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from rag.chosen_embedder import open_embedder
from rag.embedder import Embedder
from rag.endpoint import Endpoint, find_local_servers
from rag.errors import AskPapersError, ModelError, StoreError
from rag.index import Index, Reading
from rag.prompts import Message, answer_tokens, count_tokens, needle_prompt
from rag.settings import Settings
from rag.short_reply import Heard

Status = Literal["ok", "warning", "failed", "off"]

_NEEDLE = "TURQUOISE-4711"
_SMALLEST = 512  # tokens; a model that does not find the word in so few does not follow the test
_SPARE = 128  # tokens kept for the answer and the chat template
_ANSWER_TOKENS = 64
_REAL_SHARE = 0.6  # of our careful count, at least, that a real tokenizer makes of the test's text


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    status: Status
    detail: str  # what was found, one sentence
    hint: str = ""  # what to do about it


def examine(settings: Settings) -> Iterator[Check]:
    """All checks, each as soon as it is made."""
    embedder: Embedder | None = None
    try:
        embedder = open_embedder(settings)
    except AskPapersError as error:
        yield _failed("embeddings", error)
    if embedder is not None:
        yield check_embeddings(embedder)
    yield from check_store(settings, embedder)
    yield from check_endpoint(settings)


def check_embeddings(embedder: Embedder) -> Check:
    """Embed one sentence."""
    begun = time.perf_counter()
    try:
        vector = embedder.embed_queries(["Which papers are there?"])[0]
    except AskPapersError as error:
        return _failed("embeddings", error)
    took = 1000 * (time.perf_counter() - begun)
    return Check(
        "embeddings", "ok", f"{embedder.identity.model}, {len(vector)} dimensions, first sentence in {took:.0f} ms."
    )


def check_store(settings: Settings, embedder: Embedder | None) -> Iterator[Check]:
    """Open the index, compare its parts and its passport with the catalogue and the embeddings, and search once."""
    try:
        with (
            closing(Index.open(settings.data_dir, chroma_url=settings.chroma_url)) as index,
            index.reading() as reading,
        ):
            counts = reading.counts()
            if not counts.papers or reading.passport is None:
                empty = f"There are no papers in {settings.data_dir} yet."
                yield Check("store", "warning", empty, "Run `python -m ingest PATH` with a saved page of papers.")
                return
            yield Check(
                "store", "ok", f"{counts.papers:,} papers in {counts.chunks:,} chunks, dumps: {counts.dumps:,}."
            )
            if embedder is None:
                return
            reading.passport.check(embedder.identity)
            yield _check_index(reading, embedder)
    except AskPapersError as error:
        yield _failed("store", error)


def _check_index(reading: Reading, embedder: Embedder) -> Check:
    """Compare vectors and words with the catalogue, and search once."""
    try:
        reading.check_files()
        found = reading.nearest_chunks(embedder.embed_queries(["papers"])[0], 1)
    except StoreError as error:
        return _failed("index", error)
    if not found:
        return Check("index", "failed", "Search finds nothing in it.", "Run `python -m ingest --rebuild`.")
    fault = reading.fault_of_server()
    if fault is not None:
        meanwhile = "Search answers from the copy in the data folder, more slowly where papers are many."
        return Check("index", "warning", f"{fault.message} {meanwhile}", fault.hint)
    return Check("index", "ok", "It was made with these embeddings, it is whole, and search answers.")


def check_endpoint(settings: Settings) -> Iterator[Check]:
    """Reach the model, see that it is known, that it streams, and how much it really reads."""
    if not settings.has_model:
        yield _no_model(settings)
        return
    with closing(Endpoint(settings)) as endpoint:
        offered = _offered(endpoint)
        answer = _time_answer(endpoint)
        if isinstance(answer, ModelError):
            yield _failed("endpoint", answer)
            return
        yield Check("endpoint", "ok", f"{endpoint.name} at {endpoint.place.shown} answers.")
        if not settings.llm_model:
            yield Check(
                "model",
                "ok",
                f"LLM_MODEL is not set, so the first model that the server lists is used: {endpoint.name}.",
                f"It lists: {', '.join((offered or ())[:8])}.",
            )
        elif offered is not None and not {settings.llm_model, f"{settings.llm_model}:latest"} & {*offered}:
            listed = ", ".join(offered[:8])
            yield Check(
                "model",
                "warning",
                f"The server answers, but does not list {settings.llm_model}.",
                f"It lists: {listed}.",
            )
        elif offered is not None:
            yield Check("model", "ok", f"The server lists {settings.llm_model}.")
        yield answer.as_check()
        yield check_context(endpoint)


@dataclass(frozen=True, slots=True)
class _Timed:
    """How a short answer came."""

    first: float  # seconds to the first piece
    pieces: int
    thinks: bool

    def as_check(self) -> Check:
        thinks = " It prints its thoughts; they are shown folded." if self.thinks else ""
        if self.pieces > 1:
            return Check("streaming", "ok", f"It streams; the first word came after {self.first:.1f} s.{thinks}")
        return Check(
            "streaming",
            "warning",
            f"The answer came in one piece after {self.first:.1f} s.{thinks}",
            "Answers appear only when they are complete; a server that streams feels faster.",
        )


def _time_answer(endpoint: Endpoint) -> _Timed | ModelError:
    ask = (Message("user", "Count from one to ten in words."),)
    most = answer_tokens(endpoint.context_window)  # as for an answer: some models think unseen before their first word
    first, pieces, thinks = 0.0, 0, False
    try:
        endpoint.settle_name()
        endpoint.warm_up()
        begun = time.perf_counter()
        with closing(endpoint.stream(ask, max_tokens=most)) as stream:
            for piece in stream:
                if piece.text or piece.reasoning:
                    first = first or time.perf_counter() - begun
                    pieces += 1
                    thinks = thinks or bool(piece.reasoning) or "<think" in piece.text
                if pieces == _ANSWER_TOKENS:
                    break
    except ModelError as error:
        return error
    if not pieces:
        return ModelError(
            f"The model {endpoint.name} gave an empty answer.", hint="Choose another LLM_MODEL.", kind="empty"
        )
    return _Timed(first, pieces, thinks)


def check_context(endpoint: Endpoint) -> Check:
    """A word at the head of a prompt of LLM_CONTEXT_WINDOW tokens, then of a half and a quarter where it gets lost."""
    window = endpoint.context_window
    try:
        if _finds_needle(endpoint, window):
            return Check(
                "context", "ok", f"It reads a prompt that fills LLM_CONTEXT_WINDOW ({window:,} tokens) from its head."
            )
        size = window // 2
        while size >= _SMALLEST and not _finds_needle(endpoint, size):
            size //= 2
    except ModelError as error:
        if error.kind == "context":
            return Check("context", "failed", error.message, error.hint)
        return Check("context", "warning", f"How much it reads could not be measured: {error.message}", error.hint)
    if size < _SMALLEST:
        return Check(
            "context",
            "warning",
            f"How much it reads could not be measured: {endpoint.name} does not name a word of a short prompt either, "
            f"within {_ANSWER_TOKENS} tokens.",
            "That is no fault of a model that thinks first. Else one that follows instructions better answers better.",
        )
    return Check(
        "context",
        "failed",
        f"It silently cuts the head off long prompts: of {window:,} tokens (LLM_CONTEXT_WINDOW) it reads {size:,}.",
        _mend_context(endpoint.base_url, window, size),
    )


def _finds_needle(endpoint: Endpoint, size: int) -> bool:
    """Whether a word at the head of a prompt of about `size` tokens is known at its end. Raises ModelError.

    Of a model that is still thinking when its answer is cut, the server's count tells how much it read. Some servers
    count nothing, or only what they had not read before, so that a count never tells against the word.
    """
    messages = needle_prompt(_NEEDLE, _filler(size - _SPARE - count_tokens(needle_prompt(_NEEDLE, "")[0].content)))
    heard = Heard(endpoint)
    said, read = "", 0
    with closing(endpoint.stream(messages, max_tokens=_ANSWER_TOKENS)) as pieces:
        for piece in pieces:
            heard.take(piece)
            said += piece.reasoning + piece.text
            read = piece.prompt_tokens or read
    if _NEEDLE.casefold() in said.casefold() or _NEEDLE.split("-")[1] in said:
        return True
    return not heard.end() and read >= _REAL_SHARE * count_tokens(messages[0].content)


def _filler(tokens: int) -> str:
    """Numbered lines of plain words, at most `tokens` by our careful count."""
    lines: list[str] = []
    left = tokens
    for number in range(1, tokens):
        line = f"Line {number}: the river runs past the mill, and the miller counts the sacks of the day."
        left -= count_tokens(line) + 1
        if left < 0:
            break
        lines.append(line)
    return "\n".join(lines)


def _mend_context(base_url: str, window: int, size: int) -> str:
    """The line that makes the server read more, by the port it listens on."""
    otherwise = f"or set LLM_CONTEXT_WINDOW={size}."
    if ":11434" in base_url:
        return f"Start Ollama with `OLLAMA_CONTEXT_LENGTH={window} ollama serve`, {otherwise}"
    if ":8080" in base_url:
        return f"Start llama.cpp with `llama-server -c {window}`, {otherwise}"
    if ":8000" in base_url:
        return f"Start vLLM with `--max-model-len {window}`, {otherwise}"
    if ":1234" in base_url:
        return f"Raise the context length of the model in LM Studio to {window}, {otherwise}"
    return f"Start the server with a context of {window} tokens, {otherwise}"


def _offered(endpoint: Endpoint) -> tuple[str, ...] | None:
    """The models that the server lists; None where it lists none."""
    try:
        return endpoint.models()
    except ModelError:
        return None


def _no_model(settings: Settings) -> Check:
    servers = [server for server in find_local_servers() if server.models]
    detail = "No language model is configured; answers are made of the papers' own sentences."
    hint = "That is all right. For written answers set LLM_BASE_URL to a server."
    if servers:
        first = servers[0]
        hint = (
            f"{first.name} runs on this machine: set LLM_BASE_URL={first.base_url} and LLM_MODEL={first.models[0]}"
            + (f" (or {', '.join(first.models[1:6])})." if len(first.models) > 1 else ".")
        )
    return Check("endpoint", "off", detail, hint)


def _failed(name: str, error: AskPapersError) -> Check:
    return Check(name, "failed", error.message, error.hint)
