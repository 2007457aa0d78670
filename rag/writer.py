"""Lets a model write: its stream split into answer and thoughts, cut where it repeats, judged by how it ended."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from rag.endpoint import ChatModel
from rag.endpoint.chat import CUT, FILTERED, opens_thought
from rag.errors import ModelError
from rag.prompts import Prompt, recites_rules
from rag.repetition import find_repetition
from rag.thoughts import Delta, ThoughtSplitter

_CHECK_EVERY = 80  # characters between two looks for repetition
_MARKERS = r"(?:[ \t]*[\[【][^\]】\n]{1,12}[\]】])*"
_SENTENCE_END = re.compile(rf"[.!?…]{_MARKERS}(?=\s)|[。！？।؟۔]{_MARKERS}|\n(?=\s*(?:[-*|]|\d+[.)]))")
_ENDS_WELL = re.compile(r"[.!?…。！？।؟۔|:：)）\]】」』`*\"'”»]\s*$")

# How servers name the end of an answer: OpenAI's words, and those that others pass on from within.
_WHOLE = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete"}
_CALLED_A_TOOL = {"tool_calls", "tool_use", "function_call"}
_REASON = re.compile(r"[a-z_ -]{1,30}")  # fit to be shown


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote, before its citations are resolved."""

    text: str  # with the model's own markers
    reasoning: str
    refused: bool  # it gave the sign that the papers do not answer
    notice: str  # one sentence where the text is not all that the model wanted to write


class Writer:
    """Writes one answer. Iterate `stream`, then read `draft`."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self._draft: Draft | None = None

    @property
    def draft(self) -> Draft:
        """What was written, once the stream has ended."""
        if self._draft is None:
            raise AssertionError("read the stream to its end first")
        return self._draft

    def stream(self, prompt: Prompt) -> Generator[Delta, None, None]:
        """Text and thoughts as they come. Raises ModelError where no answer can be made of it."""
        splitter = ThoughtSplitter(begins_in_thought=opens_thought(self._model.name))
        finish_reason: str | None = None
        cut: int | None = None
        checked = 0
        with closing(self._model.stream(prompt.messages, max_tokens=prompt.max_tokens)) as pieces:
            for piece in pieces:
                finish_reason = (piece.finish_reason or "").casefold() or finish_reason
                yield from splitter.think(piece.reasoning) if piece.reasoning else ()
                yield from splitter.feed(piece.text)
                written = len(splitter.text) + len(splitter.reasoning)
                if written - checked >= _CHECK_EVERY:
                    checked = written
                    cut = self._stop_at(splitter)
                    if cut is not None:
                        break
        if cut is None:
            yield from splitter.finish()
            cut = find_repetition(splitter.text)
        text, notice = self._judge(splitter, finish_reason, cut, prompt.max_tokens)
        self._draft = Draft(text, splitter.reasoning.strip(), splitter.refused, notice)

    def _stop_at(self, splitter: ThoughtSplitter) -> int | None:
        """Where the text is to be cut, because the model repeats itself. Raises ModelError for what is no answer."""
        if not splitter.text and find_repetition(splitter.reasoning) is not None:
            raise self._repeats()
        if recites_rules(splitter.text):
            raise ModelError(
                f"The model {self._model.name} recited its instructions instead of answering.",
                hint="Ask again, or choose another LLM_MODEL.",
                kind="recited",
            )
        return find_repetition(splitter.text)

    def _judge(
        self, splitter: ThoughtSplitter, finish_reason: str | None, cut: int | None, max_tokens: int
    ) -> tuple[str, str]:
        """The text that is kept, and a notice. Raises ModelError where nothing can be kept."""
        text = splitter.text.strip()
        if splitter.refused:  # what stood around the sign goes with it
            text = text.lstrip(":.,; \n") if any(letter.isalnum() for letter in text) else ""
        if cut is not None:
            kept = _whole_sentences(splitter.text[:cut])
            if len(kept.split()) < 5 or not _ENDS_WELL.search(kept):
                raise self._repeats()
            return kept, f"The model {self._model.name} began to repeat itself and was stopped."
        if recites_rules(text):
            self._stop_at(splitter)
        if finish_reason in _CALLED_A_TOOL:
            raise ModelError(
                f"The model {self._model.name} called a tool, which it does not have, instead of answering.",
                hint="Ask again, or choose another LLM_MODEL.",
                kind="called_a_tool",
            )
        if finish_reason in FILTERED and not text:
            raise ModelError(
                "The endpoint's content filter held the answer back.", hint="Ask in other words.", kind="filtered"
            )
        if not text and not splitter.refused:
            raise self._empty(splitter, finish_reason, max_tokens)
        if finish_reason in CUT:
            return _whole_sentences(
                text
            ), f"The answer was cut at {max_tokens} tokens; raise LLM_CONTEXT_WINDOW for longer ones."
        if finish_reason in FILTERED:
            return _whole_sentences(text), "The endpoint's content filter cut the answer off."
        if finish_reason and finish_reason not in _WHOLE and not splitter.refused:
            said = f" (“{finish_reason}”)" if _REASON.fullmatch(finish_reason) else ""
            return _whole_sentences(text), f"The endpoint broke the answer off{said}; it may not be complete."
        if finish_reason is None and not splitter.refused:
            if not _ENDS_WELL.search(text):
                raise ModelError(
                    "The connection broke off in the middle of the answer.", hint="Ask again.", kind="dropped"
                )
            return text, "The endpoint did not say whether the answer is complete."
        return text, ""

    def _repeats(self) -> ModelError:
        return ModelError(
            f"The model {self._model.name} repeated itself without end.",
            hint="Ask again, or choose another LLM_MODEL.",
            kind="repeated",
        )

    def _empty(self, splitter: ThoughtSplitter, finish_reason: str | None, max_tokens: int) -> ModelError:
        if splitter.reasoning.strip():
            why = f" within {max_tokens} tokens" if finish_reason in CUT else ""
            return ModelError(
                f"The model {self._model.name} only thought and gave no answer{why}.",
                hint="Raise LLM_CONTEXT_WINDOW, switch its thinking off, or choose another LLM_MODEL.",
                kind="only_thoughts",
            )
        if finish_reason is None:
            return ModelError("The endpoint ended its answer before the first word.", hint="Ask again.", kind="empty")
        return ModelError(
            f"The model {self._model.name} gave an empty answer.",
            hint="Ask again, or choose another LLM_MODEL.",
            kind="empty",
        )


def _whole_sentences(text: str) -> str:
    """The text without a last sentence that was cut off; all of it where that would leave nothing."""
    text = text.strip()
    if _ENDS_WELL.search(text):
        return text
    last = next(reversed(list(_SENTENCE_END.finditer(text))), None)
    return text[: last.end()].rstrip() if last else text
