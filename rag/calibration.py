"""What the confidence's score means in one corpus: a shift of it, kept beside the index that it was measured on.

The weights of the confidence were fitted on questions about one corpus with one embedding model. In another field, in
a corpus of papers that are much alike, or with other embeddings, the same score means more or less. How much is
measured after an ingest (rag/evaluation/leave_one_out.py) and kept in `<data>/calibration.json`. Where that is missing,
cannot be read, or was measured with other models, the mapping that comes along is used.
"""

from __future__ import annotations

import json
import logging
import math
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from rag.fitted import VERSION as FIT

logger = logging.getLogger(__name__)

RULES = 2  # raised with every change of how a calibration is measured or used
_FILE = "calibration.json"
_FARTHEST = 500.0  # of the logarithm of odds; beyond it a probability is 0 or 1 to any computer


@dataclass(frozen=True, slots=True)
class OddsMapping:
    """The logarithm of the odds that the shipped weights give -> a probability."""

    shift: float = 0.0  # how much higher than usual the score is here for nothing
    threshold: float = 0.0  # of these odds: from here on a question is answered

    def probability(self, odds: float) -> float:
        """In [0, 1]; never falls where the odds rise."""
        mapped = max(-_FARTHEST, min(_FARTHEST, odds - self.shift))
        return 1 / (1 + math.exp(-mapped))


SHIPPED = OddsMapping()


@dataclass(frozen=True, slots=True)
class Calibration:
    """A mapping with what it was measured on."""

    mapping: OddsMapping
    corpus: str  # its random name
    fingerprint: str  # of the embeddings
    generation: int  # the last one that it was found to fit
    drawn: tuple[str, ...]  # ids of papers drawn by their hash: how many are still drawn tells what has changed
    questions: int
    error_shipped: float  # Brier score on these questions without the shift
    error: float  # with a shift that was measured on others of them
    made: str  # ISO time, UTC

    def suits(self, corpus: str, fingerprint: str) -> bool:
        """True where it was measured on this corpus with these embeddings."""
        return self.corpus == corpus and self.fingerprint == fingerprint


def read_calibration(data_dir: Path) -> Calibration | None:
    """The calibration of an index; None where there is none for the present rules and weights."""
    path = data_dir / _FILE
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if (held.pop("rules"), held.pop("fit")) != (RULES, FIT):
            return None
        mapping = OddsMapping(**{name: float(value) for name, value in held.pop("mapping").items()})
        if not (math.isfinite(mapping.shift) and math.isfinite(mapping.threshold)):
            return None
        return Calibration(**{**held, "mapping": mapping, "drawn": tuple(held["drawn"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        logger.info("the calibration in %s is not used: %s", path, error)
        return None


def write_calibration(data_dir: Path, calibration: Calibration) -> bool:
    """Keep it, whole or not at all; False where the folder cannot be written."""
    path = data_dir / _FILE
    unfinished = path.with_name(f"{_FILE}.{os.getpid()}.new")
    text = json.dumps({"rules": RULES, "fit": FIT, **asdict(calibration)}, ensure_ascii=False)
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        logger.info("the calibration could not be kept in %s: %s", path, error)
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        return False
    for other in path.parent.glob(f"{_FILE}.*.new"):  # of ingests that were killed
        with suppress(OSError):
            other.unlink()
    return True


class KeptCalibration:
    """The calibration of a data folder, read again only when its file is another one. Threads may share it."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._lock = Lock()
        self._seen: tuple[int, int, int] | None = None
        self._held: Calibration | None = None

    def mapping(self, corpus: str, fingerprint: str) -> OddsMapping:
        """The corpus' own where there is one, else the one that comes along."""
        try:
            status = (self._data_dir / _FILE).stat()
        except OSError:
            return SHIPPED
        seen = (status.st_ino, status.st_mtime_ns, status.st_size)
        with self._lock:
            if seen != self._seen:
                self._seen, self._held = seen, read_calibration(self._data_dir)
            held = self._held
        return held.mapping if held is not None and held.suits(corpus, fingerprint) else SHIPPED
