"""Sentences that repeat the abstract word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from rag.corpus import Quote
from rag.support.words import clean_sentence, plain_text, word_set

_FEWEST_LETTERS = 20  # shorter ones are checked as all others
# Words and numbers whole, with the points, hyphens and signs that make other ones of them: "2.2", "non-smooth", "-3".
_WORD = r"[^\W_]+(?:[.,'-][^\W_]+)*"
_SIGN = r"[%^<>=+/~|&@#±×÷°€£¥←-⋿]|(?<!\w)\.(?=\d)|(?<![\w)\]}-])-(?=[\w.\\])"
_TOKEN = re.compile(rf"{_WORD}|{_SIGN}")
# Words before a sentence that take nothing back and set no condition, as in "Moreover, our results show that".
_OPENING = word_set(
    """
    however moreover furthermore additionally further also specifically notably importantly interestingly thus hence
    therefore consequently finally lastly recently here overall in addition particular for example instance as a result
    to this end the our these paper work study experiments experimental empirical results findings analysis extensive
    evaluations evaluation we show shows find demonstrate demonstrates prove observe report reveal reveals confirm that
    """
)


def find_copy(claim: str, quotes: Sequence[Quote]) -> Quote | None:
    """The sentence that the claim repeats as a whole, whatever opens it; the longest one where it repeats several.

    Of a part of a sentence it is not told here: what stands around it may set a condition ("assuming that ...") or
    take it back ("it was long believed that ...").
    """
    said = _tokens(claim)
    if _letters(said) < _FEWEST_LETTERS:
        return None
    stated = [_tokens(quote.text) for quote in quotes]
    for quote, tokens in zip(quotes, stated, strict=True):
        opening = len(tokens) - len(said)
        if opening >= 0 and tokens[opening:] == said and _OPENING.issuperset(tokens[:opening]):
            return quote
    for first in range(len(quotes)):
        for last, together in enumerate(accumulate(stated[first:]), start=first):
            if together == said:
                return max(quotes[first : last + 1], key=lambda quote: len(quote.text))
    return None


def find_part(words: str, quotes: Sequence[Quote]) -> Quote | None:
    """The sentence that has these words in a row somewhere: it tells whose words they are, not that they are true."""
    said = _tokens(words)
    if _letters(said) < _FEWEST_LETTERS:
        return None
    for quote in quotes:
        stated = _tokens(quote.text)
        if any(stated[start : start + len(said)] == said for start in range(len(stated) - len(said) + 1)):
            return quote
    return None


def _tokens(text: str) -> list[str]:
    return [token.casefold() for token in _TOKEN.findall(plain_text(clean_sentence(text)))]


def _letters(tokens: Sequence[str]) -> int:
    return sum(map(len, tokens))
