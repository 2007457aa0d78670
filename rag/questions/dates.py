"""Spans of time as people write them: `2025`, `22 March 2025`, `Q1 2025`, `2023 to 2025`, `the past two months`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from rag.errors import UsageError
from rag.filters import Filters, day_before, first_day, last_day

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "few": 3, "couple of": 2}
_MONTH = (
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19[5-9]\d|20\d\d)"
_ENDS = r"(?![\w/-]|\.\d)"  # "2005.14165" is an id
_DAY_OF = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = (
    rf"(?:{_YEAR}\s+Q[1-4]\b|{_YEAR}(?:-\d\d(?:-\d\d)?)?{_ENDS}|\bQ[1-4]\s+{_YEAR}{_ENDS}"
    rf"|(?:(?:the\s+)?\b{_DAY_OF}\s+(?:of\s+)?)?{_MONTH},?\s+{_YEAR}{_ENDS}|{_MONTH}\s+{_DAY_OF},?\s+{_YEAR}{_ENDS}"
    r"|(?:the\s+)?\b(?:19[5-9]|20\d)0s\b"
    r"|(?:the\s+)?(?:last|past|this|previous)\s+(?:year|month|week)\b"
    rf"|(?:the\s+)?(?:last|past|previous)\s+(?:\d{{1,2}}|{'|'.join(_NUMBERS)})\s+(?:years?|months?|weeks?|days)\b)"
)
_YEARS = rf"{_YEAR}[-–—/]{_YEAR}{_ENDS}"
_UP_TO = r"(?:\s+(?:to|until|till|through|up to)\s+|\s*[-–—]\s*)"
_OPEN = (
    rf"(?:\s+(?:onwards?|(?:and|or) (?:later|newer|after|onwards?)\b(?!\s+{DATE})"
    r"|(?:to|until|till) (?:now|today|date|the present))\b)"
)
_OPEN_BEFORE = rf"(?:\s+(?:and|or) (?:earlier|older|before)\b(?!\s+{DATE}))"
_ALSO = r"\s*(?:,|,?\s+(?:and|or)\s)\s*"
_MONTHS_OF = rf"({_MONTH})({_UP_TO}{_MONTH},?\s+)({_YEAR}){_ENDS}"  # "January to March 2025"
SPAN = (
    rf"(?:{_YEARS}|{_MONTH}{_UP_TO}{_MONTH},?\s+{_YEAR}{_ENDS}"
    rf"|{DATE}(?:{_UP_TO}{DATE}|{_OPEN}|{_OPEN_BEFORE}|(?:{_ALSO}{DATE})+)?)"
)
UNBOUNDED = rf"{DATE}(?:{_OPEN}|{_OPEN_BEFORE})"  # "2024 or later"
YEAR_OR_MONTH = rf"(?:{_MONTH},?\s+)?{_YEAR}{_ENDS}"
# Times of which no calendar knows the days: "early 2025", "last summer", and what fits SPAN and is none ("2025-13").
_PART = (
    r"(?:(?:very\s+)?(?:early|mid|late)\b[\s-]*"
    r"|(?:the\s+)?(?:start|beginning|middle|end|(?:first|second)\s+half)\s+of\s+)"
)
LOOSE = (
    rf"(?:(?:{_PART})?(?:{SPAN}|(?:the\s+)?(?:(?:last|this|past)\s+)?(?:spring|summer|autumn|fall|winter|{_MONTH}"
    rf"|quarter|decade|century|semester)\b(?:,?\s+(?:of\s+)?{_YEAR}{_ENDS})?)"
    r"|(?:the\s+)?(?:(?:last|past|recent)\s+)(?:few\s+|couple\s+of\s+)?(?:years|months|weeks|days|decades)\b"
    r"|(?:the\s+)?['’]?[1-9]0s\b|(?:\d{1,2}|an?|one|two|three|five|ten|few)\s+(?:years?|months?|weeks?|days?)(?:\s+ago)?\b"
    r"|(?:today|yesterday|(?:last\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)"
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

Span = tuple[str, str]  # first and last day, ISO; "" where that end is open


def span_of(text: str, today: date) -> Span | None:
    """The days that a text which matches SPAN means.

    None where no calendar has them (`2025-13`), or where others lie between them (`2022 and 2025`).
    """
    text = _spelled_out(text)
    dates = [_one(match[0], today) for match in re.finditer(DATE, text, re.IGNORECASE)]
    known = [span for span in dates if span]
    if not known or len(known) < len(dates):
        return None
    between = re.sub(DATE, "", text, flags=re.IGNORECASE)
    if re.fullmatch(_OPEN, between, re.IGNORECASE):
        return known[0][0], ""
    if re.fullmatch(_OPEN_BEFORE, between, re.IGNORECASE):
        return "", known[0][1]
    if not re.fullmatch(_UP_TO, between, re.IGNORECASE):
        known.sort()
        if any(_day_after(one[1]) < other[0] for one, other in pairwise(known)):
            return None
    return (known[0][0], known[-1][1]) if known[0][0] <= known[-1][1] else None


def _spelled_out(text: str) -> str:
    """Both ends of a span in full: `2023-2025` and `March to May 2025` leave out words."""
    text = re.sub(rf"({_YEAR})[-–—/]({_YEAR})(?!\d)", r"\1 to \2", text)
    return re.sub(_MONTHS_OF, r"\1 \3\2\3", text, flags=re.IGNORECASE)


def _one(text: str, today: date) -> Span | None:
    """The days of a text that matches DATE."""
    words = " ".join(text.casefold().replace(",", " ").split()).removeprefix("the ")
    try:
        if quarter := re.search(r"q([1-4])", words):
            year = words.replace(quarter[0], "").strip()
            return first_day(f"{year}-{int(quarter[1]) * 3 - 2:02}"), last_day(f"{year}-{int(quarter[1]) * 3:02}")
        if words.endswith("0s"):
            return first_day(words[:4]), last_day(f"{words[:3]}9")
        if words[:4].isdigit():
            return first_day(words), last_day(words)
        if words[-4:].isdigit():
            return _named(words)
    except (ValueError, UsageError):
        return None
    which, _, length = words.partition(" ")
    count, _, unit = length.rpartition(" ")
    unit = unit.rstrip("s")
    if count or unit == "week":
        number = int(count) if count.isdigit() else _NUMBERS.get(count, 1)
        return (today - timedelta(days=number * _DAYS[unit])).isoformat(), today.isoformat()
    return _calendar(which, unit, today)


def _named(words: str) -> Span:
    """The days of a month of a year, or one day of it: `january 2025`, `22nd of january 2025`, `january 22 2025`."""
    month = next(number for number, name in enumerate(_MONTHS, start=1) if re.search(rf"\b{name}", words))
    day = re.search(r"\b\d{1,2}(?!\d)", words)
    text = f"{words[-4:]}-{month:02}" + (f"-{int(day[0]):02}" if day else "")
    return first_day(text), last_day(text)


def _calendar(which: str, unit: str, today: date) -> Span:
    """This or the last whole year or month; "the past year" ends today."""
    if which == "past":
        return (today - timedelta(days=_DAYS[unit])).isoformat(), today.isoformat()
    now = today.isoformat()[: 4 if unit == "year" else 7]
    if which == "this":
        return first_day(now), last_day(now)
    before = day_before(first_day(now))[: 4 if unit == "year" else 7]
    return first_day(before), last_day(before)


def days_of(word: str, text: str, today: date) -> Span | None:
    """(since, until) of `since` `2024`, `before` `May 2025`, `in` `2025`, `after` `2023 until May 2025`.

    "" where that end is open; None as in span_of.
    """
    if word.casefold() in ("within", "over"):
        text = re.sub(r"\blast\b", "past", text, flags=re.IGNORECASE)
    if ends := re.fullmatch(rf"(?P<begin>{DATE}){_UP_TO}(?P<end>{DATE})", _spelled_out(text), re.IGNORECASE):
        # What stands before it is said of where the span begins.
        begin, end = span_of(ends["begin"], today), span_of(ends["end"], today)
        since = _bounded(word, begin)[0] if begin else ""
        if since and end:
            return (since, end[1]) if since <= end[1] else None
    span = span_of(text, today)
    bounds = _bounded(word, span) if span else ("", "")
    return bounds if any(bounds) else None  # "since 2020 or earlier" is any day


def all_but(span: Span) -> Filters:
    """The papers that are not of those days."""
    since, until = span
    if since and until:
        return Filters(without_times=(f"{since}/{until}",))
    return Filters(until=day_before(since)) if since else Filters(since=_day_after(until))


def _bounded(word: str, span: Span) -> Span:
    """Of a time the days that lie `since`, `after`, `before`, `until` or `in` it."""
    match word.casefold().removeprefix("from "):
        case "since":
            return span[0], ""
        case "after" | "newer than" | "later than":
            return (_day_after(span[1]) if span[1] else span[0]), ""
        case "before" | "older than" | "earlier than":
            return "", (day_before(span[0]) if span[0] else span[1])
        case "until" | "till" | "by" | "up to":
            return "", span[1]
        case _:
            return span


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
