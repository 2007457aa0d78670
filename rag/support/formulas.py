"""Mathematical expressions of a sentence: "O(n^{3-o(1)})", "d^2", "K^{8/9}"; does the cited text have them?"""

from __future__ import annotations

import re

from rag.support.words import plain_text

_BRACKETS = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_EXPRESSION = re.compile(
    rf"\b(?:O|Omega|Theta|tilde\s?O|widetilde\s?\w+)\s?{_BRACKETS}|[A-Za-z\d)]+\s?\^\s?(?:\{{[^{{}}]*\}}|\([^()]*\)|-?[\w./]+)"
)
_SIGNS = re.compile(r"[^a-z\d]+|mathcal|mathrm|text|tilde|wide|left|right|hat|bar")
_IN_WORDS = {"2": ("quadratic", "squared"), "3": ("cubic",), "4": ("quartic", "fourth"), "12": ("sqrt", "square root")}


def unknown_formulas(sentence: str, text: str) -> tuple[str, ...]:
    """Expressions of `sentence` that `text` does not have, however it writes brackets, blanks and commands."""
    known = _SIGNS.sub("", plain_text(text).casefold())
    lowered = text.casefold()
    missing = []
    for found in _EXPRESSION.finditer(plain_text(sentence)):
        if re.match(r"(?:\d+x)?\d+\s?\^", found[0]):  # "10^6" and "3x10^{-4}" are numbers
            continue
        bare = _SIGNS.sub("", found[0].casefold())
        power = re.search(r"\^\W*([\d/]+)", found[0])
        words = _IN_WORDS.get(re.sub(r"\D", "", power[1]), ()) if power else ()
        if bare and bare not in known and not any(word in lowered for word in words):
            missing.append(found[0])
    return tuple(missing)
