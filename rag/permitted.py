"""The papers that a search may find, and the rows of the matrix that are theirs: made once for a filter, then free.

SQLite makes the list of rows as one text, which numpy reads: 50 ms for 30,000 papers the first time, nothing after it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.filters import Filters

_KEPT = 8  # filters of one generation of which this is kept: 100 bytes for each paper that one lets through
_FEW = 3000  # papers whose ids are given to the word index; above that its best ones are sieved


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a filter lets through."""

    paper_ids: frozenset[str]
    share: float  # of all papers, in [0, 1]
    rows: NDArray[np.intp]  # of the matrix, ascending
    share_of_rows: float

    @property
    def are_few(self) -> bool:
        """Whether the word index can be given them all."""
        return len(self.paper_ids) <= _FEW


def permitted(paper_ids: Iterable[str], positions: str, *, of: int, of_rows: int) -> Permitted:
    """Of `of` papers these, and of `of_rows` rows of the matrix those in the list that the catalogue made."""
    rows = np.sort(np.fromstring(positions, dtype=np.intp, sep=","))
    rows = rows[rows < of_rows]
    chosen = frozenset(paper_ids)
    return Permitted(chosen, len(chosen) / max(1, of), rows, len(rows) / max(1, of_rows))


class PermittedCache:
    """What the last filters let through, by the revision of the catalogue that they were made of. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, Filters], Permitted] = OrderedDict()

    def get(self, revision: int, filters: Filters, make: Callable[[], Permitted]) -> Permitted:
        """What was kept, else what `make` makes."""
        key = (revision, filters)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made
