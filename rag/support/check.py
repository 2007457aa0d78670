"""The check itself: evidence, findings of the rules, a verdict, its reason and the deciding quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.corpus import Paper, Quote, Support, Verdict
from rag.embedder import Embedder
from rag.support.evidence import covered_share, sentences_of, word_likeness
from rag.support.findings import find_faults
from rag.support.words import clean_sentence

_ORDER: dict[Support, int] = {"supported": 2, "partial": 1, "unsupported": 0}


def check_sentence(sentence: str, title: str, abstract: str, *, embedder: Embedder | None = None) -> Verdict:
    """Whether `abstract`, or its title, carries `sentence`; citation markers in the sentence are ignored."""
    claim = clean_sentence(sentence)
    quotes = sentences_of(abstract)
    if not claim or not quotes:
        return Verdict("unsupported", "there is nothing to compare", None)
    if copied := _copied(claim, quotes):
        return Verdict("supported", "word for word in the abstract", _scored(copied, 1.0))
    likeness = word_likeness(claim, quotes)
    if embedder is not None:
        vectors = embedder.embed_documents([claim, *[quote.text for quote in quotes]])
        meaning = vectors[1:] @ vectors[0]
        likeness = [words + float(cosine) for words, cosine in zip(likeness, meaning, strict=True)]
    order = sorted(range(len(quotes)), key=lambda index: -likeness[index])
    best = quotes[order[0]]
    findings = find_faults(
        claim, title, abstract, [quote.text for quote in quotes], [quotes[index].text for index in order[:2]]
    )
    doubt = sum(finding.weight for finding in findings)
    coverage = covered_share(claim, f"{title}. {abstract}")
    if doubt >= 0.6:
        return Verdict("unsupported", findings[0].reason, _scored(best, likeness[order[0]]))
    if doubt >= 0.3:
        return Verdict("partial", findings[0].reason, _scored(best, likeness[order[0]]))
    if coverage < 0.34:
        return Verdict("unsupported", "most of it is not in the abstract", None)
    return Verdict("supported", "the abstract says so", _scored(best, likeness[order[0]]))


def check_against_all(sentence: str, papers: Sequence[Paper], embedder: Embedder | None = None) -> Verdict:
    """Whether one of several papers, cited together, carries the sentence: the best of their verdicts."""
    verdicts = [check_sentence(sentence, paper.title, paper.abstract, embedder=embedder) for paper in papers]
    if not verdicts:
        return Verdict("unsupported", "no paper is cited", None)
    return max(verdicts, key=lambda verdict: _ORDER[verdict.support])


def _copied(claim: str, quotes: Sequence[Quote]) -> Quote | None:
    """The sentence that the claim repeats, apart from blanks and the stop; the longest one where it repeats several."""
    wanted = _squeezed(claim)
    if len(wanted) < 20:
        return None
    for quote in quotes:
        if wanted in _squeezed(quote.text):
            return quote
    parts = [quote for quote in quotes if _squeezed(quote.text) in wanted]
    if sum(len(_squeezed(quote.text)) for quote in parts) == len(wanted):
        return max(parts, key=lambda quote: len(quote.text))
    return None


def _squeezed(text: str) -> str:
    return "".join(text.split()).strip(".?!…\"'“”").casefold()


def _scored(quote: Quote, score: float) -> Quote:
    return replace(quote, score=round(score, 4))
