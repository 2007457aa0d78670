"""An index that hides a part of one paper from the search: what a question was made from must not answer it.

Hidden is the paper's title, a sentence of its abstract, or all of it (leave one out). Nothing is written: what is left
of the paper is embedded and weighed anew, and takes the place of the stored vectors and words of this one paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rag.catalogue import Catalogue, State
from rag.corpus import Chunk, Paper
from rag.embedder import Embedder, FloatMatrix, FloatVector
from rag.index import Index, Reading
from rag.opened import Generation
from rag.permitted import Permitted
from rag.words import rarity, stems

_K1, _B = 1.2, 0.75  # of BM25, as tantivy has them
_AVERAGE = 220  # words of a paper; it hardly moves a score, since title or sentence are a small part of it


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the search must not see of a paper."""

    paper_id: str
    part: Literal["title", "sentence", "paper"]
    start: int = 0  # of the sentence, characters into the abstract
    end: int = 0

    def rest_of(self, paper: Paper) -> Paper:
        """The paper as the search sees it; blanks stand in place of a sentence, so that every place stays the same."""
        if self.part == "title":
            return replace(paper, title="")
        gap = " " * (self.end - self.start)
        return replace(paper, abstract=paper.abstract[: self.start] + gap + paper.abstract[self.end :])


@dataclass(frozen=True, slots=True)
class _Rest:
    """One paper as it is, and as the search sees it."""

    paper: Paper
    seen: Paper | None  # None where all of it is hidden
    chunk_ids: tuple[str, ...]
    vectors: FloatMatrix  # of the chunks of what is seen, in their order

    def cosines(self, vector: FloatVector) -> list[tuple[str, float]]:
        """Each chunk with its cosine, in the order of the text."""
        return list(zip(self.chunk_ids, (self.vectors @ vector).tolist(), strict=True)) if self.seen else []

    def share_of_words(self, weights: Mapping[str, float]) -> float:
        """What is left of the paper's BM25 for stems of these weights."""
        whole = _bm25(self.paper, weights)
        return _bm25(self.seen, weights) / whole if self.seen and whole else 0.0


class PartialIndex(Index):
    """An index whose readings hide what `hide` was told last. For one thread."""

    def __init__(self, data_dir: Path, *, chroma_url: str = "", embedder: Embedder) -> None:
        super().__init__(data_dir, chroma_url=chroma_url)
        self._embedder = embedder
        self._rest: _Rest | None = None

    def hide(self, withheld: Withheld | None) -> None:
        """From now on this, and nothing else, is hidden. Unknown papers hide nothing. Raises EmbedderError."""
        self._rest = None
        if withheld is None:
            return
        with self.reading() as reading:
            paper = reading.papers([withheld.paper_id]).get(withheld.paper_id)
            chunks = reading.chunks_of([withheld.paper_id]).get(withheld.paper_id, [])
        if paper is None:
            return
        seen = None if withheld.part == "paper" else withheld.rest_of(paper)
        vectors = self._embedder.embed_documents([_embedded_text(seen, chunk) for chunk in chunks] if seen else [])
        self._rest = _Rest(paper, seen, tuple(chunk.chunk_id for chunk in chunks), vectors)

    def _reading(self, catalogue: Catalogue | None, state: State, opened: Generation | None) -> Reading:
        if self._rest is None:
            return super()._reading(catalogue, state, opened)
        return _PartialReading(catalogue, state, opened, self._rest)


class _PartialReading(Reading):
    """A reading in which one paper is not what it is."""

    def __init__(self, catalogue: Catalogue | None, state: State, opened: Generation | None, rest: _Rest) -> None:
        super().__init__(catalogue, state, opened)
        self._rest = rest
        self._own = rest.paper.paper_id

    def papers(self, paper_ids: Sequence[str]) -> dict[str, Paper]:
        found = super().papers(paper_ids)
        if self._own in found:
            del found[self._own]
            if self._rest.seen:
                found[self._own] = self._rest.seen
        return found

    def titles(self, paper_ids: Sequence[str]) -> dict[str, str]:
        found = super().titles(paper_ids)
        if self._own in found:
            del found[self._own]
            if self._rest.seen:
                found[self._own] = self._rest.seen.title
        return found

    def named(self, titles: Sequence[str], identifiers: Sequence[str]) -> list[str]:
        return [paper_id for paper_id in super().named(titles, identifiers) if paper_id != self._own]

    def nearest_chunks(self, vector: FloatVector, k: int, *, among: Permitted | None = None) -> list[tuple[str, float]]:
        own = set(self._rest.chunk_ids)
        others = super().nearest_chunks(vector, k + len(own), among=among)
        found = [pair for pair in others if pair[0] not in own] + self._rest.cosines(vector)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def chunk_cosines(self, vector: FloatVector, paper_ids: Sequence[str]) -> dict[str, list[tuple[str, float]]]:
        found = super().chunk_cosines(vector, paper_ids)
        if self._own in found:
            del found[self._own]
            if self._rest.seen:
                found[self._own] = self._rest.cosines(vector)
        return found

    def best_words(
        self, terms: str | Sequence[str], k: int, *, every: bool = False, among: Permitted | None = None
    ) -> list[tuple[str, float]]:
        found = super().best_words(terms, k + 1, every=every, among=among)
        there = [(paper_id, self._left(terms, {paper_id: score})[paper_id]) for paper_id, score in found]
        kept = [pair for pair in there if pair[0] != self._own or (self._rest.seen and pair[1] > 0)]
        return sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:k]

    def word_scores(self, terms: str | Sequence[str], paper_ids: Sequence[str]) -> dict[str, float]:
        found = self._left(terms, super().word_scores(terms, paper_ids))
        if not self._rest.seen:
            found.pop(self._own, None)
        return found

    def _left(self, terms: str | Sequence[str], scores: dict[str, float]) -> dict[str, float]:
        """The scores with that of the own paper brought down to what is seen of it."""
        if self._own in scores:
            papers = self.counts().papers
            weights = {stem: count * rarity(self.frequency(stem), papers) for stem, count in stems(terms).items()}
            scores[self._own] *= self._rest.share_of_words(weights)
        return scores


def _embedded_text(paper: Paper, chunk: Chunk) -> str:
    """As `ingest/chunk.py` lays a chunk out, without the gap."""
    return f"{paper.title}\n{' '.join(chunk.passage(paper).split())}".lstrip("\n")


def _bm25(paper: Paper, weights: Mapping[str, float]) -> float:
    counts = Counter(stems([f"{paper.title}\n{paper.abstract}"]))
    fullness = _K1 * (1 - _B + _B * counts.total() / _AVERAGE)
    return sum(weight * counts[stem] / (counts[stem] + fullness) for stem, weight in weights.items())
