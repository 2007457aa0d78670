"""What is typed above the list of papers, while it is typed: papers that hold all of the words, else some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.corpus import normalise_title
from rag.index import Reading
from rag.listing import cut_words
from rag.words import stems

_FOUND_AT_MOST = 2000  # papers of one search that the word index brings up
_NEAR_AT_MOST = 200  # of those that hold only some of the words
_BEGINNINGS = 60  # words, the most frequent, that one may begin


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
    last = len(words) - 1
    groups = [
        _group(reading, word, begun=place == last) if word in telling else None for place, word in enumerate(words)
    ]
    whole = [paper_id for paper_id, _ in reading.best_words(text, _FOUND_AT_MOST, every=True)]
    begun = _holding(reading, [group for group in groups if group is not None])[:_FOUND_AT_MOST]
    papers = tuple(dict.fromkeys([*named, *whole, *begun]))
    if papers:
        return Found(papers)
    each = tuple(None if group is None else frozenset(_holding(reading, [group])) for group in groups)
    return Found(each=each, near=tuple(paper_id for paper_id, _ in reading.best_words(text, _NEAR_AT_MOST)))


def _group(reading: Reading, word: str, *, begun: bool) -> list[list[str]]:
    """What counts as the word: its stems together, or, where it may be half typed, a stem that it begins or ends."""
    own = [list(stems([word]))]
    return own + [[stem] for stem in _completed(reading, word)] if begun else own


def _completed(reading: Reading, word: str) -> list[str]:
    typed = word.casefold()
    if len(typed) < 2:
        return []
    known = reading.vocabulary()  # the most frequent first
    longer = [stem for stem in known if stem.startswith(typed)][:_BEGINNINGS]
    # "learni" is no stem and begins none: "learn" is what it will become.
    return (
        longer or [typed[:end] for end in range(len(typed) - 1, max(3, len(typed) - 6), -1) if typed[:end] in known][:1]
    )


def _holding(reading: Reading, groups: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    return [paper_id for paper_id, _ in reading.words_held(groups)]
