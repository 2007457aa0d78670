"""Splits what a model streams into its answer and its thoughts, whichever way the model marks them.

`<think>...</think>` and its relatives, also unclosed (then nothing of it is an answer), also without the opening tag
(then everything before the closing one was thought, and what was given out is taken back), and the channels of
gpt-oss where a server passes them on raw. `NOT_IN_PAPERS`, also without its last letter, and leftover signs of chat
templates are taken out as well. A sign that the answer only quotes, in code or in quotation marks, is part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.prompts import NO_ANSWER

_TAGS = ("think", "thinking", "thought", "thoughts", "reasoning", "reflection")
_OPENING = (
    *(f"<{tag}>" for tag in _TAGS),
    "◁think▷",
    "[think]",
    "<seed:think>",
    "<|start_thinking|>",
    "<|begin_of_thought|>",
    "<|channel|>analysis<|message|>",
    "<|channel|>commentary<|message|>",
)
_CLOSING = (
    *(f"</{tag}>" for tag in _TAGS),
    "◁/think▷",
    "[/think]",
    "</seed:think>",
    "<|end_thinking|>",
    "<|end_of_thought|>",
    "<|start|>assistant<|channel|>final<|message|>",
    "<|channel|>final<|message|>",
)
_LEFTOVERS = (
    "<|im_end|>",
    "<|eot_id|>",
    "<|end|>",
    "<|endoftext|>",
    "<|return|>",
    "<|end_of_text|>",
    "</s>",
    "<end_of_turn>",
    "<|start_response|>",
    "<|end_response|>",
    "<|begin_of_solution|>",
    "<|end_of_solution|>",
    "<answer>",
    "</answer>",
)
_NO_ANSWER = (NO_ANSWER.casefold(), NO_ANSWER.casefold().removesuffix("s"))  # small models lose the last letter
_REFUSALS_IN_WORDS = tuple(sign.replace("_", " ") for sign in _NO_ANSWER)
_SIGNS = {
    **dict.fromkeys(_OPENING, "open"),
    **dict.fromkeys(_CLOSING, "close"),
    **dict.fromkeys(_LEFTOVERS, "nothing"),
    **dict.fromkeys((*_NO_ANSWER, *_REFUSALS_IN_WORDS), "refusal"),
    **dict.fromkeys((sign.replace("_", "\\_") for sign in _NO_ANSWER), "refusal"),
}
_FIRST_LETTERS = frozenset(sign[0] for sign in _SIGNS)
_TICKS = re.compile(r"(?<!`)`{1,2}(?!`)")  # those of code within a line
_QUOTATION_MARKS = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»"}
_DRESS = " \t*_>\"'“"  # may stand before words that are a line of their own
_END_OF_LINE = re.compile(r"[ \t.!*_\"'”]*(?P<end>\n)?")


@dataclass(frozen=True, slots=True)
class Delta:
    """What is new."""

    text: str = ""  # of the answer
    reasoning: str = ""
    retract: bool = False  # all text given out before was no answer; it comes again as reasoning


class ThoughtSplitter:
    """Feed it a model's content as it comes. The result does not depend on where it was cut."""

    def __init__(self, *, begins_in_thought: bool = False) -> None:
        """`begins_in_thought`: the model's template opens the thought, so that only its end is seen."""
        self._buffer = ""
        self._thinking = begins_in_thought
        self._assumed = begins_in_thought  # thinking without having seen an opening tag
        self._text: list[str] = []  # given out as answer so far
        self._reasoning: list[str] = []
        self._line = ""  # what was given out of the current line
        self._in_block = False  # the current line stands in a block of code of the answer
        self.refused = False  # the sign for "not in the papers" came

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._text)

    @property
    def reasoning(self) -> str:
        """The thoughts so far."""
        return "".join(self._reasoning)

    def feed(self, content: str) -> Iterator[Delta]:
        """What is certain now."""
        self._buffer += content
        return self._split(final=False)

    def _split(self, *, final: bool) -> Iterator[Delta]:
        while self._buffer:
            start = self._next_sign()
            if start:
                yield from self._give(self._buffer[:start])
                self._buffer = self._buffer[start:]
                continue
            sign = self._sign_here()
            if sign is None and not final:
                return
            is_meant = self._is_meant(sign, final=final) if sign else False
            if is_meant is None:
                return
            length = len(sign) if sign else 1
            if sign and is_meant:
                yield from self._take(sign)
            else:
                yield from self._give(self._buffer[:length])
            self._buffer = self._buffer[length:]

    def think(self, reasoning: str) -> Iterator[Delta]:
        """Thoughts that the server keeps apart."""
        if self._assumed:  # then the content holds no thoughts of its own
            self._assumed = self._thinking = False
        if reasoning:
            self._reasoning.append(reasoning)
            yield Delta(reasoning=reasoning)

    def finish(self) -> Iterator[Delta]:
        """The rest. Where a thought was only assumed and never ended, it was the answer."""
        yield from self._split(final=True)
        if self._assumed and self._thinking:
            self._thinking = self._assumed = False
            text = self.reasoning
            self._reasoning.clear()
            yield from self._give(text)

    def _next_sign(self) -> int:
        """Where something begins that is or may become a sign; the buffer's length where nothing does."""
        folded = self._buffer.casefold()
        if len(folded) != len(self._buffer):  # a letter whose folded form is longer; signs have none of them
            folded = self._buffer.lower() if len(self._buffer.lower()) == len(self._buffer) else self._buffer
        for position, letter in enumerate(folded):
            if letter not in _FIRST_LETTERS:
                continue
            rest = folded[position : position + 60]
            if any(rest.startswith(sign) or sign.startswith(rest) for sign in _SIGNS):
                return position
        return len(self._buffer)

    def _sign_here(self) -> str | None:
        """The sign at the buffer's start; None where it is not whole yet."""
        folded = self._buffer.casefold()
        return max((sign for sign in _SIGNS if folded.startswith(sign)), key=len, default=None)

    def _is_meant(self, sign: str, *, final: bool) -> bool | None:
        """Whether the sign at the buffer's start is one, and not quoted or part of a sentence; None: wait for more."""
        rest = self._buffer[len(sign) :]
        if _SIGNS[sign] == "refusal":
            if sign + "s" in _SIGNS and not (final or rest):  # the last letter may still come
                return None
            if sign + "s" in _SIGNS and rest[:1].isalnum():
                return False
            if sign not in _REFUSALS_IN_WORDS or self._buffer.startswith(sign.upper()):
                return True
            end = _END_OF_LINE.match(rest)
            if self._line.strip(_DRESS) or end is None:
                return False
            return True if end["end"] else None if end.end() == len(rest) and not final else end.end() == len(rest)
        in_block = self._in_block and not self._thinking and _SIGNS[sign] != "nothing"
        if in_block or len(_TICKS.findall(self._line)) % 2:
            return False
        closing = _QUOTATION_MARKS.get(self._line[-1:])
        if closing is None or self._thinking:
            return True
        return None if not rest and not final else not rest.startswith(closing)

    def _take(self, sign: str) -> Iterator[Delta]:
        if _SIGNS[sign] in ("open", "close"):
            self._line, self._in_block = "", False
        match _SIGNS[sign]:
            case "open":
                self._thinking, self._assumed = True, False
            case "close" if self._thinking:
                self._thinking = self._assumed = False
            case "close":
                shown = self.text
                self._text.clear()
                self._reasoning.append(shown)
                yield Delta(reasoning=shown, retract=True)
            case "refusal" if not self._thinking:
                self.refused = True

    def _give(self, content: str) -> Iterator[Delta]:
        if not content:
            return
        *lines, last = (self._line + content).split("\n")
        self._in_block ^= sum(line.lstrip().startswith(("```", "~~~")) for line in lines) % 2 == 1
        self._line = last
        if self._thinking:
            self._reasoning.append(content)
            yield Delta(reasoning=content)
            return
        if not self._text:
            content = content.lstrip()
            if not content:
                return
        self._text.append(content)
        yield Delta(text=content)
