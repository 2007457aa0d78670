"""Sentences that repeat the abstract: word for word, or with words left out that change nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.corpus import Quote
from rag.support.words import plain_text, word_set

_FEWEST_LETTERS = 20  # shorter sentences are checked as all others
_FEWEST_WORDS = 6
_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*%?|[%<>=^]")
_SUBJECT = 3  # words, at most, of a name at the head of a claim for which the abstract says "it" or "our method"
_PRONOUNS = word_set("it we our this these the they proposed method approach framework model system algorithm")
# Words whose loss changes what is said.
_BEARING = re.compile(
    r"n[o']t|\w+n't|no|non|none|never|neither|nor|without|cannot|fail\w*|lack\w*|hardly|barely|rarely|seldom|un\w+|only|"
    r"may|might|can|could|would|should|if|unless|when|while|whereas|although|though|but|except|despite|instead|rather|"
    r"some|sometimes|often|usually|typically|almost|nearly|about|around|up|at|least|most|less|more|fewer|than|possibly|"
    r"likely|potentially|suggest\w*|hypothesi\w*|conjectur\w*|partially|partly|half|twice|to|from|in|on|for|of|by|with",
    re.IGNORECASE,
)
# What may not stand before or right behind the words that are repeated.
_TURNING = re.compile(
    r"n[o']t|\w+n't|no|none|never|neither|nor|without|cannot|fail\w*|hardly|barely|rarely|unlike|if|unless|only|except|"
    r"provided|assuming|when|contrary|question\w*|doubt\w*|whether",
    re.IGNORECASE,
)
_BEHIND = 2  # words


def find_copy(claim: str, quotes: Sequence[Quote]) -> Quote | None:
    """The sentence that the claim repeats, apart from blanks and the stop; the longest one where it repeats several."""
    wanted = _squeezed(claim)
    if len(wanted) < _FEWEST_LETTERS:
        return None
    for quote in quotes:
        if wanted in _squeezed(quote.text):
            return quote
    parts = [quote for quote in quotes if _squeezed(quote.text) in wanted]
    if parts and sum(len(_squeezed(quote.text)) for quote in parts) == len(wanted):
        return max(parts, key=lambda quote: len(quote.text))
    return None


def find_shortened(claim: str, title: str, quotes: Sequence[Quote]) -> Quote | None:
    """The sentence of which the claim leaves out words that change nothing; it may name what stands there as "it"."""
    said = _words(claim)
    named = set(_words(title))
    if len(said) < _FEWEST_WORDS:
        return None
    for quote in quotes:
        stated = _words(quote.text)
        for subject in range(_SUBJECT + 1):
            if len(said) - subject >= _FEWEST_WORDS - 1 and set(said[:subject]) <= named:
                left_out = _left_out(said[subject:], stated, is_renamed=subject > 0)
                if left_out is not None and not any(map(_BEARING.fullmatch, left_out)):
                    return quote
    return None


def _left_out(said: Sequence[str], stated: Sequence[str], *, is_renamed: bool) -> list[str] | None:
    """The words of `stated` between those that `said` repeats in their order; None where it does not repeat them all.

    None too where what stands before or behind turns what they say, or where the claim `is_renamed`, which means that
    it has another subject, and not only such words as "it" stand before.
    """
    left_out: list[str] = []
    place = 0
    for number, word in enumerate(said):
        start = place
        while place < len(stated) and stated[place] != word:
            place += 1
        if place == len(stated):
            return None
        if number:
            left_out += stated[start:place]
        elif any(map(_TURNING.fullmatch, stated[:place])) or (is_renamed and not set(stated[:place]) <= _PRONOUNS):
            return None
        place += 1
    return None if any(map(_TURNING.fullmatch, stated[place : place + _BEHIND])) else left_out


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(plain_text(text))]


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter in "%+-<>=^")
