"""Hits to numbered evidence: of each paper the sentences that answer the question, best first.

A sentence is scored by how near its words come to the question's, by what it is for (what authors did and found rather
than what was known), by where it stands, by whether it holds a number where one is asked for, and by its paper's rank.
The weights are those of a softmax over all sentences, fitted on questions with known proof sentences and checked by
cross-validation: a proof is among the first three quotes in 92 % of the questions about one paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.close_reading import CloseReading, Match
from rag.corpus import Evidence, Hit, Quote
from rag.embedder import FloatVector
from rag.rhetoric import asks_for_list, asks_for_number, holds_number, is_background, is_contribution
from rag.sentences import split_sentences

QUOTES = 3  # of a paper
_SCALE = 0.05  # of all weights below, so that quotes' scores differ about as much as papers' scores do
_WORDS = 14.0  # mean over the question's words of the nearest word in the sentence, in [-1, 1]
_COSINE = 8.0  # of the whole sentence, for a question without words of content
_BACKGROUND, _CONTRIBUTION = -0.8, 0.7
_NUMBER, _NO_NUMBER = 0.4, -0.8  # where the question asks for one
_PLACE, _PLACE_SQUARED = 5.0, -2.7  # by the sentence's place in its abstract, from 0 to 1
_NOT_FIRST, _NOT_FIRST_OF_LIST = -3.5, -0.5  # for papers behind the first
_PAPER = 5.0  # by how far the paper's fused score is behind the first one's
_STUB = -4.0  # headings, addresses, "Code is available"
_SHORTEST = 25  # characters


@dataclass(frozen=True, slots=True)
class _Scored:
    place: int  # of the hit, from 0
    index: int  # of the sentence in its abstract, from 0
    quote: Quote


def gather_evidence(question: str, hits: Sequence[Hit], read: CloseReading, *, limit: int) -> tuple[Evidence, ...]:
    """The first `limit` hits, numbered from 1, each with its best sentences for the question.

    Two neighbouring sentences that are both among the best make one quote. Quotes' scores can be compared across
    papers. Papers that were not read closely come with the opening of their best passage.
    """
    chosen = hits[:limit]
    scored = _score(question, chosen, read.matches)
    quotes: dict[int, list[Quote]] = {}
    for one in _joined(scored, chosen):
        quotes.setdefault(one.place, []).append(one.quote)
    fits = [float(one.best.mean()) if one.best.size else None for one in read.matches]
    return tuple(
        Evidence(
            number=place + 1,
            hit=hit,
            quotes=tuple(quotes.get(place, _opening(hit))[:QUOTES]),
            fit=fits[place] if place < len(fits) else None,
        )
        for place, hit in enumerate(chosen)
    )


def _nearness(one: Match) -> FloatVector:
    if not one.words.shape[0]:
        return _COSINE * one.sentence_cosines
    nearest: FloatVector = _WORDS * one.words.mean(axis=0)
    return nearest


def _score(question: str, hits: Sequence[Hit], matches: Sequence[Match]) -> list[_Scored]:
    wants_number = asks_for_number(question)
    not_first = _NOT_FIRST_OF_LIST if asks_for_list(question) else _NOT_FIRST
    scored = []
    for place, (hit, one) in enumerate(zip(hits, matches, strict=False)):
        nearness = _nearness(one)
        paper = (not_first if place else 0.0) + _PAPER * min(0.0, hit.score - hits[0].score)
        last = max(1, len(one.paper.sentences) - 1)
        for index, quote in enumerate(one.paper.sentences):
            score = paper + float(nearness[index]) + _for_itself(quote.text, index / last)
            if wants_number:
                score += _NUMBER if holds_number(quote.text) else _NO_NUMBER
            scored.append(_Scored(place, index, replace(quote, score=_SCALE * score)))
    return sorted(scored, key=lambda one: (-one.quote.score, one.place, one.index))


def _for_itself(sentence: str, where: float) -> float:
    """What a sentence is worth whatever was asked; `where` is its place in the abstract, from 0 to 1."""
    score = _PLACE * where + _PLACE_SQUARED * where * where
    score += _BACKGROUND if is_background(sentence) else 0.0
    score += _CONTRIBUTION if is_contribution(sentence) else 0.0
    return score + (_STUB if len(sentence) < _SHORTEST else 0.0)


def _joined(scored: Sequence[_Scored], hits: Sequence[Hit]) -> list[_Scored]:
    """Best first; a sentence beside one that is already among the first three quotes joins it, two at most."""
    quotes: list[list[_Scored]] = []
    for one in scored:
        beside = next(
            (
                group
                for group in quotes
                if len(quotes) <= QUOTES
                and len(group) == 1
                and group[0].place == one.place
                and abs(group[0].index - one.index) == 1
            ),
            None,
        )
        if beside is None:
            quotes.append([one])
        else:
            beside.append(one)
    return [_join(group, hits[group[0].place].paper.abstract) for group in quotes]


def _join(group: Sequence[_Scored], abstract: str) -> _Scored:
    best = group[0]
    start, end = min(one.quote.start for one in group), max(one.quote.end for one in group)
    return replace(best, quote=Quote(abstract[start:end], start, end, best.quote.score))


def _opening(hit: Hit) -> list[Quote]:
    """The first whole sentence of the best chunk, for a paper that was not read closely."""
    inside = [quote for quote in split_sentences(hit.paper.abstract) if quote.end > hit.chunk.start]
    return [replace(inside[0], score=_SCALE * (_NOT_FIRST + _PAPER) - 1.0)] if inside else []
