"""A sentence as words: stems, stop words, and the marks that say what kind of word each is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_MARKERS = re.compile(r"\s*(?:\[\^?\d{1,3}(?:\s*[,;–-]\s*\^?\d{1,3})*\]|【\d{1,3}】)")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)")
_MARKDOWN = re.compile(
    r"^\s*(?:[-*•]\s+|#{1,6}\s+|>\s+|\d{1,2}[.)]\s+(?=\D))|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?=\W|$)"
)
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+|(?:[-./+@^_](?=[^\W_])[^\W_]+)*)?[+#]*|\S")
_POWER = re.compile(r"(?<![\d.])(10|2)⁺?(⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")  # NFKC alone makes 109 of "10⁹"
_GLUED_TIMES = re.compile(r"(?<=\d)\s*(?:\\?times(?![A-Za-z])|×|\$\\times\$)")
_DOT_TIMES = re.compile(r"(?<=\d)\s*(?:\\cdot|[·⋅])\s*(?=10\s?\^)")
_SIZE = re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)(?!\s?10\s?\^)")  # "480x832"
_FROM_TO = re.compile(r"(?<=\d)\s?\\?sim\s?(?=\d)")  # what is left of "10\sim100"
_TEX = re.compile(r"\\(?=[%&$#_])|\$")
_TEX_TIMES = re.compile(r"\\times(?![A-Za-z])")


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set: how lists of words are written in these files."""
    return frozenset(text.split())


STOP_WORDS = word_set(
    """
    a about above after all also an and any are as at be been being between both but by can could did do does doing
    done down during each either et few for from further get gets give given gives had has have having he her here
    hers him his how however i if in into is it its itself just made make makes making many may might more most much
    must my no nor not of off on once one ones only onto or other our ours out over own per rather s same shall she
    should since so some such t than that the their theirs them themselves then there these they this those through
    thus to too toward towards under until up upon us use used uses using very via was we well were what when where
    whereas whether which while who whom whose why will with within without would yet you your al etc eg ie e.g i.e
    paper work study authors author approach method show shows shown find finds found propose proposes proposed
    present presents presented introduce introduces introduced demonstrate demonstrates demonstrated achieve achieves
    achieved
    """
)
_IRREGULAR = {
    "better": "good", "best": "good", "worse": "bad", "worst": "bad", "ran": "run", "led": "lead", "lost": "lose",
    "grew": "grow", "fell": "fall", "rose": "rise", "drew": "draw", "built": "build", "taught": "teach",
    "kept": "keep", "held": "hold", "chose": "choose", "chosen": "choose", "broke": "break", "broken": "break",
    "began": "begin", "wrote": "write", "written": "write", "learnt": "learn", "analyses": "analysi",
    "analysis": "analysi", "matrices": "matrix", "indices": "index", "vertices": "vertex", "criteria": "criterion",
    "phenomena": "phenomenon", "hypotheses": "hypothesi", "hypothesis": "hypothesi", "children": "child",
    "people": "person", "mice": "mouse", "feet": "foot", "data": "data", "drawn": "draw", "grown": "grow",
}  # fmt: skip
_ENDINGS = (
    ("ization", "iz"), ("isation", "iz"), ("izations", "iz"), ("izing", "iz"), ("ising", "iz"), ("ized", "iz"),
    ("ised", "iz"), ("izes", "iz"), ("ises", "iz"), ("ize", "iz"), ("ise", "iz"), ("ational", "at"),
    ("ations", "at"), ("ation", "at"), ("ating", "at"), ("ated", "at"), ("ates", "at"), ("ate", "at"),
    ("ators", "at"), ("ator", "at"), ("iveness", "iv"), ("fulness", "ful"), ("ities", ""), ("ity", ""),
    ("ements", ""), ("ement", ""), ("ments", ""), ("ment", ""), ("ically", "ic"), ("ical", "ic"), ("ically", "ic"),
    ("ences", "ent"), ("ence", "ent"), ("ances", "ant"), ("ance", "ant"), ("encies", "ent"), ("ency", "ent"),
    ("nesses", ""), ("ness", ""), ("ings", ""), ("ing", ""), ("ions", ""), ("ion", ""), ("ively", "iv"),
    ("ives", "iv"), ("ive", "iv"), ("ally", "al"), ("ly", ""), ("iest", "i"), ("ier", "i"), ("ied", "i"),
    ("ies", "i"), ("est", ""), ("ers", ""), ("er", ""), ("ors", ""), ("or", ""), ("ed", ""), ("es", ""), ("s", ""),
    ("e", ""), ("y", "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """One word or one mark of punctuation."""

    text: str
    stem: str  # lower case, endings removed; equal stems count as the same word
    start: int  # characters into the cleaned sentence
    end: int

    @property
    def is_word(self) -> bool:
        """False for punctuation."""
        return self.text[0].isalnum()

    @property
    def is_content(self) -> bool:
        """True for words that carry meaning of their own."""
        return self.is_word and self.text.casefold() not in STOP_WORDS


def clean_sentence(sentence: str) -> str:
    """The sentence without citation markers and Markdown signs, in one line."""
    text = _LINK.sub(r"\1", sentence)
    text = _MARKERS.sub("", text)
    text = _MARKDOWN.sub("", text)
    return _BLANKS.sub(" ", text).strip()


@lru_cache(maxsize=4_096)
def plain_text(text: str) -> str:
    """Text with signs that are written in several ways written in one: "1.45times", "1.45 ×" and "1.45x" are equal."""
    text = unicodedata.normalize("NFKC", _POWER.sub(r"\1^{\2}", text)).replace("−", "-")
    text = _GLUED_TIMES.sub("x", text)
    text = _DOT_TIMES.sub("x", text)
    text = _TEX_TIMES.sub("x", text)
    text = _SIZE.sub(" by ", text)
    text = _FROM_TO.sub("-", text)
    text = _TEX.sub("", text)
    text = text.replace("–", "-").replace("—", " - ").replace("’", "'")
    return _BLANKS.sub(" ", text).strip()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A short form under which a word's inflections meet; cruder than a dictionary, the same for both sides."""
    low = word.casefold().replace("-", "").replace("'s", "").rstrip("'")
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if len(low) <= 3 or not low.isalpha():
        return low
    for ending, instead in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            low = low[: len(low) - len(ending)] + instead
            break
    if len(low) > 3 and low[-1] == low[-2] and low[-1] not in "aeiousl":
        low = low[:-1]
    return low.removesuffix("e") if len(low) > 4 else low


@lru_cache(maxsize=4_096)
def words_of(text: str) -> tuple[Word, ...]:
    """The words and marks of a text, in order; hyphenated words are one word."""
    return tuple(Word(found[0], stem(found[0]), found.start(), found.end()) for found in _WORD.finditer(text))


@lru_cache(maxsize=4_096)
def stems_of(text: str) -> frozenset[str]:
    """Stems of the content words, of hyphenated words also the parts."""
    stems: set[str] = set()
    for word in words_of(text):
        if word.is_content:
            stems.add(word.stem)
            if not word.text.isalnum():
                stems.update(stem(part) for part in re.split(r"[^\w]+", word.text) if len(part) > 1)
    return frozenset(stems)
