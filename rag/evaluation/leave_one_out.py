"""Measures what the confidence's score means in a corpus, without a question that anybody wrote.

Titles of its own papers are asked twice: while the search sees their paper's abstract, and while it sees nothing of
that paper. The second score is what the corpus gives for nothing: higher where papers are much alike or the embeddings
find all texts alike, lower where each paper has a topic of its own. By how much it is higher than over the papers which
the weights were fitted on, the score counts for less. The first score is not used: a title that says what its
abstract says, or does not, tells nothing of the questions that people ask.

Measured with real questions on two corpora of other kinds, with their papers there and without, this lowers the Brier
score of the probability (`make bench PARTS=sureness`); fitting a slope, too, did not carry over from titles to
questions.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from rag.calibration import SHIPPED, OddsMapping
from rag.close_reading import read_closely
from rag.confidence import LOOKED_AT, Signals, signals_of
from rag.corpus import Paper
from rag.embedder import Embedder
from rag.evaluation.made_questions import titles_to_ask
from rag.evaluation.withheld import PartialIndex, Withheld
from rag.fitted import USUAL
from rag.search import search

MOST = 60  # titles
_PRIOR = 5.0  # titles that count for the usual score: titles differ about twice as much as corpora do
_FARTHEST = 2.0  # shift; what is beyond is no measurement any more
_PARTS = 5  # that the pairs are cut into, to judge a shift by pairs that it was not made from


@dataclass(frozen=True, slots=True)
class Pair:
    """One title asked twice: the logarithm of the odds with its paper there, and without it."""

    there: float
    withheld: float


def ask_twice(
    data_dir: Path, embedder: Embedder, *, chroma_url: str = "", most: int = MOST, until: float = float("inf")
) -> Iterator[Pair]:
    """The scores of titles drawn by their papers' hashes, no more after `until` (of time.monotonic).

    Raises StoreError and EmbedderError.
    """
    for there, withheld in signals_twice(data_dir, embedder, chroma_url=chroma_url, most=most, until=until):
        yield Pair(there.odds(), withheld.odds())


def signals_twice(
    data_dir: Path, embedder: Embedder, *, chroma_url: str = "", most: int = MOST, until: float = float("inf")
) -> Iterator[tuple[Signals, Signals]]:
    """What the confidence sees of each title with its paper there, and without it. Raises as `ask_twice`."""
    with closing(PartialIndex(data_dir, chroma_url=chroma_url, embedder=embedder)) as index:
        with index.reading() as reading:
            papers = titles_to_ask(reading, most=most)
        for paper in papers:
            if time.monotonic() > until:
                return
            found = _ask(index, embedder, paper)
            if found is not None:
                yield found


def _ask(index: PartialIndex, embedder: Embedder, paper: Paper) -> tuple[Signals, Signals] | None:
    """Papers that come up both times are read once."""
    title = paper.title
    index.hide(Withheld(paper.paper_id, "title"))
    with index.reading() as reading:
        hits = search(reading, embedder, title, k=LOOKED_AT)
    index.hide(Withheld(paper.paper_id, "paper"))
    with index.reading() as reading:
        others = search(reading, embedder, title, k=LOOKED_AT)
    read = read_closely(title, hits, embedder)
    known = {hit.paper.paper_id: one for hit, one in zip(hits, read.matches, strict=False)}
    new = [hit for hit in others if hit.paper.paper_id not in known]
    if new:
        more = read_closely(title, new, embedder)
        known |= {hit.paper.paper_id: one for hit, one in zip(new, more.matches, strict=False)}
    without = replace(read, matches=tuple(known[hit.paper.paper_id] for hit in others))
    signals, lacking = signals_of(title, hits, read), signals_of(title, others, without)
    return (signals, lacking) if signals and lacking else None


def mapping_from(pairs: Sequence[Pair], *, usual_embeddings: bool = True) -> OddsMapping:
    """This corpus' mapping; the usual one without pairs.

    Under the embeddings that the weights were fitted with, the shift says how sure the outcome is and does not decide
    it: that would refuse 8 right answers more for 13 wrong ones (50 requests over a pool of search results). The score
    of others lies elsewhere, and there it decides. Reckoned from the signals of the questions over the five pages, with
    cosines that are squeezed into [0.7, 1] or 0.6 times as high: 5 to 7 % of the right answers are refused then, and
    56 % of the near misses.
    """
    above = sum(pair.withheld - USUAL.withheld for pair in pairs) / (len(pairs) + _PRIOR)
    shift = max(-_FARTHEST, min(_FARTHEST, above))
    return OddsMapping(shift, 0.0 if usual_embeddings else shift)


def errors_of(pairs: Sequence[Pair]) -> tuple[float, float]:
    """Brier scores of the usual mapping, and of mappings from the other pairs. At least one pair."""
    usual = [_error(SHIPPED, pair) for pair in pairs]
    own = []
    for part in range(_PARTS):
        mapping = mapping_from([pair for place, pair in enumerate(pairs) if place % _PARTS != part])
        own += [_error(mapping, pair) for pair in pairs[part::_PARTS]]
    return mean(usual), mean(own)


def _error(mapping: OddsMapping, pair: Pair) -> float:
    return ((1 - mapping.probability(pair.there)) ** 2 + mapping.probability(pair.withheld) ** 2) / 2
