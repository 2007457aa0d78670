"""Questions that a paper answers, made of what its title and abstract say.

The words of a question come from the paper, so whoever asks it is led back to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from rag.corpus import Paper
from rag.page import figure_forms, sentence_forms, title_forms

Kind = Literal[
    "figure",
    "comparison",
    "contrast",
    "limit",
    "relation",
    "finding",
    "aim",
    "means",
    "meaning",
    "survey",
    "topic",
    "how",
]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question, and what it was drawn from."""

    text: str
    kind: Kind
    paper_id: str  # of the paper that must come up for it


_TOO_LONG = 100  # signs of a question that stands on a button
_Maker = Callable[[Paper], Iterator[str]]
_MAKERS: tuple[tuple[Kind, _Maker], ...] = (
    ("figure", figure_forms.figures),
    ("comparison", sentence_forms.comparisons),
    ("contrast", sentence_forms.contrasts),
    ("limit", sentence_forms.limits),
    ("relation", sentence_forms.relations),
    ("finding", sentence_forms.findings),
    ("aim", title_forms.aims),
    ("means", title_forms.means),
    ("survey", title_forms.surveys),
    ("meaning", title_forms.meanings),
    ("topic", sentence_forms.topics),
    ("how", title_forms.workings),
)


def drawn_from(paper: Paper) -> Iterator[Drawn]:
    """Every question that the forms make of a paper, figures first; none of them twice."""
    seen: set[str] = set()
    for kind, make in _MAKERS:
        for text in make(paper):
            if text and len(text) <= _TOO_LONG and text.casefold() not in seen:
                seen.add(text.casefold())
                yield Drawn(text, kind, paper.paper_id)
