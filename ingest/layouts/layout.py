"""What a layout is: a name, a judgement of a text's beginning, and a reader. ingest/layouts/__init__.py lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.reading import Text
from ingest.record import Record, Rejected

Reading = Iterator[Record | Rejected]


@dataclass(frozen=True, slots=True)
class Layout:
    """One way in which papers are written down."""

    name: str  # as reported to people
    likelihood: Callable[[Text], float]  # from the text's sample; 0 is "certainly not", the highest of all is taken
    read: Callable[[Text], Reading]  # in the order of the text, in bounded memory
