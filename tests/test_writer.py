"""A model's stream made into a draft: thoughts apart, repetition cut, endings judged, the sign of a refusal seen."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.endpoint import Piece
from rag.errors import ModelError
from rag.prompts import NO_ANSWER, Message, Prompt, answer_prompt
from rag.thoughts import ThoughtSplitter
from rag.writer import Draft, Writer
from tests.answering import evidence_of, paper

EVIDENCE = evidence_of(paper("TinyState: One Momentum Is Enough"))
PROMPT = answer_prompt("Which optimizer?", EVIDENCE, context_window=4096)


class Scripted:
    """A ChatModel that says what it is told."""

    context_window = 4096

    def __init__(self, *pieces: str | Piece, name: str = "tiny", finish_reason: str | None = "stop") -> None:
        self.name = name
        self.given = 0
        self._pieces = [piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces]
        self._end = Piece(finish_reason=finish_reason)

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Generator[Piece, None, None]:
        """The script."""
        for piece in [*self._pieces, self._end]:
            self.given += 1
            yield piece


def write(model: Scripted, prompt: Prompt = PROMPT) -> tuple[Draft, str, str]:
    """The draft, and what a reader saw of text and thoughts while it came."""
    writer = Writer(model)
    text = reasoning = ""
    for delta in writer.stream(prompt):
        text = delta.text if delta.retract else text + delta.text
        reasoning += delta.reasoning
    return writer.draft, text, reasoning


@pytest.mark.parametrize(
    ("content", "text", "reasoning"),
    [
        ("<think>Hm.</think>It adapts.", "It adapts.", "Hm."),
        ("<think>\nHm.\n</think>\n\nIt adapts.", "It adapts.", "\nHm.\n"),
        ("<thinking>Hm.</thinking> It adapts.", "It adapts.", "Hm."),
        ("<THINK>Hm.</THINK>It adapts.", "It adapts.", "Hm."),
        ("Hm, so.</think>It adapts.", "It adapts.", "Hm, so."),
        ("It adapts.<think>Is that so?</think> Yes.", "It adapts. Yes.", "Is that so?"),
        ("<think>a</think>b<think>c</think>d", "bd", "ac"),
        ("◁think▷Hm.◁/think▷It adapts.", "It adapts.", "Hm."),
        (
            "<|channel|>analysis<|message|>Hm.<|start|>assistant<|channel|>final<|message|>It adapts.",
            "It adapts.",
            "Hm.",
        ),
        ("It adapts.<|im_end|>", "It adapts.", ""),
        ("[THINK]Hm.[/THINK]It adapts.", "It adapts.", "Hm."),
        ("<seed:think>Hm.</seed:think>It adapts.", "It adapts.", "Hm."),
        (
            "<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>It adapts.<|END_RESPONSE|>",
            "It adapts.",
            "Hm.",
        ),
        ("<think>Hm.</think>\n<answer>It adapts.</answer>", "It adapts.", "Hm."),
        ("It begins with `<think>` [1]. It adapts.", "It begins with `<think>` [1]. It adapts.", ""),
        ("All before `x </think>` goes [1].", "All before `x </think>` goes [1].", ""),
        ('Tags as "<think>" and "</think>" help.', 'Tags as "<think>" and "</think>" help.', ""),
        ("So:\n```\n<think>\n```\nIt adapts.", "So:\n```\n<think>\n```\nIt adapts.", ""),
        ("<think>Close it by `</think>`, as `x`.</think>It adapts.", "It adapts.", "Close it by `</think>`, as `x`."),
        ('<think>It is "x"</think>It adapts.', "It adapts.", 'It is "x"'),
        ("It is in blogs, not in papers [1].", "It is in blogs, not in papers [1].", ""),
        ("a < b and <thesis> stays", "a < b and <thesis> stays", ""),
    ],
)
def test_thoughts_are_kept_apart(content: str, text: str, reasoning: str) -> None:
    for size in (1, 2, 3, 7, 1000):
        pieces = [content[start : start + size] for start in range(0, len(content), size)]
        draft, shown, thought = write(Scripted(*pieces))
        assert (draft.text, shown, thought) == (text, text, reasoning)


def test_an_unclosed_thought_is_no_answer() -> None:
    with pytest.raises(ModelError) as caught:
        write(Scripted("<think>Let me see, the paper says", finish_reason="length"))
    assert caught.value.kind == "only_thoughts"


def test_a_model_whose_template_opens_the_thought_streams_it_as_thought() -> None:
    draft, text, thought = write(Scripted("Hm, ", "so.", "</think>", "It adapts.", name="deepseek-r1:8b"))
    assert (draft.text, text, thought) == ("It adapts.", "It adapts.", "Hm, so.")


def test_such_a_model_may_also_answer_at_once() -> None:
    draft, text, _ = write(Scripted("It adapts.", name="deepseek-r1:8b"))
    assert (draft.text, text) == ("It adapts.", "It adapts.")
    draft, text, thought = write(Scripted(Piece(reasoning="Hm."), "It adapts.", name="deepseek-r1:8b"))
    assert (draft.text, text, thought) == ("It adapts.", "It adapts.", "Hm.")


@given(
    parts=st.lists(
        st.sampled_from(
            [
                *("<think>", "</think>", "<", "thi", "a b", NO_ANSWER, "NOT_IN", "_PAPER", "S", "</s>", "\n"),
                *("`", "```\n", '"', "not in papers", ".", " ", "[THINK]"),
            ]
        ),
        max_size=10,
    ),
    size=st.integers(1, 9),
)
@settings(max_examples=100, deadline=None)
def test_where_thoughts_are_cut_does_not_matter(parts: list[str], size: int) -> None:
    content = "".join(parts)

    def split(step: int) -> tuple[str, str, bool]:
        splitter = ThoughtSplitter()
        for start in range(0, len(content), step):
            list(splitter.feed(content[start : start + step]))
        list(splitter.finish())
        return splitter.text, splitter.reasoning, splitter.refused

    assert split(size) == split(1000)


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (NO_ANSWER, True),
        (f"`{NO_ANSWER}`", True),
        ("NOT IN PAPERS", True),
        ("NOT_IN_PAPER", True),
        ("NOT\\_IN\\_PAPER.", True),
        ("Not in paper.", True),
        ("NOT_IN_PAPERWORK", False),
        ("**Not in papers.**", True),
        ("<think>Hm.</think>Not in papers.\n", True),
        ("It is new, not in papers.", False),
        ("Not in papers but in blogs.", False),
    ],
)
def test_the_sign_for_no_answer_stands_alone_unless_it_is_in_capitals(content: str, refused: bool) -> None:
    for size in (1, 5, 1000):
        splitter = ThoughtSplitter()
        for start in range(0, len(content), size):
            list(splitter.feed(content[start : start + size]))
        list(splitter.finish())
        assert splitter.refused is refused


LOOP = "The method is fast and the method is fast and "


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("TinyState needs less memory than Adam does [1]. " + "It is fast [1]. " * 30, "TinyState needs less memory"),
        ("TinyState keeps one momentum for each weight [1]. " + "ha " * 100, "TinyState keeps one momentum"),
        (
            "TinyState keeps one momentum for each weight of the network [1]. It is good. "
            "TinyState keeps one momentum for each weight of the network [1]. It is great. "
            "TinyState keeps one momentum for each weight of the network [1]. ",
            "TinyState keeps one momentum for each weight of the network [1].",
        ),
    ],
)
def test_repetition_is_cut_and_said(text: str, kept: str) -> None:
    model = Scripted(*[text[start : start + 5] for start in range(0, len(text), 5)], *["again and again "] * 500)
    draft, _, _ = write(model)
    assert draft.text.startswith(kept)
    assert draft.text.count("TinyState") == 1
    assert "repeat itself" in draft.notice
    assert model.given < 300


@pytest.mark.parametrize("loop", ["word ", LOOP, " ", "\n", "[1]"])
def test_nothing_but_repetition_is_no_answer(loop: str) -> None:
    with pytest.raises(ModelError) as caught:
        write(Scripted(*[loop] * 400))
    assert caught.value.kind in {"repeated", "empty"}


def test_endless_thoughts_are_stopped() -> None:
    model = Scripted("<think>", *["Wait, let me think about that again. "] * 500)
    with pytest.raises(ModelError) as caught:
        write(model)
    assert caught.value.kind == "repeated"
    assert model.given < 100


@pytest.mark.parametrize(
    ("finish_reason", "content", "text", "notice"),
    [
        ("stop", "It adapts [1].", "It adapts [1].", ""),
        ("length", "It adapts [1]. And then it", "It adapts [1].", "was cut at"),
        (None, "It adapts [1].", "It adapts [1].", "whether the answer is complete"),
        ("MAX_TOKENS", "It adapts [1]. And then it", "It adapts [1].", "was cut at"),
        ("content_filter", "It adapts [1]. And then it", "It adapts [1].", "content filter cut"),
        ("error", "It adapts [1]. And then it", "It adapts [1].", "broke the answer off (“error”)"),
        ("abort", "It adapts [1].", "It adapts [1].", "may not be complete"),
        ("![x](http://e.example)", "It adapts [1].", "It adapts [1].", "broke the answer off;"),
        ("eos_token", "It adapts [1].", "It adapts [1].", ""),
        (
            "length",
            "它少 47 %。[1] 它从 56 GB 缩小到 15 GB。[2] 优化器",
            "它少 47 %。[1] 它从 56 GB 缩小到 15 GB。[2]",
            "was cut at",
        ),
        ("length", "少ない。【1】 小さい。【2】 これ", "少ない。【1】 小さい。【2】", "was cut at"),
        ("length", "यह कम है। [1] और यह", "यह कम है। [1]", "was cut at"),
        (None, "यह कम है।", "यह कम है।", "whether the answer is complete"),
        (None, "هل هو أسرع؟", "هل هو أسرع؟", "whether the answer is complete"),
        (None, "它叫「它」", "它叫「它」", "whether the answer is complete"),
        (None, "少 47 % 【1】", "少 47 % 【1】", "whether the answer is complete"),
        (None, "少 47 %（论文 1）", "少 47 %（论文 1）", "whether the answer is complete"),
        (None, "Il s'appelle « Weir »", "Il s'appelle « Weir »", "whether the answer is complete"),
    ],
)
def test_how_a_stream_ends_is_judged(finish_reason: str | None, content: str, text: str, notice: str) -> None:
    draft, _, _ = write(Scripted(content, finish_reason=finish_reason))
    assert draft.text == text
    assert notice in draft.notice
    assert bool(notice) == bool(draft.notice)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (Scripted("It adapts the", finish_reason=None), "dropped"),
        (Scripted(finish_reason=None), "empty"),
        (Scripted(""), "empty"),
        (Scripted("  \n"), "empty"),
        (Scripted(finish_reason="content_filter"), "filtered"),
        (Scripted("Let me look.", finish_reason="tool_calls"), "called_a_tool"),
        (Scripted("You answer questions about research papers, using only the papers you are given. I"), "recited"),
    ],
)
def test_what_is_no_answer(model: Scripted, kind: str) -> None:
    with pytest.raises(ModelError) as caught:
        write(model)
    assert caught.value.kind == kind
    assert caught.value.hint


@pytest.mark.parametrize(
    "sign", [NO_ANSWER, "NOT IN PAPERS", f"{NO_ANSWER}.", f"  {NO_ANSWER}\n", "not_in_papers", "NOT_IN_PAPER"]
)
def test_the_sign_of_a_refusal_is_never_shown(sign: str) -> None:
    draft, shown, _ = write(Scripted(*sign))
    assert draft.refused
    assert "PAPER" not in (draft.text + shown).upper()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (f"{NO_ANSWER}.", ""),
        (f"`{NO_ANSWER}`", ""),
        (f"**{NO_ANSWER}**\n", ""),
        (f"```\n{NO_ANSWER}\n```", ""),
        (f"{NO_ANSWER}: they speak of rivers [1].", "they speak of rivers [1]."),
        (f"{NO_ANSWER}.\n\n[1] speaks of rivers.", "[1] speaks of rivers."),
    ],
)
def test_what_stands_around_the_sign_of_a_refusal_goes_with_it(content: str, text: str) -> None:
    draft, _, _ = write(Scripted(*content))
    assert (draft.text, draft.refused) == (text, True)
