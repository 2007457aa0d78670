"""Makes the map of a corpus from the vectors of its generation: directions, topics, names, places.

Everything is drawn from one seed, so that the same generation gives the same map. Most of the time is spent in numpy,
which leaves Python free to answer meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag.corpus_map.clusters import find_topics, topic_count
from rag.corpus_map.layout import lay_out, place_among
from rag.corpus_map.model import CorpusMap, Topic
from rag.corpus_map.naming import name_topics
from rag.corpus_map.projection import IntVector, project_papers
from rag.embedder import FloatMatrix
from rag.index import Reading

DRAWN = 5000  # papers at most: more dots than this cover each other
_READ = 4000  # papers whose words name the topics, at most
_PLACED = 2000  # drawn papers among which the others are put
_SEED = 20_26


def make_map(reading: Reading, tell: Callable[[str], None] = lambda _: None) -> CorpusMap:
    """The map of what is published; `tell` is given each step in words. Raises StoreError."""
    tell("Reading the vectors")
    catalogue, matrix = reading.stored()
    paper_ids, positions, owners = _vectors_of(reading)
    if not paper_ids:
        nothing = np.empty(0, np.intp)
        return CorpusMap((), np.empty((0, 2), np.float32), nothing, nothing, ())
    rows = project_papers(matrix, positions, owners)
    tell("Finding topics")
    topic_of, centres = find_topics(rows, wanted=topic_count(len(rows)), seed=_SEED)
    read = _evenly(len(rows), _READ)
    found = catalogue.papers([paper_ids[row] for row in read.tolist()])
    known = [row for row in read.tolist() if paper_ids[row] in found]
    names = name_topics([found[paper_ids[row]] for row in known], topic_of[known].tolist(), wanted=len(centres))
    tell("Placing the papers")
    drawn, places = _place(rows)
    topics = _topics(_without_repeats(names), topic_of, places)
    return CorpusMap(tuple(paper_ids), places, topic_of, drawn, topics)


def _vectors_of(reading: Reading) -> tuple[list[str], IntVector, IntVector]:
    """The papers in the order of their ids, the rows of their vectors, and for each row whose it is."""
    catalogue, matrix = reading.stored()
    paper_ids: list[str] = []
    positions: list[int] = []
    owners: list[int] = []
    for place in catalogue.all_places():
        if place.position < len(matrix):
            if not paper_ids or paper_ids[-1] != place.paper_id:
                paper_ids.append(place.paper_id)
            positions.append(place.position)
            owners.append(len(paper_ids) - 1)
    return paper_ids, np.asarray(positions, np.intp), np.asarray(owners, np.intp)


def _evenly(size: int, wanted: int) -> IntVector:
    """At most `wanted` of the numbers below `size`, ascending, the same ones every time."""
    if size <= wanted:
        return np.arange(size, dtype=np.intp)
    return np.sort(np.random.default_rng(_SEED).choice(size, wanted, replace=False)).astype(np.intp)


def _place(rows: FloatMatrix) -> tuple[IntVector, FloatMatrix]:
    """Which papers are drawn, and the place of every paper."""
    drawn = _evenly(len(rows), DRAWN)
    placed = lay_out(rows[drawn], seed=_SEED)
    if len(drawn) == len(rows):
        return drawn, placed
    few = _evenly(len(drawn), _PLACED)
    places = place_among(rows, rows[drawn][few], placed[few])
    places[drawn] = placed
    return drawn, places


def _without_repeats(names: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The same terms, with one in front that is in front of no larger topic, where there is such a one."""
    taken: set[str] = set()
    changed = []
    for terms in names:
        first = next((term for term in terms if term.casefold() not in taken), None)
        if first is not None:
            terms = (first, *(term for term in terms if term != first))
            taken.add(first.casefold())
        changed.append(terms)
    return changed


def _topics(names: Sequence[tuple[str, ...]], topic_of: IntVector, places: FloatMatrix) -> tuple[Topic, ...]:
    found = []
    for number, terms in enumerate(names):
        own = places[topic_of == number]
        x, y = _thickest(own)
        found.append(Topic(number, terms, len(own), x, y))
    return tuple(found)


def _thickest(places: FloatMatrix) -> tuple[float, float]:
    """Where most of the points lie: the middle of the half of them that is nearest to the middle."""
    middle = np.median(places, axis=0)
    far = ((places - middle) ** 2).sum(axis=1)
    core = places[far <= np.median(far)]
    return float(core[:, 0].mean()), float(core[:, 1].mean())
