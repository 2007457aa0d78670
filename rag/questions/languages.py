"""Which language a question is in, by its script or its small words; "" for English and for what cannot be told.

No false alarm matters most: an English question may hold Greek letters, a name in Chinese, a title in German.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.questions.small_words import ENGLISH, FIRST, SMALL

_SCRIPTS = (
    ("Japanese", r"[\u3040-\u30ff]"),
    ("Korean", r"[\uac00-\ud7af\u1100-\u11ff]"),
    ("Chinese", r"[\u4e00-\u9fff\u3400-\u4dbf]"),
    ("Russian", r"[\u0400-\u04ff]"),
    ("Arabic", r"[\u0600-\u06ff]"),
    ("Hebrew", r"[\u0590-\u05ff]"),
    ("Hindi", r"[\u0900-\u097f]"),
    ("Thai", r"[\u0e00-\u0e7f]"),
    ("Greek", r"[\u0370-\u03ff\u1f00-\u1fff]"),
)
_LETTERS = re.compile(r"[^\W\d_]")
_RUN = 2  # letters that a word of another script has at least; "σ" and "∇θ" are mathematics
_SHARE = 0.3  # of all letters; of ideograms each counts as three
_IDEOGRAMS = {"Japanese", "Korean", "Chinese", "Thai"}


_OPENINGS = {
    "German": re.compile(r"was (?:ist|sind|macht|bedeutet|passiert)\b|gibt es\b", re.IGNORECASE),
    "French": re.compile(r"qu['’]est-ce|c['’]est quoi|est-ce qu|y a-t-il", re.IGNORECASE),
    "Spanish": re.compile(r"¿", re.IGNORECASE),
    "Italian": re.compile(r"(?:che )?cos(?:a |['’])è\b|quali sono\b", re.IGNORECASE),
    "Portuguese": re.compile(r"o que (?:é|são)\b", re.IGNORECASE),
    "Dutch": re.compile(r"wat (?:is|zijn|doet)\b", re.IGNORECASE),
}
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ELIDED = re.compile(r"^(?:l|d|qu|n|s|j|c)['’](?=\w)", re.IGNORECASE)


def language_of(question: str) -> str:
    """The English name of the question's language where it is another one; "" otherwise."""
    return _by_script(question) or _by_words(question)


def is_written_in(text: str, language: str) -> bool:
    """Whether a text is in this language and not in English; for what answers a question that was asked in it."""
    if language not in SMALL:
        return bool(language) and _by_script(text) == language
    tokens = [_ELIDED.sub("", token).casefold() for token in _TOKEN.findall(text)]
    small = sum(token in SMALL[language] - ENGLISH for token in tokens)
    return small > 0 and small >= sum(token in ENGLISH - SMALL[language] for token in tokens)


def _by_script(question: str) -> str:
    letters = len(_LETTERS.findall(question))
    for language, pattern in _SCRIPTS:
        found = sum(len(run) for run in re.findall(f"{pattern}{{{_RUN},}}", question))
        weight = 3 if language in _IDEOGRAMS else 1
        if found and found * weight >= _SHARE * (letters + found * (weight - 1)):
            if language == "Chinese" and re.search(_SCRIPTS[0][1], question):
                return "Japanese"
            return language
    return ""


def _by_words(question: str) -> str:
    tokens = [_ELIDED.sub("", token).casefold() for token in _TOKEN.findall(question)]
    if not tokens:
        return ""
    opening = next((one for one, pattern in _OPENINGS.items() if pattern.match(question.strip())), "")
    if opening:
        return opening
    said = set(tokens)
    counts = {
        language: (len(said & words - ENGLISH), tokens[0] in FIRST[language]) for language, words in SMALL.items()
    }
    language = max(counts, key=lambda one: counts[one])
    most = counts[language][0]
    english = sum(token in ENGLISH - SMALL[language] for token in tokens)
    if most >= 2 and most > 2 * english and most >= len(tokens) / 5:
        return language
    first = [one for one, (small, begins) in counts.items() if small and begins]
    return max(first, key=lambda one: counts[one]) if first and not english else ""


def speaks(question: str, is_known: Callable[[str], bool]) -> bool:
    """Whether the papers hold most of the question's long words themselves: then they may be in its language."""
    words = [token for token in _TOKEN.findall(question) if len(token) > 4 and token == token.casefold()]
    return len(words) > 1 and sum(map(is_known, words)) > len(words) / 2


_NAME = re.compile(r"(?<![A-Za-z0-9.+-])[A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9](?![A-Za-z0-9])")


_WITHOUT_CAPITALS = {"Japanese", "Korean", "Chinese", "Arabic", "Hebrew", "Hindi", "Thai"}


def names_in(question: str, is_known: Callable[[str], bool]) -> list[str]:
    """What reads as a name in any language: `LoRA`, `GPT-4`, and words with a capital that the papers hold.

    The first word has a capital in any case, but not where a script has none.
    """
    begins = 0 if _by_script(question) in _WITHOUT_CAPITALS else 1
    found = [match for match in _NAME.finditer(question) if match[0] != match[0].lower()]
    names = [
        match[0]
        for match in found
        if sum(map(str.isupper, match[0])) > 1
        or re.search(r"\d", match[0])
        or (match.start() >= begins and is_known(match[0]))
    ]
    return list(dict.fromkeys(names))
