"""What is indexed, read from the catalogue alone: quick enough for the first paint, before any slow import."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rag.catalogue import CATALOGUE, Catalogue, Counts, DumpInfo, State, connect
from rag.corpus import Paper
from rag.errors import EmptyIndexError
from rag.passport import Passport

_DRAWN_FROM = 1_500  # papers that examples are drawn from; more would be felt at the first paint


@dataclass(frozen=True, slots=True)
class Holdings:
    """The published corpus at one moment."""

    state: State
    counts: Counts
    dumps: tuple[DumpInfo, ...]
    passport: Passport | None  # None where nothing has been published

    @property
    def empty(self) -> bool:
        """True where there is nothing to ask about."""
        return self.counts.papers == 0


NOTHING = Holdings(State("", 0, 0), Counts(0, 0, 0), (), None)


def read_state(data_dir: Path) -> State:
    """Which corpus readers see now; another one than before means that an ingest has published. Raises StoreError."""
    try:
        with closing(connect(data_dir / CATALOGUE)) as connection:
            return Catalogue(connection).state()
    except EmptyIndexError:
        return NOTHING.state


def read_holdings(data_dir: Path) -> Holdings:
    """All that the sidebar and the notices tell. Raises StoreError."""
    try:
        with closing(connect(data_dir / CATALOGUE)) as connection:
            connection.execute("BEGIN")
            catalogue = Catalogue(connection)
            state = catalogue.state()
            passport = catalogue.generation(state.generation).passport if state.generation else None
            return Holdings(state, catalogue.counts(), tuple(catalogue.dumps()), passport)
    except EmptyIndexError:  # no catalogue, or one whose tables the first ingest is about to make
        return NOTHING


def some_papers(data_dir: Path) -> list[Paper]:
    """Papers to draw example questions from. Raises StoreError."""
    try:
        with closing(connect(data_dir / CATALOGUE)) as connection:
            return list(islice(Catalogue(connection).all_papers(), _DRAWN_FROM))
    except EmptyIndexError:
        return []
