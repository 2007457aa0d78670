"""How a text is printed, as its beginning shows it: blank lines, a column to wrap at, addresses above their papers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import groupby, pairwise
from statistics import median

from ingest.layouts.facts import address_id, arxiv_id, read_date
from ingest.layouts.furniture import furniture
from ingest.layouts.labels import Labelled, Labels, is_part
from ingest.layouts.markdown import without_emphasis
from ingest.layouts.pairing import Page
from ingest.layouts.titles import NUMBERED, columns, ends_sentence, is_names, title_likeness
from ingest.reading import Text

_ADDRESS = re.compile(r"[<(\[]?(https?://[^\s<>\]]+?)[>)\]]?")
_LINK = re.compile(r"\[[^\[\]]{1,30}\]\((https?://[^\s()]+)\)")
_ARXIV = re.compile(
    r"(?:\[\d{1,4}\]\s*|\d{1,4}\.\s+|cite as:\s*|\(or |arxiv logo > .{1,20} > )?\[?arxiv:\s*([^\s\]]+)\]?"
    r"(?:\s+\((?:replaced|cross-list\b.{0,60}|[a-z-]{2,12}(?:\.[a-z-]{2,17})?)\))?(?:\s+\[.*)?",
    re.IGNORECASE,
)
_SHORTEST_WRAPPED = 30  # columns
_LONGEST_LABEL = 120  # characters
_LONGEST_RUN = 3  # lines
_TITLE_AT_LEAST = 2.0  # title_likeness of most titles


def address_of(line: str) -> str:
    """The address that is all of a stripped line, "" where the line is something else."""
    if found := _ADDRESS.fullmatch(line) or _LINK.fullmatch(line):
        return found[1]
    if (found := _ARXIV.fullmatch(line)) and (identifier := arxiv_id(found[1])):
        return f"https://arxiv.org/abs/{identifier}"
    return ""


def addresses_may_lead(text: Text, labels: Labels) -> bool:
    """Whether papers' addresses may stand above their papers; what says one again ("Cite as: ...") stands anywhere."""
    known: set[str] = set()

    def is_new(line: str) -> bool:
        identifier = address_id(_said_address(line, labels))
        if identifier is None or identifier in known:
            return False
        known.add(identifier)
        return True

    return _may_stand_above(text, is_new)


def dates_lead(text: Text) -> bool:
    """Whether lines that are a date alone are headings: they stand above papers."""
    return _may_stand_above(text, lambda line: len(line) <= 40 and len(read_date(line.strip("#*-–| ")) or "") == 10)


def _may_stand_above(text: Text, chosen: Callable[[str], bool]) -> bool:
    """Whether there is room for a paper below the last of the chosen lines, and none above the first one.

    Where there is room above the first one, too, it counts with what the lines stand together.
    """
    lines = [line.strip() for line in text.sample.split("\n")]
    places = [place for place, line in enumerate(lines) if chosen(line)]
    if not places:
        return False
    lengths = [0 if furniture(line) else len(line) for line in lines]
    above, *between, below = (sum(lengths[a + 1 : b]) for a, b in pairwise([-1, *places, len(lines)]))
    room = (median(between) if between else max(above, below)) / 2
    if text.complete and below < room and below <= 2 * above:
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
    lines = [line.rstrip() for line in sample.split("\n")]
    ends = [(columns(line), columns(below.split()[0])) for line, below in pairwise(lines) if line and below]
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


def authors_stand_below(sample: str, labels: Labels) -> bool:
    """Whether authors stand between titles and abstracts: a list of names that follows a title, or two that may be one.

    What may be the rest of a wrapped title counts only as the list of names that it is.
    """
    again = recurring_lines(sample)
    lines = [line for line in map(str.strip, sample.split("\n")) if line and line not in again and not furniture(line)]
    lines = [without_emphasis(line) for line in lines]
    told = [labels.read(line) or Labelled("abstract", line) for line in lines]
    lines = [one.text for one in told if one.kind in ("title", "abstract") and one.text]
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


def parts_stand_alone(sample: str) -> bool:
    """Whether the names of an abstract's parts ("Methods") stand on lines of their own, and no titles below them."""
    lines = [without_emphasis(line) for line in map(str.strip, sample.split("\n")) if line]
    below = [title_likeness(text) for name, text in pairwise(lines) if is_part(name)]
    return len(below) > 1 and median(below) < _TITLE_AT_LEAST


def numbering(line: str) -> tuple[int, int]:
    """In which form a number begins the line, as the group of `NUMBERED`, and the number; (0, 0) without one."""
    found = NUMBERED.match(line)
    return (found.lastindex, int(found[found.lastindex])) if found and found.lastindex else (0, 0)


def numberings(sample: str) -> frozenset[int]:
    """The forms of numbers before titles, as groups of `NUMBERED`, whose numbers rise by one from line to line."""
    numbers: dict[int, list[int]] = {}
    for line in sample.split("\n"):
        form, number = numbering(line.strip())
        if form:
            numbers.setdefault(form, []).append(number)
    return frozenset(
        form
        for form, run in numbers.items()
        if len(run) > 1 and sum(b - a == 1 for a, b in pairwise(run)) >= 0.6 * (len(run) - 1)
    )


def recurring_lines(sample: str) -> frozenset[str]:
    """Lines that stand between other lines each time: a page's own labels and buttons, whatever their words.

    A title that recurs has its abstract below it each time, and a run of lines that recur may be a paper.
    """
    lines = [line for line in map(str.strip, sample.split("\n")) if line]
    counts = Counter(line for line in lines if len(line) <= _LONGEST_LABEL)
    least = max(3, len(lines) / 50)
    runs = [(again, [*run]) for again, run in groupby(lines, key=lambda line: counts[line] >= least)]
    around: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for (_, before), (again, run), (_, after) in zip(
        [(False, [""]), *runs], runs, [*runs[1:], (False, [""])], strict=False
    ):
        if again and len(run) <= _LONGEST_RUN and not any(line[-1] in ".!?。" for line in run):
            for line in run:
                around[line][0].add(before[-1])
                around[line][1].add(after[0])
    return frozenset(
        line for line, (before, after) in around.items() if min(len(before), len(after)) >= 3 and not is_names(line)
    )
