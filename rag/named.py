"""What a query names: papers by their title, with slips, by an id, by the name that their title begins with; and
names that few papers hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rag.corpus import Paper, normalise_title
from rag.query import Query
from rag.words import rarity, stems

if TYPE_CHECKING:
    from rag.index import Reading

_LIKE = 0.9  # share of a title's letters that stand in the query in order; a typo in each fifth word is still a title
_SHORTEST = 12  # letters of a title that may be mistyped
_NAME_WORDS = 2  # of the name before a title's colon
_SHARE = 1 / 3  # of the words of content in a query that asks for a name
_FEW = 0.02  # share of the papers that may hold a rare name
_FEWEST = 3  # papers that may hold one in the smallest corpus
_BRIEF = 2  # words of content in a query up to which each may be a name, however it is written
_WORD = re.compile(r"[^\W_][\w.+-]*[\w+]|[^\W_]")
_NAME = re.compile(r".*\d|.*[a-z].*[A-Z]|[A-Z]{2}|[A-Z].*[-+].*", re.DOTALL)  # no word of a sentence looks so


def named_papers(reading: Reading, query: Query) -> set[str]:
    """Papers that the query names: by being their title or id, by quoting their title, by an id or address in it."""
    titles = {query.as_title, *map(normalise_title, query.phrases)}
    return set(reading.named([title for title in titles if title], [*query.identifiers, query.text]))


def beginning_so(reading: Reading, query: Query) -> list[str]:
    """Ids of papers whose title begins with a name of the query, which the search by words may not bring up."""
    names = [normalise_title(word) for word in _WORD.findall(query.text) if _NAME.match(word)]
    return reading.titles_beginning([name for name in dict.fromkeys(names) if name])


def is_title(query: Query, title: str) -> bool:
    """Whether the whole query is this title with slips."""
    title, typed = normalise_title(title), query.as_title
    if len(title) < _SHORTEST or abs(len(title) - len(typed)) > (1 - _LIKE) * 2 * len(title):
        return False
    matcher = SequenceMatcher(None, title, typed, autojunk=False)
    return matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE and matcher.ratio() >= _LIKE


def asked_by_name(query: Query, titles: Mapping[str, str]) -> set[str]:
    """Ids of those papers (id -> title) whose title begins with a name that the query asks for.

    "BERT" is not "Sentence-BERT".

    The name has to be a third of what the query says: a longer query is about more than what bears the name, and
    claims that mention "AMPK" are not about the paper "AMPK: ...".
    """
    there = _named_in(query.text, titles)
    content = len(stems(query.text)) if there else 0
    return {paper_id for paper_id, name in there.items() if len(stems([name])) >= _SHARE * content}


def _named_in(text: str, titles: Mapping[str, str]) -> dict[str, str]:
    """Those papers (id -> title) whose title begins with a name that stands in the text, as id -> name."""
    words = _WORD.findall(text)
    names = {paper_id: name_of(title) for paper_id, title in titles.items()}
    return {paper_id: name for paper_id, name in names.items() if name and _stands_in(name, words)}


def named_together(text: str, papers: Sequence[Paper]) -> list[str]:
    """Ids of those papers that bear a name in the text, where it names at least two of them."""
    # At the beginning of a question any word has a capital; beside another name it is one.
    found = _named_in(f"of {text}", {paper.paper_id: paper.title for paper in papers})
    return list(found) if len(set(found.values())) > 1 else []


def rare_names(reading: Reading, query: Query) -> dict[str, float]:
    """Stem -> share in (0, 1] of what all words of the query tell apart, for each name in it that few papers hold."""
    words = stems(query.topic)
    written = {stem for word in written_as_names(query.text) for stem in stems(word)}
    names = words.keys() if len(words) <= _BRIEF else words.keys() & written
    if not names:
        return {}
    papers = reading.counts().papers
    few = max(_FEWEST, _FEW * papers)
    holding = {stem: reading.frequency(stem) for stem in words}
    told = {stem: rarity(count, papers) for stem, count in holding.items()}
    whole = sum(told.values())
    return {stem: told[stem] / whole for stem, count in holding.items() if stem in names and 0 < count <= few}


def written_as_names(text: str) -> list[str]:
    """Its words with a digit or a capital, unless that only begins a sentence; a word or two may be a name alone."""
    words = _WORD.findall(text)
    begins = len(words) > _BRIEF
    return [word for place, word in enumerate(words) if _NAME.match(word) or (word[0].isupper() and place >= begins)]


def holds_name_of(text: str, paper: Paper) -> bool:
    """Whether a name in the text stands in the paper's title or abstract, in any case."""
    names = {name.casefold() for name in written_as_names(text)}
    return not names.isdisjoint(word.casefold() for word in _WORD.findall(f"{paper.title}\n{paper.abstract}"))


def name_of(title: str) -> str:
    """The name that a title gives before its colon: `BERT` of "BERT: Pre-training of ..."; "" where it has none.

    Several words are a name only where one of them looks like one: "Graph Neural Networks: A Review" names a field.
    """
    head, colon, _ = title.partition(":")
    words = head.split()
    is_name = len(words) == 1 or (len(words) <= _NAME_WORDS and any(map(_NAME.match, words)))
    return head.strip() if colon and is_name else ""


def _stands_in(name: str, words: Sequence[str]) -> bool:
    """Whether the name's words follow one another in the query. An ordinary word has to be written as in the title."""
    parts = _WORD.findall(name)
    if not parts:
        return False
    exact = not (len(parts) > 1 or _NAME.match(parts[0]))
    wanted = parts if exact else [part.casefold() for part in parts]
    there = list(words) if exact else [word.casefold() for word in words]
    if exact and there[:1] == wanted:
        there = there[1:]  # at the beginning any word has a capital
    return any(there[start : start + len(wanted)] == wanted for start in range(len(there)))
