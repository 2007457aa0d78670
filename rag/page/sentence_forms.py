"""Questions made of the sentences of an abstract: figures, comparisons, limits, how two things are related, findings.

Each pattern is paired with the question that the matched words answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.corpus import Paper
from rag.page.phrases import NUMBER, is_plural, lower_first, name_of_system, phrase_at, phrase_before, stands_alone
from rag.sentences import split_sentences

_SHARE = rf"{NUMBER}\s?(?:%|percent|x\b|×|[ -]?times\b|[ -]?fold\b|(?:percentage )?points)"
_BASES = {
    "reduc": "reduce", "cut": "cut", "lower": "lower", "decreas": "decrease", "sav": "save", "shrink": "shrink",
    "improv": "improve", "increas": "increase", "boost": "boost", "rais": "raise", "enhanc": "improve",
    "accelerat": "speed up", "speed": "speed up",
}  # fmt: skip
_CHANGES = re.compile(rf"\b({'|'.join(_BASES)})(?:e?s|ing|ed?|ting)?\s+(?:up\s+)?(?=[a-zA-Z])", re.IGNORECASE)
_CHANGE_OF = re.compile(
    rf"{_SHARE}\s+(?:\w+\s+)?(reduction|decrease|improvement|increase|gain|drop|boost)s?\s+(?:in|of)\s+", re.IGNORECASE
)
_OF_CHANGE = {"reduction": "reduce", "decrease": "reduce", "drop": "reduce"}
_FASTER = re.compile(rf"{_SHARE}\s+(?:\w+\s+)?(?:faster|speed-?ups?|acceleration)\b(?:\s+than\s+)?", re.IGNORECASE)
_BEATS = re.compile(r"\b(?:outperform|surpass)(?:e?s|ing|ed)?\s+(?=[a-zA-Z])", re.IGNORECASE)
_SCORES = re.compile(
    r"\b((?:[A-Za-z0-9@-]+ )?(?:accuracy|BLEU|perplexity|success rate|pass rate|pass@1|F1(?:[ -]score)?|win rate|FID"
    rf"|WER|word error rate|mIoU|recall))(?: scores?| rate)? (?:of|to)(?: up to| over| about)? {NUMBER}\s?%?"
    r"(?: (?:on|for|in)(?: the)? ([A-Z][\w.+-]*[A-Z0-9][\w+-]*)(?! and\b))?"
)
_HOLDS = re.compile(
    r"\b(?:compris\w+|contain\w*|consist\w* of|includ\w+|with|of|collect\w*|covers?|offers|features)\s+"
    rf"(?:(?:over|more than|about|around|up to|nearly|approximately)\s+)?{NUMBER}\s?(?:[kKM]\b)?\+?"
    r"(?:\s+(?:million|billion|thousand))?\s+((?:[\w-]+\s+){0,3}?(?:questions|tasks|problems|images|videos|samples"
    r"|examples|pairs|documents|hours|dialogues|instances|prompts|conversations|environments|languages))\b"
)
_COLLECTION = re.compile(r"\b(?:benchmark|dataset|corpus|test suite|leaderboard|collection)\b", re.IGNORECASE)
_SMALL_COUNT = re.compile(r"\b(?:real|wide|range|different|various|diverse)\b", re.IGNORECASE)
_OURS = re.compile(r"\b(?:our|we|it|its|this|the proposed|the resulting)\b", re.IGNORECASE)
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


def _sentences(paper: Paper) -> list[str]:
    return [sentence.text for sentence in split_sentences(paper.abstract[:3000])]


def figures(paper: Paper) -> Iterator[str]:
    name = name_of_system(paper)
    if not name:
        return
    for sentence in _sentences(paper):
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sentence) and not _OURS.search(sentence):
            continue
        yield from _changes(name, sentence)
        for match in _BEATS.finditer(sentence):
            beaten = phrase_at(sentence[match.end() :], generic=True)
            if beaten and re.search(_SHARE, sentence[match.end() : match.end() + 120]) and len(beaten.split()) > 1:
                yield f"By how much does {name} outperform {beaten}?"
        for match in _FASTER.finditer(sentence):
            than = phrase_at(sentence[match.end() :]) if match[0].rstrip().endswith("than") else ""
            yield f"How much faster is {name} than {than}?" if than else f"What speedup does {name} reach?"
        for match in _SCORES.finditer(sentence):
            measure = lower_first(re.sub(r"^(?:an?|the|its|our|and|with) ", "", match[1], flags=re.IGNORECASE))
            yield f"What {measure} does {name} reach{f' on {match[2]}' if match[2] else ''}?"
        if _COLLECTION.search(f"{paper.title} {sentence}"):
            for match in _HOLDS.finditer(sentence):
                if not _SMALL_COUNT.search(match[1]):
                    yield f"How many {match[1]} does {name} hold?"


def _changes(name: str, sentence: str) -> Iterator[str]:
    for match in _CHANGES.finditer(sentence):
        changed = phrase_at(sentence[match.end() :], generic=True)
        behind = sentence[match.end() :].partition(changed)[2][:40] if changed else ""
        if changed and re.match(rf"\s+(?:by|up to|from)\b[^.;]{{0,25}}?{_SHARE}", behind):
            verb = _BASES[match[1].lower()]
            yield (
                f"How much {changed} does {name} save?"
                if verb == "save"
                else f"By how much does {name} {verb} {changed}?"
            )
    for match in _CHANGE_OF.finditer(sentence):
        changed = phrase_at(sentence[match.end() :], generic=True)
        if changed:
            yield f"By how much does {name} {_OF_CHANGE.get(match[1].lower(), 'improve')} {changed}?"


def comparisons(paper: Paper) -> Iterator[str]:
    name = name_of_system(paper)
    if not name:
        return
    for sentence in _sentences(paper):
        for match in _OF_COMPARED.finditer(sentence):
            other = _NAME.match(sentence[match.end() :])
            if other and other[1] != name and not _VERSION.fullmatch(other[1]) and name not in other[1]:
                yield f"How does {name} compare with {other[1]}?"


def limits(paper: Paper) -> Iterator[str]:
    for sentence in _sentences(paper)[:6]:  # what is hard stands at the beginning
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
    for sentence in _sentences(paper):
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
    for sentence in _sentences(paper):
        for match in _FINDS.finditer(sentence):
            subject, can, rest = sentence[match.end() :].partition(" can ")
            subject = phrase_before(subject)
            done = _DONE.match(rest)
            if can and subject and done and not _OURS.search(f"{subject} {done[0]}"):
                yield f"Can {lower_first(subject)} {done[0].strip()}?"


def topics(paper: Paper) -> Iterator[str]:
    for sentence in _sentences(paper):
        for match in _STUDIES.finditer(sentence):
            topic = phrase_at(sentence[match.end() :])
            if len(topic.split()) > 1 and not topic.endswith("ed") and stands_alone(topic):
                yield f"What is known about {topic.removeprefix('the ')}?"
