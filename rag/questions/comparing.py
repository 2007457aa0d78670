"""Papers that a question sets beside each other by name and says nothing else: "LARK vs TIDE"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.corpus import Paper, normalise_title
from rag.questions.held_names import known_as
from rag.questions.wording import bare_line

if TYPE_CHECKING:
    from rag.index import Reading

_COMPARES = re.compile(
    r"(?:please )?(?:(?:can|could) you )?(?:compare|contrast)(?: the)?(?: papers| methods| models)? (?P<compared>.+)"
    r"|(?:what(?:['’]s| is| are)|tell me|explain)(?: the)?(?: main| key)? (?:differences?|similarit(?:y|ies)) between"
    r" (?P<between>.+)"
    r"|(?:the )?differences? between (?P<told>.+)"
    r"|(?:how|in what) (?:do|does|are|is) (?P<how>.+?) (?:differ(?:ent)?|compare|related)(?: from each other)?"
    r"|how (?:does|is) (?P<one>\S+(?: \S+)?) (?:differ(?:ent)?|compare)d? (?:from|to|with) (?P<other>.+)"
    r"|what do (?P<shared>.+?) have in common"
    r"|(?P<versus>\S.* (?:vs\.?|versus) .*\S)",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r",? (?:and|with|to|against|vs\.?|versus|or)(?: the)? |, ", re.IGNORECASE)
_FEWEST, _MOST = 2, 5  # papers that are compared


def names_compared(question: str) -> list[str]:
    """What the question compares, in its words; [] where it says anything besides. The words need not be names."""
    match = _COMPARES.fullmatch(bare_line(question))
    if match is None:
        return []
    parts = [part for found in match.groups() if found for part in _BETWEEN_NAMES.split(found)]
    names = [part.strip(" \"'“”‘’") for part in parts]
    return names if all(names) and _FEWEST <= len(names) <= _MOST else []


def papers_compared(reading: Reading, question: str) -> tuple[Paper, ...]:
    """The papers by their names, in the question's order; () unless each of at least two names is a held paper's."""
    found: dict[str, Paper] = {}
    for name in names_compared(question):
        there = reading.papers(reading.titles_beginning([normalise_title(name)]))
        called = known_as(name, there)
        if not called:
            return ()
        found.update((paper_id, paper) for paper_id, paper in there.items() if paper_id in called)
    return tuple(found.values()) if len(found) >= _FEWEST else ()
