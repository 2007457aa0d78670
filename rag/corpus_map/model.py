"""The map of a corpus: where each paper lies, which topic it belongs to, which papers are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.corpus_map.projection import IntVector
from rag.embedder import FloatMatrix


@dataclass(frozen=True, slots=True)
class Topic:
    """Papers of like meaning."""

    number: int  # 0 is the largest
    terms: tuple[str, ...]  # at most three, the first is no other topic's first
    papers: int
    x: float  # where most of its papers lie, in [0, 1] from the left
    y: float  # and from the top

    @property
    def short_name(self) -> str:
        """`Diffusion models`: the first term."""
        return _capital(self.terms[0]) if self.terms else f"Topic {self.number + 1}"

    @property
    def name(self) -> str:
        """`Diffusion models, image, text-to-image`."""
        return _capital(", ".join(self.terms)) if self.terms else f"Topic {self.number + 1}"


@dataclass(frozen=True, slots=True, eq=False)
class CorpusMap:
    """Every paper of one generation; the arrays have a row for each of `paper_ids`, which are in ascending order."""

    paper_ids: tuple[str, ...]
    places: FloatMatrix  # (n, 2) in [0, 1], from the left and from the top
    topic_of: IntVector  # (n,) the number of each paper's topic
    drawn: IntVector  # the papers that are drawn, ascending: all of them, or a sample taken evenly at random
    topics: tuple[Topic, ...]

    @property
    def is_sampled(self) -> bool:
        """Whether there are more papers than are drawn."""
        return len(self.drawn) < len(self.paper_ids)

    def in_topic(self, number: int) -> frozenset[str]:
        """The papers of one topic, drawn or not."""
        return self._ids(np.flatnonzero(self.topic_of == number))

    def within(self, outline: Sequence[Sequence[float]]) -> frozenset[str]:
        """The papers that lie inside of a closed line, drawn or not; none where it has fewer than three corners."""
        if len(outline) < 3:
            return frozenset()
        corners = np.asarray(outline, dtype=np.float64)
        x, y = self.places[:, 0].astype(np.float64), self.places[:, 1].astype(np.float64)
        inside = np.zeros(len(x), dtype=bool)
        for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            if y1 != y2:  # a ray to the right crosses this side
                inside ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        return self._ids(np.flatnonzero(inside))

    def place_of(self, paper_id: str) -> int | None:
        """The row of a paper; None where it is not on this map."""
        row = int(np.searchsorted(np.asarray(self.paper_ids), paper_id))
        return row if row < len(self.paper_ids) and self.paper_ids[row] == paper_id else None

    def _ids(self, rows: IntVector) -> frozenset[str]:
        return frozenset(self.paper_ids[row] for row in rows.tolist())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
