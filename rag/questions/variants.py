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
    """`pre-training` as one word, `pretraining` as two; none where neither can be."""
    parts = [part for part in re.split(r"[-‐‑–]", word) if part]
    if len(parts) > 1:
        return [["".join(parts)]]
    low = word.casefold()
    return [[start, low[len(start) :]] for start in _JOINED if low.startswith(start) and len(low) - len(start) >= 4]
