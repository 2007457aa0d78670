"""`rag export`: a kept conversation as Markdown or JSON, or the papers that it cites as BibTeX or RIS."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from rag.commands.conversations import named, open_conversations
from rag.commands.shapes import conversation_as_json, write_json
from rag.commands.terminal import say
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.settings import Settings

FORMATS = ("markdown", "json", "bibtex", "ris")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CONVERSATION and the form."""
    parser.add_argument("conversation", metavar="CONVERSATION", help="its id, the beginning of it, or: last")
    parser.add_argument(
        "--format", choices=FORMATS, default=None, help="what to write (default: markdown; json with --json)"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write it to stdout."""
    from rag.export import as_bibtex, as_ris, cited_in, conversation_as_markdown

    form = arguments.format or ("json" if arguments.json else "markdown")
    if arguments.json and form != "json":
        raise UsageError(f"--json writes JSON, not {form}.", hint=f"Leave out --json, or --format {form}.")
    store = open_conversations(settings)
    kept = named(store, arguments.conversation)
    exchanges = store.exchanges(kept.conversation_id)
    answers = [exchange.answer for exchange in exchanges if exchange.answer]
    if form == "json":
        write_json(conversation_as_json(kept.conversation_id, kept.name, exchanges))
    elif form in ("bibtex", "ris"):
        papers = cited_in(answers)
        sys.stdout.write(as_bibtex(papers) if form == "bibtex" else as_ris(papers))
        if not papers:
            say("No answer of this conversation cites a paper.")
    else:
        sys.stdout.write(conversation_as_markdown(kept.name, answers))
    return 0
