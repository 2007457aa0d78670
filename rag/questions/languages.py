"""Which language a question is in, by its script or its small words; "" for English and for what cannot be told.

No false alarm matters most: an English question may hold Greek letters, a name in Chinese, a title in German.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Small words that no English sentence has; "die", "was", "on", "man", "no", "me", "come" are left out.
_SMALL = {
    "German": _words(
        "der das dem den ein eine einen einem einer und oder nicht ist sind wird werden wurde wie welche welcher"
        " welches warum wieso wann wer wo mit für von vom zum zur auf aus bei durch gegen ohne über unter zwischen auch"
        " noch nur sich kann können soll gibt es im ich wir ihre ihr dass wenn als haben hat mehr viele alle diese"
        " dieser funktioniert braucht brauchen arbeiten verwendet beim sehr weniger besser"
    ),
    "French": _words(
        "le la les une des du est sont et ou dans avec pour par sur qui que quoi quel quelle quels quelles comment"
        " pourquoi combien aux ces cette cet ce il elle nous vous leur leurs peut peuvent plus moins sans entre fait"
        " y a-t-il fonctionne modèles méthodes articles ont été être sert utilisent moyen quand où"
    ),
    "Spanish": _words(
        "el los las una unos del al y o es son está están con por para sobre que qué cuál cuáles cómo cuánto cuántos"
        " porque dónde cuándo se su sus más menos sin entre hay puede pueden lo le este esta estos estas como"
        " funciona modelos usan tiene tienen mejor"
    ),
    "Italian": _words(
        "il gli della delle dei degli nel nella un uno una è sono con per che chi cosa quale quali perché quanto quanti"
        " si più meno tra fra può possono non anche questo questa questi funziona modelli usano di alla"
    ),
    "Portuguese": _words(
        "os uma um dos das no na nos nas é são com por para sobre que qual quais como quanto quantos porquê onde"
        " se seu sua mais menos sem entre há pode podem este esta estes funciona modelos usam tem têm não melhor ao"
    ),
    "Dutch": _words(
        "de het een en of niet zijn wordt worden hoe welke waarom wanneer wie waar met voor van op uit bij door zonder"
        " over tussen ook nog kan kunnen er dat deze dit meer minder werkt gebruiken gebruikt wat beter"
    ),
}
_ENGLISH = _words(
    "the a an of and or to in is are was were be been for on with by from as at that this these those it its how what"
    " which why when who where does do did can could should would will has have had not than then there their they we"
    " i you about into over under between more less most many much any some all using use used work works between"
)
_FIRST = {
    "German": _words("wie welche welcher welches warum wieso wann"),
    "French": _words("comment pourquoi quels quelles quel quelle combien"),
    "Spanish": _words("cómo qué cuáles cuál cuánto por"),
    "Italian": _words("perché quali quanto quanti come"),
    "Portuguese": _words("quais porquê como"),
    "Dutch": _words("hoe welke waarom"),
}
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
    if language not in _SMALL:
        return bool(language) and _by_script(text) == language
    tokens = [_ELIDED.sub("", token).casefold() for token in _TOKEN.findall(text)]
    small = sum(token in _SMALL[language] for token in tokens)
    return small > 0 and small >= sum(token in _ENGLISH for token in tokens)


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
    english = sum(token in _ENGLISH for token in tokens)
    counts = {language: len(words.intersection(tokens)) for language, words in _SMALL.items()}
    language = max(counts, key=lambda one: (counts[one], tokens[0] in _FIRST[one]))
    most = counts[language]
    if most >= 2 and most > 2 * english and most >= len(tokens) / 5:
        return language
    begins = [one for one, words in _FIRST.items() if tokens[0] in words]
    return begins[0] if begins and not english and most else ""


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
