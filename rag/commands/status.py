"""`rag status`: what is indexed, with which embeddings, and what would write the answers."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from rag.commands.shapes import write_json
from rag.commands.terminal import printable

if TYPE_CHECKING:
    from rag.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes nothing of its own."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the counts; an empty corpus is no error."""
    from rag.index import Index

    with closing(Index.open(settings.data_dir, chroma_url=settings.chroma_url)) as index, index.reading() as reading:
        counts, passport, generation = reading.counts(), reading.passport, reading.generation
    model = settings.shown_model if settings.has_model else None
    if arguments.json:
        write_json(
            {
                "data": str(settings.data_dir),
                "papers": counts.papers,
                "chunks": counts.chunks,
                "dumps": counts.dumps,
                "generation": generation,
                "embeddings": None
                if passport is None
                else {
                    "model": passport.identity.model,
                    "fingerprint": passport.identity.fingerprint,
                    "dimension": passport.identity.dimension,
                    "created": passport.created,
                },
                "language_model": model,
            }
        )
        return 0
    print(f"Data folder      {settings.data_dir}")
    print(f"Papers           {counts.papers:,} in {counts.chunks:,} chunks, dumps: {counts.dumps:,}")
    if passport is None:
        print("Embeddings       none yet: run `python -m ingest DUMP...` with your saved pages")
    else:
        print(f"Embeddings       {passport.identity.model}, {passport.identity.dimension} dimensions")
    print(f"Language model   {printable(model) if model else 'none: answers are sentences of the papers'}")
    return 0
