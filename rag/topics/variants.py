"""British and American spellings of one word, and words with and without their hyphen."""

from __future__ import annotations

import re

_PAIRS = (
    (r"is(e[ds]?|ing|ers?|ations?|able)$", r"iz\1"),
    (r"iz(e[ds]?|ing|ers?|ations?|able)$", r"is\1"),
    (r"ys(e[ds]?|ing|ers?)$", r"yz\1"),
    (r"yz(e[ds]?|ing|ers?)$", r"ys\1"),
    (r"(?<=[bcdghilmnpv])our(s|ed|ing|al|ally|hoods?|ite|able)?$", r"or\1"),
    (r"(?<=[bcdghilmnpv])or(s|ed|ing|al|ally|hoods?|ite|able)?$", r"our\1"),
    (r"(?<=[aeiou])ll(ed|ing|ers?)$", r"l\1"),
    (r"(?<=[aeiou])l(ed|ing|ers?)$", r"ll\1"),
    (r"(?<=[bt])re(s|d)?$", r"er\1"),
    (r"(?<=[bt])er(s|ed)?$", r"re\1"),
    (r"ogue(s?)$", r"og\1"),
    (r"og(s?)$", r"ogue\1"),
    (r"programme(s?)$", r"program\1"),
    (r"(?<=[a-z])ence$", "ense"),
    (r"(?<=[a-z])ense$", "ence"),
)
_RULES = tuple((re.compile(pattern, re.IGNORECASE), other) for pattern, other in _PAIRS)
_WITH_NUMBER = re.compile(r"([^\W\d_]{2,})(\d{1,3})|(\d{1,3})([^\W\d_]{2,})")
# The stemmer takes an "s" for an ending only behind a vowel that does not stand beside it: "gpus" and "llms" keep it.
_SHORT_PLURAL = re.compile(r"(?:[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ\d]{2,}[aeiouAEIOU]?|\w*[A-Z][A-Za-z\d]*[A-Z\d])s")
_JOINED = (
    "pre",
    "multi",
    "non",
    "self",
    "semi",
    "meta",
    "hyper",
    "auto",
    "cross",
    "fine",
    "data",
    "bi",
    "co",
    "sub",
    "over",
)


def other_spellings(word: str) -> list[str]:
    """Spellings that the word may have on the other side of the ocean; most of them are no words at all."""
    return [rule.sub(other, word) for rule, other in _RULES if rule.search(word)]


def hyphened(word: str) -> list[list[str]]:
    """`pre-training` as one word, `pretraining` and `GPT4` as two; none where neither can be."""
    parts = [part for part in re.split(r"[-‐‑–]", word) if part]
    if len(parts) > 1:
        return [["".join(parts)]]
    low = word.casefold()
    apart = [[start, low[len(start) :]] for start in _JOINED if low.startswith(start) and len(low) - len(start) >= 3]
    found = _WITH_NUMBER.fullmatch(low)
    return [*apart, [part for part in found.groups() if part]] if found else apart


def in_both_numbers(word: str) -> list[str]:
    """The singular and the plural of a word that stemming does not bring together: `GPU` and `GPUs`, `llm` and `llms`.

    The singular comes first; of other words one of them may be no word at all.
    """
    if _SHORT_PLURAL.fullmatch(word):
        return [word[:-1], word]
    return [word] if word[-1:].casefold() in {"s", ""} else [word, f"{word}s"]
