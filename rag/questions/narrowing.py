"""What a question says of the papers that may answer it: "since 2024", "with code", "not about diffusion".

What is taken for a restriction leaves the text that is searched for, and is shown, so that a reader can take it back.
One that is denied is never read as its opposite.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from rag.filters import Filters
from rag.questions import periods
from rag.questions.dates import DATE, LOOSE, SPAN, all_but, days_of
from rag.questions.kinds import asks_for_papers
from rag.questions.narrowed import Narrowed, turned, without
from rag.questions.wording import CLOSING, DENIED, PAPERS, WORK
from rag.words import stems

_GIVES = r"(?:releases?|ha(?:s|ve)|publish(?:es)?|provides?|shares?|comes? with|open-sources?)(?: their| its)?"
_ITS_CODE = (
    r"\s+(?:(?:public|publicly available|open|open-source|available|released|source)\s+)*code"
    r"(?:\s+(?:available|released|online|on github))?"
    rf"(?=[?.,;]|\s+(?:on|about|for|since|from|published|are|but)\b|{CLOSING})"
)
_CODE = re.compile(
    rf",?\s*\b(?:{DENIED}\s+)?(?:(?P<loosely>(?:(?:and|but) )?with)|(?:that|which|and|but) (?:also )?{_GIVES})"
    rf"{_ITS_CODE}",
    re.IGNORECASE,
)
_LACKS = (
    r"(?:(?:(?:do|does|did)(?: not|n['’]t)|never) (?:release|have|publish|provide|share|give|come with|open-source)"
    r"|ha(?:ve|s)(?: not|n['’]t)(?: yet)? (?:released|published|provided|shared|open-sourced)"
    r"|(?:releases?|ha(?:s|ve)|publish(?:es)?|provides?|shares?|comes? with) no)(?: any| their| its)?"
)
_NO_CODE = re.compile(
    rf",?\s*\b(?:{DENIED}\s+)?(?:(?:that|which|and|but) (?:also )?{_LACKS}"
    rf"|(?P<loosely>(?:(?:and|but) )?(?:without|with no|lacking)(?: any)?|{_LACKS})){_ITS_CODE}",
    re.IGNORECASE,
)
_OF_TOPIC = r"(?:about|on|dealing with|concerning|mentioning|covering)"
_EXCLUDED = (
    r"(?:(?:those|papers|works?|articles) )?(?:(?:about|on) )?(?:(?:the|an?|any) )?"
    r"(?:[\"“](?P<phrase>[^\"”]{2,60})[\"”]|(?P<words>[\w-]+(?: [\w-]+){0,2}(?:,? (?:and|n?or)(?: [\w-]+){1,2})?))"
    rf"(?=[,;]|\s+but\s+(?:about|on|with|that|which)\b|\s+{periods.WHEN}\s+{DATE}|{CLOSING})"
)
_NOT_ABOUT = re.compile(
    r",?\s*(?:\b(?:and|but|that are|which are|that is)\s+)?(?<!\bis )(?<!\bwas )\bnot"
    rf" (?:about|dealing with|concerning) {_EXCLUDED}",
    re.IGNORECASE,
)
_BUT_NOT = re.compile(
    rf",?\s*\b(?:(?:and|but) not(?: {_OF_TOPIC})?"
    rf"|(?:(?:and|but) )?(?:(?:that|which) )?(?:(?:are )?(?:not|never|neither|nor)|aren['’]t) {_OF_TOPIC}"
    r"|(?:but )?(?:except(?:ing)?(?: for)?|excluding)|but(?= (?:those|papers) (?:about|on)\b)"
    r"|(?:(?:and|but) )?(?:(?:that|which) )?(?:(?:do|does|did)(?: not|n['’]t)(?: even)?|never)"
    r" (?:mention|discuss|cover|concern|deal with|talk about)|(?:without|with no)(?: any)? mention(?:ing)?(?: of)?"
    rf"|(?:(?<=,)|(?<=, )|(?<=\d ))without) {_EXCLUDED}",
    re.IGNORECASE,
)
_OR = re.compile(r",? (?:and|n?or) ", re.IGNORECASE)
_MINUS = re.compile(r"(?:(?<=\s)|^)-(?:[\"“](?P<phrase>[^\"”]{2,60})[\"”]|(?P<word>[^\W\d_][\w-]{2,}))")
_OPERATOR = re.compile(
    r"(?:(?<=\s)|^)(?P<not>-)?(?P<name>since|after|before|until|year|date|dump|author|by|has):(?:[\"“](?P<phrase>[^\"”]+)[\"”]|(?P<word>\S+))",
    re.IGNORECASE,
)
_QUOTED = r"[\"“'][^\"”']+[\"”']"
_AND_DUMPS = (
    r"(?:(?:,\s*(?:(?:and|n?or)\s+)?|\s+(?:and|n?or)\s+)(?:(?:in|from|of)\s+)?"
    rf"(?:(?:the\s+)?dump\s+(?:{_QUOTED}|[\w./-]*\w)|{_QUOTED}"
    rf"|(?=\S*(?:\d|\.\w))[\w./-]*\w(?=[,;]|\s+(?:on|about|that|which|with|are|and|or)\b|{CLOSING})))*"
)
_DUMP_NAME = re.compile(
    r"[\"“']([^\"”']+)[\"”']|(?<=dump )([\w./-]*\w)|\b((?=\S*(?:\d|\.\w))[\w./-]*\w)", re.IGNORECASE
)
# "The dump" may go without a name, and any word follows it: one that is not said to be its name has to look like one.
_DUMP = re.compile(
    rf",?\s*(?:\b{DENIED}\s+)?"
    r"(?:\b(?:that |which )?(?:(?:were|was|are|is) )?(?:seen|found|saved|contained|listed|held)\s+)?"
    r"(?:\b(?:in|from|of)\s+|(?(denied)|(?!)))(?:(?P<the>the)\s+)?(?:dump|saved page)\s+(?P<named>called |named )?"
    r"(?:[\"“'](?P<phrase>[^\"”']+)[\"”']"
    r"|(?P<word>(?(named)|(?(the)(?=\S*[\d.]\w)|(?!(?:are|is|on|about|that|which|with)\b)))[\w./-]*\w))"
    rf"(?P<more>{_AND_DUMPS})",
    re.IGNORECASE,
)
_NAME = r"(?!(?:The|A|An)\b(?!\.))[A-Z][\w.'’-]*(?:\s+(?:(?:van|von|de|der|di|la|le)\s+)*[A-Z][\w.'’-]*){0,3}"
_ALSO = r"(?:,\s+(?:and\s+)?|\s+(?:and|&)\s+)"
_SOMEONE = rf"{_NAME}(?:{_ALSO}{_NAME})*"
_OR_SOMEONE = r",?\s+or\s+"
_EITHER = rf"{_NAME}(?:,\s+{_NAME})*(?:{_OR_SOMEONE}{_NAME})+(?!{_ALSO}{_NAME})"
_WHO = rf"(?P<word>(?>{_EITHER}|{_SOMEONE}))"
_AUTHOR = re.compile(
    rf"(?P<keep>\b{WORK}\b)\s+(?:are\s+|written\s+|authored\s+)?by\s+{_WHO}(?!{_OR_SOMEONE}(?!(?:on|about|{periods.WHEN})\b))"
)
_NOT_BY = re.compile(
    rf",?\s*\b(?i:{DENIED})\s+(?:(?:written|authored)\s+)?by\s+{_WHO}"
    rf"(?=[,;]|\s+(?:on|about|that|which|with|and|but|nor|{periods.WHEN})\b|{CLOSING})"
)
_EMPTIED = re.compile(r"\s*(?:\(\s*\)|\[\s*\]|\s[-–—](?=\W*$))")  # what stood around a restriction
_HANGS = re.compile(r"(?<=\w)\s+(?:(?:that|which)\s+)?(?:are|were)(?=\W*$)", re.IGNORECASE)
_SAYS_PAPERS = re.compile(rf"\b{WORK}\b", re.IGNORECASE)
_SAYS_PAPER = re.compile(rf"\b{PAPERS}\b", re.IGNORECASE)

_ROUNDS = 20  # restrictions of one sort that are read; a pasted page may hold thousands


def narrow(text: str, today: date) -> Narrowed:
    """What the text says of the papers that may answer, and the rest of it, which is never empty."""
    found = _taken_apart(text, today, _STEPS)
    if found.filters.until and found.filters.since > found.filters.until:
        # "How do papers from 2023 differ from those from 2025?" is about both years.
        found = _taken_apart(text, today, [step for step in _STEPS if step is not periods.taken_out])
    tidy = re.sub(r"\s+([?.,;!])", r"\1", " ".join(found.text.split())).strip(" ,;")
    tidy = _HANGS.sub("", _EMPTIED.sub("", tidy)).rstrip(" ,;") if found.filters else tidy
    return Narrowed(tidy, found.filters, _unread(tidy))


def _unread(text: str) -> str:
    """The time that the rest of a question says of its papers; "" where it says none."""
    operator = _OPERATOR.search(text)
    if operator and operator["name"].casefold() in {"since", "after", "before", "until", "year", "date"}:
        return operator[0]
    return periods.unread(text)


def _taken_apart(text: str, today: date, steps: Sequence[Step]) -> Narrowed:
    """Every step until none finds anything: what stood before a restriction is then at the end itself."""
    found = Narrowed(" ".join(text.split()), Filters())
    for _ in range(_ROUNDS):
        before = found
        for step in steps:
            tried = step(found, today)
            if any(letter.isalnum() for letter in tried.text) or tried.filters != found.filters:
                found = tried
        if found == before:
            break
    return found


def _value(match: re.Match[str]) -> str:
    return (match["phrase"] or match["word"]).strip().rstrip("?!,;")


def _operators(found: Narrowed, today: date) -> Narrowed:
    while match := _OPERATOR.search(found.text):
        name, value = match["name"].casefold(), _value(match)
        more = None
        if name == "dump":
            more = Filters(without_dumps=(value,)) if match["not"] else Filters(dumps=(value,))
        elif name in {"author", "by"}:
            more = Filters(without_authors=(value,)) if match["not"] else Filters(authors=(value,))
        elif name == "has":
            code = Filters(no_code=True) if match["not"] else Filters(has_code=True)
            more = code if value.casefold() == "code" else None
        elif span := days_of(name, value, today) if re.fullmatch(SPAN, value, re.IGNORECASE) else None:
            more = all_but(span) if match["not"] else Filters(since=span[0], until=span[1])
        if more is None:
            break
        found = found.having(match, more)
    return found


def _minus(found: Narrowed, today: date) -> Narrowed:
    while (match := _MINUS.search(found.text)) and len(found.text) > len(match[0]):
        found = found.having(match, Filters(without=(_value(match),)))
    return found


def _dump(found: Narrowed, today: date) -> Narrowed:
    match = _DUMP.search(found.text)
    if not match:
        return found
    names = (_value(match), *("".join(name) for name in _DUMP_NAME.findall(match["more"])))
    return found.having(match, turned(match, Filters(dumps=names), Filters(without_dumps=names)))


def _author(found: Narrowed, today: date) -> Narrowed:
    if (match := _NOT_BY.search(found.text)) and _SAYS_PAPERS.search(found.text):
        return found.having(match, turned(match, Filters(), Filters(without_authors=_names(match["word"]))))
    if not (match := _AUTHOR.search(found.text)):
        return found
    names = _names(match["word"])
    any_of_them = re.search(_OR_SOMEONE, match["word"])
    return found.having(match, Filters(authors=(" or ".join(names),) if any_of_them else names))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.rstrip(".,") for name in re.split(rf"{_OR_SOMEONE}|{_ALSO}", text))


def _code(found: Narrowed, today: date) -> Narrowed:
    return _with_code(found, today, _CODE, Filters(has_code=True), Filters(no_code=True))


def _no_code(found: Narrowed, today: date) -> Narrowed:
    return _with_code(found, today, _NO_CODE, Filters(no_code=True), Filters(has_code=True))


def _with_code(found: Narrowed, today: date, pattern: re.Pattern[str], wanted: Filters, other: Filters) -> Narrowed:
    """Code that papers come with, or do not. What is "trained on text with code" is no paper."""
    match = pattern.search(found.text)
    if not match or not (_SAYS_PAPERS if match["loosely"] else _SAYS_PAPER).search(found.text):
        return found
    less = found.having(match, turned(match, wanted, other))
    beside = re.search(rf"\b{PAPERS}$", found.text[: match.start()], re.IGNORECASE)
    return less if not match["loosely"] or beside or asks_for_papers(_not_about(less, today).text) else found


def _not_about(found: Narrowed, today: date) -> Narrowed:
    """What no paper may be about. Other words than "not about" are said of all things: there papers are asked for."""
    for pattern in (_NOT_ABOUT, _BUT_NOT):
        match = pattern.search(found.text)
        if not match:
            continue
        each = (match["phrase"],) if match["phrase"] else tuple(_OR.split(match["words"]))
        if any(re.fullmatch(LOOSE, words, re.IGNORECASE) for words in each):
            continue  # a time
        names = all(stems(words.split()[0]) and stems(words.split()[-1]) for words in each)  # not "judging them"
        if names and (pattern is _NOT_ABOUT or asks_for_papers(without(found.text, match))):
            return found.having(match, Filters(without=each))
    return found


Step = Callable[[Narrowed, date], Narrowed]
_STEPS: tuple[Step, ...] = (_operators, _minus, _dump, _author, _no_code, _code, periods.taken_out, _not_about)
