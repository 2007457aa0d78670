"""A query to the papers that fit it best: both rankings, their exact scores for every candidate, fused.

Without LlamaIndex, which takes seconds to import; `rag/retriever.py` gives the same search as one of its retrievers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rag.corpus import Hit, Paper, Turn, normalise_title
from rag.embedder import Embedder, FloatVector
from rag.filters import EVERYTHING, Filters
from rag.fusion import Fused, fuse
from rag.named import asked_by_name, beginning_so, is_title_of, named_papers
from rag.near_ties import MOST, count_near_ties, order_by_reading
from rag.query import Query, parse_query

if TYPE_CHECKING:
    from rag.index import Reading

_CHUNKS = 120  # nearest chunks that are looked at, at least
_PAPERS = 100  # best papers by words that are looked at, at least
_CONTEXT_WEIGHT = 0.5  # of the words of earlier turns against those of the question
NAMED = 10.0  # added to the score of a paper that the query names
_PHRASE = 0.5  # added where all phrases in quotes are held: more than any difference of two good hits
_BY_NAME = 0.3  # added where the title begins with a name that the query holds
_LOOKED_AT = 60  # papers, best first, that are looked through for phrases and names
_TITLES = 30  # papers, best first, whose title the query may be with slips


def search(
    reading: Reading,
    embedder: Embedder,
    query: str,
    *,
    k: int,
    history: Sequence[Turn] = (),
    filters: Filters = EVERYTHING,
) -> list[Hit]:
    """The k papers that fit best, best first, each once; fewer where there are fewer candidates.

    `history` holds the turns before a follow-up question, oldest first; they steer the search with a lower weight.
    Only papers that `filters` permit are looked at; how a question's own words become filters is
    `rag.questions.searching`. Raises UsageError for an empty query, StoreError and EmbedderError.
    """
    return search_for(reading, embedder, parse_query(query, history), k=k, filters=filters)


def search_for(
    reading: Reading, embedder: Embedder, query: Query, *, k: int, filters: Filters = EVERYTHING
) -> list[Hit]:
    """The same for a query that has been parsed."""
    if k < 1 or not reading.counts().papers:
        return []
    among = reading.permitted(filters) if filters else None
    if among is not None and not among.papers:
        return []
    vector = embed_query(embedder, query)
    near = _first_of_each(reading.nearest_chunks(vector, max(_CHUNKS, 4 * k), among=among))
    worded = reading.best_words(query.topic, max(_PAPERS, 2 * k), among=among)
    if query.context:
        worded += reading.best_words(query.context, _PAPERS, among=among)
    named = reading.allowed(named_papers(reading, query), among)
    begun = reading.allowed(beginning_so(reading, query), among)
    candidates = list(dict.fromkeys([*near, *(paper_id for paper_id, _ in worded), *sorted(named | begun)]))
    cosines = reading.chunk_cosines(vector, candidates)
    bm25 = _word_scores(reading, query, candidates)
    fused = fuse(cosines, bm25, corpus_size=reading.counts().papers)
    looked_at = [one.paper_id for one in fused[: max(_LOOKED_AT, k)]]
    # Read once: what comes first in the end is among these, for a lift only raises, and those behind get none.
    papers = reading.papers([*begun, *named, *looked_at])
    lifts = {**_lifts(query, papers, looked_at[:_TITLES]), **dict.fromkeys(named, NAMED)}
    lifted = [replace(one, score=one.score + lifts.get(one.paper_id, 0.0)) for one in fused] if lifts else fused
    ordered = sorted(lifted, key=lambda one: (-one.score, one.paper_id))
    return _hits(reading, papers, _read_near_ties(query, papers, ordered)[:k], near, _ranks(bm25))


def embed_query(embedder: Embedder, query: Query) -> FloatVector:
    """The query's vector: for a follow-up, half of it is what was said before.

    Of a query whose spelling was mended, half of what remains is as it was typed: the embedding model reads many slips
    rightly, and a mended word may be the wrong one. Mistyped questions gain .002 by that (nDCG@10), clean ones .003.
    """
    texts = [query.topic, *filter(None, (query.typed, query.context))]
    vectors = list(embedder.embed_queries(texts))
    total = vectors[0] + vectors[1] if query.typed else vectors[0]
    total = _unit(total) + vectors[-1] if query.context else total
    return _unit(total)


def _unit(vector: FloatVector) -> FloatVector:
    unit: FloatVector = (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
    return unit


def _read_near_ties(query: Query, papers: Mapping[str, Paper], ordered: list[Fused]) -> list[Fused]:
    """The first papers, where they are hardly apart, by what they say; their scores stay in place."""
    count = count_near_ties([one.score for one in ordered[:MOST]])
    if not count:
        return ordered
    first, rest = ordered[:count], ordered[count:]
    scores = [one.score for one in first]
    places = order_by_reading(query.text, [papers[one.paper_id] for one in first], scores)
    return [replace(first[place], score=score) for place, score in zip(places, scores, strict=True)] + rest


def _lifts(query: Query, papers: Mapping[str, Paper], best: Sequence[str]) -> dict[str, float]:
    """What papers gain: by a title that the query is with slips or begins with a name of, by phrases in quotes.

    `best`: ids of those whose title the query may be.
    """
    lifts = dict.fromkeys(asked_by_name(query, papers.values()), _BY_NAME)
    phrases = [f" {normalise_title(phrase)} " for phrase in query.phrases]
    for paper_id, paper in papers.items():
        text = f" {normalise_title(f'{paper.title} {paper.abstract}')} " if phrases else ""
        held = sum(phrase in text for phrase in phrases)
        if held:
            lifts[paper_id] = lifts.get(paper_id, 0.0) + _PHRASE * held / len(phrases)
    titled = [paper_id for paper_id in best if is_title_of(query, papers[paper_id])]
    return lifts | dict.fromkeys(titled, NAMED)


def _word_scores(reading: Reading, query: Query, candidates: Sequence[str]) -> dict[str, float]:
    scores = reading.word_scores(query.topic, candidates)
    if query.context:
        before = reading.word_scores(query.context, candidates)
        scores = {paper_id: score + _CONTEXT_WEIGHT * before.get(paper_id, 0.0) for paper_id, score in scores.items()}
    return scores


def _first_of_each(chunks: Sequence[tuple[str, float]]) -> dict[str, int]:
    """paper_id -> rank among papers, by each paper's best chunk."""
    papers = dict.fromkeys(chunk_id.rpartition(":")[0] for chunk_id, _ in chunks)
    return {paper_id: rank for rank, paper_id in enumerate(papers, start=1)}


def _ranks(scores: dict[str, float]) -> dict[str, int]:
    found = sorted((paper_id for paper_id, score in scores.items() if score > 0), key=lambda one: (-scores[one], one))
    return {paper_id: rank for rank, paper_id in enumerate(found, start=1)}


def _hits(
    reading: Reading,
    papers: Mapping[str, Paper],
    fused: Sequence[Fused],
    near: dict[str, int],
    worded: dict[str, int],
) -> list[Hit]:
    chunks = reading.chunks([one.chunk_id for one in fused])
    return [
        Hit(
            paper=papers[one.paper_id],
            chunk=chunks[one.chunk_id],
            rank=rank,
            score=one.score,
            cosine=one.cosine,
            bm25=one.bm25,
            cosine_rank=near.get(one.paper_id),
            bm25_rank=worded.get(one.paper_id),
        )
        for rank, one in enumerate(fused, start=1)
    ]
