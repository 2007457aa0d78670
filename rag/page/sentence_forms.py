"""Questions made of the sentences of an abstract: comparisons, limits, how two things are related, findings.

Each pattern is paired with the question that the matched words answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.corpus import Paper
from rag.page.phrases import (
    OURS,
    is_about,
    is_plural,
    lower_first,
    name_of_system,
    phrase_at,
    phrase_before,
    sentences_of,
    stands_alone,
)

_REFERS = re.compile(r"\b(?:they|these|those|them|such)\b", re.IGNORECASE)

_LEAD = r"^(?:However, |Yet, |Nevertheless, |Unfortunately, |But |Despite [^,]{3,80}, |While |Although |Recently, )?"
_SUFFERS = re.compile(
    rf"{_LEAD}([A-Za-z][^.;:,()]{{3,60}}?)(?:, [^,.;:]{{3,80}},)? (?:often |typically |still |usually |also )?"
    r"(?:suffers?|struggles?|is limited|are limited|is hindered|are hindered|fails?|falls? short|faces?|lacks?)\b"
)
_HARD = re.compile(
    rf"{_LEAD}([A-Za-z][^.;:,()]{{3,60}}?) (is|are|remains?)(?: still| often| very| highly| notoriously| a)? "
    r"(challenging|difficult|hard|expensive|costly|unstable|slow|inefficient|unreliable|computationally expensive)\b"
)
_SHORTCOMINGS = re.compile(r"\b(limitations|shortcomings|drawbacks|weaknesses|pitfalls) of ", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(trade-?offs?|relationship|connection|link|differences?|interplay) between ", re.IGNORECASE)
_BESIDE = {"trade": "What is the trade-off between {} and {}?", "diffe": "How do {} and {} differ?"}
_EFFECT = re.compile(r"\b(effects?|impact|influence|role|importance|benefits?) of ", re.IGNORECASE)
_OF_COMPARED = re.compile(r"\b(?:[Cc]ompared (?:to|with|against)|[Uu]nlike|[Ii]n contrast to|over|than) (?:the )?")
_NAME = re.compile(r"([A-Z][\w.+-]*[A-Z0-9][\w+-]*|[A-Z]{2,}s?)(?=[,.;)]| and | in | on | by | with | while | for |$)")
_VERSION = re.compile(r"[A-Z]\d+|W\d+|GPU|CPU|LLMs?|MLLMs?|VLMs?|DNNs?|CNNs?|GNNs?|RNNs?|SOTA|AI|RL|NLP|MLPs?|[IVX]+")

_INSTEAD = re.compile(r"\b(?:instead of|rather than|in place of) ", re.IGNORECASE)
_WITHOUT = re.compile(r"\bwithout ")
_BECAUSE = re.compile(r"\b(\w{2,}s) ((?:[\w-]+ ){1,6}?[\w-]+),? (?:because|since) ")
_NO_VERB = frozenset({"is", "was", "has", "does", "its", "this", "thus", "as", "us", "less"})
# What nobody would do something with.
_NO_MEANS = re.compile(
    r"(?!retraining|training|fine-tuning)\w+ing\b|the need"
    r"|(?:any|significant\w*|substantial\w*|additional|loss|performance|much|noticeable)\b"
)

_FINDS = re.compile(
    r"\b(?:show|find|found|demonstrate|reveal|observe|prove|argue|discover|suggest|indicate)s? that ", re.IGNORECASE
)
_DONE = re.compile(
    r"(?:be [a-z]+ed|[a-z]+)(?: (?!while\b|and\b|but\b|which\b|that\b|when\b)[\w'’-]+){1,8}(?=[.,;:](?!\d))"
)

_STUDIES = re.compile(
    r"\b(?:we|paper|work|study) (?:\w+ly )?(?:stud(?:y|ies)|investigates?|explores?|examines?|analy[sz]es?|revisits?"
    r"|characterizes?) (?:the )?(?:problem of |use of |potential of |role of |behaviou?r of )?",
    re.IGNORECASE,
)


def comparisons(paper: Paper) -> Iterator[str]:
    """How the system compares with those that the abstract names beside it."""
    name = name_of_system(paper)
    if not name:
        return
    for sentence in sentences_of(paper):
        for match in _OF_COMPARED.finditer(sentence):
            other = _NAME.match(sentence[match.end() :])
            if other and other[1] != name and not _VERSION.fullmatch(other[1]) and name not in other[1]:
                yield f"How does {name} compare with {other[1]}?"


def contrasts(paper: Paper) -> Iterator[str]:
    """What a system does otherwise, or does without, and why something of it is so."""
    name = name_of_system(paper)
    for sentence in sentences_of(paper) if name and not is_plural(name) else ():
        if not is_about(name, sentence):
            continue
        for match in _INSTEAD.finditer(sentence):
            avoided = phrase_at(sentence[match.end() :], most=6, generic=True)
            if len(avoided.split()) > 1 and not avoided.split()[0].endswith("ly"):
                verb = "do" if avoided.split()[0].endswith("ing") else "use"
                yield f"What does {name} {verb} instead of {avoided}?"
        for match in _WITHOUT.finditer(sentence):
            avoided = phrase_at(sentence[match.end() :], most=6)
            if avoided and not _NO_MEANS.match(avoided):
                yield f"How does {name} manage without {avoided}?"
        for match in _BECAUSE.finditer(sentence):
            before = sentence[: match.start()].rstrip()
            if before.endswith((name, " it", "It")) and match[1] not in _NO_VERB:
                yield f"Why does {name} {_base(match[1])} {match[2]}?"


def _base(verb: str) -> str:
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("shes", "ches", "xes", "sses", "oes")) else verb[:-1]


def limits(paper: Paper) -> Iterator[str]:
    """What is hard, or falls short, as the first sentences say."""
    for sentence in sentences_of(paper)[:6]:  # what is hard stands at the beginning
        if match := _SUFFERS.match(sentence):
            subject = phrase_before(match[1])
            if subject and not _REFERS.search(subject):
                yield f"What limits {lower_first(subject)}?"
        if match := _HARD.match(sentence):
            subject = phrase_before(match[1])
            many = match[2] in ("are", "remain")
            if subject and not (many and match[3] in ("challenging", "difficult", "hard")):
                yield f"Why {'are' if many else 'is'} {lower_first(subject)} {match[3]}?"
        for match in _SHORTCOMINGS.finditer(sentence):
            subject = phrase_at(sentence[match.end() :])
            if subject:
                yield f"What are the {match[1].lower()} of {subject}?"


def relations(paper: Paper) -> Iterator[str]:
    """How two things are related, or what effect one has on the other."""
    for sentence in sentences_of(paper):
        for match in _BETWEEN.finditer(sentence):
            one, found, other = sentence[match.end() :].partition(" and ")
            first, second = phrase_before(one), phrase_at(other)
            if found and first and second and not second.endswith(("ing", " one", "ed")):
                kind = match[1].lower()[:5]
                form = _BESIDE.get(kind, "How are {} and {} related?")
                yield form.format(first, second)
        for match in _EFFECT.finditer(sentence):
            one, found, other = sentence[match.end() :].partition(" on ")
            first, second = phrase_before(one), phrase_at(other) if found else ""
            if first and second and match[1].lower().rstrip("s") in ("effect", "impact", "influence"):
                yield f"What effect {'do' if is_plural(first) else 'does'} {first} have on {second}?"


def findings(paper: Paper) -> Iterator[str]:
    """Whether something can be done that the paper finds can be done."""
    for sentence in sentences_of(paper):
        for match in _FINDS.finditer(sentence):
            subject, can, rest = sentence[match.end() :].partition(" can ")
            subject = phrase_before(subject)
            done = _DONE.match(rest)
            if can and subject and done and not OURS.search(f"{subject} {done[0]}"):
                yield f"Can {lower_first(subject)} {done[0].strip()}?"


def topics(paper: Paper) -> Iterator[str]:
    """What is known of the subject that the paper studies."""
    for sentence in sentences_of(paper):
        for match in _STUDIES.finditer(sentence):
            topic = phrase_at(sentence[match.end() :])
            if len(topic.split()) > 1 and not topic.endswith("ed") and stands_alone(topic):
                yield f"What is known about {topic.removeprefix('the ')}?"
