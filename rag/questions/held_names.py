"""Names that the corpus alone tells from other words: authors, dumps, and what a paper is called for short.

Authors and dumps are put as `rag/questions/narrowing.py` reads them: "papers by Ada Winter", `by:"Ada Winter"`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from rag.corpus import Paper, normalise_title
from rag.filters import Filters
from rag.questions.dates import SPAN
from rag.questions.kinds import asks_for_papers
from rag.questions.narrowing import narrow
from rag.questions.settling import names_held
from rag.questions.wording import DENIED, PAPERS, WORK
from rag.topics.acronyms import is_acronym, spelled_out
from rag.words import stems

if TYPE_CHECKING:
    from rag.index import Reading

_BY_SOMEONE = re.compile(rf"\b{PAPERS} (?:are |written |authored )?by (?=[^\W\d_])", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_AND_SOMEONE = re.compile(r"(?:, (?:and )?| and | & |(?P<either>,? or ))(?=[^\W\d_])")
_WROTE = re.compile(
    rf"(?:and |so )?(?:what|which)(?: {PAPERS})? (?:has|have|did|does) (?P<name>{_NAME.pattern})"
    r" (?:written|write|wrote|publish(?:ed)?|authored?)(?= (?:in|on|about|since|before|after|with|here)\b|\W*$)",
    re.IGNORECASE,
)
_BY = re.compile(rf",?(?: {DENIED})?(?: written| authored)? by (?=[^\W\d_])", re.IGNORECASE)
# All that stands before and behind a full name where papers of that person are asked for, besides topic and time.
_WROTE_IT = rf"{WORK}|writ(?:e|es|ten|ing)|wrote|publish(?:ed|es)?|(?:co-?)?author(?:s|ed)?|contribut(?:ed?|ions?)"
_AROUND = (
    rf"(?:{_WROTE_IT}|newest|latest|oldest|how many|what|which|who|has|have|had|does|did|do|done|is|are"
    r"|was|were|there|any|some|something|all|the|an?|list|show|find|give|name|me|you|we|got|by|from|of|with|as|to|ever|also|together"
    r"|(?:in )?here|in (?:this|the|your|my) (?:index|corpus|collection|library)|please)"
)
_FULL_NAME = r"(?-i:[^\W\d_a-z])[\w.'’-]*(?:\s+(?:van|von|de|der|di|la|le))*(?:\s+(?-i:[^\W\d_a-z])[\w.'’-]*){1,3}"
_OF_SOMEONE = re.compile(
    rf"(?P<before>(?:{_AROUND}\s+)*)(?P<names>{_FULL_NAME}(?:{_AND_SOMEONE.pattern}{_FULL_NAME})*)"
    rf"(?P<behind>(?:\s+{_AROUND}\b)*)(?:\s+(?P<date>{SPAN})(?:\s+{WORK})?)?"
    r"(?P<rest>(?:,?\s+(?:on|about|in|since|before|after|until|from|between|with|not|except|dealing|concerning)\s.*)?)\W*",
    re.IGNORECASE,
)
_SAYS_WROTE = re.compile(rf"\b(?:{_WROTE_IT}|by)\b", re.IGNORECASE)
_BY_AGE = re.compile(r"\b(?:newest|latest|oldest)\b", re.IGNORECASE)
_OWNS = re.compile(r"(?:['’]s?|[.,]+)$")
_PAPERS_LAST = re.compile(rf"\b{PAPERS}$", re.IGNORECASE)
_FILE = re.compile(r"\b(?:in|from|of)\b.*\.\w", re.IGNORECASE)


def with_held_names(reading: Reading, question: str, today: date) -> str:
    """The question on one line, with authors and dumps that are held as restrictions, however they are said."""
    text = _with_capitals(reading, " ".join(question.split()))
    return _with_dumps(reading, _with_authors(reading, text, today))


def known_as(name: str, papers: Mapping[str, Paper]) -> set[str]:
    """Ids of those papers (by id) that are called so: by their title up to its colon, or by the first letters of that.

    "LLM" in an abstract is no paper's name.
    """
    called = normalise_title(name)
    found = set[str]()
    for paper_id, paper in papers.items():
        head = normalise_title(paper.title.partition(":")[0])
        short = is_acronym(name) and name in paper.abstract and normalise_title(spelled_out(head, called)) == head
        if called and (head == called or short):
            found.add(paper_id)
    return found


def _with_capitals(reading: Reading, text: str) -> str:
    """The question with capitals for names of authors that were typed without: "papers by ada winter on tides".

    Only the corpus tells a name from "papers by topic".
    """
    found = _BY_SOMEONE.search(text)
    while found:
        start = found.end()
        name = _author_at(reading, text, start) if text[start].islower() else ""
        if name.islower():
            text = f"{text[:start]}{name.title()}{text[start + len(name) :]}"
        found = _AND_SOMEONE.match(text, start + len(name)) if name else None
    return text


def _with_authors(reading: Reading, text: str, today: date) -> str:
    """The question with authors who are not named behind "papers by": "what has Ada Winter written?", "Winter"."""
    line = text.strip(" ?.!")
    if _NAME.fullmatch(line) and _is_nothing_but_an_author(reading, line):
        return f"papers {_operator(line)}"
    wrote = _WROTE.match(text)
    if wrote and _is_author(reading, wrote["name"]):
        return f"papers {_operator(wrote['name'])}{text[wrote.end() :]}"
    for found in _BY.finditer(text):
        before, denied = text[: found.start()], bool(found["denied"])
        beside = _PAPERS_LAST.search(before) is not None
        if beside and not denied:
            continue  # narrow() knows it
        if not beside and not asks_for_papers(narrow(before, today).text):
            continue
        authors, end = _authors_at(reading, text, found.end(), denied=denied)
        if authors:
            return f"{before} {'' if found['merely'] else authors}{text[end:]}"
    return text if _BY_SOMEONE.search(text) else _of_someone(reading, text)


def _of_someone(reading: Reading, text: str) -> str:
    """The question with a full name as the author where nothing but papers is asked for: "Ada Winter's papers"."""
    match = _OF_SOMEONE.fullmatch(text)
    authors, end = _authors_at(reading, text, match.start("names")) if match else ("", 0)
    if not match or not authors or _OWNS.sub("", text[end : match.end("names")]):
        return text
    around, date = f"{match['before']} {match['behind']}".strip(), match["date"]
    besides = f"{match['before']} {text[match.end('names') : match.start('rest')]}"
    if not _SAYS_WROTE.search(besides) and reading.count_where(Filters(phrases=(text[match.start("names") : end],))):
        return text  # papers write of them
    counts = "how many " if around.casefold().startswith("how many") else ""
    age = _BY_AGE.search(around)
    return f"{counts}{f'{age[0]} ' if age else ''}papers {authors}{f' in {date}' if date else ''}{match['rest']}"


def _with_dumps(reading: Reading, text: str) -> str:
    """The question with "dump" before the whole name of one: "papers from june.jsonl"."""
    if not _FILE.search(text):
        return text
    low = text.casefold()
    for name in (dump.name for dump in reading.dumps()):
        if "." in name and name.casefold() in low and '"' not in name:
            there = rf"\b(in|from|of) (?:the )?[\"“']?{re.escape(name)}(?![\w/-]|\.\w)[\"”']?"
            text = re.sub(there, rf'\1 dump "{name}"', text, flags=re.IGNORECASE)
    return text


def _authors_at(reading: Reading, text: str, start: int, *, denied: bool = False) -> tuple[str, int]:
    """The authors that are named from there on as restrictions, and where they end; "" where it is not sure who."""
    names, end = list[str](), start
    either = False
    while name := _author_at(reading, text, start):
        names.append(name)
        end = start + len(name)
        further = _AND_SOMEONE.match(text, end)
        if not further:
            break
        start = further.end()
        if further["either"] and not _author_at(reading, text, start):
            return "", end
        if either and not further["either"]:
            return "", end
        either = either or bool(further["either"])
    if either and not denied:
        return _operator(*names), end
    return " ".join(_operator(name, denied=denied) for name in names), end


def _author_at(reading: Reading, text: str, start: int) -> str:
    """The longest name that begins there and that a paper bears; "" where none does."""
    match = _NAME.match(text, start)
    words = match[0].split() if match else []
    names = (_OWNS.sub("", " ".join(words[:length])) for length in range(len(words), 0, -1))
    return next((name for name in names if _is_author(reading, name)), "")


def _is_author(reading: Reading, name: str) -> bool:
    words = name.split()
    # "Papers by a ...", and Jean A. Smith is an author; "what has he written?", and Kaiming He is one.
    return bool(words and stems(words[0]) and "or" not in words and names_held(reading, name))


def _is_nothing_but_an_author(reading: Reading, line: str) -> bool:
    """Whether a few words are an author's name and stand in no text; those that all texts know are not looked up."""
    return (
        not all(map(reading.frequency, stems(line)))
        and _is_author(reading, line)
        and not reading.count_where(Filters(phrases=(line,)))
    )


def _operator(*names: str, denied: bool = False) -> str:
    """The restriction to papers by one of them, or by none of them."""
    one_of = " or ".join(name.title() if name.islower() else name for name in names)
    return f'{"-" if denied else ""}by:"{one_of}"'
