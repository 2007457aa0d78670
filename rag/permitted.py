"""The papers that a search may find, as an array over the rows of the matrix: made once for a filter, then free.

SQLite makes the list of rows as one text, which numpy reads: 50 ms for 30,000 papers the first time, nothing after it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.filters import Filters

_KEPT = 16  # filters of one generation whose arrays are kept
_FEW = 3000  # papers whose ids are given to the word index; above that its best ones are sieved


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a filter lets through."""

    mask: NDArray[np.bool_]  # for each row of the matrix
    rows: NDArray[np.intp]  # those that are permitted, ascending
    papers: int
    share: float  # of all papers, in (0, 1]
    paper_ids: tuple[str, ...] | None  # where they are few

    def holds(self, position: int) -> bool:
        """Whether a row of the matrix may be found."""
        return position < len(self.mask) and bool(self.mask[position])


def permitted(positions: str, *, matrix_rows: int, papers: int, of: int, ids: Callable[[int], list[str]]) -> Permitted:
    """Read the list of rows that the catalogue made; `ids(n)` gives the first n permitted papers."""
    rows = np.sort(np.fromstring(positions, dtype=np.intp, sep=","))
    rows = rows[rows < matrix_rows]
    mask = np.zeros(matrix_rows, dtype=np.bool_)
    mask[rows] = True
    return Permitted(mask, rows, papers, papers / max(1, of), tuple(ids(_FEW)) if papers <= _FEW else None)


class PermittedCache:
    """The arrays of the last filters, by the revision of the catalogue that they were made of. Safe for threads."""

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
