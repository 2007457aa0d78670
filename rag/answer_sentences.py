"""The sentences of a model's Markdown, as spans, and which of them state something that can be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rag.citations import cited_numbers, without_markers
from rag.fences import text_between_code
from rag.sentences import split_sentences
from rag.table_cells import Cell, cells_of, heads_of

_LINE_START = re.compile(r"\s*(?:(?:[-*+•]|\d{1,3}[.)]|>)\s+)*")
# A line in bold is a heading, unless a citation or a stop makes it a sentence.
_HEADING = re.compile(
    r"\s*(?:#{1,6}\s|(?:\*\*|__)(?!.*(?:\[\d{1,3}\]|[^\d\s][.!。]\s*(?:\*\*|__):?\s*$))[^*_]+(?:\*\*|__):?\s*$)"
)
_RULE = r"\s*(?::-+:?|-+:|-{2,})\s*"  # of one column
_TABLE_RULE = re.compile(rf"\|?{_RULE}(?:\|{_RULE})*\|?")  # without blanks at its ends
_LEADING_MARKERS = re.compile(r"((?:\s*\[\d{1,3}\])+)\s*(?=$|[^\W_]|[\"“(*«「『《])")
_STOPS_WITHOUT_BLANK = "。！？"
# Behind "。[1]" these show that the paper is what the next sentence is about.
_SAID_OF_PAPER = re.compile(
    r"[和与與及]\s*\[|的|[则則]|提出|表明|指出|[显顯]示|[发發][现現]|介[绍紹]|描述|[认認][为為]|[证證]明|[报報]告"
    r"|は(?!じめ)|が|では|によ|の|と(?!く)|も(?!し|っ)"
)
_EMPHASIS = re.compile(r"[*_`#|>]+")
_PHRASE = re.compile(
    r"\b(?:in summary|in conclusion|to summari[sz]e|overall|here (?:is|are)|the following|as follows"
    r"|these (?:papers|works) include|hope this helps|let me know)\b",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4  # of a sentence that states something; two ideograms count as a word
_IDEOGRAM = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence, or what stands in a cell of a table: `text[start:end]`."""

    start: int
    end: int
    states: bool  # something that can be checked: no heading, transition or question
    cell: Cell | None = None
    names_paper: bool = False  # and says nothing of it, as an entry of a list of sources


def find_sentences(text: str) -> list[Span]:
    """The sentences in order. Code is left out; markers behind a stop belong to the sentence before it.

    Each cell of a table counts by itself.
    """
    spans: list[Span] = []
    heads: tuple[str, ...] = ()
    for start, line, is_head in _lines(text):
        opening = _LINE_START.match(line)
        skip = opening.end() if opening else 0
        body = line[skip:]
        if not body.strip():
            continue
        is_row = body.lstrip().startswith("|") and not is_head
        heads = heads_of(line) if is_head else heads if is_row else ()  # a table's own, and no longer than it
        if is_row:
            first = start + skip
            spans += [Span(first + cell.start, first + cell.end, cell.states, cell) for cell in cells_of(body, heads)]
            continue
        if is_head or _HEADING.match(line):
            left = start + skip + len(body) - len(body.lstrip())
            spans.append(Span(left, left + len(body.strip()), states=False))
            continue
        spans += _of_line(text, start + skip, body)
    return spans


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """(start, line, whether it is a table's head) without code blocks and a table's rule."""
    for start, end in text_between_code(text):
        position = start
        for line, below in pairwise([*text[start:end].split("\n"), ""]):
            if not _is_table_rule(line):
                yield position, line, "|" in line and _is_table_rule(below)
            position += len(line) + 1


def _is_table_rule(line: str) -> bool:
    """Whether a line parts the head of a table from its body."""
    return "|" in line and bool(_TABLE_RULE.fullmatch(line.strip()))


def _of_line(text: str, offset: int, body: str) -> Iterator[Span]:
    spans: list[tuple[int, int]] = []
    for quote in split_sentences(body):
        start, end = offset + quote.start, offset + quote.end
        leading = _LEADING_MARKERS.match(text[start:end])
        if spans and leading and _belongs_before(text[slice(*spans[-1])], text[start + leading.end() : end]):
            spans[-1] = (spans[-1][0], start + leading.end(1))
            start += leading.end()
        if start < end:
            spans.append((start, end))
    for start, end in spans:
        yield Span(start, end, _states(text[start:end]))


def _belongs_before(before: str, rest: str) -> bool:
    """Whether markers between two sentences belong to the first: "It holds. [1] Next", but not "It holds. [1] and"."""
    if not rest:
        return True
    if before[-1:] in _STOPS_WITHOUT_BLANK and (cited_numbers(before) or _SAID_OF_PAPER.match(rest)):
        return False
    return not rest[0].islower()


def _states(sentence: str) -> bool:
    words = _EMPHASIS.sub(" ", without_markers(sentence)).split()
    if not any(letter.isalpha() for word in words for letter in word):
        return False
    if cited_numbers(sentence):
        return True
    plain = " ".join(words)
    length = len(words) + len(_IDEOGRAM.findall(plain)) // 2
    if length < _FEWEST_WORDS or plain.endswith((":", "?", "：", "？")):
        return False
    return not (_PHRASE.search(plain) and length < 12)
