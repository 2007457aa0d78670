"""The one-sentence summaries that pages show in an abstract's place."""

from __future__ import annotations

import re

from ingest.layouts.titles import ends_sentence

_FIRST_PERSON = re.compile(
    r"\b(?:we|our|us|i|in this|(?:this|the present) (?:paper|work|report|study|article|thesis|survey))\b", re.IGNORECASE
)
_ANOTHER_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")
_LONGEST_SUMMARY = 450  # characters


def is_one_sentence_summary(abstract: str) -> bool:
    """Whether a text is one of the one-sentence summaries that pages show in an abstract's place.

    They speak of the paper from outside: one sentence, never "we".
    """
    if not 40 <= len(abstract) <= _LONGEST_SUMMARY or "\n" in abstract or _FIRST_PERSON.search(abstract):
        return False
    return not _ANOTHER_SENTENCE.search(abstract) and ends_sentence(abstract)
