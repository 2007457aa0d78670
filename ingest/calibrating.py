"""After an ingest has published: what the confidence's score means in the corpus as it is now.

Done as a reader, without the ingest's lock: the new papers are there already, the next ingest need not wait, and one
that is killed here leaves the calibration of before, or none; the next ingest then makes up for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ingest.progress import Progress, Report, duration
from rag.calibration import SHIPPED, Calibration, read_calibration, write_calibration
from rag.embedder import Embedder
from rag.errors import AskPapersError
from rag.evaluation.leave_one_out import MOST, Pair, ask_twice, errors_of, mapping_from
from rag.evaluation.made_questions import drawn_ids
from rag.index import Index
from rag.minilm import bundled_embedder
from rag.settings import Settings

logger = logging.getLogger(__name__)

_SECONDS = 4.0  # that it takes at most, and one title more; on a slow machine fewer titles are asked
_FEWEST = 4  # titles; what few of them say counts for little, see rag/evaluation/leave_one_out.py
_ENOUGH = 24  # titles; where a busy machine asked fewer, it is measured again after the next change
_KEPT = 0.75  # share of the drawn papers that are drawn again where the corpus is still much the same
_TOLD = 0.25  # shift from which on people are told of it


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measurement brought."""

    calibration: Calibration
    seconds: float

    def in_words(self) -> str:
        """One sentence for people."""
        asked = self.calibration.questions
        took = f"How sure answers are was measured on {asked} of your titles ({duration(self.seconds)})"
        shift = self.calibration.mapping.shift
        if shift >= _TOLD:
            return f"{took}: a match scores high here more easily than usual, so it counts for less."
        if shift <= -_TOLD:
            return f"{took}: a match seldom scores as high here as usual, so it counts for more."
        return f"{took}: much as usual."

    def as_json(self) -> dict[str, object]:
        """For programs."""
        held = self.calibration
        return {
            "titles": held.questions,
            "shift": round(held.mapping.shift, 4),
            "threshold": round(held.mapping.threshold, 4),
            "brier_shipped": round(held.error_shipped, 4),
            "brier": round(held.error, 4),
            "seconds": round(self.seconds, 3),
        }


def calibrate(settings: Settings, embedder: Embedder, report: Report, *, seconds: float = _SECONDS) -> Measured | None:
    """Measure again where the corpus has changed enough, and keep the result.

    Returns what was measured; None where nothing had to be, where there are too few papers, or where it failed: then
    the mapping that comes along is used, and the ingest has done its work all the same. An exception that `report`
    raises stops it, too.
    """
    try:
        return _calibrate(settings, embedder, report, seconds)
    except AskPapersError as error:
        logger.info("the confidence was not measured: %s", error)
        return None


def _calibrate(settings: Settings, embedder: Embedder, report: Report, seconds: float) -> Measured | None:
    began = time.monotonic()
    data_dir, held = settings.data_dir, read_calibration(settings.data_dir)
    with closing(Index.open(data_dir, chroma_url=settings.chroma_url)) as index, index.reading() as reading:
        if reading.passport is None or reading.passport.identity.fingerprint != embedder.identity.fingerprint:
            return None
        made_for = reading.corpus, embedder.identity.fingerprint
        if held is not None and not held.suits(*made_for):
            held = None
        if held is not None and held.generation == reading.generation:
            return None
        generation, drawn = reading.generation, drawn_ids(reading, most=MOST)
    if held is not None and held.questions >= _ENOUGH and _much_the_same(held.drawn, drawn):
        write_calibration(data_dir, replace(held, generation=generation))
        return None
    pairs: list[Pair] = []
    report(Progress("measuring", 0, None))
    for pair in ask_twice(data_dir, embedder, chroma_url=settings.chroma_url, until=began + seconds):
        pairs.append(pair)
        report(Progress("measuring", len(pairs), None))
    enough = len(pairs) >= _FEWEST
    usual = embedder.identity.fingerprint == bundled_embedder().identity.fingerprint
    shipped, own = errors_of(pairs) if enough else (0.0, 0.0)
    made = Calibration(
        mapping=mapping_from(pairs, usual_embeddings=usual) if enough else SHIPPED,
        corpus=made_for[0],
        fingerprint=made_for[1],
        generation=generation,
        drawn=drawn,
        questions=len(pairs) if enough else 0,
        error_shipped=shipped,
        error=own,
        made=datetime.now(UTC).isoformat("T", "seconds"),
    )
    kept = write_calibration(data_dir, made)
    return Measured(made, time.monotonic() - began) if kept and enough else None


def _much_the_same(before: Collection[str], now: Collection[str]) -> bool:
    return len({*before} & {*now}) >= _KEPT * max(len(before), len(now))
