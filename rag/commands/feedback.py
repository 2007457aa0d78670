"""`rag feedback`: answers that were marked good or bad on the page; the good ones are questions for `rag eval`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.commands.conversations import open_conversations
from rag.commands.shapes import write_json
from rag.commands.terminal import bold, faint, printable, say, wrap

if TYPE_CHECKING:
    from rag.conversations import Conversations, Feedback
    from rag.corpus import Answer, Turn
    from rag.settings import Settings

_WORDS = {"good": "good", "bad": "bad "}


@dataclass(frozen=True, slots=True)
class Rated:
    """An answer and what the reader thought of it."""

    exchange_id: str
    feedback: Feedback
    history: tuple[Turn, ...]
    answer: Answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which ones."""
    parser.add_argument("--bad", action="store_true", help="those marked bad, which no paper is known to answer")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print them, oldest conversation first; with --json as a file of questions."""
    wanted = ("bad",) if arguments.bad else ("good",) if arguments.json else ("good", "bad")
    found = [one for one in rated(open_conversations(settings)) if one.feedback in wanted]
    for one in found:
        if arguments.json:
            write_json(as_question(one))
        else:
            print(f"{bold(_WORDS[one.feedback])}  {printable(one.answer.question)}")
            print(faint(wrap(one.answer.text.partition("\n")[0][:300], indent="      ")))
    if not found:
        say(f"No answer has been marked {' or '.join(wanted)}.")
    return 0


def rated(store: Conversations) -> Iterator[Rated]:
    """Every marked answer of every conversation, each with what was said before it."""
    from rag.conversation import as_turns

    for kept in reversed(store.listed(limit=-1)):
        before: list[Answer] = []
        for exchange in store.exchanges(kept.conversation_id):
            if exchange.answer is None:
                continue
            if exchange.feedback:
                history = as_turns(before, exchange.set_aside)
                yield Rated(exchange.exchange_id, exchange.feedback, history, exchange.answer)
            before.append(exchange.answer)


def as_question(one: Rated) -> dict[str, object]:
    """A line of a file of questions. What a good answer cites is relevant; of a bad one nobody knows what would be."""
    line: dict[str, object] = {"id": one.exchange_id, "question": one.answer.question, "kind": one.feedback}
    if one.history:
        line["history"] = [{"role": turn.role, "content": turn.content} for turn in one.history]
    if one.feedback == "good":
        answered = () if one.answer.refused else one.answer.citations
        line["relevant"] = list(dict.fromkeys(citation.paper.title for citation in answered))
    return line
