"""Words with "un-", "non-" or "in-" against the words without: "biased" where the abstract has "unbiased"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.support.alignment import align
from rag.support.polarity import Flip, denies_before
from rag.support.words import Word, plain_text, stem, words_of

_PREFIX = re.compile(r"(?:un|non)-?|(?:in|im|dis|ir)(?!-)")
_SHORTEST = 5  # letters; shorter words are others by chance ("form", "inform")
_FOLLOWED = 0.5  # share of a sentence's words that stand in the quote in their order, for a comparison word by word
_BESIDE = 5  # words to each side among which one must be shared, where the sentence has words of its own
# Before a word these can say what its prefix says.
_EXCUSES = re.compile(
    r"\b(?:keep\w*|prevent\w*|avoid\w*|from|without|not|no|never|cannot|lack\w*|fail\w*|rather|instead|absen\w*|free"
    r"|remov\w*|eliminat\w*|less|far|leav\w*|only|outside)\b|n't\b",
    re.IGNORECASE,
)
_EXCUSED = 6  # words


def turned_prefix(sentence: str, quote: str, text: str) -> Flip | None:
    """A word of `sentence` that `quote` has with such a prefix, or without it; `text`: title and abstract."""
    return _in_place(sentence, quote) or _beside_the_same(sentence, quote, text)


def _in_place(sentence: str, quote: str) -> Flip | None:
    """The one in the other's place, in a sentence that follows the quote word by word."""
    alignment = align(sentence, quote)
    if alignment.followed < _FOLLOWED:
        return None
    for place, stretch in enumerate(alignment.stretches):
        if not stretch.is_equal and len(stretch.ours) == len(stretch.theirs):
            beside = " ".join(word.text for word in alignment.differing_near(place))
            for ours, theirs in zip(stretch.ours, stretch.theirs, strict=True):
                if _are_opposite(ours.text, theirs.text) and not _EXCUSES.search(beside):
                    return Flip(ours.text, theirs.text, is_close=True)
    return None


def _beside_the_same(sentence: str, quote: str, text: str) -> Flip | None:
    """Anywhere beside the same words, where the abstract never has the word as the sentence has it."""
    ours, theirs = words_of(plain_text(sentence)), words_of(plain_text(quote))
    known = {stem(_flat(word.text)) for word in words_of(plain_text(text))}
    for place, word in enumerate(ours):
        if not word.is_content or stem(_flat(word.text)) in known or _is_excused(ours, place):
            continue
        for other, stated in enumerate(theirs):
            if (
                stated.is_content
                and _are_opposite(word.text, stated.text)
                and not _is_excused(theirs, other)
                and denies_before(ours, place) == denies_before(theirs, other)
                and _beside(ours, place) & _beside(theirs, other)
            ):
                return Flip(word.text, stated.text)
    return None


def _are_opposite(word: str, other: str) -> bool:
    """Whether one is the other with a prefix and the same ending: "known" and "unknown", not "notice", "unnoticed"."""
    short, long = sorted((word.casefold(), other.casefold()), key=len)
    prefix = _PREFIX.match(long)
    bare = _flat(long[prefix.end() :]) if prefix else ""
    short = _flat(short)
    return len(short) >= _SHORTEST and bare[-2:] == short[-2:] and stem(bare) == stem(short)


def _flat(word: str) -> str:
    return word.casefold().replace("-", "")


def _is_excused(words: Sequence[Word], place: int) -> bool:
    return bool(_EXCUSES.search(" ".join(word.text for word in words[max(0, place - _EXCUSED) : place])))


def _beside(words: Sequence[Word], place: int) -> set[str]:
    """Stems of the words of weight beside a word, up to the next comma."""
    found: set[str] = set()
    for side in (words[place - 1 :: -1] if place else (), words[place + 1 :]):
        for word in side[:_BESIDE]:
            if word.text in ",;:.()":
                break
            if word.is_content:
                found.add(word.stem)
    return found
