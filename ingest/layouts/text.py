"""Text copied from the papers page: titles and abstracts in turn, with the page's furniture anywhere.

Two layouts share the reader: **blank-line text**, whose parts stand apart, and **compact text**, one part a line.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.layouts.facts import code_in_text, without_repeats
from ingest.layouts.furniture import furniture, unglue
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.pairing import Line, Page, Pair, join_lines, pair_lines
from ingest.layouts.titles import ends_sentence
from ingest.layouts.wrapping import join_wrapped
from ingest.reading import Text
from ingest.record import Record, rejected


def text_lines(text: Text) -> Iterator[Line]:
    """The lines that are title or abstract; furniture is left out and leaves a gap."""
    gap, parted, before = True, True, ""
    name_follows = False
    for number, raw in text.lines():
        line = raw.strip()
        if not line:
            gap = True
            continue
        kind = furniture(line)
        if kind == "likely" and not gap and not parted and _goes_on(before):
            kind = ""  # the rest of a wrapped line
        if name_follows and not kind and len(line) <= 40:
            kind = "certain"
        name_follows = kind == "certain" and line.lower().endswith("submitted by")
        if kind:
            gap = parted = True
            before = ""
            continue
        cleaned = unglue(line, after_furniture=parted)
        yield Line(cleaned, number, gap, raw[:2].isspace() and not raw[:2].strip(), parted and number > 1)
        gap, parted, before = False, False, cleaned


def _goes_on(before: str) -> bool:
    return 40 <= len(before) <= 200 and not ends_sentence(before)


def read_pairs(text: Text, *, blank_lines: bool) -> Reading:
    """Records of the pairs of a text, and what could not be paired."""
    page = Page(blank_lines, _wrapped_at(text.sample))
    for pair in pair_lines(text_lines(text), page):
        if pair.title and pair.abstract:
            yield _record(pair)
        elif pair.title:
            title = join_wrapped([line.text for line in pair.title])
            yield rejected(pair.line, "A title without an abstract.", title)
        elif pair.abstract:
            yield rejected(pair.line, "A text without a title.", pair.abstract[0].text)


def _record(pair: Pair) -> Record:
    title = join_wrapped([line.text for line in pair.title])
    abstract = join_lines(pair.abstract)
    return Record(title, abstract, pair.line, code_urls=without_repeats(code_in_text(abstract)))


def _wrapped_at(sample: str) -> int:
    """The column that a tool has wrapped the text at, 0 where lines are as long as their texts."""
    lengths = sorted(len(line) for line in sample.split("\n") if line.strip())
    if not lengths or sum(length > 200 for length in lengths) > 0.02 * len(lengths):
        return 0
    return min(lengths[-1], lengths[int(len(lengths) * 0.98)] + 8)


def _likelihood(text: Text, *, blank_lines: bool) -> float:
    parted = _parted_by_blank_lines(text.sample)
    return 0.2 if parted is blank_lines else 0.0


def _parted_by_blank_lines(sample: str) -> bool:
    """Whether blank lines part the texts: most lines stand alone, or blocks are parted and hold wrapped lines."""
    lines = sample.split("\n")
    blank = sum(not line.strip() for line in lines)
    return blank >= 0.15 * len(lines)


BLANK_LINE_TEXT = Layout(
    "blank-line text",
    lambda text: _likelihood(text, blank_lines=True),
    lambda text: read_pairs(text, blank_lines=True),
)
COMPACT_TEXT = Layout(
    "compact text",
    lambda text: _likelihood(text, blank_lines=False),
    lambda text: read_pairs(text, blank_lines=False),
)
