"""The papers whose words are likest to a text: what a search would put beside the right one, and is not it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from rag.corpus import Paper, paper_key
from rag.words import Words, WordsWriter


class Neighbours:
    """An index of the papers' words in a temporary folder, gone with this object."""

    def __init__(self, papers: Iterable[tuple[str, str]]) -> None:
        """`papers`: titles and abstracts."""
        self._folder = tempfile.TemporaryDirectory(prefix="askpapers-")
        self._papers = {paper_key(title): (title, abstract) for title, abstract in papers}
        writer = WordsWriter(Path(self._folder.name))
        writer.add(Paper(key, *paper) for key, paper in self._papers.items())
        writer.commit()
        self._words = Words(Path(self._folder.name))

    def of(self, text: str, count: int, *, but: set[str]) -> list[tuple[str, str]]:
        """The `count` likest papers, likest first, without those of the abstracts in `but`."""
        found = [self._papers[key] for key, _ in self._words.best(text, count + len(but))]
        return [paper for paper in found if paper[1] not in but][:count]
