"""What a question says of the papers that may answer it: "since 2024", "with code", "not about diffusion".

Precision comes first: "in 2001" inside a claim is part of the topic, so a date counts only where it is said of papers,
or stands at the end as people type it for a search ("state space models since 2024"). What is taken for a restriction
leaves the text that is searched for, and is shown, so that a reader can take it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rag.filters import Filters
from rag.questions.dates import DATE, bounded, span_of

_PAPERS = r"(?:papers?|articles?|publications?|preprints?|abstracts?)"
_WORK = (
    r"(?:papers?|articles?|publications?|preprints?|abstracts?|works?|research|studies|literature|anything|everything)"
)
_WHEN = r"(?:in|from|of|since|after|before|until|till|up to)"
_APPEARED = (
    r"(?:(?:that |which )?(?:was |were |is |are )?(?:published|released|posted|written|appeared|came out|dated))"
)
_OF_PAPERS = re.compile(
    rf"(?P<keep>\b{_WORK}\b)\s*,?\s+(?:are (?:there )?)?(?:{_APPEARED}\s+)?(?P<word>{_WHEN})\s+(?P<date>{DATE})",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(rf",?\s*\b{_APPEARED}\s+(?P<word>{_WHEN})\s+(?P<date>{DATE})", re.IGNORECASE)
_PUBLISHED_LAST = re.compile(
    rf",?\s*\b{_APPEARED}\s+(?P<date>(?:the\s+)?(?:last|this|past)\s[\w ]+?)(?=\W*$)", re.IGNORECASE
)
# Behind a full stop stands a claim, as in "It has risen since 1979."
_AT_END = re.compile(
    rf",?\s+(?P<word>since|after|before|until)\s+(?P<date>{DATE})(?=(?: are there| do you have)?[^\w.]*$)",
    re.IGNORECASE,
)
_AT_END_OF_PAPERS = re.compile(rf",?\s+(?P<word>in|from)\s+(?P<date>{DATE})(?=\W*$)", re.IGNORECASE)
_YEARS_PAPERS = re.compile(rf"\b(?P<date>(?:last|this) (?:year|month|week))['’]?s (?P<keep>{_PAPERS}\b)", re.IGNORECASE)
_BETWEEN = re.compile(rf",?\s*\bbetween\s+(?P<date>{DATE})\s+and\s+(?P<to>{DATE})", re.IGNORECASE)
_CODE = re.compile(
    r",?\s*\b(?:with|(?:that|which|and) (?:also )?(?:releases?|ha(?:s|ve)|publish(?:es)?|provides?|shares?|comes? with"
    r"|open-sources?)(?: their| its)?)\s+"
    r"(?:(?:public|publicly available|open|open-source|available|released|source)\s+)*code"
    r"(?:\s+(?:available|released|online|on github))?(?=\s*(?:$|[?.,;]|(?:on|about|for|since|from|published|are)\b))",
    re.IGNORECASE,
)
_NOT_ABOUT = re.compile(
    r",?\s*(?:\b(?:and|but|that are|which are|that is)\s+)?(?:\bnot (?:about|dealing with|concerning)"
    r"|\bexcluding(?: (?:those|papers|work))?(?: (?:about|on))?"
    r"|\bexcept (?:for )?(?:those|papers|work)(?: (?:about|on))?)\s+"
    r"(?P<words>[\w-]+(?:\s+[\w-]+){0,2})(?=\W*$|[,;])",
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?:(?<=\s)|^)-(?:[\"“](?P<phrase>[^\"”]{2,60})[\"”]|(?P<word>[^\W\d_][\w-]{2,}))")
_OPERATOR = re.compile(
    r"(?:(?<=\s)|^)(?P<name>since|after|before|until|year|date|dump|author|has|by):(?:[\"“](?P<phrase>[^\"”]+)[\"”]|(?P<word>\S+))",
    re.IGNORECASE,
)
_DUMP = re.compile(
    r",?\s*(?:\b(?:that |which )?(?:(?:were|was|are|is) )?(?:seen|found|saved|contained|listed|held)\s+)?"
    r"\b(?:in|from|of)\s+(?:the\s+)?(?:dump|saved page)\s+(?:called |named )?"
    r"(?:[\"“'](?P<phrase>[^\"”']+)[\"”']|(?P<word>[\w./-]*\w))",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    rf"(?P<keep>\b{_WORK}\b)\s+(?:written\s+|authored\s+)?by\s+(?P<word>(?!(?:The|A|An)\b)[A-Z][\w.'’-]*(?:\s+(?:(?:van|von|de|der|di|la|le)\s+)*[A-Z][\w.'’-]*){{0,3}})"
)
_SAYS_PAPERS = re.compile(rf"\b{_WORK}\b", re.IGNORECASE)
_SAYS_PAPER = re.compile(rf"\b{_PAPERS}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A question taken apart."""

    text: str  # without what restricts
    filters: Filters


def narrow(text: str, today: date) -> Narrowed:
    """What the text says of the papers that may answer, and the rest of it, which is never empty."""
    found = Narrowed(text, Filters())
    for step in (_operators, _minus, _not_about, _dump, _author, _code, _date):
        tried = step(found, today)
        if any(letter.isalnum() for letter in tried.text) or tried.filters != found.filters:
            found = tried
    tidy = re.sub(r"\s+([?.,;!])", r"\1", " ".join(found.text.split())).strip(" ,;")
    return Narrowed(tidy, found.filters)


def _with(found: Narrowed, match: re.Match[str], more: Filters) -> Narrowed:
    """The restriction taken in and its words taken out; what the group `keep` holds stays."""
    kept = match.groupdict().get("keep") or ""
    text = f"{found.text[: match.start()]} {kept} {found.text[match.end() :]}"
    return Narrowed(text, found.filters.and_also(more))


def _value(match: re.Match[str]) -> str:
    return (match["phrase"] or match["word"]).strip().rstrip("?!,;")


def _operators(found: Narrowed, today: date) -> Narrowed:
    while match := _OPERATOR.search(found.text):
        name, value = match["name"].casefold(), _value(match)
        more = None
        if name == "dump":
            more = Filters(dumps=(value,))
        elif name in {"author", "by"}:
            more = Filters(authors=(value,))
        elif name == "has":
            more = Filters(has_code=True) if value.casefold() == "code" else None
        elif span := span_of(value, today) if re.fullmatch(DATE, value, re.IGNORECASE) else None:
            since, until = bounded(name, span)
            more = Filters(since=since, until=until)
        if more is None:
            break
        found = _with(found, match, more)
    return found


def _minus(found: Narrowed, today: date) -> Narrowed:
    while (match := _MINUS.search(found.text)) and len(found.text) > len(match[0]):
        found = _with(found, match, Filters(without=(_value(match),)))
    return found


def _not_about(found: Narrowed, today: date) -> Narrowed:
    match = _NOT_ABOUT.search(found.text)
    if match and ("not" in match[0].casefold().split()[:3] or _SAYS_PAPER.search(found.text)):
        return _with(found, match, Filters(without=(match["words"],)))
    return found


def _dump(found: Narrowed, today: date) -> Narrowed:
    match = _DUMP.search(found.text)
    return _with(found, match, Filters(dumps=(_value(match),))) if match else found


def _author(found: Narrowed, today: date) -> Narrowed:
    match = _AUTHOR.search(found.text)
    return _with(found, match, Filters(authors=(match["word"].rstrip(".,"),))) if match else found


def _code(found: Narrowed, today: date) -> Narrowed:
    match = _CODE.search(found.text)
    return _with(found, match, Filters(has_code=True)) if match and _SAYS_PAPERS.search(found.text) else found


def _date(found: Narrowed, today: date) -> Narrowed:
    says_paper = _SAYS_PAPER.search(found.text)
    if (match := _BETWEEN.search(found.text)) and _SAYS_PAPERS.search(found.text):
        first, last = span_of(match["date"], today), span_of(match["to"], today)
        return _with(found, match, Filters(since=first[0], until=last[1])) if first and last else found
    patterns = [_OF_PAPERS, _PUBLISHED, _PUBLISHED_LAST, _YEARS_PAPERS, _AT_END]
    for pattern in [*patterns, _AT_END_OF_PAPERS] if says_paper else patterns:
        match = pattern.search(found.text)
        span = span_of(match["date"], today) if match and re.fullmatch(DATE, match["date"], re.IGNORECASE) else None
        if match and span:
            since, until = bounded(match.groupdict().get("word") or "in", span)
            return _with(found, match, Filters(since=since, until=until))
    return found
