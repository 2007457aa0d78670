"""Which records are one paper, and what is kept of each. Pure rules, no catalogue.

One paper per normalised title; ids or the abstract may say that two titles are one paper, or that one title names two:
with other ids, or with another sign behind a name ("C" and "C++"). Richer facts win (ingest/richer.py).

The order of the dumps matters for two things. Of two full abstracts about as long, the one that came with a later
ingest is taken to be the newer. And a record that says little of itself goes to the paper that is known by then, whose
text may make it one with a third record, or two.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, count
from typing import Literal

from ingest.layouts.facts import arxiv_id as read_arxiv_id
from ingest.mend import mend_text, mend_title
from ingest.record import Record
from ingest.richer import corrected, letters_of, richer, share_of, words_of
from rag.corpus import Paper, Source, normalise_title, paper_key

Kind = Literal["new", "changed", "unchanged", "duplicate"]
FACTS = (
    "title", "abstract", "external_id", "arxiv_id", "url", "organisation", "date", "authors", "upvotes", "code_urls",
)  # fmt: skip
SAME_ABSTRACT = 0.7  # share of the shorter abstract's words that the other has, from which they are one text
REWRITTEN_ABSTRACT = 0.4  # the same, where title and authors are the same; 1 of 1,000 pairs of papers shares more
SAME_PAPER_TITLE = 0.3  # share of the shorter title's words, from which one arXiv id under two titles is believed
NEAR_TITLE = 0.75  # share of all words, from which titles over one abstract are believed to be one paper's
FEWEST_LETTERS = 80  # of an abstract that can prove two titles to be one paper; shorter ones are alike by accident

_SIGN = re.compile(r"[^\W_][+#]+(?!\w)")  # "C++", "C#", "DeepLabv3+": normalise_title drops it


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """What a record did to a paper."""

    paper: Paper
    kind: Kind  # "unchanged": seen before at this very place; "duplicate": seen elsewhere, and this adds nothing
    facts: tuple[str, ...] = ()  # names from FACTS whose value this record gave; all that it gave for a new paper


def abstract_key(abstract: str) -> str:
    """16 hexadecimal digits, the same for two printings of one abstract; "" where it is too short to prove anything."""
    letters = letters_of(abstract)
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()[:16] if len(letters) >= FEWEST_LETTERS else ""


@lru_cache(maxsize=4)
def paper_of(record: Record) -> Paper:
    """The record as a paper: text mended, key from its title, no source yet."""
    title = mend_title(record.title)
    identifier = record.arxiv_id or (read_arxiv_id(record.external_id) if record.external_id else None)
    return Paper(
        paper_id=paper_key(title),
        title=title,
        abstract=mend_text(record.abstract),
        external_id=record.external_id or identifier,
        arxiv_id=identifier,
        url=record.url,
        authors=tuple(mend_title(author) for author in record.authors),
        organisation=mend_title(record.organisation) if record.organisation else None,
        date=record.date,
        upvotes=record.upvotes,
        code_urls=record.code_urls,
        is_summary=record.is_summary,
    )


def find_same(record: Record, candidates: Sequence[Paper], *, named: Container[str] = ()) -> Paper | None:
    """The paper among the candidates that the record is of, or None for a new one.

    Candidates are the known papers with the record's title (as `normalise_title` has it), arXiv id, or abstract (as
    `abstract_key` has it), in any order; more do no harm. `named`: ids of those that were seen under the record's title
    before, whatever title they have now: of two printed ones a paper keeps the fuller.
    """
    paper = paper_of(record)
    if paper.arxiv_id:
        same_id = [one for one in candidates if one.arxiv_id == paper.arxiv_id]
        for other in sorted(same_id, key=lambda one: (-_abstract_share(paper, one), one.paper_id)):
            if _title_share(paper, other) >= SAME_PAPER_TITLE or _same_abstract(paper, other):
                return other
    if paper.external_id and abstract_key(paper.abstract):  # other ids than arXiv's may be numbers of rows
        for other in sorted(candidates, key=lambda one: one.paper_id):
            if _same_id(paper, other) and abstract_key(other.abstract) and _same_abstract(paper, other):
                return other
    name = normalise_title(paper.title)
    titled = [one for one in candidates if normalise_title(one.title) == name or one.paper_id in named]
    fitting = [one for one in titled if not _are_two(paper, one)]
    if fitting:
        return max(
            fitting,
            key=lambda one: (
                _same_id(paper, one),
                _abstract_share(paper, one),
                normalise_title(one.title) == name,
                one.paper_id,
            ),
        )
    if paper.is_summary or not (key := abstract_key(paper.abstract)):
        return None
    for other in sorted(candidates, key=lambda one: one.paper_id):
        if _ids_differ(paper.arxiv_id, other.arxiv_id) or not _near_titles(paper.title, other.title):
            continue
        if abstract_key(other.abstract) == key:
            return other
    return None


def merge(
    known: Paper | None,
    record: Record,
    source: Source,
    *,
    newer: bool = False,
    corrects: bool = False,
    taken: Container[str] = (),
) -> MergeOutcome:
    """What is known with what the record adds.

    `known` is what `find_same` found. `newer`: the known paper is from an earlier ingest, and the record's text was
    never seen before; only then may its abstract replace one that is a little longer. `corrects`: the record stands in
    the dump that alone held the paper, and says other things of it now, which are believed. `taken`: keys of known
    papers; a new paper whose title's key is among them gets a key of its own, for it is another paper of that title.
    """
    given = paper_of(record)
    if known is None:
        given = replace(given, paper_id=_free_key(given, taken))
        return MergeOutcome(replace(given, sources=(source,)), "new", _given_facts(given))
    seen_here = source in known.sources
    merged = corrected(known, given) if corrects else richer(known, given, newer=newer)
    merged = replace(merged, sources=known.sources if seen_here else (*known.sources, source))
    facts = tuple(fact for fact in FACTS if getattr(merged, fact) != getattr(known, fact))
    kind: Kind = "changed" if facts else "unchanged" if seen_here else "duplicate"
    return MergeOutcome(merged, kind, facts)


def _free_key(given: Paper, taken: Container[str]) -> str:
    """A key for a new paper that no known one has: from its title, told apart by what it has of its own."""
    own = filter(None, (given.external_id, given.arxiv_id, abstract_key(given.abstract), given.abstract))
    keys = (paper_key(given.title, apart=apart) for apart in chain(("",), own, map(str, count(2))))
    return next(key for key in keys if key not in taken)


def _given_facts(paper: Paper) -> tuple[str, ...]:
    return tuple(fact for fact in FACTS if getattr(paper, fact) not in (None, "", ()))


def _ids_differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one.lower() != other.lower())


def _same_id(one: Paper, other: Paper) -> bool:
    same_arxiv = one.arxiv_id is not None and one.arxiv_id == other.arxiv_id
    return same_arxiv or (one.external_id is not None and one.external_id == other.external_id)


def _are_two(one: Paper, other: Paper) -> bool:
    """Whether two papers bear one title: different ids or signs in it, and abstracts that are not one text."""
    if _signs(one.title) != _signs(other.title):
        return not _same_abstract(one, other)
    if one.arxiv_id and other.arxiv_id:
        return _ids_differ(one.arxiv_id, other.arxiv_id) and not _same_abstract(one, other)
    differ = _ids_differ(one.external_id, other.external_id)
    comparable = not one.is_summary and not other.is_summary
    if not differ or not comparable or _same_doi(one, other):
        return False
    return _abstract_share(one, other) < (REWRITTEN_ABSTRACT if _same_authors(one, other) else SAME_ABSTRACT)


def _same_doi(one: Paper, other: Paper) -> bool:
    addresses = {(paper.url or "").lower() for paper in (one, other)}
    return len(addresses) == 1 and addresses.pop().startswith("https://doi.org/")


def _same_authors(one: Paper, other: Paper) -> bool:
    """Whether the last names are the same; first names are often initials."""
    first, second = ({normalise_title(name).split(" ")[-1] for name in paper.authors} for paper in (one, other))
    return bool(first) and first == second


def _signs(title: str) -> list[str]:
    """The signs that make other names of equal letters, each with the letter before it."""
    return _SIGN.findall(unicodedata.normalize("NFKC", title).casefold())


def _title_share(one: Paper, other: Paper) -> float:
    return share_of(normalise_title(one.title).split(), normalise_title(other.title).split())


def _near_titles(one: str, other: str) -> bool:
    first, second = set(normalise_title(one).split()), set(normalise_title(other).split())
    if not first or not second:
        return False
    shorter, longer = sorted((normalise_title(one), normalise_title(other)), key=len)
    cut = len(shorter) >= 20 and longer.startswith(shorter)
    squeezed = shorter.replace(" ", "") == longer.replace(" ", "")  # "Graph Mamba" and "GraphMamba"
    return cut or squeezed or len(first & second) / len(first | second) >= NEAR_TITLE


def _same_abstract(one: Paper, other: Paper) -> bool:
    return _abstract_share(one, other) >= SAME_ABSTRACT


def _abstract_share(one: Paper, other: Paper) -> float:
    return share_of(words_of(one.abstract), words_of(other.abstract))
