"""Vectors on a Chroma server, as an ingest finds them there."""

from __future__ import annotations

from contextlib import closing

from rag.catalogue import Catalogue, GenerationRecord
from rag.errors import StoreError
from rag.generations import generation_folder
from rag.redaction import without_user
from rag.settings import Settings
from rag.vectors import Vectors


def vectors_on_server(record: GenerationRecord, settings: Settings) -> Vectors:
    """The vectors of a generation that lie on a server; the settings' user name and password are for theirs alone."""
    same = record.chroma_url == without_user(settings.chroma_url)
    return Vectors(
        generation_folder(settings.data_dir, record.number),
        chroma_url=settings.chroma_url if same else record.chroma_url,
        collection=record.collection,
    )


def lies_elsewhere(record: GenerationRecord, settings: Settings, catalogue: Catalogue) -> bool:
    """Whether the vectors of a published generation have to be brought to where the settings want them.

    So it is also where their server no longer holds all of them as they were: restored from a backup, say, or
    changed from a copy of the data folder. A server that does not answer is none to bring anything to.
    """
    if record.chroma_url != without_user(settings.chroma_url):
        return True
    if not record.chroma_url:
        return False
    texts = catalogue.count_texts()
    try:
        with closing(vectors_on_server(record, settings)) as vectors:
            return not vectors.hold(record.mark, texts)
    except StoreError:
        return False
