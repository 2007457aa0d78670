"""Hits to numbered evidence: of each paper the sentences that answer the question, best first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.corpus import Evidence, Hit, Quote
from rag.embedder import Embedder
from rag.sentences import split_sentences
from rag.words import stems

QUOTES = 3  # sentences of a paper
_EMBEDDED = 24  # sentences that the model compares with the question; words and rank choose them
_PAPER = 1.0  # weight of the paper's fused score in a sentence's score
_COSINE = 1.0
_WORDS = 0.5
_SHORTEST = 25  # characters; below it stands a heading or an address


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int  # of the hit
    quote: Quote
    words: float  # share of the question's words, by rarity, in [0, 1]


def gather_evidence(question: str, hits: Sequence[Hit], embedder: Embedder, *, limit: int) -> tuple[Evidence, ...]:
    """The first `limit` hits, numbered from 1, each with its best sentences for the question.

    Quotes' scores hold the paper's score, so that they can be compared across papers. Raises EmbedderError.
    """
    chosen = list(hits[:limit])
    if not chosen:
        return ()
    candidates = _candidates(question, chosen)
    first = sorted(candidates, key=lambda one: -_without_model(one, chosen))[:_EMBEDDED]
    cosines = _cosines(question, [one.quote.text for one in first], embedder)
    scored: dict[int, list[Quote]] = {}
    for one, cosine in zip(first, cosines, strict=True):
        score = _without_model(one, chosen) + _COSINE * cosine
        scored.setdefault(one.place, []).append(replace(one.quote, score=score))
    return tuple(
        Evidence(number=place + 1, hit=hit, quotes=_best(scored.get(place, []), hit))
        for place, hit in enumerate(chosen)
    )


def _candidates(question: str, hits: Sequence[Hit]) -> list[_Candidate]:
    sentences = [(place, quote) for place, hit in enumerate(hits) for quote in split_sentences(hit.paper.abstract)]
    asked = stems(question)
    held = [stems(quote.text) for _, quote in sentences]
    seen_in = Counter(stem for words in held for stem in words)
    rarity = {stem: math.log(1 + len(sentences) / (0.5 + seen_in[stem])) for stem in asked}
    total = sum(rarity.values()) or 1.0
    return [
        _Candidate(place, quote, sum(rarity[stem] for stem in asked if stem in words) / total)
        for (place, quote), words in zip(sentences, held, strict=True)
    ]


def _without_model(one: _Candidate, hits: Sequence[Hit]) -> float:
    short = 1.0 if len(one.quote.text) < _SHORTEST else 0.0
    return _PAPER * hits[one.place].score + _WORDS * one.words - short


def _cosines(question: str, sentences: Sequence[str], embedder: Embedder) -> Sequence[float]:
    if not sentences:
        return []
    vector = embedder.embed_queries([question])[0]
    cosines: list[float] = (embedder.embed_documents(sentences) @ vector).tolist()
    return cosines


def _best(quotes: Sequence[Quote], hit: Hit) -> tuple[Quote, ...]:
    """Where no sentence of a paper was compared, its best chunk's first sentence stands for it."""
    if quotes:
        return tuple(sorted(quotes, key=lambda quote: -quote.score)[:QUOTES])
    inside = [quote for quote in split_sentences(hit.paper.abstract) if quote.end > hit.chunk.start]
    return (replace(inside[0], score=hit.score),) if inside else ()
