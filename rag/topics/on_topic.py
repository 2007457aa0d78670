"""Which papers are on a topic: those whose title or abstract holds its words close together.

Judged by hand over 16 topics of 385 papers, words that merely stand somewhere in one abstract are right for half of
the papers or fewer ("graph neural networks" 11 of 18), and no cut of the cosine tells the rest apart: papers at 0.5 are
about something else for some topics and missed for others. Within a window of two more words than the topic has, nearly
every paper that is counted belongs.

A paper on "A and B" holds each of the two so, wherever they stand: neighbours they are in few ("Mamba and vision").
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.topics.acronyms import is_acronym, long_forms, short_forms
from rag.topics.variants import hyphened, in_both_numbers, other_spellings
from rag.words import stems

if TYPE_CHECKING:
    from rag.snapshot import Reading

_BETWEEN = 2  # other words that may stand among the topic's
_READ = 60  # papers in which a short form's meaning is looked up
_ALIKE = 5  # letters that two forms of a word begin with: "privacy" and "private"
_MOST_FORMS = 6  # alternative wordings of one topic
_READ_WHOLE = 4000  # papers whose text is looked through; of more, it is enough that they hold all words
_ACRONYM = 3  # letters of one that may be a word as well: "US", "GAs"
_OR = re.compile(r"\s+(?:or|and/or)\s+|\s*/\s*", re.IGNORECASE)
_AND = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)
_COMMA = re.compile(r",\s+")
_BOTH = re.compile(r"^(?:both|either)\s+", re.IGNORECASE)
_SYMBOL = re.compile(r"\w[+#]+$")  # "C++" and "C#", of which the word index knows the letter alone
_QUOTES = ",.;:()\"'“”"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that a paper on the topic has to hold."""

    forms: tuple[str, ...]  # the wordings that count, the topic's own first
    close: bool  # the words have to stand close together, not merely in the same paper


@dataclass(frozen=True, slots=True)
class OnTopic:
    """The papers on a topic and the rule that found them."""

    paper_ids: tuple[str, ...]  # best first
    sides: tuple[Side, ...]  # all of which they hold

    @property
    def forms(self) -> tuple[str, ...]:
        """The wordings of all sides."""
        return tuple(form for side in self.sides for form in side.forms)


def papers_on(reading: Reading, topic: str) -> OnTopic:
    """Every paper on the topic; `A or B` is either of them, `A and B` one that holds both."""
    sides = [found for each in _alternatives(topic) if (found := _forms_of_any(reading, each))]
    groups = [[words for form in forms for words in _wordings(reading, form)] for forms in sides]
    found = [paper_id for paper_id, _ in reading.words_held(groups)] if groups else []
    patterns = [[_pattern(form) for form in forms] for forms in sides]
    read = len(found) <= _READ_WHOLE
    if read and any(pattern.needs_text for side in patterns for pattern in side):
        papers = reading.papers(found)
        texts = {one: f"{papers[one].title}. {papers[one].abstract}" for one in found if one in papers}
        found = [one for one, text in texts.items() if all(_holds(text, side) for side in patterns)]
    closely = [read and any(pattern.words > 1 for pattern in side) for side in patterns]
    return OnTopic(tuple(found), tuple(Side(tuple(forms), close) for forms, close in zip(sides, closely, strict=True)))


def _alternatives(topic: str) -> Iterator[list[str]]:
    """For each thing that has to be held, what it may be: `A and B or C` is A, and B or C."""
    bare = _BOTH.sub("", topic.strip())
    sides = [side for part in _AND.split(bare) for side in _COMMA.split(part)] if _AND.search(bare) else [bare]
    for side in sides:
        yield [each for part in _OR.split(side) for each in (_COMMA.split(part) if _OR.search(side) else [part])]


def _forms_of_any(reading: Reading, alternatives: Sequence[str]) -> list[str]:
    forms = (form for each in alternatives for form in _forms(reading, each) if stems(form))
    return list(dict.fromkeys(forms))[: 2 * _MOST_FORMS]


def _wordings(reading: Reading, form: str) -> list[list[str]]:
    """The form as stems that a paper has to hold, one list for each of which one is enough."""
    each = [
        [
            found
            for number in in_both_numbers(word)
            if (found := stems(number)) and (number == word or _held(reading, found))
        ]
        for word in map(_bare, form.split())
    ]
    choices = itertools.product(*(found for found in each if found))
    return [list(dict.fromkeys(stem for part in choice for stem in part)) for choice in choices]


def _held(reading: Reading, words: Sequence[str] | dict[str, int]) -> bool:
    return all(reading.frequency(stem) for stem in words)


def _forms(reading: Reading, topic: str) -> list[str]:
    """The topic in other words: other spellings, hyphens, what an acronym stands for and what is short for it."""
    alternatives = [_of_word(reading, word) for word in _words(topic)]
    forms = [" ".join(choice) for choice in itertools.islice(itertools.product(*alternatives), _MOST_FORMS)]
    if len(stems(topic)) > 1:
        for short in short_forms(topic, _texts(reading, topic)):
            meant = long_forms(short, _texts(reading, short))[:1]
            forms += [short, *meant] if _is_form_of(topic, *meant) else []
    distinct = {tuple(stems(form)): form for form in reversed(forms)}
    return [form for form in dict.fromkeys(forms) if distinct[tuple(stems(form))] == form]


def _words(topic: str) -> list[str]:
    """The words of a topic; two that are also written as one ("fine tuning") are one here."""
    words: list[str] = []
    for word in map(_bare, topic.split()):
        pair = [words[-1].casefold(), word.casefold()] if words else []
        if pair and pair in hyphened("".join(pair)):
            words[-1] = f"{words[-1]} {word}"
        else:
            words.append(word)
    return words


def _bare(word: str) -> str:
    """The word without marks around it, and without what makes it a genitive."""
    return re.sub(r"(?<=\w)['’]s$", "", word.strip(_QUOTES))


def _is_form_of(topic: str, meant: str = "") -> bool:
    """Whether what a short form mostly stands for is the topic, in another form: "differentially private" is."""
    pairs = list(zip(stems(topic), stems(meant), strict=False))
    alike = all(one[:_ALIKE] == other[:_ALIKE] for one, other in pairs)
    return len(stems(topic)) == len(stems(meant)) and alike


def _of_word(reading: Reading, word: str) -> list[str]:
    """The word and what else it may be written as, as far as the papers do."""
    if _SYMBOL.search(word):
        return [word]
    others = [other for other in other_spellings(word) if set(stems(other)) != set(stems(word))]
    # Where a part is a word like "over", the rest would count alone.
    apart = hyphened(word) if " " not in word else [["".join(word.split())]]
    others += [" ".join(parts) for parts in apart if all(stems(part) for part in parts)]
    choices = [word, *(other for other in others if _held(reading, stems([other])))]
    if is_acronym(word):
        texts = dict.fromkeys(text for number in in_both_numbers(word) for text in _texts(reading, number))
        choices += long_forms(word, texts)
    return choices


def _texts(reading: Reading, words: str) -> list[str]:
    best = [paper_id for paper_id, _ in reading.best_words(words, _READ, every=True)]
    return [f"{paper.title}. {paper.abstract}" for paper in reading.papers(best).values()]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One wording: its words, each as a group of the expression."""

    expression: re.Pattern[str]
    words: int
    needs_text: bool  # the word index does not tell whether a paper holds it


def _pattern(form: str) -> _Pattern:
    groups: dict[str, None] = {}
    exact = False
    for word in map(_bare, form.split()):
        if _SYMBOL.search(word):
            groups[rf"(?<!\w){re.escape(word)}(?![\w+#])"] = None
            exact = True
        elif is_acronym(word) and len(in_both_numbers(word)[0]) <= _ACRONYM:
            groups[rf"\b(?-i:{re.escape(in_both_numbers(word)[0])}s?)(?!\w)"] = None
            exact = True
        else:
            # Stems end in letters that the words need not have: "memori" for "memory", "scale" for "scaling".
            found = stems(word) and stems(in_both_numbers(word)[0])
            groups |= dict.fromkeys(rf"\b{re.escape(stem.rstrip('ie') or stem)}\w*" for stem in found)
    expression = re.compile("|".join(f"({each})" for each in groups), re.IGNORECASE)
    return _Pattern(expression, len(groups), exact or len(groups) > 1)


def _holds(text: str, patterns: Sequence[_Pattern]) -> bool:
    return any(place(text, pattern) is not None for pattern in patterns)


def place(text: str, pattern: _Pattern) -> int | None:
    """Where all the words stand close together, in any order; None where they do not."""
    last: dict[int, tuple[int, int]] = {}  # group -> begin and end of its latest word
    for found in pattern.expression.finditer(text):
        if found.lastindex is None:
            continue
        last[found.lastindex] = found.span()
        if len(last) == pattern.words:
            start = min(begin for begin, _ in last.values())
            if len(re.findall(r"\w+", text[start : found.end()])) <= pattern.words + _BETWEEN:
                return start
    return None


def best_sentence(sentences: Sequence[str], forms: Sequence[str]) -> int:
    """Which of the sentences holds the topic, by the most of its words; the first of equals."""
    wordings = [set(stems(form)) for form in forms]
    patterns = [_pattern(form) for form in forms if stems(form)]

    def score(sentence: str) -> float:
        words = set(stems(sentence))
        share = max((len(words & wording) / len(wording) for wording in wordings if wording), default=0.0)
        return share + (1.0 if _holds(sentence, patterns) else 0.0)

    scores = [score(sentence) for sentence in sentences]
    return scores.index(max(scores)) if scores else 0
