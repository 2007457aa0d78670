"""Follow-up questions: recognised, made understandable alone, and answered from the right paper."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from rag.conversation import cited_papers, standalone_question, topics_of
from rag.corpus import Turn
from rag.embedder import Embedder
from rag.endpoint import Endpoint
from rag.index import Index
from rag.prompts import Message
from rag.questions.follow_ups import is_follow_up
from rag.search import search
from rag.settings import Settings
from rag.short_reply import short_reply
from tests.answering import embedder
from tests.openai_server import Fault, OpenAIServer, Reply, Script

__all__ = ["embedder"]

HISTORY = (
    Turn("user", "Which optimizer keeps only the momentum?"),
    Turn("assistant", "That is TinyState, which takes the sign of the momentum as its step [1].", cited=("a", "b")),
)


@pytest.mark.parametrize(
    "question",
    [
        "And how much memory does it save?",
        "Does it converge?",
        "What about memory?",
        "Why?",
        "Which datasets?",
        "How does its speed compare with Adam?",
        "How much faster is that than Adam?",
        "Are they tested on reinforcement learning?",
        "What do the authors say about noise?",
        "Under what conditions does this fail?",
        "Und wie schnell ist das?",
    ],
)
def test_questions_that_lean_on_what_was_said(question: str) -> None:
    assert is_follow_up(question, HISTORY)
    assert "TinyState" in standalone_question(question, HISTORY)
    assert standalone_question(question, HISTORY).startswith(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is KIVI?",
        "Which papers quantise the keys and values of attention?",
        "Does Adam converge, and when does it not?",
        "How do people adapt state spaces to graphs, and how do their ways of ordering nodes differ?",
        "Is there a proof that gradient descent learns what score matching needs?",
        "Has anybody trained a model on its own outputs?",
        "Is direct feedback alignment ever worth it over backpropagation?",
    ],
)
def test_questions_that_stand_alone(question: str) -> None:
    assert not is_follow_up(question, HISTORY)
    assert standalone_question(question, HISTORY) == question


def test_without_history_nothing_is_a_follow_up() -> None:
    assert standalone_question(" And how does it work? ", ()) == "And how does it work?"
    assert not is_follow_up("Why?", (Turn("user", "  "),))


def test_topics_are_names_first_and_none_twice() -> None:
    topics = topics_of(HISTORY, without="And the momentum?")
    assert topics[0] == "TinyState"
    assert "momentum" not in [topic.casefold() for topic in topics]
    assert len(topics) == len(set(topics))


def test_an_answer_that_refuses_names_no_topics_and_one_that_counts_only_papers() -> None:
    asked = Turn("user", "Who bakes rye bread?")
    refused = Turn(
        "assistant", "The papers hold nothing about this. The nearest are: “GlowNet: Lamps”; “Heat in BigOven”."
    )
    assert topics_of((asked, refused)) == ["bakes", "rye", "bread"]
    doubtful = Turn("assistant", f"It seems that t{refused.content[1:]}")
    assert topics_of((asked, doubtful)) == ["bakes", "rye", "bread"]
    rule = "2 of 9 papers. Counted: papers whose title or abstract holds “BigOven”. The best match comes first."
    counted = Turn(
        "assistant", f"{rule}\n\n“GlowNet: Lamps”: Recently, lamps glow [1].\n\n“Crumbs”: Mostly, LoafBot bakes [2]."
    )
    topics = topics_of((Turn("user", "How many papers mention lamps?"), counted))
    assert topics == ["GlowNet", "Lamps", "LoafBot", "many"]


def test_the_latest_cited_papers_come_first() -> None:
    later = (*HISTORY, Turn("user", "Why?"), Turn("assistant", "Because [1].", cited=("c", "a")))
    assert cited_papers(later) == ("c", "a", "b")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("How much memory does TinyState save?", "How much memory does TinyState save?"),
        ('Rewritten question: "How much does TinyState save?"', "How much does TinyState save?"),
        ("<think>It is TinyState.</think>\nHow much does TinyState save?", "How much does TinyState save?"),
        ("[THINK]It is TinyState.[/THINK]How much does TinyState save?", "How much does TinyState save?"),
        (
            "<|channel|>analysis<|message|>It is a mill.<|end|><|start|>assistant<|channel|>final<|message|>"
            "How much does TinyState save?<|return|>",
            "How much does TinyState save?",
        ),
        ("How much does TinyState save?<|im_end|>", "How much does TinyState save?"),
        ("How much does TinyState save?\n\n(“It” was the optimizer.)", "How much does TinyState save?"),
        ("Sure! Here is the rewritten question:\nHow much does TinyState save?", "How much does TinyState save?"),
        ("Here's the question: how much TinyState saves\n\nIs that right?", "how much TinyState saves"),
        (
            "Last question: And how much does it save?\nRewritten question: How much does TinyState save?",
            "How much does TinyState save?",
        ),
        ("TinyState 能省多少内存？\n（“它”指 TinyState。）", "TinyState 能省多少内存？"),
        (Reply("How much does TinyState save?", reasoning="It is TinyState."), "How much does TinyState save?"),
    ],
)
def test_a_model_rewrites_in_one_short_request(openai_server: OpenAIServer, reply: Script, expected: str) -> None:
    openai_server.replies.append(reply)
    settings = Settings(llm_base_url=openai_server.base_url, llm_model="tiny", _env_file=None)
    with closing(Endpoint(settings)) as model:
        assert standalone_question("And how much does it save?", HISTORY, model) == expected
    assert len(openai_server.chats()) == 1
    assert openai_server.chats()[0].body["max_tokens"] <= 200


@pytest.mark.parametrize(
    "reply",
    [
        Fault("server_error"),
        "",
        "<think>never closed",
        Reply(pieces=["a "], endless=True),
        Reply("[THINK]The reader wants to know about the mill and", finish_reason="length"),
        Reply("Okay, the reader asks a follow-up.\nDoes it save grain? The mill sto", finish_reason="length"),
        Reply(reasoning="The reader wants to know", finish_reason="length"),
        "I'm sorry, but I can't help with that.",
        "The river runs past a mill.",
    ],
)
def test_a_failed_rewriting_falls_back_to_topics(openai_server: OpenAIServer, reply: Script) -> None:
    openai_server.replies += [reply, reply]
    settings = Settings(llm_base_url=openai_server.base_url, llm_model="tiny", _env_file=None)
    with closing(Endpoint(settings, pause=0.01)) as model:
        question = standalone_question("And how much does it save?", HISTORY, model)
    assert question.startswith("And how much does it save? (TinyState")


def test_a_thought_that_the_template_opened_is_no_question(openai_server: OpenAIServer) -> None:
    openai_server.replies += ["The reader means TinyState.</think>How much does TinyState save?"]
    openai_server.replies += [Reply("[5] is about mills, [3] is about rivers, so", finish_reason="length")]
    settings = Settings(llm_base_url=openai_server.base_url, llm_model="mill-r1", _env_file=None)
    with closing(Endpoint(settings)) as model:
        rewritten = standalone_question("And how much does it save?", HISTORY, model)
        assert rewritten == "How much does TinyState save?"
        assert short_reply(model, (Message("user", "Which first?"),), max_tokens=50, seconds=30) == ""


def test_real_follow_ups_find_the_right_paper_first(shared: Path, real_index: Path, embedder: Embedder) -> None:
    lines = (shared / "eval" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [line for line in map(json.loads, lines) if line["kind"] == "followup"]
    first = 0
    with closing(Index.open(real_index)) as index, index.reading() as reading:
        for line in asked:
            history = [Turn(turn["role"], turn["content"]) for turn in line["history"]]
            question = standalone_question(line["question"], history)
            hits = search(reading, embedder, question, k=1, history=history)
            first += hits[0].paper.title in line["relevant"]
    assert first >= len(asked) - 1
