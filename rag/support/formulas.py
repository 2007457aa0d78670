"""Mathematical expressions of a sentence: "O(n^{3-o(1)})", "d^2", "K^{8/9}"; does the cited text have them?"""

from __future__ import annotations

import re
import unicodedata

from rag.support.words import plain_text

_BRACKETS = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_EXPRESSION = re.compile(
    rf"\b(?:O|Omega|Theta|Ω|Θ|tilde\s?O|widetilde\s?\w+)\s?{_BRACKETS}|[A-Za-zα-ω\d)]+\s?\^\s?(?:\{{[^{{}}]*\}}|\([^()]*\)|-?[\w./]+)"
)
_POWER = re.compile(r"\^\s?[{(]?\s?([\d/]+)")
_GREEK = {code: unicodedata.name(chr(code)).split()[-1].casefold() for code in range(ord("α"), ord("ω") + 1)}
# What is written in several ways, and what each is taken for.
_SPELLINGS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"√", "sqrt"),
        (r"\^\s?(\{\s?)?\\?top\b", r"^\1t"),  # a transposed matrix
        (r"(?<=[a-z\d])log(?![a-z])", " log"),
        (r"mathcal|mathrm|text|tilde|wide|left|right|hat|bar|var(?=epsilon)|cdot|[\\*·_]", " "),
        (r"\^\s?[{(]([^{}()]*)[)}]", r"^\1 "),  # "n^{2}"
        (r"[{}]", " "),
        (r"\^\s?(?=\d)", ""),  # is lost where a page is copied
        (r"\b(log\d*|exp|sqrt)\s?\(([^()]*)\)", r"\1 \2"),
        (r"\s+", " "),
    )
)
_POWERS_IN_WORDS = {"2": "quadratic|squared", "3": "cubic", "4": "quartic|fourth", "1/2": "sqrt|square root"}
_IN_WORDS = (
    (r"o\(1\)", r"\bconstant"),
    (r"o\([a-z]\)", r"\blinear(?:ly|[\s-](?:time|complexity|cost|memory|space|scaling))"),
    (r"o\(log[a-z]\)", r"\blogarithmic"),
    (r"o\(([a-z])log\1\)", r"linearithmic|log-?linear|near(?:ly)?[\s-]linear"),
    (r"o\(sqrt[a-z]\)", r"square root"),
)


def unknown_formulas(sentence: str, text: str) -> tuple[str, ...]:
    """Expressions of `sentence` that `text` does not have, however it writes blanks, exponents and commands."""
    known = _spelt(text)
    plain = plain_text(sentence)
    missing = []
    for found in _EXPRESSION.finditer(plain):
        if re.match(r"(?:\d+x)?\d+\s?\^", found[0]):  # "10^6" and "3x10^{-4}" are numbers
            continue
        formula = found[0].rstrip("./")
        divides = plain[: found.start()].rstrip().endswith("/")
        if not _stands_in(_spelt(formula), known, divides=divides) and not _is_in_words(formula, known):
            missing.append(formula)
    return tuple(missing)


def _spelt(text: str) -> str:
    text = plain_text(text).casefold().translate(_GREEK)
    for pattern, instead in _SPELLINGS:
        text = pattern.sub(instead, text)
    return text


def _stands_in(formula: str, text: str, *, divides: bool) -> bool:
    """Whether a formula stands in a text by itself: the letters of "O(n)" are in "on", and "d^2" is in "1/d^2"."""
    signs = r"\s*".join(re.escape(sign) for sign in formula if not sign.isspace())
    before = r"(?<![^\W_])" if divides else r"(?<![^\W_])(?<!/)(?<!/\s)"
    return bool(re.search(rf"{before}{signs}(?![^\W_]|[./]\d)", text))


def _is_in_words(formula: str, text: str) -> bool:
    power = _POWER.search(formula)
    spelt = "".join(_spelt(formula).split())
    words = [said for form, said in _IN_WORDS if re.fullmatch(form, spelt)]
    if power and power[1] in _POWERS_IN_WORDS:
        words.append(_POWERS_IN_WORDS[power[1]])
    return any(re.search(said, text) for said in words)
