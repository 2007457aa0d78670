"""A question as it was meant: what is searched for, which papers may answer, whether papers are counted instead."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from rag.corpus import Understood, normalise_title
from rag.filters import EVERYTHING, Filters
from rag.query import quoted_phrases
from rag.questions.dictionary import english_words
from rag.questions.kinds import CONTENT, Wanted, wanted
from rag.questions.languages import language_of, speaks
from rag.questions.narrowing import Narrowed, narrow
from rag.questions.settling import settle
from rag.questions.spelling import Mended, is_known, mend
from rag.questions.wording import PAPERS
from rag.words import stems

if TYPE_CHECKING:
    from rag.index import Reading

_DENIED = re.compile(
    r"(?:\b(?:not|no|never|without|except|excluding)|n['’]t)\b(?:\s+[\w-]+){0,3}\s+[\"“„«]([^\"“”„«»\n]+)[\"“”»]",
    re.IGNORECASE,
)
_BY_SOMEONE = re.compile(rf"\b{PAPERS} (?:are |written |authored )?by (?=[^\W\d_])", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_AND_SOMEONE = re.compile(r"(?:, (?:and )?| and | & )(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Request:
    """A question, read."""

    text: str  # what is searched for: without what restricts, spelling mended
    wanted: Wanted
    understood: Understood
    typed: str = ""  # the text before its spelling was mended; "" where nothing was
    given: Filters = EVERYTHING  # what was chosen beside the question

    @property
    def filters(self) -> Filters:
        """Which papers may answer."""
        return self.understood.filters


def understand(reading: Reading, question: str, *, given: Filters = EVERYTHING, today: date | None = None) -> Request:
    """Read a question that can be understood alone; `given` are filters chosen beside it."""
    title = normalise_title(question)
    if title and reading.named([title], []):
        # "Clocks since 2019" is a paper then, and says nothing of others.
        found, says_more, wants, said = Narrowed(" ".join(question.split()), EVERYTHING), True, CONTENT, EVERYTHING
    else:
        found = narrow(_with_capitals(reading, question), today or datetime.now().astimezone().date())
        says_more = any(letter.isalnum() for letter in found.text)
        wants = wanted(found.text) if says_more else Wanted("list")
        said = found.filters.and_also(Filters(phrases=_wanted_phrases(found.text)))
    filters = given if given.settled else said.and_also(given)
    unread = (f"“{found.unread}” could not be read as a time and restricts nothing.",) if found.unread else ()
    settled = settle(reading, filters, counting=wants.kind != "content")
    text = found.text if says_more else question
    language = language_of(text)
    if language and speaks(text, lambda word: is_known(reading, word)):
        language = ""
    mended = Mended(text, ()) if language else mend(reading, text, english_words)
    if mended.corrections and wants.topic:
        wants = replace(wants, topic=mend(reading, wants.topic, english_words).text)
    read = Understood(
        settled.filters,
        text=mended.text,
        corrections=mended.corrections,
        notes=(*unread, *settled.notes),
        undated=settled.undated,
        language=language,
    )
    return Request(mended.text, wants, read, typed=text if mended.corrections else "", given=given)


def _wanted_phrases(text: str) -> tuple[str, ...]:
    """What stands in quotes and is to be held. 'Which models do not need "low rank"?' may be answered without it."""
    denied = {match[1].strip() for match in _DENIED.finditer(text)}
    return tuple(phrase for phrase in quoted_phrases(text) if phrase not in denied)


def _with_capitals(reading: Reading, question: str) -> str:
    """The question with capitals for names of authors that were typed without: "papers by ada winter on tides".

    Only the corpus tells a name from "papers by topic".
    """
    text = " ".join(question.split())
    found = _BY_SOMEONE.search(text)
    while found:
        start = found.end()
        name = _author_at(reading, text, start)
        text = f"{text[:start]}{name.title()}{text[start + len(name) :]}"
        found = _AND_SOMEONE.match(text, start + len(name)) if name else None
    return text


def _author_at(reading: Reading, text: str, start: int) -> str:
    """The longest name in small letters that begins there and that a paper bears; "" where none does."""
    match = _NAME.match(text, start)
    words = match[0].split() if match else []
    if not words or not stems(words[0]):
        return ""  # "papers by a ...", and Jean A. Smith is an author
    names = (" ".join(words[:length]).rstrip(".,") for length in range(len(words), 0, -1))
    return next((name for name in names if name.islower() and reading.count_where(Filters(authors=(name,)))), "")
