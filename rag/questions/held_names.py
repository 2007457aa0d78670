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
from rag.questions.kinds import asks_for_papers
from rag.questions.narrowing import narrow
from rag.questions.wording import PAPERS
from rag.topics.acronyms import is_acronym, spelled_out
from rag.words import stems

if TYPE_CHECKING:
    from rag.index import Reading

_BY_SOMEONE = re.compile(rf"\b{PAPERS} (?:are |written |authored )?by (?=[^\W\d_])", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_AND_SOMEONE = re.compile(r"(?:, (?:and )?| and | & )(?=[^\W\d_])")
_WROTE = re.compile(
    rf"(?:and |so )?(?:what|which)(?: {PAPERS})? (?:has|have|did|does) (?P<name>{_NAME.pattern})"
    r" (?:written|write|wrote|publish(?:ed)?|authored?)(?= (?:in|on|about|since|before|after|with|here)\b|\W*$)",
    re.IGNORECASE,
)
_BY = re.compile(
    r",?(?: (?:that are |which are |and |but )?(?P<denied>not))?(?: written| authored)? by (?=[^\W\d_])", re.IGNORECASE
)
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
        names, end, start = [], found.end(), found.end()
        while name := _author_at(reading, text, start):
            names.append(name)
            end = start + len(name)
            further = _AND_SOMEONE.match(text, end)
            if not further:
                break
            start = further.end()
        if names:
            return f"{before} {' '.join(_operator(name, denied=denied) for name in names)}{text[end:]}"
    return text


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


def _author_at(reading: Reading, text: str, start: int) -> str:
    """The longest name that begins there and that a paper bears; "" where none does."""
    match = _NAME.match(text, start)
    words = match[0].split() if match else []
    names = (" ".join(words[:length]).rstrip(".,") for length in range(len(words), 0, -1))
    return next((name for name in names if _is_author(reading, name)), "")


def _is_author(reading: Reading, name: str) -> bool:
    words = name.split()
    # "Papers by a ...", and Jean A. Smith is an author; "what has he written?", and Kaiming He is one.
    return bool(words and stems(words[0])) and reading.count_where(Filters(authors=(name,))) > 0


def _is_nothing_but_an_author(reading: Reading, line: str) -> bool:
    """Whether a few words are an author's name and stand in no text; those that all texts know are not looked up."""
    return (
        not all(map(reading.frequency, stems(line)))
        and _is_author(reading, line)
        and not reading.count_where(Filters(phrases=(line,)))
    )


def _operator(name: str, *, denied: bool = False) -> str:
    return f'{"-" if denied else ""}by:"{name.title() if name.islower() else name}"'
