"""The map on disk, so that a page that is started again shows it at once: one file beside the generations.

A map belongs to one generation of one corpus, and to one version of the rules that made it. Whatever cannot be read is
made anew, and a folder that cannot be written only means that it is made again next time.
"""

from __future__ import annotations

import json
import logging
import os
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from rag.corpus_map.build import make_map
from rag.corpus_map.model import CorpusMap, Topic
from rag.index import Index, Reading

logger = logging.getLogger(__name__)

_RULES = 2  # raised with every change of how a map is made
_LONGEST_WRITE = 3600.0  # seconds


def open_map(index: Index, data_dir: Path, tell: Callable[[str], None] = lambda _: None) -> CorpusMap:
    """The map of what is published, from disk where it was made before. Raises StoreError."""
    with index.reading() as reading:
        path = _path(data_dir, reading)
        known = _read(path)
        if known is not None:
            return known
        made = make_map(reading, tell)
    _write(path, made)
    return made


def _path(data_dir: Path, reading: Reading) -> Path:
    return data_dir / "maps" / f"{reading.corpus}-{reading.generation}-{_RULES}.npz"


def _read(path: Path) -> CorpusMap | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            topics = tuple(
                Topic(number, tuple(terms), papers, x, y)
                for number, terms, papers, x, y in json.loads(str(held["topics"]))
            )
            ids = tuple(held["paper_ids"].tolist())
            return CorpusMap(
                ids, held["places"], held["topic_of"].astype(np.intp), held["drawn"].astype(np.intp), topics
            )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        logger.info("the map in %s is made anew: %s", path, error)
        return None


def _write(path: Path, made: CorpusMap) -> None:
    """The whole file or none; maps of earlier generations go, and what a process that was killed left behind."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    topics = [(each.number, each.terms, each.papers, each.x, each.y) for each in made.topics]
    try:
        path.parent.mkdir(exist_ok=True)
        with unfinished.open("wb") as file:
            np.savez(
                file,
                paper_ids=np.asarray(made.paper_ids, dtype="U"),
                places=made.places,
                topic_of=made.topic_of.astype(np.int16),
                drawn=made.drawn.astype(np.int32),
                topics=np.asarray(json.dumps(topics)),
            )
        unfinished.replace(path)
    except OSError as error:
        logger.info("the map could not be kept in %s: %s", path, error)
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        return
    for other in path.parent.iterdir():
        with suppress(OSError):
            if _is_outdated(other, path):
                other.unlink()


def _is_outdated(other: Path, path: Path) -> bool:
    """Whether a file is of no use beside a map; that of a later generation, made meanwhile, is."""
    if other.suffix == ".new":
        return time.time() - other.stat().st_mtime > _LONGEST_WRITE
    corpus, generation, rules = _parts(path)
    return other.suffix == ".npz" and not (_parts(other)[::2] == (corpus, rules) and _parts(other)[1] >= generation)


def _parts(path: Path) -> tuple[str, int, str]:
    """Corpus, generation and version of the rules of a map's file; a name that is not of ours has no generation."""
    corpus, _, numbers = path.stem.rpartition("-")[0].partition("-")
    return corpus, int(numbers) if numbers.isdecimal() else -1, path.stem.rpartition("-")[2]
