"""Texts to vectors: what every embedder promises. `rag/chosen_embedder.py` opens the one that the settings ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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
