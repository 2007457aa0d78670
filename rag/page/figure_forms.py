"""Questions made of the figures in an abstract: by how much, how fast, how many, how well on which data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.corpus import Paper
from rag.page.phrases import NO_DATA, NUMBER, is_about, lower_first, name_of_system, phrase_at, sentences_of

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
_LESS = re.compile(rf"{NUMBER}\s?(?:x|×|times|-?fold)\s+(?:as )?(less|fewer|smaller|cheaper)\b", re.IGNORECASE)
_BILLIONS = re.compile(
    rf"^[^.;]{{0,30}} (?:has|have|with|contains?) [^.;,]{{0,20}}?{NUMBER}\s?"
    r"(?:[MB]\b|million|billion)(?: \w+)? parameters"
)
_FED = re.compile(
    r"\btrained (?:only )?on (?:a (?:dataset|corpus|set) of )?(?:(?:over|about|more than|around) )?"
    rf"{NUMBER}(?:\s?(?:[KMBT]\b|thousand|million|billion|trillion))? (hours of \w+|[\w-]+s)\b"
)
_TOOK = re.compile(
    rf"\b(?:{NUMBER}|two|three|four|five|six|ten|a few) (?:GPU )?(?:seconds|minutes|hours|days|weeks)\b(?! of)"
)
_REACHES = re.compile(
    r"\b(?:reach|achiev|attain|obtain|scor|answer|solv|rais|hit|get)\w*\b[^.;]{0,60}?"
    rf"{NUMBER}\s?%?[^.;]{{0,30}}? on (?:the )?([A-Z][\w.+-]*[A-Z0-9][\w+-]*|ImageNet|COCO)(?=[\s,.;)])"
)


def figures(paper: Paper) -> Iterator[str]:
    """What a sentence about the paper's system says with a number: changes, speed, scores, sizes."""
    name = name_of_system(paper)
    if not name:
        return
    for sentence in sentences_of(paper):
        if not is_about(name, sentence):
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
        yield from _sizes(name, sentence)
        if _COLLECTION.search(f"{paper.title} {sentence}"):
            for match in _HOLDS.finditer(sentence):
                if not _SMALL_COUNT.search(match[1]):
                    yield f"How many {match[1]} does {name} hold?"


def _sizes(name: str, sentence: str) -> Iterator[str]:
    for match in _REACHES.finditer(sentence):
        if match[1] != name and not NO_DATA.fullmatch(match[1]):
            yield f"How well does {name} do on {match[1]}?"
    for match in _FED.finditer(sentence):
        yield f"On how many {match[1]} was {name} trained?"
    about = re.search(rf"(?:\b{re.escape(name)}|\b[Tt]he (?:\w+ )?model)\b", sentence)
    if about and _BILLIONS.match(sentence[about.end() :]):
        yield f"How many parameters does {name} have?"
    if re.search(r"\btrain", sentence, re.IGNORECASE) and _TOOK.search(sentence):
        yield f"How long does it take to train {name}?"
    for match in _LESS.finditer(sentence):
        how, what = match[1].lower(), phrase_at(sentence[match.end() :], generic=True)
        if how in ("smaller", "cheaper"):
            yield f"How much {how} is {name}?"
        elif what:
            yield f"How {'much' if how == 'less' else 'many'} {how} {what} does {name} need?"


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
