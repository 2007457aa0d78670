"""In what rhythm a page prints its texts."""

from __future__ import annotations

from itertools import pairwise

from ingest.layouts.titles import ends_sentence, title_likeness

_SHORTEST_ABSTRACT = 200  # characters
_FEWEST = 3  # abstracts that show it


def is_whole(text: str) -> bool:
    """Whether a line may be all of an abstract."""
    return len(text) >= _SHORTEST_ABSTRACT and ends_sentence(text) and title_likeness(text) < 0.0


def abstracts_stand_alone(sample: str) -> bool:
    """Whether each abstract is one line: hardly any two that may be whole ones follow one another."""
    whole = [is_whole(line) for line in map(str.strip, sample.split("\n")) if line]
    return sum(whole) >= _FEWEST and sum(a and b for a, b in pairwise(whole)) <= 0.05 * sum(whole)
