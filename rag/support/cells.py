"""Does a paper carry the cell of a table? A cell is seldom a sentence, so the check of sentences suits long ones only.

Of a few words most must be known to the paper, and the rules for numbers and names hold. A paper's name is no claim.
"""

from __future__ import annotations

import re

from rag.corpus import Quote, Support, Verdict
from rag.support.check import CERTAINLY, PARTIAL, UNSUPPORTED, check_sentence
from rag.support.evidence import covered_share, nearness, sentences_of
from rag.support.findings import find_faults
from rag.support.words import clean_sentence, plain_text, stems_of, word_set

_SENTENCE = 7  # words from which on a cell is read as a sentence
_KNOWN = 0.5  # share of a short cell's words that the paper knows; fewer make it doubtful
_COMPARING = word_set("less more fewer times higher lower faster slower smaller larger better worse yes about than")
_WORD = re.compile(r"[^\W\d_]{3,}")


def check_cell(text: str, title: str, abstract: str, year: int | None = None) -> Verdict | None:
    """The verdict on a cell's text; None for those that only name the paper. Raises EmbedderError."""
    cell = clean_sentence(text)
    if _is_named_by(cell, title):
        return None
    quotes = sentences_of(abstract)
    if len(cell.split()) >= _SENTENCE or not quotes:
        return check_sentence(cell, title, abstract, year)
    near = nearness(cell, quotes)
    order = sorted(range(len(quotes)), key=lambda place: -near[place])
    best = quotes[order[0]]
    quote = Quote(best.text, best.start, best.end, round(near[order[0]], 4))
    texts = [one.text for one in quotes]
    findings = find_faults(cell, title, abstract, texts, [texts[place] for place in order[:2]], year)
    worst = next((one for one in findings if one.kind != "words" and one.weight >= PARTIAL), None)
    if worst:
        support: Support = "unsupported" if worst.weight >= UNSUPPORTED else "partial"
        return Verdict(support, worst.reason, quote, worst.kind in CERTAINLY)
    words = " ".join(word for word in _WORD.findall(cell) if word.casefold() not in _COMPARING)
    if stems_of(plain_text(words)) and covered_share(words, f"{title}. {abstract}") < _KNOWN:
        return Verdict("partial", "hardly any of these words are in the abstract", quote)
    return Verdict("supported", "its words and numbers are in the abstract", quote)


def _is_named_by(cell: str, title: str) -> bool:
    letters = _letters(cell)
    return len(letters) > 1 and not letters.isdigit() and letters in _letters(title)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
