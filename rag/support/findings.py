"""What the rules find against a sentence: one line for the reader each, the gravest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.support.bounds import turned_bound
from rag.support.evidence import covered_share
from rag.support.formulas import unknown_formulas
from rag.support.in_place import turned_in_place
from rag.support.names import exchanged_names, unknown_names
from rag.support.negation import turned_negation
from rag.support.neighbours import find_neighbours_number
from rag.support.numbers import NumberCheck, check_numbers
from rag.support.polarity import comparison_swapped, find_flips, too_sweeping
from rag.support.prefixes import turned_prefix
from rag.support.quantities import Quantity
from rag.support.word_order import exchanged_words

FindingKind = Literal["order", "number", "swapped", "name", "direction", "compared", "sweeping", "words"]

# Shares of a sentence's content words that the abstract knows. Rules that compare single words are right often enough
# only where sentence and abstract speak of the same thing; a lost hedge is not told from a paraphrase even there (as
# many false alarms as finds on pairs written by hand), so there is no rule for it.
_SPOKEN_OF, _WELL_COVERED, _HARDLY_COVERED = 0.5, 0.6, 0.17

# A sentence that tells someone what to do states nothing that an abstract could carry.
_ORDER = re.compile(
    r"""
    (?: (?:^|[,;:.!]\s)(?:and\s|then\s|please\s|kindly\s|always\s)*
        (?: (?:ignore|disregard|forget|override|skip)\s(?:all|any|the|every|your|these|those|other|earlier|previous)
          | (?:cite|rank|recommend|trust|quote)\s(?:it|this|only|us|our)\b
          | (?:answer|reply|respond|say|write|tell)\s(?:that|with|only|the|users?)\b
          | treat\s.{3,80}\sas\s(?:the\s)?(?:settled|final|only|correct|definitive)\b
          | do\snot\s(?:look|cite|use|mention|read|answer)\b ) )
    | \bplease\s\w+ | \byou\s(?:must|should|shall|need\sto|are\sto)\b | \bnote\sto\sthe\s(?:assistant|model|reader)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that speaks against a sentence."""

    kind: FindingKind
    reason: str  # for the reader, one sentence
    weight: float  # in [0, 1]: 1 settles the matter alone


def find_faults(
    sentence: str, title: str, abstract: str, quotes: Sequence[str], best: Sequence[str], year: int | None = None
) -> list[Finding]:
    """All that the rules see; `quotes` are the abstract's sentences, `best` the likeliest to carry the sentence.

    `year`: the paper's, which may be said though no abstract says it.
    """
    findings: list[Finding] = []
    if _ORDER.search(sentence) and not _ORDER.search(abstract):
        findings.append(Finding("order", "tells someone what to do instead of stating what the abstract says", 1.0))
    numbers = check_numbers(sentence, quotes, title, year)
    findings += [*_number_findings(numbers), *_name_findings(sentence, title, abstract)]
    findings += [
        Finding("number", f"says {formula}, which the abstract does not say", 0.9)
        for formula in unknown_formulas(sentence, f"{title}. {abstract}")
    ]
    findings += [
        Finding("name", f"says {said}, the abstract says {stated}", 0.8)
        for said, stated in exchanged_names(sentence, best[0] if best else "")[:1]
    ]
    if not numbers.swapped and (beside := find_neighbours_number(sentence, [*quotes, title])):
        said, stated = (number.surface for number in beside)
        findings.append(Finding("swapped", f"says {said}, the abstract says {stated} of this", 0.9))
    if bound := turned_bound(sentence, [*quotes, title]):
        findings.append(Finding("number", _says(*bound), 1.0))
    if best:
        if not numbers.swapped and (exchanged := exchanged_words(sentence, best[0])):
            first, second = exchanged
            findings.append(Finding("swapped", f"puts “{first}” and “{second}” in each other's place", 1.0))
        findings += _reversals(sentence, f"{title}. {abstract}", quotes, best[0])
    coverage = covered_share(sentence, f"{title}. {abstract}")
    if coverage > _SPOKEN_OF:
        findings += [
            Finding("direction", _says(flip.said, flip.stated), 0.6)
            for flip in find_flips(sentence, " ".join(best[:2]))[:1]
        ]
    if coverage > _WELL_COVERED:
        if best and comparison_swapped(sentence, best[0]):
            findings.append(Finding("compared", "turns round what the abstract compares with what", 0.6))
        findings += [
            Finding("sweeping", f"says “{word}”, the abstract does not go so far", 0.4)
            for word in too_sweeping(sentence, abstract)[:1]
        ]
    if coverage < _HARDLY_COVERED:
        findings.append(Finding("words", "hardly a word of it is in the abstract", 0.9))
    findings.sort(key=lambda finding: -finding.weight)
    return findings


def _reversals(sentence: str, text: str, quotes: Sequence[str], best: str) -> list[Finding]:
    """Where the sentence turns the abstract's round; what is read never lifts that rightly where it is as close."""
    return [
        Finding("direction", _says(turned.said, turned.stated), 1.0 if turned.is_close else 0.7)
        for turned in (
            turned_in_place(sentence, best),
            turned_prefix(sentence, best, text),
            turned_negation(sentence, best, quotes),
        )
        if turned
    ]


def _says(said: str, stated: str) -> str:
    return f"says “{said}”, the abstract says “{stated}”"


def _number_findings(numbers: NumberCheck) -> list[Finding]:
    findings = []
    for said, stated in numbers.wrong:
        findings.append(Finding("number", _wrong_number(said, stated), _weight(said, stated)))
    for first, second in numbers.swapped:
        findings.append(Finding("swapped", f"gives {first.surface} and {second.surface} to each other's thing", 0.8))
    return findings


def _weight(said: Quantity, stated: Quantity | None) -> float:
    """1 for figures against figures of the same unit: what the cross-encoder reads never lifts those rightly."""
    if stated is None:
        return 0.25 if said.loose_count else 0.9
    in_figures = said.digits and stated.digits
    return 1.0 if in_figures and (said.kind, said.unit) == (stated.kind, stated.unit) else 0.9


def _wrong_number(said: Quantity, stated: Quantity | None) -> str:
    if stated is None or stated.surface.casefold() == said.surface.casefold():
        return f"says {said.surface}, which the abstract does not say"
    shown = stated.surface
    if said.kind == "share" == stated.kind and said.surface.endswith("%"):
        shown = shown.removesuffix("%").strip()
    return f"says {said.surface}, the abstract says {shown}"


def _name_findings(sentence: str, title: str, abstract: str) -> list[Finding]:
    unknown = unknown_names(sentence, title, abstract)
    if not unknown:
        return []
    listed = unknown[0] if len(unknown) == 1 else f"{', '.join(unknown[:-1])} and {unknown[-1]}"
    return [Finding("name", f"names {listed}, which the abstract does not", 0.6 + 0.1 * min(len(unknown), 3))]
