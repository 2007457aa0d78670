"""What is typed above the list of papers, while it is typed: papers that hold all of the words, else some of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

from rag.corpus import normalise_title
from rag.index import Reading
from rag.listing import cut_words
from rag.topics.variants import other_spellings
from rag.words import stems

_FOUND_AT_MOST = 2000  # papers of one search that the word index brings up
_NEAR_AT_MOST = 200  # of those that hold only some of the words
_SPELLINGS = 16  # ways to spell all of the words that are searched for
_BEGINNINGS = 30  # words, the most frequent, that one may begin
_LONGEST_ENDING = 5  # characters that a stem lacks, and which may be half typed themselves:
_ENDINGS = re.compile(r"(?:i|in|ing?|e|ed|er|es|a|at|ati|atio|ation|io|ion|iv|ive|iz|ize|m|me|men|ment|n|ne|nes|ness)$")


@dataclass(frozen=True, slots=True)
class Found:
    """Papers for some words, beside those whose titles and authors hold them; ids, best first."""

    papers: tuple[str, ...] = ()  # that hold all of the words
    # Where there are none: for each word the papers that hold it, None for one that says nothing ("of").
    each: tuple[frozenset[str] | None, ...] = ()
    near: tuple[str, ...] = ()  # and those that hold some of them


def find_typed(reading: Reading, text: str) -> Found:
    """Papers whose abstracts hold the words; the last word may be half typed.

    Raises StoreError and EmptyIndexError.
    """
    named = reading.named([normalise_title(text)], [text])
    words = cut_words(text)
    telling = [word for word in words if stems(word)] or words
    papers = dict.fromkeys([*named, *_best(reading, telling)])
    completed = _completed(reading, words[-1]) if words and words[-1] in telling else []
    for stem in completed:  # the most frequent first: a rare one would come before it by its score
        if len(papers) < _FOUND_AT_MOST:
            papers |= dict.fromkeys(_best(reading, [*telling[:-1], stem]))
    if papers:
        return Found(tuple(papers)[:_FOUND_AT_MOST])
    spelt = [_spellings(reading, word) if word in telling else None for word in words]
    groups = [[list(stems([each])) for each in ways] if ways else None for ways in spelt]
    if groups and groups[-1]:
        groups[-1] += [[stem] for stem in completed]
    each = tuple(None if group is None else frozenset(_holding(reading, group)) for group in groups)
    written = [way for ways in spelt for way in ways or ()]
    return Found(each=each, near=tuple(paper_id for paper_id, _ in reading.best_words(written, _NEAR_AT_MOST)))


def _best(reading: Reading, words: Sequence[str]) -> list[str]:
    """Papers that hold all of the words, each as it is spelt here or there; as they were typed first."""
    ways = islice(product(*(_spellings(reading, word) for word in words)), _SPELLINGS)
    found = [reading.best_words(way, _FOUND_AT_MOST, every=True) for way in ways]
    return list(dict.fromkeys(paper_id for each in found for paper_id, _ in each))


def _spellings(reading: Reading, word: str) -> list[str]:
    """The word in British and American, as far as papers hold it; as it was typed where none does."""
    typed = stems([word])
    others = [other for other in other_spellings(word) if stems([other]) != typed]
    return [each for each in (word, *others) if _is_held(reading, each)] or [word]


def _is_held(reading: Reading, word: str) -> bool:
    return all(reading.frequency(stem) for stem in stems([word]))


def _holding(reading: Reading, alternatives: Sequence[Sequence[str]]) -> list[str]:
    return [paper_id for paper_id, _ in reading.words_held([alternatives])]


def _completed(reading: Reading, word: str) -> list[str]:
    """The stems that a word which may be half typed will have, the most frequent first."""
    typed = word.casefold()
    if len(typed) < 2:
        return []
    known = reading.vocabulary()
    found = [stem for stem in known if stem.startswith(typed)]
    # "learni" is no stem and begins none of weight: "learn" is what it will become.
    if not any(reading.frequency(stem) for stem in stems([word])):
        ends = range(max(3, len(typed) - _LONGEST_ENDING), len(typed))
        found += [typed[:end] for end in ends if typed[:end] in known and _ENDINGS.match(typed[end:])]
    return sorted(found, key=lambda stem: -known[stem])[:_BEGINNINGS]
