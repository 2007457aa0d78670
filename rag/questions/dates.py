"""Spans of time as people write them: `2025`, `March 2025`, `2025-03`, `last year`, `the past two months`."""

from __future__ import annotations

from datetime import date, timedelta

from rag.errors import UsageError
from rag.filters import day_before, first_day, last_day

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "few": 3, "couple of": 2}
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
_YEAR = r"(?:19[5-9]\d|20\d\d)"
DATE = (
    rf"(?:{_YEAR}(?:-\d\d(?:-\d\d)?)?(?![\w-])|{_MONTH}\s+{_YEAR}\b"
    r"|(?:the\s+)?(?:last|past|this|previous)\s+(?:year|month|week)\b"
    rf"|(?:the\s+)?(?:last|past|previous)\s+(?:\d{{1,2}}|{'|'.join(_NUMBERS)})\s+(?:years?|months?|weeks?|days)\b)"
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

Span = tuple[str, str]  # first and last day, ISO


def span_of(text: str, today: date) -> Span | None:
    """The days that a text which matches DATE means; None where no calendar has them (`2025-13`)."""
    words = " ".join(text.casefold().split()).removeprefix("the ")
    try:
        if words[:4].isdigit():
            return first_day(words), last_day(words)
        if words[-4:].isdigit():
            month = f"{words[-4:]}-{_MONTHS.index(words[:3]) + 1:02}"
            return first_day(month), last_day(month)
    except (ValueError, UsageError):
        return None
    which, _, length = words.partition(" ")
    count, _, unit = length.rpartition(" ")
    unit = unit.rstrip("s")
    if count or unit == "week":
        number = int(count) if count.isdigit() else _NUMBERS.get(count, 1)
        return (today - timedelta(days=number * _DAYS[unit])).isoformat(), today.isoformat()
    return _calendar(which, unit, today)


def _calendar(which: str, unit: str, today: date) -> Span:
    """This or the last whole year or month; "the past year" ends today."""
    if which == "past":
        return (today - timedelta(days=_DAYS[unit])).isoformat(), today.isoformat()
    now = today.isoformat()[: 4 if unit == "year" else 7]
    if which == "this":
        return first_day(now), last_day(now)
    before = day_before(first_day(now))[: 4 if unit == "year" else 7]
    return first_day(before), last_day(before)


def bounded(word: str, span: Span) -> Span:
    """(since, until) of `since 2024`, `before May 2025`, `in 2025`; "" where that end is open."""
    match word.casefold():
        case "since":
            return span[0], ""
        case "after":
            return _day_after(span[1]), ""
        case "before":
            return "", day_before(span[0])
        case "until" | "till" | "by" | "up to":
            return "", span[1]
        case _:
            return span


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
