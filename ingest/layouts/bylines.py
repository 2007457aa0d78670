"""Authors told by their place: names in a script or a form that no pattern knows stand between titles and abstracts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.layouts.furniture import furniture
from ingest.layouts.habits import address_of, recurring_lines
from ingest.layouts.labels import Labels
from ingest.layouts.markdown import without_emphasis
from ingest.layouts.pairing import Fact, Line
from ingest.layouts.titles import ends_sentence, is_names, may_be_byline, title_likeness

_SHORTEST_ABSTRACT = 200  # characters
_PARTING = ",; "  # what parts names that stand one a line
_LONGEST_NAME = 60  # characters
_MOST = 500  # names below one title
_FEWEST = 2  # papers that show it


def bylines_stand_below(sample: str, labels: Labels) -> bool:
    """Whether most abstracts stand below two lines: what looks like a title, and what may be its authors."""
    again = recurring_lines(sample)
    lines = []
    for line in filter(None, map(str.strip, sample.split("\n"))):
        labelled = labels.read(line)
        text = labelled.text if labelled and labelled.kind in ("title", "abstract") else "" if labelled else line
        if text and text not in again and not furniture(text) and not address_of(text):
            lines.append(without_emphasis(text))
    runs: list[list[str]] = [[]]  # of short lines, each above an abstract
    for line in lines:
        if len(line) >= _SHORTEST_ABSTRACT and title_likeness(line) < 0.0:
            runs.append([])
        else:
            runs[-1].append(line)
    runs = [run[-2:] for run in runs[:-1] if len(run) > 1]
    fitting = sum(
        (is_names(names, few=True) or may_be_byline(names, title))
        and title_likeness(title) >= 1.0
        and not ends_sentence(title)
        and not is_names(title, few=True)
        for title, names in runs
    )
    return fitting >= _FEWEST and fitting > len(runs) / 2


def mark_bylines(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines; authors one a line and organisations between a title and what a label says to be its abstract are set
    aside. Authors become one fact."""
    title: Line | None = None
    held: list[Line] = []
    for line in lines:
        if title is not None and len(held) < _MOST and _may_stand_below(line, title, is_first=not held):
            held.append(line)
            continue
        if held and title is not None and line.hint < 0.0 and title_likeness(title.text) >= 1.0:
            _set_aside(held)
        yield from held
        yield line
        held, title = [], line
    yield from held


def _may_stand_below(line: Line, title: Line, *, is_first: bool) -> bool:
    text = line.text.strip(_PARTING)
    if line.hint or len(text) > _LONGEST_NAME or not may_be_byline(text, title.text):
        return False
    return not is_first or line.parted or is_names(text, few=True)


def _set_aside(lines: list[Line]) -> None:
    said = [fact.value for line in lines for fact in line.facts if fact.kind == "authors"]
    labelled = next((number for number, line in enumerate(lines) if any(f.kind == "authors" for f in line.facts)), None)
    names = said + [
        line.text.strip(_PARTING)
        for number, line in enumerate(lines)
        if (number >= labelled if labelled is not None else is_names(line.text.strip(_PARTING), few=True))
    ]
    for line in lines:
        line.aside = True
    if len(names) > 1 and not any(map(is_names, said)):  # one a line; a list is whole
        for line in lines:
            line.facts = tuple(fact for fact in line.facts if fact.kind != "authors")
        lines[-1].facts = (*lines[-1].facts, Fact("authors", ", ".join(names)))
