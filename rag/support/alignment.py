"""A sentence laid beside the one of the abstract that it follows: where both have the same words, where others."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rag.support.words import Word, plain_text, words_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that stand in each other's place; one side may be empty."""

    ours: tuple[Word, ...]
    theirs: tuple[Word, ...]
    is_equal: bool  # the same words, apart from their endings


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two sentences as stretches that are equal or not, in order."""

    stretches: tuple[Stretch, ...]
    followed: float  # share of the sentence's words that stand in the quote in the same order, in [0, 1]

    def differing_near(self, place: int) -> list[Word]:
        """The words of the stretches that differ, at `place` and next to the equal ones beside it."""
        near = self.stretches[max(0, place - 2) : place + 3]
        return [word for stretch in near if not stretch.is_equal for word in (*stretch.ours, *stretch.theirs)]


@lru_cache(maxsize=256)
def align(sentence: str, quote: str) -> Alignment:
    """Lay the words of `sentence` beside those of `quote`; marks of punctuation are left out."""
    ours, theirs = (tuple(word for word in words_of(plain_text(text)) if word.is_word) for text in (sentence, quote))
    matcher = SequenceMatcher(None, [word.stem for word in ours], [word.stem for word in theirs], autojunk=False)
    stretches = tuple(
        Stretch(ours[start:end], theirs[other_start:other_end], kind == "equal")
        for kind, start, end, other_start, other_end in matcher.get_opcodes()
    )
    equal = sum(len(stretch.ours) for stretch in stretches if stretch.is_equal)
    return Alignment(stretches, equal / len(ours) if ours else 0.0)
