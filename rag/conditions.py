"""Filters in SQL, as a condition on the table of papers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rag.filters import Filters, either, ends

# A date that says a year; "May 8" alone does not (see Paper.year).
_DATED = "(date GLOB '[0-9][0-9][0-9][0-9]' OR date GLOB '[0-9][0-9][0-9][0-9]-*')"
NEWEST = f"{_DATED} DESC, date DESC, number DESC"  # papers without a date come last
OLDEST = f"{_DATED} DESC, date, number"
LAST_ADDED = "number DESC"
# A place that is gone counts only for a paper that has no other.
_SEEN = """paper_id IN (SELECT paper_id FROM sightings AS seen WHERE dump IN
 (SELECT dump FROM dumps WHERE name IN (SELECT value FROM json_each(?))) AND (gone_run IS NULL OR NOT EXISTS
 (SELECT 1 FROM sightings AS other WHERE other.paper_id = seen.paper_id AND other.gone_run IS NULL)))"""


@dataclass(frozen=True, slots=True)
class Condition:
    """What stands behind WHERE, and its values in order."""

    sql: str
    values: tuple[str, ...]


def condition_of(
    filters: Filters, *, holding: Sequence[Sequence[str]] = (), lacking: Sequence[str] = (), dated: bool | None = None
) -> Condition:
    """The papers that the filters permit.

    What concerns words is known to the word index alone: `holding` are ids of papers of which all lists must have
    them, `lacking` ids that are out. With `dated` False only those that have no date, whatever date is asked for.
    """
    parts: list[tuple[str, tuple[str, ...]]] = []
    if filters.dumps:
        parts.append((_SEEN, (json.dumps(filters.dumps),)))
    if filters.without_dumps:
        parts.append((f"NOT {_SEEN}", (json.dumps(filters.without_dumps),)))
    if dated is False:
        parts.append((f"({_DATED}) IS NOT 1", ()))
    elif filters.by_date:
        parts.append(_period(filters))
    if filters.has_code:
        parts.append(("code_urls != '[]'", ()))
    if filters.no_code:
        parts.append((f"NOT {RELEASES_CODE.sql}", RELEASES_CODE.values))
    parts += [_by(name) for name in filters.authors]
    parts += [(f"{sql} IS NOT 1", values) for sql, values in map(_by, filters.without_authors)]
    parts += [_among(ids) for ids in holding]
    if lacking:
        parts.append(("paper_id NOT IN (SELECT value FROM json_each(?))", (json.dumps(list(lacking)),)))
    if filters.only:
        parts.append(_among(filters.only))
    parts += [_phrase(phrase) for phrase in filters.phrases]
    sql = " AND ".join(part for part, _ in parts) or "1"
    return Condition(sql, tuple(value for _, values in parts for value in values))


def _among(paper_ids: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    return "paper_id IN (SELECT value FROM json_each(?))", (json.dumps(list(paper_ids)),)


def _period(filters: Filters) -> tuple[str, tuple[str, ...]]:
    """A date that says the year alone may be any of its days: such a paper counts as inside."""
    parts, values = [_DATED], []
    if filters.since:
        parts.append("date || '~' >= ?")  # "~" stands behind every digit and dash
        values.append(filters.since)
    if filters.until:
        parts.append("date <= ?")
        values.append(filters.until)
    for span in filters.without_times:
        parts.append("NOT (date || '~' >= ? AND date <= ?)")
        values += ends(span)
    inside = " AND ".join(parts)
    return (f"(({inside}) OR ({_DATED}) IS NOT 1)" if filters.undated else f"({inside})"), tuple(values)


def _by(name: str) -> tuple[str, tuple[str, ...]]:
    """Whole words of a name: "Li" is not in "Williams". Dots do not count, "Y LeCun" is "Y. LeCun"."""
    likes = []
    for one in either(name):
        words = " ".join(one.replace("-", " ").replace(".", "").split())
        likes.append("".join(f"\\{sign}" if sign in "\\%_" else sign for sign in words))
    sql = " OR ".join(
        f"{_in_words(column)} LIKE ? ESCAPE '\\'" for _ in likes for column in ("authors", "organisation")
    )
    return f"({sql})", tuple(f"% {like} %" for like in likes for _ in range(2))


def _in_words(column: str) -> str:
    """The column with a blank on both sides of each word."""
    words = f"replace({column}, '.', '')"
    for sign in ('"', ",", "-"):
        words = f"replace({words}, '{sign}', ' ')"
    return f"(' ' || {words} || ' ')"


def _phrase(phrase: str) -> tuple[str, tuple[str, ...]]:
    """Its words one behind the other, whatever sign stands between them: "KV cache" is in "KV-cache"."""
    pattern = "_".join("".join(sign if sign.isalnum() else "_" for sign in word) for word in phrase.split())
    return "(title LIKE ? OR abstract LIKE ?)", (f"%{pattern}%", f"%{pattern}%")


# What abstracts say where they give their code; in 30,000 real ones hardly any says it without giving it. "code was" is
# not here: "neither the data nor the source code was released".
_RELEASED = (
    "code is available", "code available", "code is released", "code will be", "code and data", "code at http",
    "code can be found", "code is publicly", "codes are available", "release our code", "release the code",
    "release code", "releasing code", "open-source our", "open source our", "code is open", "our code", "code: http",
    "code are available", "code are publicly", "code are released", "code are open", "code are made",
    "code are provided", "code were released", "code were published", "code were made", "code is made",
    "code is provided", "code is published", "code is accessible", "code is at http", "code is freely",
    "code has been made", "code has been released", "code have been", "have released the code",
    "open-sourced the code", "codes will be", "codes are open", "codes are publicly", "codes are released",
    "codes are made", "code publicly", "code freely", "code and models are", "code and models will",
    "code and models publicly", "code and model weights are", "code and checkpoints are", "code, data, and models",
    "code, data and models", "code, models, and data", "code, models and data",
)  # fmt: skip
# Of programs; a model or a data set may be open without any code. "_" is a blank or a hyphen.
_OPEN = (
    "released as open_source", "is available as open_source", "software is open_source", "package is open_source",
    "library is open_source", "toolkit is open_source", "tool is open_source", "framework is open_source",
    "implementation is open_source", "system is open_source", "platform is open_source",
)  # fmt: skip


def _any_of(wordings: Sequence[str]) -> str:
    return "(" + " OR ".join("abstract LIKE ?" for _ in wordings) + ")"


# Most abstracts hold neither "code" nor "open source": they are not looked through for the rest.
RELEASES_CODE = Condition(
    f"(code_urls != '[]' OR abstract LIKE '%code%' AND {_any_of(_RELEASED)}"
    f" OR abstract LIKE '%open_source%' AND {_any_of(_OPEN)})",
    tuple(f"%{words}%" for words in (*_RELEASED, *_OPEN)),
)
