"""A sentence in another language than the abstract: only its figures and names stand in both letter by letter.

The cross-encoder reads English alone, and a foreign word is no name for its capital ("die Genauigkeit").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.corpus import Paper, Verdict
from rag.support.evidence import sentences_of
from rag.support.names import knows_name
from rag.support.numbers import check_numbers
from rag.support.words import clean_sentence, plain_text

_SCRIPTS_MEET = re.compile(r"(?<=[^\x00-\u024f])(?=[A-Za-z\d])|(?<=[A-Za-z\d%])(?=[^\x00-\u024f])")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)(?!\d{3}(?!\d))")
_OTHER_SIGNS = str.maketrans(",.", ".,")
# Thousands, millions, billions and ten thousands, which the languages name each in its own way.
_SCALED = re.compile(r"\d\s?(?:mil|mrd|mio|bil|tau|тыс|мил|мл[нр]|[千百万萬亿億만억천])", re.IGNORECASE)
# Inner capitals beside small letters, or digits and letters: "LoRA", "GSM8K". Capitals alone may be another language's
# own short form ("KI", "IA").
_NAME = re.compile(r"(?<![\w.])(?=[A-Za-z\d]*(?:[a-z][A-Z]|[A-Z]{2}[a-z]{2}|[A-Za-z]\d))[A-Za-z][A-Za-z\d]+")


def check_foreign(sentence: str, papers: Sequence[Paper]) -> Verdict:
    """Whether the figures and names of `sentence` stand in the papers that it cites together.

    Certain only where there is nothing to compare, since no more is compared. The quote is the sentence that holds most
    of its words.
    """
    claim = _SCRIPTS_MEET.sub(" ", clean_sentence(sentence))
    quotes = [quote for paper in papers for quote in sentences_of(paper.abstract)]
    if not claim or not quotes:
        return Verdict("unsupported", "there is nothing to compare", None, certain=True)
    beside = ". ".join(f"{paper.title} ({paper.year})" if paper.year else paper.title for paper in papers)
    known = " ".join([f"{beside}.", *(paper.abstract for paper in papers)])
    unknown = next((name for name in _NAME.findall(plain_text(claim)) if not knows_name(name, known)), "")
    quote = max(quotes, key=lambda one: sum(word.casefold() in one.text.casefold() for word in claim.split()))
    if wrong := _wrong_number(claim, [*(one.text for one in quotes), beside]):
        return Verdict("unsupported", f"says {wrong}, which the abstract does not say", quote)
    if unknown:
        return Verdict("unsupported", f"names {unknown}, which the abstract does not", quote)
    return Verdict(
        "supported", "its numbers and names are the abstract's; more is not compared across languages", quote
    )


def _wrong_number(claim: str, evidence: Sequence[str]) -> str:
    """A figure that the abstract does not have however its commas and points are read; "" where there is none."""
    first = ""
    for text in _readings(claim):
        checked = check_numbers(text, evidence)
        wrong = [
            said.surface
            for said, _ in checked.wrong
            if said.digits and not _SCALED.match(plain_text(text), said.end - 1)
        ]
        if not wrong:
            return ""
        first = first or wrong[0]
    return first


def _readings(claim: str) -> Iterator[str]:
    """ "24,5" and "1.000" as they are written in English: with a decimal comma alone, or with both signs exchanged."""
    yield _DECIMAL_COMMA.sub(".", claim)
    yield re.sub(r"(?<![\w.])\d[\d.,]*\d", lambda figures: figures[0].translate(_OTHER_SIGNS), claim)
