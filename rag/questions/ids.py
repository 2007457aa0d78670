"""Papers asked for by arXiv id: `arXiv:2501.12948`, an address, "summarize 2103.14030 and 2201.03545v2"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.corpus import Paper
from rag.query import parse_query

if TYPE_CHECKING:
    from rag.index import Reading

_MONTH = re.compile(r"\d\d(?:0[1-9]|1[0-2])\.")  # ids begin with year and month; other numbers are amounts
# Words that only ask for the paper itself, whatever it is about.
_ASKING = re.compile(
    r"(?:a|about|abstract|an|and|article|articles|arxiv|collection|compare|compared|contain|contains|corpus"
    r"|describe|do|does|doi|explain|find|for|give|have|here|hold|i|id|in|index|is|it|list|look|me|of|on|open|or"
    r"|our|paper|papers|please|preprint|preprints|read|say|says|search|show|something|summarise|summarize"
    r"|summary|tell|that|the|them|there|these|this|to|us|versus|vs|want|what|which|with|you|your|what['’]s)"
)


_QUOTED = re.compile(r"“[^”]*”")


@dataclass(frozen=True, slots=True)
class ByID:
    """What a question names by id."""

    question: str  # with titles in quotes in the place of the ids that papers have
    papers: tuple[Paper, ...]  # the papers with these ids, in the question's order
    missing: tuple[str, ...]  # ids that no paper has
    alone: bool  # the question says nothing besides

    def notes(self) -> tuple[str, ...]:
        """That no paper has an id, in a sentence each."""
        return tuple(f"No paper here has the arXiv id {each}." for each in self.missing)


def asked_by_id(reading: Reading, question: str) -> ByID | None:
    """What the question names by id; None where it names nothing so."""
    line = " ".join(question.split())
    ids = parse_query(line).arxiv_ids
    if not ids:
        return None
    tokens = line.split()
    holding = {each: [token for token in tokens if each in token] for each in ids}
    rest = [token for token in tokens if not any(token in held for held in holding.values())]
    alone = asks_for_nothing_else(" ".join(rest))
    papers: dict[str, Paper] = {}
    missing = []
    for each in ids:
        held = reading.papers(reading.named([], [each]))
        papers.update(held)
        if held:
            named = " ".join(f"“{paper.title}”" for paper in held.values())
            for token in holding[each]:
                ending = "" if token.endswith(each) else token[-1] if token[-1] in "?!,;:" else ""
                tokens = [f"{named}{ending}" if one == token else one for one in tokens]
        elif alone or _MONTH.match(each) or "arxiv" in line.casefold():
            missing.append(each)
    asked = re.sub(r"\barxiv\s*[:.]?\s+(?=“)", "", " ".join(tokens), flags=re.IGNORECASE)
    return ByID(asked, tuple(papers.values()), tuple(missing), alone)


def asks_for_nothing_else(text: str) -> bool:
    """Whether the words beside titles in quotes only ask for papers: "compare “Tides” and “Knobs”"."""
    tokens = _QUOTED.sub(" ", text).split()
    words = [word for token in tokens if (word := token.casefold().strip("“”\"'()[]{},.;:?!&/-"))]
    return all(map(_ASKING.fullmatch, words))
