"""Filters against the corpus: which dump is meant, what no paper holds, and how many papers have no date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.corpus import normalise_title
from rag.filters import EVERYTHING, Filters, either

if TYPE_CHECKING:
    from rag.index import Reading

_LOOKED_AT = 500  # papers of authors with the same family name
_NAMED = 8  # people whom "A. Winter" may mean


@dataclass(frozen=True, slots=True)
class Settled:
    """Filters that can be searched with."""

    filters: Filters = EVERYTHING
    notes: tuple[str, ...] = ()  # what was left aside or let in, in sentences
    undated: int = 0  # papers left out for having no date


def settle(reading: Reading, filters: Filters, *, counting: bool = False) -> Settled:
    """What of the filters can be met; a filter that no paper could meet is left aside and told.

    Where no dated paper fits, those without a date are searched instead; `counting` takes none of them for dated, none
    for one with code, and counts no papers of an author or a dump that is not here.
    """
    if not filters:
        return Settled(filters)
    notes: list[str] = []
    filters = replace(
        filters,
        dumps=tuple(_dumps(reading, filters.dumps, notes, counting=counting)),
        without_dumps=tuple(_dumps(reading, filters.without_dumps, notes, counting=True)),
        authors=tuple(_authors(reading, filters.authors, notes, counting=counting)),
        without_authors=tuple(_authors(reading, filters.without_authors, notes)),
        phrases=tuple(_phrases(reading, filters.phrases, notes)),
    )
    if filters.has_code and not counting and not reading.count_where(Filters(has_code=True)):
        notes.append("No paper here has a link to code, so all of them are searched.")
        filters = replace(filters, has_code=False)
    if not filters.by_date or filters.undated:
        return Settled(filters, tuple(notes))
    undated = reading.count_where(filters, dated=False)
    if undated and not counting and not reading.count_where(filters):
        papers = "1 paper" if undated == 1 else f"{undated:,} papers"
        notes.append(f"No paper is known to be of that time; {papers} without a date were searched instead.")
        return Settled(replace(filters, undated=True), tuple(notes))
    return Settled(filters, tuple(notes), undated)


def _dumps(reading: Reading, names: Iterable[str], notes: list[str], *, counting: bool) -> Iterable[str]:
    """The dumps that are meant: by the whole name, without its ending, or by a part that only one has."""
    known = [dump.name for dump in reading.dumps()]
    for name in names:
        low = name.casefold()
        whole = [one for one in known if low in (one.casefold(), one.casefold().rpartition(".")[0])]
        begins = [one for one in known if one.casefold().startswith(low)]
        part = [one for one in known if low in one.casefold()]
        found = whole or (begins if len(begins) == 1 else part if len(part) == 1 else [])
        if not found:
            instead = "" if counting else ", so all of them are searched"
            notes.append(f"There is no dump called “{name}”{instead}.")
        yield from found or ([name] if counting else [])


def _authors(reading: Reading, names: Iterable[str], notes: list[str], *, counting: bool = False) -> Iterable[str]:
    for several in names:
        held = {name: names_held(reading, name) for name in either(several)}
        if counting or any(held.values()):
            yield " or ".join(dict.fromkeys(one for name, found in held.items() for one in found or [name]))
        for name, found in held.items():
            if not found:
                notes.append(f"No paper here names {name} as an author.")
            elif found != [name]:
                notes.append(f"No paper here names {name} as an author; read as {' or '.join(found)}.")


def names_held(reading: Reading, name: str) -> list[str]:
    """The name as papers bear it: as it stands, with the family name last, or whole names for "A. Winter"."""
    words = name.split()
    orders = [name, " ".join(reversed(words))] if len(words) == 2 else [name]
    for order in orders:
        if reading.count_where(Filters(authors=(order,))):
            return [order]
    initial = re.fullmatch(r"([^\W\d_])\.?\s+([^\W\d_][\w’'-]+)", name)
    if not initial:
        return []
    ids = reading.ids_where(Filters(authors=(initial[2],)), newest=False, limit=_LOOKED_AT)
    named = [author for paper in reading.papers(ids).values() for author in paper.authors]
    begins, ends = initial[1].casefold(), f" {initial[2].casefold()}"
    found = [one for one in named if one.casefold().startswith(begins) and one.casefold().endswith(ends)]
    return sorted(set(found))[:_NAMED]


def _phrases(reading: Reading, phrases: Iterable[str], notes: list[str]) -> Iterable[str]:
    """Phrases that some paper holds. A title is no restriction: it names the paper that is asked about."""
    for phrase in phrases:
        if reading.named([normalise_title(phrase)], []):
            continue
        if reading.count_where(Filters(phrases=(phrase,))):
            yield phrase
        else:
            notes.append(f"No paper holds the words “{phrase}” together, so they are searched for one by one.")
