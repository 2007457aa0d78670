"""How a text is printed, as its beginning shows it: blank lines, a column to wrap at, addresses above their papers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median

from ingest.layouts.facts import address_id, arxiv_id
from ingest.layouts.furniture import furniture
from ingest.layouts.labels import Labels
from ingest.layouts.pairing import Page
from ingest.layouts.titles import columns, ends_sentence, is_names, title_likeness
from ingest.reading import Text

_ADDRESS = re.compile(r"[<(\[]?(https?://[^\s<>\]]+?)[>)\]]?")
_ARXIV = re.compile(
    r"(?:\[\d{1,4}\]\s*)?\[?arxiv:\s*([^\s\]]+)\]?(?:\s+\((?:replaced|cross-list\b.{0,60})\))?(?:\s+\[.*)?",
    re.IGNORECASE,
)
_SHORTEST_WRAPPED = 30  # columns


def address_of(line: str) -> str:
    """The address that is all of a stripped line, "" where the line is something else."""
    if found := _ADDRESS.fullmatch(line):
        return found[1]
    if (found := _ARXIV.fullmatch(line)) and (identifier := arxiv_id(found[1])):
        return f"https://arxiv.org/abs/{identifier}"
    return ""


def addresses_may_lead(text: Text, labels: Labels) -> bool:
    """Whether papers' addresses may stand above their papers: there is room for a paper below the last one.

    Where there is room above the first one, too, it counts with what the addresses stand together.
    """
    lines = [line.strip() for line in text.sample.split("\n")]
    places = [place for place, line in enumerate(lines) if address_id(_said_address(line, labels))]
    if not places:
        return False
    above, *between, below = (sum(map(len, lines[a + 1 : b])) for a, b in pairwise([-1, *places, len(lines)]))
    room = (median(between) if between else max(above, below)) / 2
    if text.complete and below < room:
        return False
    if above < room:
        return True
    words = [bool(re.search(r"\w", line)) for line in [*lines, ""]]
    return sum(words[place + 1] - words[place - 1] for place in places) > len(places) / 2


def _said_address(line: str, labels: Labels) -> str:
    labelled = labels.read(line)
    return labelled.text if labelled and labelled.kind == "address" else address_of(line)


def wrapped_at(sample: str) -> int:
    """The column that a tool has wrapped the text at, 0 where lines are as long as their texts.

    It is the one that explains most line ends: the line fits, and with the next word it would not.
    """
    lines = [line.strip() for line in sample.split("\n")]
    ends = [(columns(line), columns(below.split(" ", 1)[0])) for line, below in pairwise(lines) if line and below]
    if not ends or sum(length > 200 for length, _ in ends) > 0.02 * len(ends):
        return 0
    ends = [
        (length, word) for length, word in ends if length >= _SHORTEST_WRAPPED
    ] or ends  # short ones end where they like
    explained = Counter(column for length, word in ends for column in range(length, length + 1 + min(word, 40)))
    column = max(explained, key=lambda one: (explained[one], one))
    return column if explained[column] > len(ends) / 3 else 0


def parted_by_blank_lines(sample: str) -> bool:
    """Whether blank lines part the texts: most lines stand alone, or blocks are parted and hold wrapped lines."""
    lines = sample.strip().split("\n")
    blank = sum(not line.strip() for line in lines)
    return blank >= (0.04 if wrapped_at(sample) else 0.15) * len(lines)


def authors_stand_below(sample: str) -> bool:
    """Whether authors stand between titles and abstracts: a list of names that follows a title, or two that may be one.

    What may be the rest of a wrapped title counts only as the list of names that it is.
    """
    lines = [line for line in map(str.strip, sample.split("\n")) if line and not furniture(line)]
    page = Page(blank_lines=False, wrapped_at=wrapped_at(sample))
    lists = few = 0
    for title, names, text in zip(lines, lines[1:], lines[2:], strict=False):
        if not is_names(names, few=True) or ends_sentence(title) or title_likeness(title) < 1.0:
            continue
        if is_names(title, few=True) or is_names(text, few=True) or len(text) < len(names):
            continue
        lists += is_names(names)
        few += not is_names(names) and not page.wrapped_here(title, names)
    return lists > 0 or few > 1
