"""The check itself: what the rules find, what the cross-encoder reads, a verdict, its reason and the deciding quote.

The rules are precise about what can be compared letter by letter: numbers, units, names. The cross-encoder reads what
cannot: a comparison turned round in other words, a negation, a hedge that was dropped. Each settles a verdict alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.corpus import VERDICTS, Paper, Quote, Support, Verdict
from rag.cross_encoder import ClaimReading, Fault, Passage, bundled_cross_encoder
from rag.support.copies import find_copy, find_part
from rag.support.evidence import nearness, sentences_of
from rag.support.findings import Finding, find_faults
from rag.support.names import names_in
from rag.support.numbers import has_converted_number
from rag.support.words import clean_sentence

UNSUPPORTED, PARTIAL = 0.6, 0.4  # a finding of the rules of this weight settles the verdict, but for a
_CERTAIN = 0.8  # reading that is this sure of the contrary: a number in another unit, all of it in other words
# Probabilities of "supported" below which the reading settles it. Low, since a false alarm costs a reader's trust.
_READ_UNSUPPORTED, _READ_PARTIAL = 0.08, 0.1
# What that probability is multiplied with where the rules see that a number is the abstract's in another form, since
# they know better, and where the abstracts of several papers are read as one text, unlike those that were learnt from.
_CONVERTED, _JOINED = 25.0, 4.0
# The same where it reads another name in a sentence of which the rules know every name: true sentences that name what
# the abstract is about are read so far more often than untrue ones, unless that is all but sure.
_NAMES_KNOWN = 3.0
CERTAINLY = ("order", "number", "swapped", "name")  # rules that compare letter by letter
_BEARING = 0.6  # how much the reading says in the choice of the quote, beside the words

_LABEL = re.compile(r"[A-Z][^\W\d_]*(?:[ -][^\W\d_]+){0,3}: (?=[A-Z\d])")  # "In short: "
_FIRST_WORD = re.compile(r"^[A-Z][^\W_]+")
_COPIED = "word for word in the abstract"
_REASONS: dict[Fault, str] = {
    "contradicted": "the abstract says something else here, or the opposite",
    "number": "its numbers, or what they belong to, are not the abstract's",
    "name": "names something else than the abstract does",
    "absent": "the abstract does not say this",
    "overstated": "says more than the abstract does",
}


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a sentence is compared with: an abstract, or several that are cited together."""

    title: str
    abstract: str
    quotes: tuple[Quote, ...]
    year: int | None = None


def check_sentence(sentence: str, title: str, abstract: str, year: int | None = None) -> Verdict:
    """Whether `abstract`, its title or its `year` carries `sentence`; citation markers in the sentence are ignored.

    Raises EmbedderError where a bundled model cannot be read.
    """
    return _check(sentence, title, abstract, year)


def check_copy(sentence: str, title: str, abstract: str) -> Verdict | None:
    """The sentence that has these words in a row, as a verdict; None where there is none. Asks no model.

    It tells whose words they are, for what stands around them may take them back.
    """
    quote = find_part(clean_sentence(sentence), sentences_of(abstract))
    return Verdict("supported", _COPIED, replace(quote, score=1.0)) if quote else None


def check_against_all(sentence: str, papers: Sequence[Paper], alone: Sequence[Verdict] = ()) -> Verdict:
    """Whether several papers, cited together, carry the sentence: one of them alone, or all between them.

    `alone`: the verdicts on each of them, where they are known.
    """
    if not papers:
        return Verdict("unsupported", "no paper is cited", None, certain=True)
    verdicts = alone or [check_sentence(sentence, paper.title, paper.abstract, paper.year) for paper in papers]
    best = max(verdicts, key=lambda verdict: verdict.strength)
    if best.support == "supported" or len(papers) == 1:
        return best
    titles, abstracts = (" ".join(texts) for texts in zip(*((p.title, p.abstract) for p in papers), strict=True))
    years = {paper.year for paper in papers}
    year = years.pop() if len(years) == 1 else None
    together = _check(sentence, titles, abstracts, year, credit=_JOINED)
    if VERDICTS.index(together.support) <= VERDICTS.index(best.support):
        return best
    reason = together.reason.replace("the abstract", "the abstracts")
    return Verdict(together.support, reason, best.quote, together.certain)


def _check(sentence: str, title: str, abstract: str, year: int | None = None, credit: float = 1.0) -> Verdict:
    """The verdict on a sentence; a label before it ("In short: ") makes it no truer than it is alone."""
    claim = clean_sentence(sentence)
    verdict = _check_claim(claim, title, abstract, year, credit)
    if verdict.support == "supported" and not verdict.certain and (label := _LABEL.match(claim)):
        bare = _check_claim(claim[label.end() :], title, abstract, year, credit)
        return verdict if bare.support == "supported" else bare
    return verdict


def _check_claim(claim: str, title: str, abstract: str, year: int | None, credit: float) -> Verdict:
    cited = _Cited(title, abstract, sentences_of(abstract), year)
    if not claim or not cited.quotes:
        return Verdict("unsupported", "there is nothing to compare", None, certain=True)
    if copied := find_copy(claim, cited.quotes):
        return Verdict("supported", _COPIED, replace(copied, score=1.0), certain=True)
    near = nearness(claim, cited.quotes)
    passage = Passage(cited.title, [one.text for one in cited.quotes], near)
    [reading] = bundled_cross_encoder().read_claims(claim, [passage])
    return _verdict(claim, cited, near, reading, credit)


def _verdict(claim: str, cited: _Cited, near: Sequence[float], reading: ClaimReading, credit: float) -> Verdict:
    scores = [words + _BEARING * share for words, share in zip(near, reading.bearing, strict=True)]
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    quote = replace(cited.quotes[order[0]], score=round(scores[order[0]], 4))
    texts = [one.text for one in cited.quotes]
    findings = find_faults(claim, cited.title, cited.abstract, texts, [texts[index] for index in order[:2]], cited.year)
    gravest = findings[0] if findings else None
    if not findings and has_converted_number(claim, texts, cited.title):
        credit *= _CONVERTED
    elif not findings and reading.fault == "name" and _has_names(claim, cited.title):
        credit *= _NAMES_KNOWN
    support, reason = _settled(gravest, reading, credit)
    nowhere = support == "unsupported" and gravest is not None and gravest.kind in ("order", "words")
    certain = support != "supported" and gravest is not None and gravest.reason == reason and gravest.kind in CERTAINLY
    return Verdict(support, reason, None if nowhere else quote, certain)


def _has_names(claim: str, title: str) -> bool:
    """Whether a sentence names something; its first word may be a name if the title opens with it."""
    first = _FIRST_WORD.match(claim)
    return bool(names_in(claim)) or (first is not None and title.startswith(first[0]))


def _settled(gravest: Finding | None, reading: ClaimReading, credit: float) -> tuple[Support, str]:
    """The verdict and its reason: the rules' where they found something, since they can name it.

    `credit`: what the probability of "supported" is multiplied with.
    """
    supported = min(1.0, credit * reading.supported)
    if gravest and gravest.weight < 1.0 and supported > _CERTAIN:
        gravest = None
    weight = gravest.weight if gravest else 0.0
    reason = gravest.reason if gravest and weight >= PARTIAL else _REASONS[reading.fault]
    if weight >= UNSUPPORTED or (supported < _READ_UNSUPPORTED and reading.fault != "overstated"):
        return "unsupported", reason
    if weight >= PARTIAL or supported < _READ_PARTIAL:
        return "partial", reason
    return "supported", "nothing in it differs from the abstract"
