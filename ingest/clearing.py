"""After publishing: what nobody reads any more is removed, and what killed runs left."""

from __future__ import annotations

import logging
from contextlib import closing, suppress

from ingest.ledger import Ledger
from ingest.on_server import vectors_on_server
from ingest.staging import Staging
from rag.catalogue import GenerationRecord
from rag.embedder import EmbedderIdentity
from rag.errors import StoreError
from rag.generations import generation_folder, remove_unused
from rag.settings import Settings

logger = logging.getLogger(__name__)


def clear_away(ledger: Ledger, settings: Settings, identity: EmbedderIdentity, built: GenerationRecord | None) -> None:
    """Remove old generations, vectors on a server that no text has, and staged vectors that are published.

    What cannot be removed now is left to the next run: the new corpus is in place already.
    """
    published = ledger.catalogue.state().generation
    if not published:
        return
    try:
        remove_unused(settings.data_dir, published=published)
        _forget_generations(ledger, settings, published)
        if built is not None:
            if built.chroma_url:
                _sweep_server(ledger, settings, built)
            with closing(Staging(settings.data_dir, identity)) as staging:
                staging.clear()
    except StoreError as error:
        logger.warning("%s", error)


def _sweep_server(ledger: Ledger, settings: Settings, built: GenerationRecord) -> None:
    """Remove the vectors on a server that the published generation has no text for, killed runs' included."""
    with closing(vectors_on_server(built, settings)) as vectors:
        vectors.set_marks([built.mark])  # first, so that whoever needs what goes now does not search in the rest
        vectors.delete(ledger.retired())
        if vectors.count() != ledger.catalogue.count_texts():
            known = {place.vector_id for place in ledger.catalogue.all_places()}
            vectors.delete([vector_id for vector_id in vectors.all_ids() if vector_id not in known])


def _forget_generations(ledger: Ledger, settings: Settings, published: int) -> None:
    """Take generations whose folders are gone out of the catalogue, and their collections off the servers."""
    current = ledger.catalogue.generation(published)
    for number in ledger.generations():
        if number == published or generation_folder(settings.data_dir, number).exists():
            continue
        old = ledger.catalogue.generation(number)
        if old.chroma_url and (old.chroma_url, old.collection) != (current.chroma_url, current.collection):
            with (
                suppress(StoreError),  # a server that is gone took its collection along
                closing(vectors_on_server(old, settings)) as vectors,
            ):
                # Else a copy of this data folder may have made it its own.
                if old.mark and old.mark in vectors.marks():
                    vectors.drop()
        ledger.connection.execute("DELETE FROM generations WHERE number = ?", (number,))
