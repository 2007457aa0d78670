"""Which papers are on a topic: those whose title or abstract holds its words close together.

Judged by hand over 16 topics of 385 papers, words that merely stand somewhere in one abstract are right for half of
the papers or fewer ("graph neural networks" 11 of 18), and no cut of the cosine tells the rest apart: papers at 0.5 are
about something else for some topics and missed for others. Within a window of two more words than the topic has, nearly
every paper that is counted belongs.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.questions.acronyms import is_acronym, long_forms, short_forms
from rag.questions.variants import hyphened, other_spellings
from rag.words import stems

if TYPE_CHECKING:
    from rag.index import Reading

_BETWEEN = 2  # other words that may stand among the topic's
_READ = 60  # papers in which a short form's meaning is looked up
_ALIKE = 5  # letters that two forms of a word begin with: "privacy" and "private"
_MOST_FORMS = 6  # alternative wordings of one topic
_READ_WHOLE = 4000  # papers whose text is looked through; of more, it is enough that they hold all words
_OR = re.compile(r"\s+(?:or|and/or)\s+|\s*/\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OnTopic:
    """The papers on a topic and the rule that found them."""

    paper_ids: tuple[str, ...]  # best first
    forms: tuple[str, ...]  # the wordings that count, the topic's own first
    close: bool  # the words have to stand close together, not merely in the same paper


def papers_on(reading: Reading, topic: str) -> OnTopic:
    """Every paper on the topic; `A or B` is either of them."""
    forms = list(dict.fromkeys(form for part in _OR.split(topic) for form in _forms(reading, part)))[: 2 * _MOST_FORMS]
    wordings = [words for form in forms if (words := list(stems(form)))]
    found = [paper_id for paper_id, _ in reading.words_held([wordings])] if wordings else []
    close = any(len(words) > 1 for words in wordings) and len(found) <= _READ_WHOLE
    if close:
        papers = reading.papers(found)
        patterns = [_pattern(words) for words in wordings]
        found = [
            one for one in found if one in papers and _holds(f"{papers[one].title}. {papers[one].abstract}", patterns)
        ]
    return OnTopic(tuple(found), tuple(forms), close)


def _forms(reading: Reading, topic: str) -> list[str]:
    """The topic in other words: other spellings, hyphens, what an acronym stands for and what is short for it."""
    alternatives = [_of_word(reading, word) for word in topic.split()]
    forms = [" ".join(choice) for choice in itertools.islice(itertools.product(*alternatives), _MOST_FORMS)]
    if len(stems(topic)) > 1:
        for short in short_forms(topic, _texts(reading, topic)):
            meant = long_forms(short, _texts(reading, short))[:1]
            forms += [short, *meant] if _is_form_of(topic, *meant) else []
    distinct = {tuple(stems(form)): form for form in reversed(forms)}
    return [form for form in dict.fromkeys(forms) if distinct[tuple(stems(form))] == form]


def _is_form_of(topic: str, meant: str = "") -> bool:
    """Whether what a short form mostly stands for is the topic, in another form: "differentially private" is."""
    pairs = list(zip(stems(topic), stems(meant), strict=False))
    alike = all(one[:_ALIKE] == other[:_ALIKE] for one, other in pairs)
    return len(stems(topic)) == len(stems(meant)) and alike


def _of_word(reading: Reading, word: str) -> list[str]:
    """The word and what else it may be written as, as far as the papers do."""
    bare = word.strip(",.;:()\"'“”")
    others = [other for other in other_spellings(bare) if set(stems(other)) != set(stems(bare))]
    others += [" ".join(parts) for parts in hyphened(bare)]
    choices = [bare, *(other for other in others if all(reading.frequency(stem) for stem in stems([other])))]
    if is_acronym(bare):
        choices += long_forms(bare, _texts(reading, bare))
    return choices


def _texts(reading: Reading, words: str) -> list[str]:
    best = [paper_id for paper_id, _ in reading.best_words(words, _READ, every=True)]
    return [f"{paper.title}. {paper.abstract}" for paper in reading.papers(best).values()]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One wording: its words, each as a group of the expression."""

    expression: re.Pattern[str]
    words: int


def _pattern(words: Sequence[str]) -> _Pattern:
    # Stems end in letters that the words need not have: "memori" for "memory", "scale" for "scaling".
    beginnings = [re.escape(word.rstrip("ie") or word) for word in words]
    return _Pattern(
        re.compile(r"\b(?:" + "|".join(f"({each})" for each in beginnings) + r")\w*", re.IGNORECASE), len(words)
    )


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
    patterns = [_pattern(list(stems(form))) for form in forms if stems(form)]

    def score(sentence: str) -> float:
        words = set(stems(sentence))
        share = max((len(words & wording) / len(wording) for wording in wordings if wording), default=0.0)
        return share + (1.0 if _holds(sentence, patterns) else 0.0)

    scores = [score(sentence) for sentence in sentences]
    return scores.index(max(scores)) if scores else 0
