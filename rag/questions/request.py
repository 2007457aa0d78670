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
from rag.questions.held_names import with_held_names
from rag.questions.kinds import CONTENT, Wanted, is_uncounted, wanted
from rag.questions.languages import language_of, speaks
from rag.questions.narrowed import Narrowed
from rag.questions.narrowing import narrow
from rag.questions.settling import settle
from rag.questions.small_talk import without_greeting
from rag.questions.spelling import Mended, is_known, mend

if TYPE_CHECKING:
    from rag.index import Reading

_UNCOUNTED = "No papers were counted: that is done by topic, date, author, dump and code."
_DENIED = re.compile(
    r"(?:\b(?:not|no|never|without|except|excluding)|n['’]t)\b(?:\s+[\w-]+){0,3}\s+[\"“„«]([^\"“”„«»\n]+)[\"“”»]",
    re.IGNORECASE,
)


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
        today = today or datetime.now().astimezone().date()
        found = narrow(with_held_names(reading, without_greeting(question), today), today)
        says_more = any(letter.isalnum() for letter in found.text)
        wants = wanted(found.text) if says_more else Wanted("list")
        said = found.filters.and_also(Filters(phrases=_wanted_phrases(found.text)))
    filters = given if given.settled else said.and_also(given)
    unread = (f"“{found.unread}” could not be read as a time and restricts nothing.",) if found.unread else ()
    if wants == CONTENT and says_more and is_uncounted(found.text):
        unread = (*unread, _UNCOUNTED)
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
