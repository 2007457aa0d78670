"""`rag replay`: does the index as it is now change the answers that were given before?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from rag.commands.conversations import named, open_conversations
from rag.commands.shapes import write_json
from rag.commands.terminal import bold, printable, say, wrap

if TYPE_CHECKING:
    from rag.corpus import Paper
    from rag.replay import Replay
    from rag.settings import Settings

_WORDS = {"none": "the same", "evidence": "other papers read", "answer": "another answer"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which conversation."""
    parser.add_argument(
        "conversation", nargs="?", metavar="CONVERSATION", help="its id, the beginning of it, or: last (default: all)"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Ask every kept question again, and print what differs. Exit code 0 whatever that is."""
    from rag.answer import Assistant
    from rag.chosen_embedder import open_embedder
    from rag.index import Index
    from rag.replay import replay

    store = open_conversations(settings)
    chosen = [named(store, arguments.conversation)] if arguments.conversation else store.listed(limit=-1)
    changed = total = 0
    with (
        closing(Index.open(settings.data_dir, chroma_url=settings.chroma_url)) as index,
        closing(Assistant(index, open_embedder(settings), settings)) as assistant,
    ):
        for kept in chosen:
            if not arguments.json:
                print(bold(printable(kept.name)))
            for one in replay(assistant, store.exchanges(kept.conversation_id)):
                total += 1
                changed += one.change == "answer"
                if arguments.json:
                    write_json({"conversation_id": kept.conversation_id, **as_json(one)})
                else:
                    _print_one(one)
                if one.after.notice:
                    say(one.after.notice)
    say(f"{changed} of {total} answers would be other ones now." if total else "There is nothing to ask again.")
    return 0


def as_json(one: Replay) -> dict[str, object]:
    """One object of `rag replay --json`."""
    return {
        "exchange_id": one.exchange_id,
        "question": one.before.question,
        "change": one.change,
        "outcome": {"before": one.before.outcome, "after": one.after.outcome},
        "new_evidence": _named(one.new_evidence),
        "dropped_evidence": _named(one.dropped_evidence),
        "changed_papers": _named(one.changed_papers),
        "generation": {"before": one.before.generation, "after": one.after.generation},
        "same_embeddings": one.same_embeddings,
        "same_prompt": one.same_prompt,
        "same_writer": one.same_writer,
        "same_text": one.before.text == one.after.text,
    }


def _named(papers: Sequence[Paper]) -> list[dict[str, str]]:
    return [{"paper_id": paper.paper_id, "title": paper.title} for paper in papers]


def _print_one(one: Replay) -> None:
    print(f"  {_WORDS[one.change]}: {printable(one.before.question)}")
    if one.before.outcome != one.after.outcome:
        print(f"      {one.before.outcome} then, {one.after.outcome} now")
    groups = {"new": one.new_evidence, "gone": one.dropped_evidence, "changed": one.changed_papers}
    for words, papers in groups.items():
        for paper in papers:
            print(wrap(f"{words}: {paper.title}", indent="      "))
