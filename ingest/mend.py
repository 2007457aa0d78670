"""Mends damage of a text that can be told for sure, for display and search; the catalogue keeps the original.

Mended: lost blanks after a full stop, `~` for a blank, LaTeX commands and accents, ligatures, mojibake, HTML entities,
invisible characters. Not mended, for nobody can know: lost mathematics ("1.12times"), blanks lost between words.
"""

from __future__ import annotations

import html
import re
import unicodedata

from ingest.latex import latex_to_text

# A text without any of these has nothing to mend.
_SUSPECT = re.compile(r"[^\x20-\x7d\n]|[~\\]|[.?!][A-Z]|&[#a-zA-Z]|  |\n")
_LIGATURES = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
}  # fmt: skip
_LIGATURE = re.compile(f"[{''.join(_LIGATURES)}]")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff]")
_BLANK = re.compile("[ \t\r\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|ndash|mdash|hellip|[lr][sd]quo|#\d{2,5}|#x[0-9a-fA-F]{2,5});")
_TILDE = re.compile(r"(?<=[A-Za-z0-9.,;:)\]}])~(?=[(\[A-Za-z\\])")
_WORD_WITH_TILDE = re.compile(r"\S*~\S*")

_STARTERS = (
    "Additionally|After|All|Although|Among|An|And|Another|As|At|Based|Because|Besides|Both|But|By|Code|Compared|"
    "Consequently|Current|Despite|Different|Due|During|Each|Empirical|Even|Existing|Experiment|Experimental|"
    "Experiments|Extensive|Finally|First|Firstly|Following|For|From|Further|Furthermore|Given|Hence|Here|How|However|"
    "If|In|Inspired|Instead|It|Its|Lastly|Many|Meanwhile|Moreover|More|Most|Motivated|Nevertheless|Next|No|"
    "Notably|On|One|Only|Our|Overall|Particularly|Previous|Prior|Project|Recent|Recently|Related|Remarkably|Results|"
    "Second|Secondly|Several|Similarly|Since|So|Some|Specifically|Still|Such|That|The|Then|There|Therefore|These|"
    "They|Third|This|Those|Though|Through|Thus|To|Traditional|Two|Under|Unlike|Using|Via|We|What|When|Where|Whereas|"
    "Whether|Which|While|Why|With|Within|Without|Yet"
)
_FULL_STOP_AND_CAPITAL = re.compile(r"[.?!][A-Z]")
# Not after a capital ("U.S.In" may be a name), nor inside an address, a file name, a version.
_LOST_BLANK = re.compile(
    rf"(?<=[a-z0-9)\]%”\"’])([.?!])(?=(?:{_STARTERS})(?:[,:]?\s|$))|(?<=[a-z]{{3}})([.?!])(?=[AI]\s)"
)
# Any other capitalised word needs a plain word before the full stop, and not one that code puts there.
_LOST_BLANK_WORDS = re.compile(
    r"(?:(?<=\s)|(?<=^)|(?<=\())([a-z]+(?:-[a-z]+)*[a-z]{3})\.(?=[A-Z][a-z]{3,}(?:[,:]?\s[a-z(]))"
)
_CODE_WORDS = frozenset(
    {"torch", "numpy", "keras", "tensorflow", "sklearn", "scipy", "pandas", "django", "java", "javax", "system"}
    | {"object", "module", "self", "math", "random", "this", "class", "package", "string", "array", "model", "models"}
    | {"layers", "optim", "functional", "socket", "asyncio", "threading", "logging", "react"}
)
_HOST = re.compile(r"www\.|[a-z0-9-]\.[a-z]{2,}/")
_TOKEN = re.compile(r"\S+")


def mend_text(text: str) -> str:
    """The text with certain damage mended; paragraphs stay parted by a blank line."""
    if not _SUSPECT.search(text):
        return text.strip()
    if not text.isascii():
        text = _mend_characters(text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if "~" in text:
        text = _WORD_WITH_TILDE.sub(_mend_tildes, text)
    if "\\" in text:
        text = latex_to_text(text)
    text = _INVISIBLE.sub("", text)
    text = _mend_full_stops(text)
    return _mend_blanks(text)


def mend_title(title: str) -> str:
    """The same for a title, which is one line."""
    return " ".join(mend_text(title).split())


def _mend_characters(text: str) -> str:
    text = _LIGATURE.sub(lambda found: _LIGATURES[found[0]], text)
    text = unicodedata.normalize("NFC", text)
    from ftfy import fix_encoding  # takes 60 ms to import, and most texts need none of it
    from ftfy.badness import is_bad

    # Only what decodes without a guess: neither lost bytes nor lost blanks are put back.
    return fix_encoding(text, restore_byte_a0=False, replace_lossy_sequences=False) if is_bad(text) else text


def _mend_tildes(found: re.Match[str]) -> str:
    word = found[0]
    if "://" in word:
        before, address = word.split("://", 1)
        return f"{_TILDE.sub(' ', before)}://{address}"  # "at~https://host/~name"
    return word if "/~" in word else _TILDE.sub(" ", word)


def _mend_full_stops(text: str) -> str:
    def apart(found: re.Match[str]) -> str:
        token = _token_around(text, found.start())
        kept = "://" in token or "@" in token or "\\" in token or _HOST.search(token)
        return found[0] if kept else f"{found[0]} "

    if _FULL_STOP_AND_CAPITAL.search(text):
        text = _LOST_BLANK.sub(apart, text)
        text = _LOST_BLANK_WORDS.sub(lambda found: found[0] if found[1] in _CODE_WORDS else f"{found[1]}. ", text)
    return text


def _token_around(text: str, place: int) -> str:
    start = max(text.rfind(" ", 0, place), text.rfind("\n", 0, place)) + 1
    found = _TOKEN.match(text, start)
    return found[0] if found else ""


def _mend_blanks(text: str) -> str:
    text = _BLANK.sub(" ", text)
    if "\n" not in text:
        return text.strip()
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
