"""Papers and vectors for tests of scale, made from real ones, since embedding a hundred thousand takes an hour.

A made paper takes its title from two real papers and its sentences from three. A made vector is a mixture of two real
ones and noise: as far from its neighbours as real ones are (the table of scale measures recall on them).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ingest.chunk import chunk_paper, embedding_text
from rag.chosen_embedder import open_embedder
from rag.corpus import Paper, normalise_title, paper_key
from rag.embedder import Embedder, EmbedderIdentity, FloatMatrix
from rag.sentences import split_sentences
from rag.settings import Settings

_NOISE = 0.35  # length of the noise against that of the mixture


class RecombiningEmbedder:
    """Gives documents mixed vectors, the same for the same text, and queries their real ones."""

    def __init__(self, real: Embedder, pool: FloatMatrix) -> None:
        """`pool` holds real vectors of chunks, unit rows."""
        self._real = real
        self._pool = pool

    @property
    def identity(self) -> EmbedderIdentity:
        """That of the real one, so that its queries may be asked."""
        return self._real.identity

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Float32 (len(texts), dimension), unit rows."""
        mixed = np.stack([self._mix(text) for text in texts])
        unit: FloatMatrix = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """See `Embedder`."""
        return self._real.embed_queries(texts)

    def _mix(self, text: str) -> FloatMatrix:
        chance = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
        first, second = self._pool[chance.integers(len(self._pool), size=2)]
        share = chance.uniform(0.5, 1.0)
        noise = chance.standard_normal(len(first)) / np.sqrt(len(first))
        mixed: FloatMatrix = share * first + (1 - share) * second + _NOISE * noise
        return mixed


def real_records(shared: Path) -> list[dict[str, object]]:
    """The real papers of the corpora, title and abstract with date or year, each title once."""
    records: dict[str, dict[str, object]] = {}
    for path in sorted((shared / "corpora").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for record in map(json.loads, file):
                kept = {name: record[name] for name in ("id", "title", "abstract", "date", "year") if record.get(name)}
                records.setdefault(normalise_title(record["title"]), kept)
    return list(records.values())


def made_records(real: Sequence[dict[str, object]], count: int, *, seed: int) -> Iterator[dict[str, object]]:
    """Papers made from real ones, with titles that are new."""
    chance = np.random.default_rng(seed)
    for number in range(count):
        one, other, third = (real[place] for place in chance.integers(len(real), size=3))
        first, last = str(one["title"]).split(), str(other["title"]).split()
        sentences = [quote.text for each in (one, other, third) for quote in split_sentences(str(each["abstract"]))]
        chosen = chance.permutation(len(sentences))[: max(3, len(sentences) // 3)]
        yield {
            "id": f"made-{seed}-{number}",
            "title": " ".join([*first[: len(first) // 2 + 1], *last[len(last) // 2 :], f"{seed}.{number}"]),
            "abstract": " ".join(sentences[place] for place in chosen),
            **{name: one[name] for name in ("date", "year") if name in one},
        }


def vector_pool(records: Sequence[dict[str, object]], count: int) -> FloatMatrix:
    """Vectors of real chunks, from papers all over the corpus."""
    step = max(1, 2 * len(records) // count)  # a paper has about two chunks
    texts: list[str] = []
    for record in records[::step]:
        title = str(record["title"])
        paper = Paper(paper_key(title), title, str(record["abstract"]))
        texts += [embedding_text(paper, chunk) for chunk in chunk_paper(paper)]
    return open_embedder(Settings()).embed_documents(texts[:count])
