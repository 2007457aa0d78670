"""Title or abstract? Judged by a text's own looks: length, sentences, capitals, the words that abstracts open with."""

from __future__ import annotations

import re
import unicodedata

_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_SENTENCE_END = re.compile(r"(?:[.!?。！？।؟](?:[\"'”’)\]}»*_]|\[\d+\])*|https?://\S+)$")
_NO_END = re.compile(r"(?:\bet al\.|\bvs\.|\.\.\.|…)$", re.IGNORECASE)
_BOUNDARY = re.compile(
    r"(?<![A-Z])(?<!\bvs)(?<!\bal)(?<!\bv)(?<!e\.g)(?<!i\.e)(?<!\bcf)[.!?][\"'”’)]*\s+[A-Z(\"“\[]|[。！？](?=.)"
)
_FIRST_PERSON = re.compile(
    r"\b(?:we|our|ours|us)\b|\b(?:this|the present|the) (?:paper|work|article|report|study|thesis|survey)\b|"
    r"^abstract\b|\b(?:nous|wir|nosotros|presentamos|proponemos|dieser|cet article|este artículo|este trabajo)\b|"
    r"本文|我们|我們|該文|该文|本研究|本論文",
    re.IGNORECASE,
)
_VERBS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|remains?|shows?|showed|proposes?|presents?|introduces?|achieves?|"
    r"demonstrates?|provides?|improves?|suffers?|often|however|which|that|est|sont|ist|sind|es|son)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’-]{3,}")
_ADDRESS = re.compile(r"https?://|www\.")
_ITEM = re.compile(r"[-*•–]\s+(?=[a-z])")
_CAPITAL = f"[{''.join(letter for letter in map(chr, range(0x2000)) if unicodedata.category(letter) == 'Lu')}]"
# A word keeps its digits ("Smith1"): tried both ways, every name would double the work on a line that is no list.
_NAME_WORD = rf"(?:(?:{_CAPITAL}\.-?){{2,3}}|{_CAPITAL}[\w'’-]*+\.?)"
_PARTICLE = r"(?:de|da|di|do|dos|das|du|del|della|van|von|der|den|ten|ter|zu|la|le|el|al|bin|ben|ibn|y)"
_FAMILY = rf"(?: {_PARTICLE}){{1,3}}(?: {_NAME_WORD}){{1,3}}"
_MARKS = r"(?:[*†‡\d]|,(?=[*†‡\d]))*(?:,? (?:Jr|Sr|III|II|IV|Ph\.?D|M\.?D|MSc)\b\.?){0,2}(?: \([^()]{1,60}\))?"
_NAME = (
    rf"(?>(?:{_PARTICLE} ){{0,2}}{_NAME_WORD}"
    rf"(?:(?: {_NAME_WORD}){{1,3}}(?:{_FAMILY}){{0,2}}|(?:{_FAMILY}){{1,2}}){_MARKS})"
)
# Those that the page does not show
_OTHERS = r",? (?:et al\.?|and \d+ others?|\+ ?\d+ (?:more|others?|authors?))(?: \([^()]{1,60}\))?"
_BEFORE, _YEAR = r"(?:[Bb]y:? |[–—-] )?", r"(?:, (?:19|20)\d{2})?"
_NAMES = re.compile(
    rf"{_BEFORE}{_NAME}(?:(?:(?: ?[,;]| [|·•⋅]) {_NAME})+(?:,? (?:and|&) {_NAME})?|(?: (?:and|&) {_NAME}){{2,}}|"
    rf"(?={_OTHERS}))(?:{_OTHERS}(?:, {_NAME})?|[,;]| and| [|·•⋅])?{_YEAR}"
)
# Titles may look like these: a single name, or names parted by "and" alone.
_SHORT_NAME = rf"(?>{_NAME_WORD}(?: {_NAME_WORD})?(?: {_PARTICLE}){{0,2}} {_NAME_WORD}{_MARKS})"
_FEW_NAMES = re.compile(rf"{_BEFORE}{_SHORT_NAME}(?:,? (?:and|&) {_SHORT_NAME})*(?:{_OTHERS}|[,;]| and)?{_YEAR}")
_WORDS_OF_NAME = 5  # at most, of an organisation or a team
_COMMA = re.compile(r"[,;،、，；·•⋅|&]")
NUMBERED = re.compile(r"(?:\[(\d{1,4})\]|\((\d{1,4})\)|(?:#|[Nn]o\. ?|Paper )(\d{1,4})[.:)]?|(\d{1,4})[.)])\s+(?=\S)")
CERTAIN_ABSTRACT = 420  # characters from which no line was ever a title in 30,000 papers (longest: 512, and broken)
_BY_WIDTH = ((20, 1.5), (130, 2.5), (180, 1.0), (240, -1.0), (CERTAIN_ABSTRACT, -2.5), (10_000, -6.0))


def width(text: str) -> int:
    """The length as it looks: a Chinese, Japanese or Korean character says about as much as three Latin ones."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def ends_sentence(text: str) -> bool:
    """Whether the text stops where a sentence may: at its full stop, or at an address."""
    tail = text[-200:].rstrip()
    return bool(_SENTENCE_END.search(tail)) and not _NO_END.search(tail)


def reads_as_prose(text: str) -> bool:
    """Whether a text is as long as an abstract, or a sentence that is no label."""
    return len(text) >= 120 or (width(text) >= 25 and ends_sentence(text))


def title_likeness(text: str) -> float:
    """How much the text looks like a title: about +8 for a clear one, -14 for a clear abstract, 0 in doubt."""
    if found := NUMBERED.match(text):  # its full stop ends no sentence
        text = text[found.end() :]
    length = len(text)
    if length > CERTAIN_ABSTRACT:
        return -1.0 if _NAMES.fullmatch(text) else -14.0  # a long line of authors is no abstract either
    shown = width(text)
    score = next(points for limit, points in _BY_WIDTH if shown <= limit)
    last = text.rstrip("\"'”’)]}»*_ ")[-1:]
    if last in ".。।" and not _NO_END.search(text):
        score -= 4.0 if shown <= 180 else 7.0
    elif last in "?!？！":
        score += 0.5
    elif last in ",;，；":
        score -= 2.0
    else:
        score += 1.5
    score -= min(3.0 * len(_BOUNDARY.findall(text)), 9.0)
    wide = shown - length
    if wide:
        score -= min(1.5 * (text.count("，") + text.count(",") * (wide > length / 2) + text.count("、") * 0.3), 6.0)
    if _FIRST_PERSON.search(text):
        score -= 1.0 if last in "?？" else 3.0
    words = _WORD.findall(text)
    if words:
        capital = sum(not word[0].islower() for word in words) / len(words)
        if wide < length / 3:
            score += 3.0 if capital >= 0.6 else 1.0 if capital >= 0.34 else -1.5
    score -= min(float(len(_VERBS.findall(text))), 3.0) * (0.5 if last in "?？" else 1.0)
    if text[:1].islower() and not any(c.isupper() or c.isdigit() for c in text.split(" ", 1)[0]):
        score -= 1.5
    if _ITEM.match(text):  # of a list in an abstract
        score -= 4.0
    if _ADDRESS.search(text):
        score -= 9.0
    return score


def is_names(text: str, *, few: bool = False) -> bool:
    """Whether the text is a list of authors; with `few` a single name and names with "and" alone are one, too."""
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    return bool(_NAMES.fullmatch(text) or (few and _FEW_NAMES.fullmatch(text)))


def may_be_byline(text: str, title: str) -> bool:
    """Whether a line below a title may be its authors or their organisation: it has more commas, or few words."""
    if title_likeness(text) <= -2.0:
        return False
    few = text.count(" ") < min(_WORDS_OF_NAME, title.count(" ")) and text[-1:] not in "?!:？！："
    return few or len(_COMMA.findall(text)) > len(_COMMA.findall(title))


def stub_likeness(text: str) -> float:
    """How much this looks like a stray label (an organisation, say), neither title nor abstract; at most -1.8."""
    words = text.count(" ") + 1
    if words <= 3 and width(text) <= 36 and not re.search(r"[?!:？！：]", text):
        return -1.8
    return -6.0 if words <= 8 and width(text) <= 80 else -13.0
