"""`rag papers`: the indexed papers, one a line."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from rag.commands.shapes import paper_as_json, write_json
from rag.commands.terminal import faint, printable, say

if TYPE_CHECKING:
    from rag.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes nothing of its own."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every paper; an empty corpus is an empty list, and stderr says how to fill it."""
    from rag.index import Index

    with closing(Index.open(settings.data_dir, chroma_url=settings.chroma_url)) as index, index.reading() as reading:
        if not reading.generation:
            say("No papers have been ingested yet: run `python -m ingest PATH` with a saved page of papers.")
        for paper in reading.all_papers():
            if arguments.json:
                write_json(paper_as_json(paper))
            else:
                dumps = ", ".join(dict.fromkeys(source.dump for source in paper.sources))
                print(f"{paper.paper_id}  {printable(paper.title)}  {faint(printable(dumps))}")
    return 0
