"""A question that is being taken apart: what is left of it, and what it says of the papers that may answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.filters import EVERYTHING, Filters

_DANGLES = re.compile(r"[\s,]+(?:and|but)\s*$", re.IGNORECASE)
_JOINS = re.compile(r"^\s*,?\s*(?:and|but)\s+(?=(?:on|about|that|which|with|not|since|before)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A question taken apart."""

    text: str  # without what restricts
    filters: Filters
    unread: str = ""  # a time that is said of papers and could not be read

    def having(self, match: re.Match[str], more: Filters) -> Narrowed:
        """The restriction taken in and its words taken out; what the group `keep` holds stays."""
        return Narrowed(without(self.text, match), self.filters.and_also(more))


def without(text: str, match: re.Match[str]) -> str:
    """The text without what was matched, and without the "and" that joined it to the rest."""
    kept = match.groupdict().get("keep") or ""
    before, after = text[: match.start()], text[match.end() :]
    return f"{before} {kept} {_JOINS.sub('', after)}" if kept else f"{_DANGLES.sub('', before)} {_JOINS.sub('', after)}"


def turned(match: re.Match[str], wanted: Filters, other: Filters) -> Filters:
    """What a restriction is that may stand behind DENIED: `other` where it is denied."""
    if match["merely"]:
        return EVERYTHING
    return other if match["denied"] else wanted
