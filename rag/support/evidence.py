"""Which sentences of an abstract speak of what a sentence says: by words and by meaning."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rag.corpus import Quote
from rag.embedder import FloatMatrix
from rag.minilm import bundled_embedder
from rag.sentences import split_sentences
from rag.support.quantities import find_quantities
from rag.support.words import plain_text, stems_of

_MEANING = 2.0  # weight of a cosine beside the share of words
# Content words that a text shares with a sentence that it plainly says: 96 of 100 true sentences that sum an abstract
# up come so far, and 4 of 10,000 held against another paper's abstract.
_PLAIN_WORDS, _PLAIN_SHARE = 3, 0.67


@lru_cache(maxsize=512)
def sentences_of(abstract: str) -> tuple[Quote, ...]:
    """The abstract's sentences; none for an abstract without a letter."""
    return tuple(quote for quote in split_sentences(abstract) if any(letter.isalnum() for letter in quote.text))


def word_likeness(sentence: str, quotes: Sequence[Quote]) -> list[float]:
    """How much of the sentence each quote holds, in [0, 1]: words, the rare ones first, and numbers."""
    wanted = stems_of(plain_text(sentence))
    held = [stems_of(plain_text(quote.text)) for quote in quotes]
    spread = Counter(stem for stems in held for stem in stems)
    total = len(quotes) + 1
    weight = {stem: math.log(1 + total / spread[stem]) if spread[stem] else math.log(1 + total) for stem in wanted}
    ours = {number.low for number in find_quantities(sentence)}
    numbers = [{number.low for number in find_quantities(quote.text)} if ours else set() for quote in quotes]
    everything = math.fsum(weight.values()) + 2.0 * len(ours)
    if not everything:
        return [0.0] * len(quotes)
    likeness = []
    for stems, found in zip(held, numbers, strict=True):
        # fsum: the order of a set must not decide between two quotes
        score = math.fsum(weight[stem] for stem in wanted & stems) + 2.0 * len(ours & found)
        partly = math.fsum(
            weight[stem]
            for stem in wanted - stems
            if len(stem) > 4 and any(other.startswith(stem[:5]) for other in stems)
        )
        likeness.append((score + 0.6 * partly) / everything)
    return likeness


def nearness(sentence: str, quotes: Sequence[Quote]) -> list[float]:
    """How near each quote is to the sentence, by its words and by its meaning; only comparable among the quotes.

    The sentence that carries a claim is the nearest for 87 % of claims in other words, by words alone for 81 %.
    Raises EmbedderError.
    """
    vectors = _vectors(tuple(quote.text for quote in quotes))
    meaning = vectors @ bundled_embedder().embed_queries([sentence])[0]
    words = word_likeness(sentence, quotes)
    return [share + _MEANING * float(cosine) for share, cosine in zip(words, meaning, strict=True)]


@lru_cache(maxsize=256)
def _vectors(texts: tuple[str, ...]) -> FloatMatrix:
    return bundled_embedder().embed_documents(texts)


def covered_share(sentence: str, text: str) -> float:
    """Share of the sentence's content words that the text knows, in [0, 1]."""
    wanted = stems_of(plain_text(sentence))
    known = stems_of(plain_text(text))
    beginnings = {stem[:5] for stem in known if len(stem) > 4}
    hits = sum(stem in known or (len(stem) > 4 and stem[:5] in beginnings) for stem in wanted)
    return hits / len(wanted) if wanted else 0.0


def is_plainly_in(sentence: str, title: str, abstract: str) -> bool:
    """Whether a paper shares so many words with a sentence that it, of all papers, may be taken for where it is from.

    A name alone is shared by every paper that speaks of it. Of a short sentence all words stand in one of the paper's.
    """
    wanted = stems_of(plain_text(sentence))
    shared = wanted & stems_of(plain_text(f"{title}. {abstract}"))
    if len(wanted) < _PLAIN_WORDS:
        return len(wanted) > 1 and any(wanted <= stems_of(plain_text(quote.text)) for quote in sentences_of(abstract))
    return len(shared) >= _PLAIN_WORDS and len(shared) > _PLAIN_SHARE * len(wanted)
