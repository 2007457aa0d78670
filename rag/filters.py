"""Which papers may answer: by dump, date, code, author, words that must or must not be there.

A paper without a date is never dropped in silence: how many there are is told, and `undated` lets them in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta

from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Chip:
    """One restriction as a person sees it, and can take away."""

    name: str  # the field of Filters
    value: str  # which of its values; "" where the field has one only
    label: str  # a few words


_NO_LIMITS = {"undated", "settled", "only_name"}  # fields that forbid nothing by themselves


@dataclass(frozen=True, slots=True)
class Filters:
    """What a paper must be to be searched; an empty one permits all."""

    dumps: tuple[str, ...] = ()  # names of dumps, any of which holds it
    without_dumps: tuple[str, ...] = ()  # names of dumps, none of which holds it
    since: str = ""  # the first day, ISO
    until: str = ""  # the last day, ISO
    without_times: tuple[str, ...] = ()  # spans of days that it is not from, ISO: "2024-01-01/2024-12-31"
    undated: bool = False  # papers without a date are searched all the same
    has_code: bool = False
    no_code: bool = False  # neither a link to code nor a word in the abstract that code is released
    authors: tuple[str, ...] = ()  # all of them, by a part of the name; of "Winter or Chen" one is enough
    without_authors: tuple[str, ...] = ()  # none of them, by a part of the name
    without: tuple[str, ...] = ()  # topics, none of which is in title or abstract in any form
    phrases: tuple[str, ...] = ()  # words that stand there together, all of them
    only: tuple[str, ...] = ()  # ids of papers: one that a person opened, a topic, an area of the map
    only_name: str = ""  # what those are, as it is shown: a title in quotes, "42 papers in this area"
    settled: bool = False  # chosen by hand: what the question says besides of its papers is left aside

    def __bool__(self) -> bool:
        """True where it forbids anything."""
        return any(getattr(self, each.name) for each in fields(self) if each.name not in _NO_LIMITS)

    @property
    def by_date(self) -> bool:
        """True where the date of a paper matters."""
        return bool(self.since or self.until or self.without_times)

    def and_also(self, other: Filters) -> Filters:
        """Both at once: the narrower of two dates, all words."""
        return Filters(
            dumps=_both(self.dumps, other.dumps),
            without_dumps=_both(self.without_dumps, other.without_dumps),
            since=max(self.since, other.since),
            until=min(filter(None, (self.until, other.until)), default=""),
            without_times=_both(self.without_times, other.without_times),
            undated=self.undated or other.undated,
            has_code=self.has_code or other.has_code,
            no_code=self.no_code or other.no_code,
            authors=_both(self.authors, other.authors),
            without_authors=_both(self.without_authors, other.without_authors),
            without=_both(self.without, other.without),
            phrases=_both(self.phrases, other.phrases),
            only=_shared(self.only, other.only),
            only_name=self.only_name or other.only_name,
            settled=self.settled or other.settled,
        )

    def chips(self) -> tuple[Chip, ...]:
        """Each restriction by itself, in the order in which they are shown."""
        return tuple(self._chips())

    def _chips(self) -> Iterator[Chip]:
        if self.only:
            yield Chip("only", "", f"Only {self.only_name or 'the papers that were chosen'}")
        for name in self.dumps:
            yield Chip("dumps", name, f"In {name}")
        for name in self.without_dumps:
            yield Chip("without_dumps", name, f"Not in {name}")
        if self.since or self.until:
            yield Chip("since", "", period(self.since, self.until))
        for span in self.without_times:
            yield Chip("without_times", span, f"Not {period(*ends(span))}")
        if self.undated and self.by_date:
            yield Chip("undated", "", "Also without a date")
        if self.has_code:
            yield Chip("has_code", "", "With code")
        if self.no_code:
            yield Chip("no_code", "", "Without code")
        for name in self.authors:
            yield Chip("authors", name, f"By {name}")
        for name in self.without_authors:
            yield Chip("without_authors", name, f"Not by {name}")
        for phrase in self.phrases:
            yield Chip("phrases", phrase, f"“{phrase}”")
        for word in self.without:
            yield Chip("without", word, f"Not {word}")

    def in_words(self) -> str:
        """What a permitted paper is, to stand behind "papers": `dated since 2024, with a link to code`."""
        parts = [f"seen in {' or '.join(self.dumps)}"] if self.dumps else []
        parts += [f"not seen in {name}" for name in self.without_dumps]
        if self.since or self.until:
            when = period(self.since, self.until)
            parts.append(f"dated {when.replace('Since', 'since').replace('Until', 'until')}")
        parts += [f"not dated {period(*ends(span))}" for span in self.without_times]
        if self.by_date and self.undated:
            parts[-1] += " or without a date"
        parts += ["with a link to code"] if self.has_code else []
        parts += ["that have no link to code and do not say that code is released"] if self.no_code else []
        parts += [f"by {name}" for name in self.authors]
        parts += [f"that are not by {name}" for name in self.without_authors]
        parts += [f"that hold “{phrase}” word for word" for phrase in self.phrases]
        parts += [f"that do not hold “{words}” in any form" for words in self.without]
        parts += [f"from among {self.only_name or 'those that were chosen'}"] if self.only else []
        return ", ".join(parts)

    def less(self, chip: Chip) -> Filters:
        """Without this restriction; one that is not there changes nothing."""
        values = asdict(self)
        if chip.name == "since":
            values.update(since="", until="")
        elif chip.name == "only":
            values.update(only=(), only_name="")
        elif isinstance(values.get(chip.name), tuple):
            values[chip.name] = tuple(value for value in values[chip.name] if value != chip.value)
        elif isinstance(values.get(chip.name), bool):
            values[chip.name] = False
        less = Filters(**values)
        return less if less.by_date or not self.by_date else replace(less, undated=False)

    def as_json(self) -> dict[str, object]:
        """Only what restricts, for programs."""
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)
            if (value := getattr(self, each.name)) and each.name != "settled"
        }


EVERYTHING = Filters()


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """What both choices hold; where that is nothing the first one stands, since no id at all would forbid nothing."""
    allowed = set(other)
    return tuple(each for each in one if each in allowed) or one or other


def either(name: str) -> list[str]:
    """The names in one of `Filters.authors`: "Winter or Chen" is two."""
    return name.split(" or ")


def ends(span: str) -> tuple[str, str]:
    """The first and the last day of one of `Filters.without_times`."""
    first, _, last = span.partition("/")
    return first, last


def period(since: str, until: str) -> str:
    """A span of days in words: `2025`, `Mar 2025`, `Since 2024`, `Until 4 Oct 2026`."""
    if since and until and (first_day(since[:4]), last_day(since[:4])) == (since, until):
        return since[:4]
    if since and until and (first_day(since[:7]), last_day(since[:7])) == (since, until):
        return f"{_MONTHS[int(since[5:7]) - 1]} {since[:4]}"
    if since and since == until:
        return _day(since, first=True)
    if since and until:
        begin, end, year = _day(since, first=True), _day(until, first=False), since[:4]
        if year == until[:4]:  # "2025 to Mar 2025" would be more than a quarter
            begin, end = f"{'Jan ' * (begin == year)}{begin}", f"{'Dec ' * (end == year)}{end}"
        return f"{begin} to {end}"
    return f"Since {_day(since, first=True)}" if since else f"Until {_day(until, first=False)}"


def _day(day: str, *, first: bool) -> str:
    """The day as shown; a year or a month alone where it is their first (or last) day."""
    end = first_day if first else last_day
    if day == end(day[:4]):
        return day[:4]
    name = _MONTHS[int(day[5:7]) - 1]
    return f"{name} {day[:4]}" if day == end(day[:7]) else f"{int(day[8:])} {name} {day[:4]}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def first_day(text: str) -> str:
    """The first day of a year, month or day, ISO. Raises UsageError for anything else."""
    return _days(text)[0]


def last_day(text: str) -> str:
    """The last day of a year, month or day, ISO. Raises UsageError for anything else."""
    return _days(text)[1]


def day_before(day: str) -> str:
    """The day before an ISO day."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _days(text: str) -> tuple[str, str]:
    found = _DAY.fullmatch(text.strip())
    try:
        year, month, day = (int(part or 1) for part in found.groups()) if found else (0, 0, 0)
        first = date(year, month, day)
        if found and found[3]:
            return first.isoformat(), first.isoformat()
        after = date(year, month + 1, 1) if found and found[2] and month < 12 else date(year + 1, 1, 1)
        return first.isoformat(), (after - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{text!r} is no date.", hint="Give a year, a month or a day: 2025, 2025-03 or 2025-03-14."
        ) from error
