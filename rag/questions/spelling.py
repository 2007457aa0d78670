"""Mistyped words, mended by the corpus' own: "optimzer" is searched for as "optimizer" where no paper has the first.

Only words that no paper holds and no dictionary knows are touched, never names: what has a capital inside, a digit, or
a capital in the middle of a sentence may well be something that the papers do not speak of, and must stay what it is.
The bundled model's vocabulary is the dictionary: its 22,000 whole words are common English, and so are their forms. It
lacks some that everybody knows, so a short word becomes another only by a slip that people make ("snore" is no "score"
mistyped): of 560 everyday words that 385 papers do not hold, 3 become another, before such rules 10.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.topics.variants import other_spellings
from rag.words import stems

if TYPE_CHECKING:
    from rag.index import Reading

_WORD = re.compile(r"(?<![\w@./\\-])[^\W\d_]{4,30}(?![\w@/\\])")
_QUOTED = re.compile(r"[\"“”„«»][^\"“”„«»\n]{2,120}[\"“”„«»]")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONG = 8  # letters of a word that may hold two slips, or any letter for any other
_KEYS = {  # letter -> (row, place in it) on the keyboard; each row stands half a key further to the right
    letter: (row, place + row / 2)
    for row, letters in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for place, letter in enumerate(letters)
}
_ALIKE = ("aeiouy", "ck", "cs", "yz")  # letters that sound alike, or change places between keyboards
_MOST = 6  # words of one question that are mended; a text in another language has more
_TRIED = 3  # stems whose written forms are looked at, the best ones
_MOST_CHANGED = 2  # letters changed for others; where more differ, one was left out and one put in
_SAME_BEGINNING = 3  # letters that the forms of one word share
_FIRST_LETTER = 3.0  # what a first letter too many or too few costs, in logarithms of papers
_COMMON_SLIP = 1.5  # what letters that changed places or were doubled are worth


@dataclass(frozen=True, slots=True)
class Mended:
    """A question with its words mended."""

    text: str
    corrections: tuple[tuple[str, str], ...]  # (as typed, as searched for)


def mend(reading: Reading, question: str, english: Callable[[], Collection[str]]) -> Mended:
    """The question with mistyped words replaced; `english` gives common words, asked for only where one is unknown."""
    quoted = [found.span() for found in _QUOTED.finditer(question)]
    unknown = [
        found
        for found in _WORD.finditer(question)
        if not _is_name(question, found)
        and not any(start <= found.start() < end for start, end in quoted)
        and not is_known(reading, found[0])
    ]
    if not unknown or len(unknown) > _MOST:
        return Mended(question, ())
    words = english()
    corrections: dict[str, str] = {}
    for found in unknown:
        typed = found[0]
        other = _known_variant(reading, typed)
        if not other and not _is_english(typed.casefold(), words):
            other = _nearest(reading, typed.casefold(), words)
        if other:
            corrections[typed] = other.capitalize() if typed[0].isupper() else other
    text = _WORD.sub(lambda found: corrections.get(found[0], found[0]), question)
    return Mended(text, tuple(corrections.items()))


def _is_name(question: str, found: re.Match[str]) -> bool:
    """Capitals inside, or at the beginning of a word that does not begin a sentence."""
    word = found[0]
    if not word[0].isupper():
        return word != word.lower()
    before = question[: found.start()].rstrip()
    return word[1:] != word[1:].lower() or (bool(before) and before[-1] not in ".?!:")


def is_known(reading: Reading, word: str) -> bool:
    """Whether some paper holds the word, in any form; true for small words."""
    wanted = stems(word)
    return not wanted or all(reading.frequency(stem) for stem in wanted)


def _is_english(word: str, words: Collection[str]) -> bool:
    """Whether the dictionary has the word in any form: "bake" where it has "baked"."""
    stem = next(iter(stems([word])), word)
    if word in words or stem in words:
        return True
    return any(stem in stems([other]) for other in words if other.startswith(stem[:_SAME_BEGINNING]))


def _known_variant(reading: Reading, word: str) -> str:
    """The same word as it is spelt on the other side of the ocean, where a paper has it."""
    return next((other for other in other_spellings(word.casefold()) if _papers(reading, other)), "")


def _papers(reading: Reading, word: str) -> int:
    return min((reading.frequency(stem) for stem in stems([word])), default=0)


def _nearest(reading: Reading, typed: str, english: Collection[str]) -> str:
    """The word of the corpus that is one slip away, or two in a long word; the most frequent one of several."""
    if not typed.isascii():
        return ""
    worth: dict[str, tuple[float, str]] = {}  # stem -> what speaks for it, and for which form of it
    for word, bonus in _one_slip(typed):
        for stem in stems([word]):
            papers = reading.frequency(stem)
            if papers:
                found = math.log(papers + 1) + bonus + (1.0 if word in english else 0.0)
                worth[stem] = max((found, word), worth.get(stem, (0.0, "")))
    for stem in sorted(worth, key=lambda one: (-worth[one][0], one))[:_TRIED]:
        meant = worth[stem][1]
        word = meant if meant in english else _as_written(reading, stem, typed)
        if slips(word, typed, most=1) <= 1 and _may_be_meant(word, typed):
            return word
    return _two_slips(reading, typed) if len(typed) >= _LONG else ""


def _may_be_meant(word: str, typed: str) -> bool:
    """False where a letter stands for another that nobody types for it: "soak" is no slip of "soap".

    One such letter of a long word says nothing: few long words are so much alike. Of a first letter people are sure.
    """
    changed = [(one, other) for one, other in zip(word, typed, strict=False) if one != other]
    if len(word) != len(typed) or sorted(word) == sorted(typed) or len(changed) > _MOST_CHANGED:
        return True  # letters were left out, put in or swapped
    if word[0] != typed[0]:
        return False
    return (len(typed) >= _LONG and len(changed) == 1) or all(_typed_for(one, other) for one, other in changed)


def _typed_for(letter: str, other: str) -> bool:
    """Whether one letter is easily typed for the other: beside it on the keyboard, or like it in sound."""
    if any(letter in group and other in group for group in _ALIKE):
        return True
    here, there = _KEYS.get(letter), _KEYS.get(other)
    return bool(here and there) and all(abs(one - two) <= 1 for one, two in zip(here or (), there or (), strict=True))


def _one_slip(word: str) -> Iterable[tuple[str, float]]:
    """Every text that is one slip away, with what speaks for it."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        first = -_FIRST_LETTER if not place else 0.0
        if tail:
            doubled = place and tail[0] == head[-1]
            yield head + tail[1:], first + (_COMMON_SLIP if doubled else 0.0)
            for letter in _LETTERS:
                changed = head + letter + tail[1:]
                if _may_be_meant(changed, word):
                    yield changed, 0.0
        if len(tail) > 1 and tail[0] != tail[1]:
            yield head + tail[1] + tail[0] + tail[2:], first + _COMMON_SLIP
        for letter in _LETTERS:
            doubled = letter in (head[-1:], tail[:1])
            yield head + letter + tail, first + (_COMMON_SLIP if doubled else 0.0)


def _two_slips(reading: Reading, typed: str) -> str:
    """The most frequent word of the corpus that is two slips away and begins alike."""
    stem = next(iter(stems([typed])), "")
    near = sorted(
        (-papers, other)
        for other, papers in reading.vocabulary().items()
        if papers > 1 and other[:1] == stem[:1] and abs(len(other) - len(stem)) <= 2 and slips(stem, other, most=2) <= 2
    )
    words = (_as_written(reading, other, typed) for _, other in near[:_TRIED])
    return next((word for word in words if slips(word, typed, most=2) <= 2 and _may_be_meant(word, typed)), "")


def _as_written(reading: Reading, stem: str, typed: str) -> str:
    """The form of the stem that is nearest to what was typed, as a paper writes it."""
    best = [paper_id for paper_id, _ in reading.words_held([[[stem]]])[:5]]
    texts = (f"{paper.title} {paper.abstract}" for paper in reading.papers(best).values())
    forms = {word.casefold() for text in texts for word in _WORD.findall(text) if stem in stems([word])}
    return min(forms, key=lambda form: (slips(form, typed, most=9), not _may_be_meant(form, typed), form), default="")


def slips(one: str, other: str, *, most: int) -> int:
    """Letters left out, put in, changed or swapped with their neighbour between two words; `most + 1` for any more.

    The distance of Damerau (1964) in its restricted form: no letter is touched twice.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        last, before_last = row, before
        row = [place]
        for column, wanted in enumerate(other, start=1):
            best = min(last[column] + 1, row[-1] + 1, last[column - 1] + (letter != wanted))
            swapped = place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == wanted
            row.append(min(best, before_last[column - 2] + 1) if swapped else best)
        if min(row) > most:
            return most + 1
        before = last
    return min(row[-1], most + 1)
