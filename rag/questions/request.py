"""A question as it was meant: what is searched for, which papers may answer, whether papers are counted instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from rag.corpus import Understood
from rag.filters import EVERYTHING, Filters
from rag.query import quoted_phrases
from rag.questions.kinds import Wanted, wanted
from rag.questions.narrowing import narrow
from rag.questions.settling import settle

if TYPE_CHECKING:
    from rag.index import Reading


@dataclass(frozen=True, slots=True)
class Request:
    """A question, read."""

    text: str  # what is searched for: without what restricts, spelling mended
    wanted: Wanted
    understood: Understood

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
    read = Understood(settled.filters, text=text, notes=settled.notes, undated=settled.undated)
    return Request(text, wants, read)
