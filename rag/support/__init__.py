"""Does the cited abstract carry the sentence? Offline, in milliseconds, the same every time.

`check_sentence` gives a verdict with a reason for the reader and the sentence of the abstract that decides.
"""

from __future__ import annotations

from rag.support.cells import check_cell
from rag.support.check import check_against_all, check_copy, check_sentence
from rag.support.evidence import is_plainly_in
from rag.support.foreign import check_foreign
from rag.support.words import clean_sentence

__all__ = [
    "check_against_all",
    "check_cell",
    "check_copy",
    "check_foreign",
    "check_sentence",
    "clean_sentence",
    "is_plainly_in",
]
