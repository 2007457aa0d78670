"""What the rules find against a sentence: one line for the reader each, the gravest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.support.evidence import covered_share
from rag.support.formulas import unknown_formulas
from rag.support.names import unknown_names
from rag.support.numbers import NumberCheck, check_numbers
from rag.support.polarity import comparison_swapped, find_flips, hedges, negations, sweeping
from rag.support.quantities import Quantity
from rag.support.words import plain_text, word_set

FindingKind = Literal["order", "number", "swapped", "name", "direction", "negation", "compared", "hedge", "words"]


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


def find_faults(sentence: str, title: str, abstract: str, quotes: Sequence[str], best: Sequence[str]) -> list[Finding]:
    """All that the rules see; `quotes` are the abstract's sentences, `best` the likeliest to carry the sentence."""
    findings: list[Finding] = []
    if _ORDER.search(sentence) and not _ORDER.search(abstract):
        findings.append(Finding("order", "tells someone what to do instead of stating what the abstract says", 1.0))
    numbers = check_numbers(sentence, quotes, title)
    findings += [*_number_findings(numbers), *_name_findings(sentence, title, abstract)]
    findings += [
        Finding("number", f"says {formula}, which the abstract does not say", 0.9)
        for formula in unknown_formulas(sentence, f"{title}. {abstract}")
    ]
    nearest = " ".join(best[:2])
    findings += [
        Finding("direction", f"says “{flip.said}”, the abstract says “{flip.stated}”", 0.6)
        for flip in find_flips(sentence, nearest)[:1]
    ]
    if best and comparison_swapped(sentence, best[0]):
        findings.append(Finding("compared", "turns round what is compared with what in the abstract", 0.5))
    coverage = covered_share(sentence, f"{title}. {abstract}")
    if best and coverage > 0.75 and (len(negations(sentence)) - len(negations(best[0]))) % 2 == 1:
        said, stated = negations(sentence), negations(best[0])
        if not said or not stated:
            word = (said or stated)[0]
            where = "the abstract does not" if said else "the abstract does"
            findings.append(Finding("negation", f"{'says' if said else 'does not say'} “{word}”, {where}", 0.4))
    if best and (dropped := dropped_hedge(sentence, nearest)):
        findings.append(Finding("hedge", dropped, 0.3))
    if coverage < 0.34:
        findings.append(Finding("words", "most of it is not in the abstract", 1 - coverage))
    findings.sort(key=lambda finding: -finding.weight)
    return findings


def _number_findings(numbers: NumberCheck) -> list[Finding]:
    findings = []
    for said, stated in numbers.wrong:
        weak = stated is None and said.loose_count
        findings.append(Finding("number", _wrong_number(said, stated), 0.25 if weak else 0.9))
    for first, second in numbers.swapped:
        findings.append(Finding("swapped", f"gives {first.surface} and {second.surface} to each other's thing", 0.8))
    return findings


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


def dropped_hedge(sentence: str, stated: str) -> str:
    """A reason where the text is careful and the sentence is sweeping or plain; empty where nothing was lost."""
    plain = plain_text(sentence)
    ours, theirs = hedges(plain), hedges(stated)
    new_sweep = [word for word in sweeping(plain) if word not in sweeping(stated)]
    if theirs and not ours and new_sweep:
        return f"says “{new_sweep[0]}”, the abstract only “{theirs[0]}”"
    strong = [word for word in theirs if word in _STRONG]
    if strong and not ours:
        return f"leaves out that the abstract says “{strong[0]}”"
    return ""


_STRONG = word_set(
    """
    may might could potentially possibly probably likely suggests suggest suggesting sometimes often appears seems
    conjecture preliminary
    """
)
