"""`rag conversations`: the conversations that the page has kept, listed, searched, deleted."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rag.commands.shapes import write_json
from rag.commands.terminal import bold, faint, printable, say
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.conversations import Conversations, KeptConversation
    from rag.settings import Settings

LAST = "last"  # stands for the conversation that was changed last
_SHOWN_ID = 8  # characters of an id that a list shows; a beginning is enough to name it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """WORDS, and what to delete."""
    parser.add_argument("words", nargs="*", metavar="WORD", help="only conversations that hold all these words")
    parser.add_argument(
        "--delete", metavar="CONVERSATION", help="delete one for good: its id, the beginning of it, or: last"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the list, the last changed first."""
    store = open_conversations(settings)
    if arguments.delete:
        if arguments.words:
            raise UsageError("--delete goes without words to search for.", hint="Give the conversation's id alone.")
        gone = named(store, arguments.delete)
        store.delete(gone.conversation_id)
        say(f"Deleted: {printable(gone.name)}")
        return 0
    found = store.listed(words=" ".join(arguments.words), limit=-1)
    for kept in found:
        if arguments.json:
            write_json(as_json(kept))
        else:
            asked = "1 question" if kept.exchanges == 1 else f"{kept.exchanges} questions"
            print(f"{bold(kept.conversation_id[:_SHOWN_ID])}  {printable(kept.name)}")
            print(faint(f"          {asked}, {kept.changed[:10]}"))
    if not found:
        say("No conversations have been kept." if not arguments.words else "No conversation holds these words.")
    return 0


def as_json(kept: KeptConversation) -> dict[str, object]:
    """One conversation of the list."""
    return {
        "conversation_id": kept.conversation_id,
        "name": kept.name,
        "questions": kept.exchanges,
        "created": kept.created,
        "changed": kept.changed,
    }


def open_conversations(settings: Settings) -> Conversations:
    """The kept conversations of the settings' data folder, whether or not new ones are to be kept."""
    from rag.conversations import Conversations

    keys = [settings.llm_api_key.get_secret_value(), settings.embed_api_key.get_secret_value()]
    return Conversations(settings.data_dir, keys=keys)


def named(store: Conversations, name: str) -> KeptConversation:
    """The conversation of an id, its beginning, or `last`. Raises UsageError where there is none."""
    if name != LAST:
        return store.find(name)
    found = store.listed(limit=1)
    if not found:
        raise UsageError("No conversations have been kept.", hint="Ask something on the page first.")
    return found[0]
