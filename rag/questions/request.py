"""A question as it was meant: what is searched for, which papers may answer, whether papers are counted instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from rag.corpus import Understood
from rag.filters import EVERYTHING, Filters
from rag.query import quoted_phrases
from rag.questions.dictionary import english_words
from rag.questions.kinds import Wanted, wanted
from rag.questions.languages import language_of, speaks
from rag.questions.narrowing import narrow
from rag.questions.settling import settle
from rag.questions.spelling import Mended, is_known, mend

if TYPE_CHECKING:
    from rag.index import Reading


@dataclass(frozen=True, slots=True)
class Request:
    """A question, read."""

    text: str  # what is searched for: without what restricts, spelling mended
    wanted: Wanted
    understood: Understood
    typed: str = ""  # the text before its spelling was mended; "" where nothing was

    @property
    def filters(self) -> Filters:
        """Which papers may answer."""
        return self.understood.filters


def understand(reading: Reading, question: str, *, given: Filters = EVERYTHING, today: date | None = None) -> Request:
    """Read a question that can be understood alone; `given` are filters chosen beside it."""
    found = narrow(question, today or datetime.now().astimezone().date())
    says_more = any(letter.isalnum() for letter in found.text)
    wants = wanted(found.text) if says_more else Wanted("list")
    said = found.filters.and_also(Filters(phrases=quoted_phrases(found.text)))
    filters = given if given.settled else said.and_also(given)
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
        notes=settled.notes,
        undated=settled.undated,
        language=language,
    )
    return Request(mended.text, wants, read, typed=text if mended.corrections else "")
