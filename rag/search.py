"""A query to the papers that fit it best: both rankings, their exact scores for every candidate, fused.

Without LlamaIndex, which takes seconds to import; `rag/retriever.py` gives the same search as one of its retrievers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rag.corpus import Hit, Paper, Turn, normalise_title
from rag.embedder import Embedder, FloatVector
from rag.filters import EVERYTHING, Filters
from rag.fusion import Fused, fuse
from rag.named import asked_by_name, beginning_so, is_title, named_papers, rare_names
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
_RARE_NAME = 0.4  # added where a name is held that few papers hold, if the query says nothing else
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
    if among is not None and not among.paper_ids:
        return []
    vector = embed_query(embedder, query)
    near = _first_of_each(reading.nearest_chunks(vector, max(_CHUNKS, 4 * k), among=among))
    worded = dict(reading.best_words(query.topic, max(_PAPERS, 2 * k), among=among))
    before = dict(reading.best_words(query.context, _PAPERS, among=among)) if query.context else {}
    named, begun = named_papers(reading, query), set(beginning_so(reading, query))
    if among is not None:
        named, begun = named & among.paper_ids, begun & among.paper_ids
    candidates = list(dict.fromkeys([*near, *worded, *before, *sorted(named | begun)]))
    cosines = reading.chunk_cosines(vector, candidates)
    bm25 = _scores_by_words(reading, query.topic, candidates, worded)
    if query.context:
        of_context = _scores_by_words(reading, query.context, candidates, before)
        bm25 = {paper_id: score + _CONTEXT_WEIGHT * of_context.get(paper_id, 0.0) for paper_id, score in bm25.items()}
    fused = _with_rare_names(reading, query, fuse(cosines, bm25, corpus_size=reading.counts().papers))
    lifts = {**_lifts(reading, query, [one.paper_id for one in fused], named | begun), **dict.fromkeys(named, NAMED)}
    if lifts:
        lifted = [replace(one, score=one.score + lifts.get(one.paper_id, 0.0)) for one in fused]
        fused = sorted(lifted, key=lambda one: (-one.score, one.paper_id))
    first = fused[: max(k, MOST)]
    papers = reading.papers([one.paper_id for one in first])
    return _hits(reading, papers, _read_near_ties(query, papers, first)[:k], near, _ranks(bm25))


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
    count = count_near_ties([one.score for one in ordered])
    if not count:
        return ordered
    first, rest = ordered[:count], ordered[count:]
    scores = [one.score for one in first]
    places = order_by_reading(query.text, [papers[one.paper_id] for one in first], scores)
    return [replace(first[place], score=score) for place, score in zip(places, scores, strict=True)] + rest


def _with_rare_names(reading: Reading, query: Query, fused: list[Fused]) -> list[Fused]:
    """Best first again, with what papers gain by a rare name of the query.

    An embedding model that never saw a name puts papers on anything alike before those that hold it.
    """
    gains: dict[str, float] = {}
    for stem, share in rare_names(reading, query).items():
        for paper_id, score in reading.word_scores([stem], [one.paper_id for one in fused]).items():
            if score > 0:
                gains[paper_id] = gains.get(paper_id, 0.0) + _RARE_NAME * share
    if not gains:
        return fused
    lifted = [replace(one, score=one.score + gains.get(one.paper_id, 0.0)) for one in fused]
    return sorted(lifted, key=lambda one: (-one.score, one.paper_id))


def _lifts(reading: Reading, query: Query, best: Sequence[str], also: Set[str]) -> dict[str, float]:
    """What papers gain: by a title that the query is with slips or begins with a name of, by phrases in quotes.

    `best`: ids of papers, best first, of which only the first are looked at; `also`: ids of others that are.
    """
    looked_at = [*dict.fromkeys([*best[:_LOOKED_AT], *also])]
    titles = reading.titles(looked_at)
    lifts = dict.fromkeys(asked_by_name(query, titles), _BY_NAME)
    phrases = [f" {normalise_title(phrase)} " for phrase in query.phrases]
    for paper in reading.papers(looked_at).values() if phrases else ():
        text = f" {normalise_title(f'{paper.title} {paper.abstract}')} "
        held = sum(phrase in text for phrase in phrases)
        if held:
            lifts[paper.paper_id] = lifts.get(paper.paper_id, 0.0) + _PHRASE * held / len(phrases)
    titled = [paper_id for paper_id in best[:_TITLES] if is_title(query, titles[paper_id])]
    return lifts | dict.fromkeys(titled, NAMED)


def _scores_by_words(
    reading: Reading, terms: str, candidates: Sequence[str], known: Mapping[str, float]
) -> dict[str, float]:
    """The BM25 of each candidate; it is asked for where it is not known yet."""
    return {**known, **reading.word_scores(terms, [one for one in candidates if one not in known])}


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
