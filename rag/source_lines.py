"""Lines of an answer that only name a paper, as a model's own list of sources does: `[1] Smith et al. (2024). Lion.`

They claim nothing, so their year, venue and initials are not looked for in the abstract.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rag.corpus import Paper, normalise_title

_ENTRY = re.compile(
    r"^[ \t>]*(?:[-*+•][ \t]+|\d{1,3}[.)][ \t]+)?(?:\*\*)?\[(?P<number>\d{1,3})\](?:\*\*)?[ \t:.)\-–—]*(?P<rest>\S.*)$",
    re.MULTILINE,
)
_PLACES = re.compile(
    r"https?://\S+|www\.\S+|\b(?:arxiv|doi)\s*[:.]?\s*\d[\w./\-]*|\b\d{4}\.\d{4,5}(?:v\d+)?\b"
    r"|\b(?:19|20)\d{2}[a-z]?\b|\b(?:pp?|vol|no|pages?|volume)\b\.?\s*\d+(?:\s*[-–]\s*\d+)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_SMALL = frozenset(
    (
        *("et", "al", "and", "und", "of", "the", "in", "on", "for", "with", "by", "to", "at", "a", "an"),
        *("preprint", "arxiv", "proceedings", "doi", "vol", "pp", "ed", "eds", "available", "online"),
    )
)


def find_source_lines(text: str, papers: Mapping[int, Paper]) -> Iterator[tuple[int, int]]:
    """(start, end) of each line that begins with one citation and then names that paper, and says nothing of it.

    `papers` by the numbers of a resolved text.
    """
    for line in _ENTRY.finditer(text):
        paper = papers.get(int(line["number"]))
        if paper is not None and _only_names(line["rest"], paper):
            yield line.span()


def _only_names(words: str, paper: Paper) -> bool:
    """The title, its beginning or an author stand there, and besides only what names and dates a publication."""
    said, title = normalise_title(words), normalise_title(paper.title)
    names = {normalise_title(name.split()[-1]) for name in paper.authors if name.strip()}
    names |= {title, normalise_title(paper.title.split(":")[0])}
    if not any(name and f" {name} " in f" {said} " for name in names):
        return False
    known = _SMALL.union(title.split(), normalise_title(" ".join(paper.authors)).split())
    others = [word for word in _WORD.findall(_PLACES.sub(" ", words)) if word.casefold() not in known]
    # Beside a year or an address these may be a venue, a publisher, or coauthors whom the dump left out.
    return not others or (bool(_PLACES.search(words)) and all(word[0].isupper() for word in others))
