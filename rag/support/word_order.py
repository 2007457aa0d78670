"""Words that a sentence gives each other's place: "Adam beats Lion" where the abstract has "Lion beats Adam"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from rag.support.alignment import Alignment, align
from rag.support.words import Word, plain_text, word_set, words_of

_FOLLOWED = 0.5  # share of a sentence's words that stand in the quote in their order; less, and it is another sentence
_MOST = 0.8  # share of a sentence's words
_LONGEST, _APART = 3, 10  # words that are exchanged, and those between them
# Between these two things may change their places: "A is similar to B", "A combined with B".
_EITHER_WAY = word_set(
    """
    versus vs between equal equals equivalent similar same different differs differ comparable combined combine
    combines combining together correlated correlate correlates agree agrees match matches like both plus distinct
    orthogonal alongside beside along interaction joint jointly especially particularly
    """
)
_LISTING = word_set("and or a an the")


def exchanged_words(sentence: str, quote: str) -> tuple[str, str] | None:
    """Two words or short phrases of `sentence`, each where `quote`, which it else follows, has the other one."""
    alignment = align(sentence, quote)
    words = words_of(plain_text(sentence))
    follows = alignment.followed >= _FOLLOWED
    return (_in_place(alignment, words) if follows else None) or _turned_round(words, quote, all_of_it=not follows)


def _in_place(alignment: Alignment, words: Sequence[Word]) -> tuple[str, str] | None:
    """One word stands for another, and elsewhere the other one for it."""
    instead = [
        (ours, theirs)
        for stretch in alignment.stretches
        if not stretch.is_equal and len(stretch.ours) == len(stretch.theirs)
        for ours, theirs in zip(stretch.ours, stretch.theirs, strict=True)
        if ours.is_content and theirs.is_content
    ]
    for (first, stated), (second, other) in combinations(instead, 2):
        between = [word for word in words if first.end <= word.start < second.start]
        if first.stem == other.stem != second.stem == stated.stem and not _is_either_way(between):
            return first.text, second.text
    return None


def _turned_round(words: Sequence[Word], quote: str, *, all_of_it: bool) -> tuple[str, str] | None:
    """Both and all between them stand there in the same words, turned round: "A beats B", "B beats A".

    `all_of_it`: only where they make up most of the sentence.
    """
    stated = _as_line(word for word in words_of(plain_text(quote)) if word.is_word)
    ours = [word for word in words if word.is_word]
    for first, between, second in _three_parts(ours):
        if all_of_it and len(first) + len(between) + len(second) < _MOST * len(ours):
            continue
        straight, turned = (*first, *between, *second), (*second, *between, *first)
        if _as_line(turned) in stated and _as_line(straight) not in stated:
            inside = [word for word in words if first[-1].end <= word.start < second[0].start]
            if not _is_either_way(inside):
                return " ".join(word.text for word in first), " ".join(word.text for word in second)
    return None


def _three_parts(words: Sequence[Word]) -> Iterator[tuple[Sequence[Word], Sequence[Word], Sequence[Word]]]:
    """Two short runs that begin and end with words of weight, and what stands between them."""
    runs = [
        (start, end)
        for start in range(len(words))
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1)
        if words[start].is_content and words[end - 1].is_content
    ]
    for (start, end), (other_start, other_end) in combinations(runs, 2):
        if end < other_start <= end + _APART:
            yield words[start:end], words[end:other_start], words[other_start:other_end]


def _is_either_way(between: Sequence[Word]) -> bool:
    """Whether what stands between two things says the same of both, or only lists them."""
    said = {word.text.casefold() for word in between if word.is_word}
    links = {word.text.casefold() for word in between if word.is_word and not word.is_content}
    lists = bool(said & {"and", "or"}) and links <= _LISTING
    return not said or bool(said & _EITHER_WAY) or lists or sum(word.text == "," for word in between) > 1


def _as_line(words: Sequence[Word] | Iterator[Word]) -> str:
    return f" {' '.join(word.text.casefold().removesuffix('s') for word in words)} "
