"""When the papers that may answer appeared, as a question says it: "since 2024", "not from last year", "2024 papers".

"In 2001" inside a claim is part of the topic, so a date counts only where it is said of papers, or stands at the end
as people type it for a search ("state space models since 2024").
"""

from __future__ import annotations

import re
from datetime import date

from rag.filters import EVERYTHING, Filters
from rag.questions.dates import DATE, LOOSE, SPAN, UNBOUNDED, YEAR_OR_MONTH, all_but, days_of, span_of
from rag.questions.kinds import asks_for_papers
from rag.questions.narrowed import Narrowed, turned, without
from rag.questions.wording import CLOSING, DENIED, EXCEPT, PAPERS, WORK

WHEN = (
    r"(?:in|of|during|within|throughout|over(?= the)|until|till|up to|(?:older|earlier|newer|later) than"
    r"|(?:from )?(?:since|after|before)|from)"
)
_APPEARED = (
    r"(?:(?:that |which )?(?:(?:was|were|is|are|has been|have been) )?"
    r"(?:published|released|posted|written|appear(?:ed)?|c[ao]me(?: out)?|dated))"
)
_RELATIVE = r"(?=(?:the )?(?:last|this|past|previous)\b)"  # needs no preposition
_SAID_AT_END = r"(?:(?:from )?(?:since|after|before)|until|(?:older|earlier|newer|later) than)"
_OF_PAPERS = re.compile(
    rf"(?P<keep>\b{WORK}\b)\s*,?\s+(?:(?:and|but) )?(?:are (?:there )?)?(?:{_APPEARED}\s+)?"
    rf"(?:(?P<word>{WHEN})\s+|{_RELATIVE})(?P<date>{SPAN})",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    rf",?\s*\b(?:{_APPEARED}\s+(?:(?P<word>{WHEN}|on)\s+|{_RELATIVE})|dated\s+)(?P<date>{SPAN})", re.IGNORECASE
)
_AT_END = re.compile(rf",?\s+(?P<word>{_SAID_AT_END})\s+(?P<date>{SPAN})(?={CLOSING})", re.IGNORECASE)
_AT_END_OF_PAPERS = re.compile(
    rf",?\s+(?:(?P<word>in|from|during|within|throughout|over(?= the))\s+|{_RELATIVE}|(?={UNBOUNDED}))"
    rf"(?P<date>{SPAN})(?={CLOSING})",
    re.IGNORECASE,
)
_YEARS_PAPERS = re.compile(
    rf"\b(?:(?P<date>(?:last|this) (?:year|month|week))['’]?s|(?P<other>{YEAR_OR_MONTH})) (?P<keep>{PAPERS}\b)",
    re.IGNORECASE,
)
# "ICLR 2024 papers" are of a conference.
_BEGINS = re.compile(
    r"(?:^|\b(?:all|the|which|what|many|any|every|of|list|show|find|give|me|us|my|your|are|there|have|count|only|more|some"
    r"|newest|latest|oldest|earliest|please|and|few|top|\d{1,2}))\W*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf",?\s*\b(?:{DENIED} )?(?:{_APPEARED}\s+)?between\s+(?P<date>{DATE})\s+and\s+(?P<to>{DATE})", re.IGNORECASE
)
_NOT_FROM = re.compile(
    rf",?\s*\b(?:{_APPEARED} )?(?:(?:from|in|of) (?:(?:all|any|every|the) )?years? )?{DENIED}\s+"
    rf"(?P<appeared>{_APPEARED}\s+)?(?:(?P<word>{WHEN}|on)\s+|{_RELATIVE}|(?={SPAN}(?:[,;]|{CLOSING})))(?P<date>{SPAN})",
    re.IGNORECASE,
)
_GOES_ON = re.compile(rf"[,;]|\s+(?:on|about|that|which|with|by|and|but|nor|in)\b|{CLOSING}", re.IGNORECASE)
# "Data collected before 2020" may well be in a paper of 2024.
_OF_DATA = re.compile(
    r"\b(?:(?:collect|gather|record|captur|measur|observ|sampl|scrap|crawl|acquir|annotat|label+|train|improv|increas"
    r"|decreas|chang|happen|sourc|generat)ed|taken|drawn|born|built|grown|risen|fallen)$",
    re.IGNORECASE,
)
# A time that is said of papers and still stands in the question when all that is understood has been taken out.
_UNREAD = re.compile(
    rf"(?:\b{WORK}\s*,?\s+(?:(?:are|{_APPEARED})\s+)?"
    rf"(?P<beside>(?:{DENIED} )?{WHEN}\s+{LOOSE}(?=[,;]|\s+(?:on|about|that|with)\b|{CLOSING}))"
    rf"|(?P<behind>\b(?:{_SAID_AT_END}|{EXCEPT}|dated|(?:in|from|on|during|within)(?=[^.?!]*\d))\s+{LOOSE}(?={CLOSING})))",
    re.IGNORECASE,
)
_SAYS_WORK = re.compile(rf"\b{WORK}\b", re.IGNORECASE)
_ENDS_WITH_WORK = re.compile(rf"\b{WORK}\W*$", re.IGNORECASE)
_SAYS_PAPER = re.compile(rf"\b{PAPERS}\b", re.IGNORECASE)


def taken_out(found: Narrowed, today: date) -> Narrowed:
    """One time that the text says of its papers, as a restriction; the same as before where it says none."""
    if match := _NOT_FROM.search(found.text):
        # Never read without its "not": that would be the opposite.
        span = days_of(match["word"] or "in", match["date"], today) if _is_of_papers(found.text, match) else None
        return found.having(match, turned(match, EVERYTHING, all_but(span))) if span else found
    says_paper = _SAYS_PAPER.search(found.text)
    if (match := _BETWEEN.search(found.text)) and _SAYS_WORK.search(found.text):
        span = span_of(f"{match['date']} to {match['to']}", today)
        return (
            found.having(match, turned(match, Filters(since=span[0], until=span[1]), all_but(span))) if span else found
        )
    patterns = [_OF_PAPERS, _PUBLISHED, _YEARS_PAPERS, _AT_END]
    for pattern in [*patterns, _AT_END_OF_PAPERS] if says_paper else patterns:
        match = pattern.search(found.text)
        if match is None or not _may_be_of_papers(found.text, match, pattern):
            continue
        groups = match.groupdict()
        span = days_of(groups.get("word") or "in", match["date"] or groups["other"], today)
        if pattern is _AT_END_OF_PAPERS and not match["word"]:
            span = span if asks_for_papers(without(found.text, match)) else None
        if span:
            return found.having(match, Filters(since=span[0], until=span[1]))
    return found


def unread(text: str) -> str:
    """The time that the rest of a question says of its papers; "" where it says none."""
    for match in _UNREAD.finditer(text):
        if match["beside"] or asks_for_papers(without(text, match)):
            return match["beside"] or match["behind"]
    return ""


def _is_of_papers(text: str, match: re.Match[str]) -> bool:
    """Whether what must not be the time is a paper."""
    if not _SAYS_WORK.search(text):
        return False
    beside = _ENDS_WITH_WORK.search(text[: match.start()]) or _SAYS_WORK.search(match[0])
    return bool(match["appeared"] or beside or _GOES_ON.match(text, match.end()))


def _may_be_of_papers(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Whether the time may be said of papers: what was released or written need not be one, nor what was collected."""
    before = text[: match.start()]
    if pattern is _PUBLISHED:
        return bool(_SAYS_PAPER.search(text)) or "published" in match[0].casefold()
    if pattern is _YEARS_PAPERS:
        return bool(match["date"] or _BEGINS.search(before))
    return pattern is _OF_PAPERS or not _OF_DATA.search(before)
