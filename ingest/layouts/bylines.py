"""Authors told by their place: names in a script or a form that no pattern knows stand between titles and abstracts."""

from __future__ import annotations

from ingest.layouts.furniture import furniture
from ingest.layouts.habits import address_of, recurring_lines
from ingest.layouts.labels import Labels
from ingest.layouts.markdown import without_emphasis
from ingest.layouts.titles import ends_sentence, is_names, may_be_byline, title_likeness

_SHORTEST_ABSTRACT = 200  # characters
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
