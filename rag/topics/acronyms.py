"""What an acronym stands for, and what is short for a name, as the papers themselves introduce it: "long form (LF)".

Schwartz and Hearst (2003) in its simplest form: the capitals of the short form begin words of the long one, in order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from rag.words import stems

_SHORT = re.compile(r"(?=[A-Za-z0-9]*[A-Z][A-Za-z0-9]*[A-Z0-9])[A-Z][A-Za-z0-9]{1,7}")
_INTRODUCED = re.compile(
    r"((?:[A-Za-z][\w'’-]*\s+){1,8}|(?:[A-Za-z]+-){1,4}[A-Za-z]+\s+)\(\s*([A-Z][\w-]{1,9})\s*[),;]"
)
_SMALL = {"of", "and", "for", "the", "in", "on", "to", "with", "a", "an"}


def is_acronym(word: str) -> bool:
    """True for `KV`, `LLMs`, `RoPE`: two capitals at least."""
    return bool(_SHORT.fullmatch(_singular(word)))


def long_forms(acronym: str, texts: Iterable[str]) -> list[str]:
    """What the texts say that the acronym stands for, in lower case, the most frequent first."""
    wanted = _singular(acronym).casefold()
    found: Counter[str] = Counter()
    for text in texts:
        for words, short in _INTRODUCED.findall(text):
            if _singular(short).casefold() == wanted and (form := spelled_out(words, wanted)):
                found[form] += 1
    return _distinct(found)


def short_forms(name: str, texts: Iterable[str]) -> list[str]:
    """The acronyms that the texts introduce for a name, the most frequent first."""
    wanted = list(stems([name]))
    found: Counter[str] = Counter()
    for text in texts:
        for words, short in _INTRODUCED.findall(text):
            form = spelled_out(words, _singular(short).casefold())
            if form and list(stems([form])) == wanted:
                found[_singular(short)] += 1
    return [short for short, _ in found.most_common(2)]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") and word[-2].isupper() else word


def spelled_out(words: str, short: str) -> str:
    """The last words whose first letters make the short form; "" where they do not."""
    parts = re.findall(r"[A-Za-z0-9]+", words.casefold())
    letters = [letter for letter in short if letter.isalnum()]
    place = len(parts)
    for letter in reversed(letters):
        place -= 1
        while place >= 0 and parts[place][0] != letter and parts[place] in _SMALL:
            place -= 1
        if place < 0 or parts[place][0] != letter:
            return ""
    return " ".join(parts[place:])


def _distinct(found: Counter[str]) -> list[str]:
    """Forms that differ in more than an ending, the two most frequent."""
    kept: dict[tuple[str, ...], str] = {}
    for form, _ in found.most_common():
        kept.setdefault(tuple(stems([form])), form)
    return list(kept.values())[:2]
