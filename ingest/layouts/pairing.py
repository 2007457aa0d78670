"""Titles and abstracts out of a run of lines, the most probable reading of all of them together.

Every line takes one part: the start of a title, its continuation, the start of an abstract, its continuation, or a
stray label. How a line looks (ingest/layouts/titles.py) and what may follow what are weighed together over the whole
run (the Viterbi algorithm: Forney, "The Viterbi algorithm", Proc. IEEE 61(3), 1973), so that a title without an
abstract, or a paragraph more, costs one pair and never shifts the next. Memory is bounded: what all readings agree
about is handed on at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from ingest.layouts.rhythm import is_whole
from ingest.layouts.titles import (
    CERTAIN_ABSTRACT,
    columns,
    ends_sentence,
    is_names,
    may_be_byline,
    stub_likeness,
    title_likeness,
    width,
)
from ingest.layouts.wrapping import join_wrapped

_START, _TITLE, _TITLE_MORE, _ABSTRACT, _ABSTRACT_MORE, _STRAY_START, _STRAY_TITLE, _STRAY_ABSTRACT = range(8)
_AFTER_TITLE = (_TITLE, _TITLE_MORE, _STRAY_TITLE)
_AFTER_ABSTRACT = (_ABSTRACT, _ABSTRACT_MORE, _STRAY_ABSTRACT)
_NO_ABSTRACT = 5.0  # what it costs to take a line for a title and find no abstract below it
_UNNAMED = 8.0  # what it costs to take a line for a title where titles have a label and it has none
_LONGEST_QUESTION = 130  # columns
_NAMES_BELOW = -0.5  # authors below a title or an abstract
_SECOND = 3.0  # what it costs to take a whole abstract for more of one, on a page that prints them so
_ASIDE = -50.0  # what is surely stray as anything else
_NEVER = -1e9
_WINDOW_LINES = 2_000
_WINDOW_CHARACTERS = 8_000_000
_OPEN_END = re.compile(
    r"(?:[:,–—-]|\b(?:of|for|with|and|the|in|on|to|via|a|an|by|from|using|through|as|at|or|without|towards?|into|over|"
    r"under|between|beyond|across|its|is|are|be|than|that|against|during|based|multi|self))$",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(r"[*†‡§\d]{1,2} ?[A-Z][^.?!]{2,150}$")  # of authors whose names have such marks
_ITEM = re.compile(r"(?:[-*•–]|\(?[0-9a-z]{1,2}[.)]) +\S")  # of a list in an abstract
_LONGEST_JOINED = 20_000  # characters
_SHORTEST_WRAPPED = 40  # characters
_WHOLE = 600  # characters of what is an abstract by itself
_WRAPPED_WIDTH = 200  # characters; no tool is known that wraps later


@dataclass(frozen=True, slots=True)
class Fact:
    """A small fact that stands between titles and abstracts."""

    kind: Literal["address", "date", "authors"]
    value: str


@dataclass(slots=True)
class Line:
    """One line of text, furniture excluded."""

    text: str  # stripped; several lines that a tool has certainly wrapped come joined
    number: int  # in the file, from 1
    gap: bool  # a blank line or furniture stands before it
    indented: bool = False
    parted: bool = False  # furniture stands before it
    hint: float = 0.0  # above 0 it is said to be a title, below 0 an abstract
    facts: tuple[Fact, ...] = ()  # what furniture before it says
    last: str = ""  # the last of the lines that were joined, as it stands in the file
    aside: bool = False  # surely neither title nor abstract


@dataclass(frozen=True, slots=True)
class Page:
    """How a page prints its texts."""

    blank_lines: bool  # it parts them by blank lines
    wrapped_at: int  # the column that a tool has wrapped its lines at; 0 where no tool has
    titles_named: bool = False  # a label stands before each title
    with_authors: bool = False  # authors stand below titles
    with_bylines: bool = False  # so do they where no pattern may know them
    whole_abstracts: bool = False  # each abstract is one line

    def wrapped_here(self, before: str, line: str) -> bool:
        """Whether a tool may have broken a text between two lines: the next word did not fit."""
        if not self.wrapped_at or len(before) > _WRAPPED_WIDTH:
            return False
        word = line.split(" ", 1)[0]
        if not word.isascii() and len(word) > 20:
            word = word[0]  # a script without blanks breaks anywhere
        return columns(before) + 1 + columns(word) > 0.94 * self.wrapped_at

    def longest_question(self, line: Line) -> float:
        """Up to how many columns a question is a paragraph by itself, and no line of a wrapped one."""
        if not self.wrapped_at:
            return _LONGEST_QUESTION
        return 0.8 * self.wrapped_at if line.gap else 0.0

    def is_names(self, text: str) -> bool:
        """Whether a line below a title is its authors."""
        return is_names(text, few=self.with_authors)


@dataclass(slots=True)
class Pair:
    """A title with its abstract; either may be missing. What is neither (names, an organisation) is stray."""

    title: list[Line] = field(default_factory=list)
    abstract: list[Line] = field(default_factory=list)
    stray: list[Line] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Where it begins in the file."""
        return (self.title or self.abstract)[0].number


def pair_lines(lines: Iterable[Line], page: Page) -> Iterator[Pair]:
    """Pairs in the order of the lines."""
    pair = Pair()
    for line, part in _parts(_joined(lines, page), page):
        if part == _TITLE:
            if pair.title or pair.abstract:
                yield pair
            pair = Pair()
        if part in (_TITLE, _TITLE_MORE):
            pair.title.append(line)
        elif part in (_ABSTRACT, _ABSTRACT_MORE):
            pair.abstract.append(line)
        else:
            pair.stray.append(line)
    if pair.title or pair.abstract:
        yield pair


def _joined(lines: Iterable[Line], page: Page) -> Iterator[Line]:
    """The lines, those joined that certainly go on where the next word did not fit."""
    held: Line | None = None
    parts: list[str] = []
    length = 0
    for line in lines:
        line.last = line.last or line.text
        if (
            held is not None
            and not line.gap
            and not line.hint
            and length < _LONGEST_JOINED
            and len(held.last) >= _SHORTEST_WRAPPED
            and page.wrapped_here(held.last, line.text)
            and (
                (line.text[:1].islower() and not ends_sentence(held.last) and not page.is_names(line.text))
                or (page.blank_lines and length > CERTAIN_ABSTRACT)  # an abstract goes on to the next blank line
            )
        ):
            parts.append(line.text)
            length += len(line.text)
            held.last = line.last
            continue
        if held is not None:
            held.text = join_wrapped(parts)
            yield held
        held, parts, length = line, [line.text], len(line.text)
    if held is not None:
        held.text = join_wrapped(parts)
        yield held


def _parts(lines: Iterable[Line], page: Page) -> Iterator[tuple[Line, int]]:
    window: list[Line] = []
    backward: list[list[int]] = []  # per line of the window: the part before it, for each part of its own
    scores = [_NEVER] * 8
    scores[_START] = 0.0
    previous: Line | None = None
    characters = 0
    for line in lines:
        scores, came_from = _step(scores, previous, line, page)
        window.append(line)
        backward.append(came_from)
        characters += len(line.text)
        previous = line
        if len(window) % 50 == 0 or characters > _WINDOW_CHARACTERS:
            full = len(window) >= _WINDOW_LINES or characters > _WINDOW_CHARACTERS
            best = max(range(8), key=scores.__getitem__)
            settled, parts = _settled(backward, scores, best, all_but=1 if full else None)
            if settled:
                yield from zip(window[:settled], parts, strict=True)
                del window[:settled], backward[:settled]
                top = scores[best]
                scores = [score - top if score > _NEVER / 2 else _NEVER for score in scores]
                characters = sum(len(one.text) for one in window)
                if full:
                    scores = [score if state == best else _NEVER for state, score in enumerate(scores)]
    if window:
        for state in _AFTER_TITLE:
            scores[state] -= _NO_ABSTRACT
        best = max(range(8), key=scores.__getitem__)
        yield from zip(window, _trace(backward, best), strict=True)


def _settled(
    backward: list[list[int]], scores: list[float], best: int, *, all_but: int | None
) -> tuple[int, list[int]]:
    """How many lines from the front have one part in all readings that are still possible, and those parts."""
    path = _trace(backward, best)
    if all_but is not None:
        return len(path) - all_but, path[: len(path) - all_but]
    alive = [state for state, score in enumerate(scores) if score > scores[best] - 60.0]
    agreed = len(path) - 1
    for state in alive:
        if state != best:
            other = _trace(backward, state)
            agreed = min(agreed, next((i for i, (a, b) in enumerate(zip(path, other, strict=True)) if a != b), agreed))
    return agreed, path[:agreed]


def _trace(backward: list[list[int]], state: int) -> list[int]:
    path = []
    for came_from in reversed(backward):
        path.append(state)
        state = came_from[state]
    path.reverse()
    return path


def _step(scores: list[float], before: Line | None, line: Line, page: Page) -> tuple[list[float], list[int]]:
    """The best score of every part for this line, and the part before it that led there."""
    likeness = title_likeness(line.text) + line.hint
    more_title, more_abstract = _joins(before, line, likeness, page)
    if page.whole_abstracts and before is not None and _may_be_another(before, line):
        more_abstract -= _SECOND
    as_title, as_abstract = likeness / 2, -likeness / 2
    if page.titles_named and line.hint <= 0.0:
        as_title -= _UNNAMED
    if line.text[-1:] in "?？" and line.hint >= 0.0 and width(line.text) <= page.longest_question(line):
        as_abstract -= 4.0  # no abstract begins with a question on a line of its own, and few end so
        more_abstract -= 3.0 if line.gap else 0.0
    stray = stub_likeness(line.text) - (0.0 if line.gap or not page.blank_lines else 1.0)
    below_title = stray - 1.5  # no page has labels here
    if page.is_names(line.text):
        below_title = _NAMES_BELOW
        more_title -= 6.0
        if is_names(line.text):  # surely names, wherever they stand
            stray = _NAMES_BELOW
            as_title -= 6.0
            as_abstract -= 4.0
    elif page.with_bylines and before is not None and may_be_byline(line.text, before.text):
        below_title = _NAMES_BELOW
        more_title -= 6.0
    if line.aside:
        stray = below_title = 0.0
        as_title = as_abstract = more_title = more_abstract = _ASIDE
    if before is not None and not line.gap and _AFFILIATION.match(line.text) and _has_marks(before.text):
        below_title = _NAMES_BELOW
    after = [_NEVER] * 8
    came = [_START] * 8

    def offer(state: int, origin: int, score: float) -> None:
        if score > after[state]:
            after[state], came[state] = score, origin

    # Where blank lines part texts, a text that follows the line before directly is hardly another one.
    crowded = -1.0 if page.blank_lines and not line.gap and before is not None else 0.0
    for origin, score in enumerate(scores):
        if score <= _NEVER / 2:
            continue
        if origin in _AFTER_TITLE:
            offer(_ABSTRACT, origin, score + as_abstract + crowded)
            offer(_TITLE, origin, score + as_title - _NO_ABSTRACT + crowded)
            offer(_STRAY_TITLE, origin, score + below_title)
            if origin != _STRAY_TITLE:
                offer(_TITLE_MORE, origin, score + more_title)
        elif origin in _AFTER_ABSTRACT:
            offer(_TITLE, origin, score + as_title + 4.0 * crowded)
            offer(_STRAY_ABSTRACT, origin, score + stray)
            offer(_ABSTRACT_MORE, origin, score + more_abstract - (3.0 if origin == _STRAY_ABSTRACT else 0.0))
        else:
            offer(_TITLE, origin, score + as_title)
            offer(_ABSTRACT, origin, score + as_abstract - 3.0)
            offer(_STRAY_START, origin, score + stray)
    return after, came


def _may_be_another(before: Line, line: Line) -> bool:
    """Whether these may be a title that ends as a sentence does and its abstract, rather than paragraphs of one."""
    return before.gap and len(before.text) <= _LONGEST_QUESTION and ends_sentence(before.text) and is_whole(line.text)


def _has_marks(text: str) -> bool:
    """Whether the text is an affiliation, or names with the marks of theirs."""
    return bool(_AFFILIATION.match(text)) or (text[-1:] in "*†‡§0123456789" and is_names(text, few=True))


def _joins(before: Line | None, line: Line, likeness: float, page: Page) -> tuple[float, float]:
    """How well the line goes on with the title before it, and with the abstract before it."""
    if before is None:
        return _NEVER, _NEVER
    in_list = before.last[-1:] in ":;," and _ITEM.match(line.text) is not None
    ended = in_list or ends_sentence(before.last)
    lower = line.text[:1].islower()
    if line.gap:  # a new paragraph; an abstract's paragraph ends with a sentence
        more = -likeness / 2 - (1.0 if ended else 6.0) - (3.0 if line.parted else 0.0)
        if len(before.text) > _WHOLE and len(line.text) > _WHOLE:
            more -= 3.0  # two whole abstracts rather than two paragraphs of one
        if not ended and lower and likeness < 3.0 and before.text[-1:] not in ":":
            more += 3.0
        return (-8.0 if not line.parted else -12.0), more
    long_before = len(before.last)
    wrapped = page.wrapped_here(before.last, line.text)
    if (before.parted or page.with_bylines) and len(line.last) > _WRAPPED_WIDTH:
        wrapped = False  # a title below an address, say, or authors, and a whole abstract
    if not wrapped:
        more_abstract = -likeness / 2 - (2.0 if ended else 6.0)
        if len(line.text) > CERTAIN_ABSTRACT and len(before.text) > CERTAIN_ABSTRACT:
            more_abstract = -likeness / 2 - 2.0
    else:
        floor = -3.0 if ended and not page.blank_lines else -0.5  # a wrapped line says little of itself
        more_abstract = max(-likeness / 2, floor) + (0.0 if ended else 3.0) + (1.0 if lower else 0.0)
    more_title = -2.5 + (2.0 if page.blank_lines else 1.5 if wrapped else 0.0) + min(likeness / 4, 0.5)
    if lower:
        more_title += 2.5
    if line.indented and not before.indented:
        more_title += 3.0
    if _OPEN_END.search(before.last[-30:]):
        more_title += 3.0
    if long_before < 40 and not line.indented:
        more_title -= 4.0
    if likeness < 1.0:
        more_title -= 1.5
    if ended:
        more_title -= 1.0 if before.last[-1] in "?!" else 6.0
    if len(line.text) > _WRAPPED_WIDTH:
        more_title -= 6.0
    return more_title, more_abstract


def join_lines(lines: list[Line]) -> str:
    """The text of lines that a tool wrapped: one line a paragraph, paragraphs parted by a blank line."""
    paragraphs: list[list[str]] = []
    for line in lines:
        if line.gap or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line.text)
    return "\n\n".join(join_wrapped(paragraph) for paragraph in paragraphs)
