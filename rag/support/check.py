"""The check itself: evidence, findings of the rules, a verdict, its reason and the deciding quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.corpus import Paper, Quote, Support, Verdict
from rag.embedder import Embedder
from rag.support.evidence import sentences_of, word_likeness
from rag.support.findings import find_faults
from rag.support.words import clean_sentence

_ORDER: dict[Support, int] = {"unsupported": 0, "partial": 1, "supported": 2}
_UNSUPPORTED, _PARTIAL = 0.6, 0.4  # a finding of this weight settles the verdict
_UNSURE = 0.4  # a likeness below which the words alone choose the quote less well than words and meaning together
_LETTERS_OF_A_COPY = 20  # shorter sentences are checked as all others


def check_sentence(sentence: str, title: str, abstract: str, *, embedder: Embedder | None = None) -> Verdict:
    """Whether `abstract`, or its title, carries `sentence`; citation markers in the sentence are ignored.

    Words and numbers decide. `embedder` helps to choose the quote where few words are shared.
    """
    claim = clean_sentence(sentence)
    quotes = sentences_of(abstract)
    if not claim or not quotes:
        return Verdict("unsupported", "there is nothing to compare", None)
    if copied := _copied(claim, quotes):
        return Verdict("supported", "word for word in the abstract", replace(copied, score=1.0))
    likeness = _likeness(claim, quotes, embedder)
    order = sorted(range(len(quotes)), key=lambda index: -likeness[index])
    quote = replace(quotes[order[0]], score=round(likeness[order[0]], 4))
    texts = [quote.text for quote in quotes]
    findings = find_faults(claim, title, abstract, texts, [texts[index] for index in order[:2]])
    gravest = findings[0] if findings else None
    if gravest and gravest.weight >= _UNSUPPORTED:
        nowhere = gravest.kind in ("order", "words")
        return Verdict("unsupported", gravest.reason, None if nowhere else quote)
    if gravest and gravest.weight >= _PARTIAL:
        return Verdict("partial", gravest.reason, quote)
    return Verdict("supported", "nothing in it differs from the abstract", quote)


def check_against_all(sentence: str, papers: Sequence[Paper], embedder: Embedder | None = None) -> Verdict:
    """Whether several papers, cited together, carry the sentence: one of them alone, or all between them."""
    if not papers:
        return Verdict("unsupported", "no paper is cited", None)
    verdicts = [check_sentence(sentence, paper.title, paper.abstract, embedder=embedder) for paper in papers]
    best = max(verdicts, key=lambda verdict: (_ORDER[verdict.support], verdict.quote.score if verdict.quote else 0.0))
    if best.support == "supported" or len(papers) == 1:
        return best
    titles, abstracts = (" ".join(texts) for texts in zip(*((p.title, p.abstract) for p in papers), strict=True))
    together = check_sentence(sentence, titles, abstracts, embedder=embedder)
    if _ORDER[together.support] <= _ORDER[best.support]:
        return best
    return Verdict(together.support, together.reason.replace("the abstract", "the abstracts"), best.quote)


def _likeness(claim: str, quotes: Sequence[Quote], embedder: Embedder | None) -> list[float]:
    """How near each quote is to the claim, higher is nearer."""
    words = word_likeness(claim, quotes)
    if embedder is None or max(words) >= _UNSURE or len(quotes) == 1:
        return words
    vectors = embedder.embed_documents([claim, *(quote.text for quote in quotes)])
    return [share + float(cosine) for share, cosine in zip(words, vectors[1:] @ vectors[0], strict=True)]


def _copied(claim: str, quotes: Sequence[Quote]) -> Quote | None:
    """The sentence that the claim repeats, apart from blanks and the stop; the longest one where it repeats several."""
    wanted = _squeezed(claim)
    if len(wanted) < _LETTERS_OF_A_COPY:
        return None
    for quote in quotes:
        if wanted in _squeezed(quote.text):
            return quote
    parts = [quote for quote in quotes if _squeezed(quote.text) in wanted]
    if parts and sum(len(_squeezed(quote.text)) for quote in parts) == len(wanted):
        return max(parts, key=lambda quote: len(quote.text))
    return None


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter in "%+-<>=^")
