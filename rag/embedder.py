"""Texts to vectors: what every embedder promises, and which one the settings ask for.

The bundled model is in `rag/minilm.py`, any OpenAI-compatible endpoint in `rag/endpoint_embedder.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import SettingsError
from rag.redaction import without_user
from rag.settings import Settings

FloatMatrix = NDArray[np.float32]  # (texts, dimension), rows of unit length
FloatVector = NDArray[np.float32]  # (dimension,)


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """What vectors must have in common to be compared; the index keeps it in its passport."""

    model: str  # as shown to people
    fingerprint: str  # of the weights and the tokenizer, or "endpoint:<base_url>:<model>"
    dimension: int  # 0 for an endpoint that has not answered yet
    query_prefix: str = ""
    document_prefix: str = ""


class Embedder(Protocol):
    """Embeds documents and queries; threads may share it. Its model is loaded or contacted at the first text.

    Both methods return float32 (len(texts), dimension), unit-length rows in the order of `texts`. A text longer than
    the model's window is cut into overlapping windows whose vectors are averaged: no end is lost.
    They raise EmbedderError.
    """

    @property
    def identity(self) -> EmbedderIdentity:
        """Known without loading the model, except an endpoint's dimension."""

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Embed texts that will be searched."""

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Embed texts to search with."""


def open_embedder(settings: Settings) -> Embedder:
    """The endpoint's embedder where EMBED_MODEL names one, else the bundled model.

    Raises SettingsError where the endpoint is only half described.
    """
    if settings.embed_model:
        from rag.endpoint_embedder import EndpointEmbedder

        return EndpointEmbedder.from_settings(settings)
    if settings.embed_base_url:
        raise SettingsError(
            f"EMBED_BASE_URL is {without_user(settings.embed_base_url)}, but EMBED_MODEL is empty.",
            hint="Set EMBED_MODEL to a model of that server, or clear EMBED_BASE_URL to use the bundled model.",
        )
    from rag.minilm import bundled_embedder

    return bundled_embedder()


def cut_windows(count: int, *, room: int, overlap: int) -> list[tuple[int, int]]:
    """Where to cut `count` tokens for a model that reads `room` at once: windows (start, end) of like length.

    What fits is one window; in a longer text neighbours share `overlap` tokens or a few more.
    """
    windows = 1 if count <= room else -(-(count - overlap) // (room - overlap))
    size = -(-(count + overlap * (windows - 1)) // windows)
    starts = [index * (count - size) // max(windows - 1, 1) for index in range(windows)]
    return [(start, start + size) for start in starts]
