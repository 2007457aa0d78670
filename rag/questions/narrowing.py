"""What a question says of the papers that may answer it: "since 2024", "with code", "not about diffusion".

Precision comes first: "in 2001" inside a claim is part of the topic, so a date counts only where it is said of papers,
or stands at the end as people type it for a search ("state space models since 2024"). What is taken for a restriction
leaves the text that is searched for, and is shown, so that a reader can take it back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.filters import Filters
from rag.questions.dates import DATE, LOOSE, SPAN, bounded, span_of
from rag.questions.kinds import asks_for_papers
from rag.questions.wording import CLOSING, PAPERS
from rag.words import stems

_WORK = rf"(?:{PAPERS}|works?|research|studies|literature|anything|everything)"
_WHEN = r"(?:in|from|of|since|after|before|until|till|up to|(?:older|earlier|newer|later) than)"
_APPEARED = (
    r"(?:(?:that |which )?(?:(?:was|were|is|are|has been|have been) )?"
    r"(?:published|released|posted|written|appeared|came out|dated))"
)
_RELATIVE = r"(?=(?:the )?(?:last|this|past|previous)\b)"  # needs no preposition
_OF_PAPERS = re.compile(
    rf"(?P<keep>\b{_WORK}\b)\s*,?\s+(?:(?:and|but) )?(?:are (?:there )?)?(?:{_APPEARED}\s+)?"
    rf"(?:(?P<word>{_WHEN})\s+|{_RELATIVE})(?P<date>{SPAN})",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(rf",?\s*\b{_APPEARED}\s+(?:(?P<word>{_WHEN})\s+|{_RELATIVE})(?P<date>{SPAN})", re.IGNORECASE)
_AT_END = re.compile(rf",?\s+(?P<word>since|after|before|until)\s+(?P<date>{DATE})(?={CLOSING})", re.IGNORECASE)
_AT_END_OF_PAPERS = re.compile(
    rf",?\s+(?:(?P<word>in|from)\s+|{_RELATIVE})(?P<date>{SPAN})(?={CLOSING})", re.IGNORECASE
)
# A time that is said of papers and still stands in the question when all that is understood has been taken out.
_UNREAD = re.compile(
    rf"(?:\b{_WORK}\s*,?\s+(?:(?:are|{_APPEARED})\s+)?(?P<beside>{_WHEN}\s+{LOOSE}(?=[,;]|\s+(?:on|about|that|with)\b|{CLOSING}))"
    rf"|(?P<behind>\b(?:since|after|before|until|(?:in|from)(?=[^.?!]*\d))\s+{LOOSE}(?={CLOSING})))",
    re.IGNORECASE,
)
_YEARS_PAPERS = re.compile(rf"\b(?P<date>(?:last|this) (?:year|month|week))['’]?s (?P<keep>{PAPERS}\b)", re.IGNORECASE)
_BETWEEN = re.compile(rf",?\s*\b(?:{_APPEARED}\s+)?between\s+(?P<date>{DATE})\s+and\s+(?P<to>{DATE})", re.IGNORECASE)
_GIVES = r"(?:releases?|ha(?:s|ve)|publish(?:es)?|provides?|shares?|comes? with|open-sources?)(?: their| its)?"
_ITS_CODE = (
    r"\s+(?:(?:public|publicly available|open|open-source|available|released|source)\s+)*code"
    r"(?:\s+(?:available|released|online|on github))?"
    rf"(?=[?.,;]|\s+(?:on|about|for|since|from|published|are)\b|{CLOSING})"
)
_CODE = re.compile(
    rf",?\s*\b(?:(?P<loosely>(?:and )?with)|(?:that|which|and) (?:also )?{_GIVES}){_ITS_CODE}", re.IGNORECASE
)
_LACKS = (
    r"(?:(?:do|does|did)(?: not|n['’]t) (?:release|have|publish|provide|share|give|come with|open-source)"
    r"|ha(?:ve|s)(?: not|n['’]t)(?: yet)? (?:released|published|provided|shared|open-sourced)"
    r"|(?:releases?|ha(?:s|ve)|publish(?:es)?|provides?|shares?|comes? with) no)(?: any| their| its)?"
)
_NO_CODE = re.compile(
    rf",?\s*\b(?:(?:that|which|and|but) (?:also )?{_LACKS}"
    rf"|(?P<loosely>(?:(?:and|but) )?(?:without|with no|lacking)(?: any)?|{_LACKS})){_ITS_CODE}",
    re.IGNORECASE,
)
_OF_TOPIC = r"(?:about|on|dealing with|concerning|mentioning|covering)"
_EXCLUDED = (
    r"(?:(?:those|papers|works?|articles) )?(?:(?:about|on) )?(?:(?:the|an?|any) )?"
    r"(?:[\"“](?P<phrase>[^\"”]{2,60})[\"”]|(?P<words>[\w-]+(?: [\w-]+){0,2}(?:,? (?:and|n?or)(?: [\w-]+){1,2})?))"
    rf"(?=[,;]|\s+{_WHEN}\s+{DATE}|{CLOSING})"
)
_NOT_ABOUT = re.compile(
    r",?\s*(?:\b(?:and|but|that are|which are|that is)\s+)?(?<!\bis )(?<!\bwas )\bnot"
    rf" (?:about|dealing with|concerning) {_EXCLUDED}",
    re.IGNORECASE,
)
_BUT_NOT = re.compile(
    rf",?\s*\b(?:(?:and|but) not(?: {_OF_TOPIC})?|not {_OF_TOPIC}|(?:but )?(?:except(?:ing)?(?: for)?|excluding)"
    rf"|(?:that|which) do not (?:mention|discuss|cover|concern)|(?:(?<=,)|(?<=, )|(?<=\d ))without) {_EXCLUDED}",
    re.IGNORECASE,
)
_OR = re.compile(r",? (?:and|n?or) ", re.IGNORECASE)
_MINUS = re.compile(r"(?:(?<=\s)|^)-(?:[\"“](?P<phrase>[^\"”]{2,60})[\"”]|(?P<word>[^\W\d_][\w-]{2,}))")
_OPERATOR = re.compile(
    r"(?:(?<=\s)|^)(?P<name>since|after|before|until|year|date|dump|(?P<not>-)?(?:author|by)|has):(?:[\"“](?P<phrase>[^\"”]+)[\"”]|(?P<word>\S+))",
    re.IGNORECASE,
)
# "The dump" may go without a name, and any word follows it: one that is not said to be its name has to look like one.
_DUMP = re.compile(
    r",?\s*(?:\b(?:that |which )?(?:(?:were|was|are|is) )?(?:seen|found|saved|contained|listed|held)\s+)?"
    r"\b(?:in|from|of)\s+(?:(?P<the>the)\s+)?(?:dump|saved page)\s+(?P<named>called |named )?"
    r"(?:[\"“'](?P<phrase>[^\"”']+)[\"”']"
    r"|(?P<word>(?(named)|(?(the)(?=\S*[\d.]\w)|(?!(?:are|is|on|about|that|which|with)\b)))[\w./-]*\w))",
    re.IGNORECASE,
)
_NAME = r"(?!(?:The|A|An)\b)[A-Z][\w.'’-]*(?:\s+(?:(?:van|von|de|der|di|la|le)\s+)*[A-Z][\w.'’-]*){0,3}"
_ALSO = r"(?:,\s+(?:and\s+)?|\s+(?:and|&)\s+)"
_AUTHOR = re.compile(
    rf"(?P<keep>\b{_WORK}\b)\s+(?:are\s+|written\s+|authored\s+)?by\s+(?P<word>(?>{_NAME}(?:{_ALSO}{_NAME})*))(?!\s+or\s+[A-Z])"
)
_SAYS_PAPERS = re.compile(rf"\b{_WORK}\b", re.IGNORECASE)
_SAYS_PAPER = re.compile(rf"\b{PAPERS}\b", re.IGNORECASE)
_DANGLES = re.compile(r"[\s,]+(?:and|but)\s*$", re.IGNORECASE)
_JOINS = re.compile(r"^\s*,?\s*(?:and|but)\s+(?=(?:on|about|that|which|with|not|since|before)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A question taken apart."""

    text: str  # without what restricts
    filters: Filters
    unread: str = ""  # a time that is said of papers and could not be read


def narrow(text: str, today: date) -> Narrowed:
    """What the text says of the papers that may answer, and the rest of it, which is never empty."""
    found = _taken_apart(text, today, _STEPS)
    if found.filters.until and found.filters.since > found.filters.until:
        # "How do papers from 2023 differ from those from 2025?" is about both years.
        found = _taken_apart(text, today, [step for step in _STEPS if step is not _date])
    tidy = re.sub(r"\s+([?.,;!])", r"\1", " ".join(found.text.split())).strip(" ,;")
    return Narrowed(tidy, found.filters, _unread(tidy))


def _unread(text: str) -> str:
    """The time that the rest of a question says of its papers; "" where it says none."""
    operator = _OPERATOR.search(text)
    if operator and operator["name"].casefold() in {"since", "after", "before", "until", "year", "date"}:
        return operator[0]
    for match in _UNREAD.finditer(text):
        if match["beside"] or asks_for_papers(_without(text, match)):
            return match["beside"] or match["behind"]
    return ""


def _taken_apart(text: str, today: date, steps: Sequence[Step]) -> Narrowed:
    """Every step until none finds anything: what stood before a restriction is then at the end itself."""
    found, before = Narrowed(" ".join(text.split()), Filters()), None
    while found != before:
        before = found
        for step in steps:
            tried = step(found, today)
            if any(letter.isalnum() for letter in tried.text) or tried.filters != found.filters:
                found = tried
    return found


def _with(found: Narrowed, match: re.Match[str], more: Filters) -> Narrowed:
    """The restriction taken in and its words taken out; what the group `keep` holds stays."""
    return Narrowed(_without(found.text, match), found.filters.and_also(more))


def _without(text: str, match: re.Match[str]) -> str:
    """The text without what was matched, and without the "and" that joined it to the rest."""
    kept = match.groupdict().get("keep") or ""
    before, after = text[: match.start()], text[match.end() :]
    return f"{before} {kept} {_JOINS.sub('', after)}" if kept else f"{_DANGLES.sub('', before)} {after}"


def _value(match: re.Match[str]) -> str:
    return (match["phrase"] or match["word"]).strip().rstrip("?!,;")


def _operators(found: Narrowed, today: date) -> Narrowed:
    while match := _OPERATOR.search(found.text):
        name, value = match["name"].casefold(), _value(match)
        more = None
        if name == "dump":
            more = Filters(dumps=(value,))
        elif name.lstrip("-") in {"author", "by"}:
            more = Filters(without_authors=(value,)) if match["not"] else Filters(authors=(value,))
        elif name == "has":
            more = Filters(has_code=True) if value.casefold() == "code" else None
        elif span := span_of(value, today) if re.fullmatch(SPAN, value, re.IGNORECASE) else None:
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


def _dump(found: Narrowed, today: date) -> Narrowed:
    match = _DUMP.search(found.text)
    return _with(found, match, Filters(dumps=(_value(match),))) if match else found


def _author(found: Narrowed, today: date) -> Narrowed:
    match = _AUTHOR.search(found.text)
    names = re.split(_ALSO, match["word"]) if match else []
    return _with(found, match, Filters(authors=tuple(name.rstrip(".,") for name in names))) if match else found


def _code(found: Narrowed, today: date) -> Narrowed:
    return _with_code(found, today, _CODE, Filters(has_code=True))


def _no_code(found: Narrowed, today: date) -> Narrowed:
    return _with_code(found, today, _NO_CODE, Filters(no_code=True))


def _with_code(found: Narrowed, today: date, pattern: re.Pattern[str], more: Filters) -> Narrowed:
    """Code that papers come with, or do not. What is "trained on text with code" is no paper."""
    match = pattern.search(found.text)
    if not match or not (_SAYS_PAPERS if match["loosely"] else _SAYS_PAPER).search(found.text):
        return found
    less = _with(found, match, more)
    beside = re.search(rf"\b{PAPERS}$", found.text[: match.start()], re.IGNORECASE)
    return less if not match["loosely"] or beside or asks_for_papers(_not_about(less, today).text) else found


def _date(found: Narrowed, today: date) -> Narrowed:
    says_paper = _SAYS_PAPER.search(found.text)
    if (match := _BETWEEN.search(found.text)) and _SAYS_PAPERS.search(found.text):
        span = span_of(f"{match['date']} to {match['to']}", today)
        return _with(found, match, Filters(since=span[0], until=span[1])) if span else found
    patterns = [_OF_PAPERS, _PUBLISHED, _YEARS_PAPERS, _AT_END]
    for pattern in [*patterns, _AT_END_OF_PAPERS] if says_paper else patterns:
        match = pattern.search(found.text)
        # What was released or written need not be a paper.
        if match and pattern is _PUBLISHED and not says_paper and "published" not in match[0].casefold():
            continue
        span = span_of(match["date"], today) if match else None
        if match and pattern is _AT_END_OF_PAPERS and not match["word"]:
            span = span if asks_for_papers(_without(found.text, match)) else None
        if match and span:
            since, until = bounded(match.groupdict().get("word") or "in", span)
            return _with(found, match, Filters(since=since, until=until))
    return found


def _not_about(found: Narrowed, today: date) -> Narrowed:
    """What no paper may be about. Other words than "not about" are said of all things: there papers are asked for."""
    for pattern in (_NOT_ABOUT, _BUT_NOT):
        match = pattern.search(found.text)
        if not match:
            continue
        each = (match["phrase"],) if match["phrase"] else tuple(_OR.split(match["words"]))
        names = all(stems(words.split()[0]) and stems(words.split()[-1]) for words in each)  # not "judging them"
        if names and (pattern is _NOT_ABOUT or asks_for_papers(_without(found.text, match))):
            return _with(found, match, Filters(without=each))
    return found


Step = Callable[[Narrowed, date], Narrowed]
_STEPS: tuple[Step, ...] = (_operators, _minus, _dump, _author, _no_code, _code, _date, _not_about)
