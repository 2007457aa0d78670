"""Papers like a given one, by the vectors that are stored anyway: nothing is embedded for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.corpus import Paper

if TYPE_CHECKING:
    from rag.index import Reading

_CHUNKS = 12  # nearest chunks looked at for each paper wanted; a paper has two or three


@dataclass(frozen=True, slots=True)
class Similar:
    """A paper with how near it is."""

    paper: Paper
    cosine: float  # of its best chunk with the middle of the given paper's, in [-1, 1]


def similar_papers(reading: Reading, paper_id: str, *, k: int = 6) -> list[Similar]:
    """The k papers nearest to this one, nearest first; none where it is unknown or has no vectors.

    Raises StoreError, EmptyIndexError where nothing has been ingested.
    """
    catalogue, matrix = reading.stored()
    positions = [place.position for place in catalogue.places_of([paper_id])]
    if not positions or k < 1:
        return []
    middle = matrix.take(positions).mean(axis=0)
    unit = (middle / max(float(np.linalg.norm(middle)), 1e-9)).astype(np.float32)
    nearest: dict[str, float] = {}
    for chunk_id, cosine in reading.nearest_chunks(unit, _CHUNKS * (k + 1)):
        nearest.setdefault(chunk_id.rpartition(":")[0], cosine)
    nearest.pop(paper_id, None)
    papers = reading.papers(list(nearest))
    return [Similar(papers[each], cosine) for each, cosine in nearest.items() if each in papers][:k]
