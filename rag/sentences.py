"""Where the sentences of an abstract or an answer begin and end, as exact spans of the text.

Rules for scientific English as it stands in saved pages: abbreviations, initials, decimals, addresses, blanks lost
after a full stop ("instructions.With"), citation markers after it ("holds. [2] Next"), Chinese and Japanese stops.
Nothing is changed: every sentence is `text[start:end]`, without the blanks around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.corpus import Quote


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence, whatever follows.
_ABBREVIATIONS = _words(
    """
    e.g i.e eg ie vs cf fig figs eq eqs eqn sec secs tab thm lem prop def ref refs resp approx esp incl viz wrt
    w.r.t s.t a.k.a dr prof mr mrs ms vol pp no nos st ca aka e.g, i.e, alg app ch
    """
)
# The end of a sentence only where a word follows that often opens one.
_SOMETIMES = _words(
    """
    al etc inc ltd jr sr ph.d u.s u.k e.u u.n a.i a.m p.m dept univ corp proc conf est spec max min avg
    """
)
_OPENERS = _words(
    """
    a across additionally after all also although among an and another as at based because besides both building
    but by code compared comparing consequently conversely currently data despite different do does due during
    each empirically even evaluated evaluation existing experimental experiments extensive finally first firstly
    following for from further furthermore given has having hence here how however if importantly in indeed
    inspired instead it its last lastly many meanwhile more moreover most motivated much nevertheless next
    nonetheless notably now on one once only other our overall previous prior recent recently results second
    secondly several similarly since so some specifically still such surprisingly take than that the their then
    theoretically there therefore these they third this those though through thus to today together traditional
    two unfortunately unlike until using was we what when where whereas whether which while who why with within
    without yet you under over can are is let via training learning large deep project datasets dataset github
    codes
    """
)
_CLOSERS = "\"'”’»)]}*`"

_STOP = re.compile(
    r"[.?!…]+|[。！？]+|\n[ \t]*\n+|\n(?=[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t])"
    r"|(?<=[.:;,]) (?=(?:\\?bullet|\\item|•) +[A-Z])"  # what is left of a LaTeX list
)
_MARKERS = re.compile(r"(?:[ \t]?\[\d{1,3}(?:[ ,;\-–]+\d{1,3})*\])+")
_LAST_WORD = re.compile(r"[^\s([{\"“‘'*]*$")
_NEXT_WORD = re.compile(r"[\s([{\"“‘'`*_]*([\w\\$]?[\w'’.+\-]*)")
_INITIAL = re.compile(r"^(?:[A-Z]\.)*[A-Z]$")
_LIST_NUMBER = re.compile(r"(?:^|[.:;!?\n])\s*\(?\d{1,2}$")
_GLUED = re.compile(r"[A-Z][a-z]*(?=[\s,]|$)")
_NAME_IN_LOWER_CASE = re.compile(r"\w*[A-Z\d_]\w*$|\w+-\w+$|[ivx]{1,4}$|[a-h]$|\\")


def split_sentences(text: str) -> list[Quote]:
    """The sentences in order; together they hold everything but the blanks between them."""
    return [Quote(text=text[start:end], start=start, end=end) for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """`(start, end)` of each sentence, as `split_sentences`."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [*_boundaries(text), len(text)]:
        if end < start:
            continue
        piece = text[start:end]
        stripped = piece.strip()
        if not stripped:
            continue
        left = start + len(piece) - len(piece.lstrip())
        if spans and not any(letter.isalnum() for letter in stripped) and not text[spans[-1][1] : left].count("\n"):
            spans[-1] = (spans[-1][0], left + len(stripped))  # punctuation alone belongs to what came before
        else:
            spans.append((left, left + len(stripped)))
        start = end
    return spans


def _boundaries(text: str) -> Iterator[int]:
    """Offsets just behind each sentence's last character."""
    has_capitals = any(letter.isupper() for letter in text)
    for stop in _STOP.finditer(text):
        if stop[0][0] in "\n 。！？":
            yield stop.end()
            continue
        end = stop.end()
        while end < len(text) and text[end] in _CLOSERS:
            end += 1
        if marker := _MARKERS.match(text, end):
            end = marker.end()
        if end >= len(text):
            yield end
        elif text[end].isspace():
            if _ends_before_blank(text, stop, end, has_capitals):
                yield end
        elif end == stop.end() and _ends_without_blank(text, stop):
            yield end


def _ends_before_blank(text: str, stop: re.Match[str], end: int, has_capitals: bool) -> bool:
    follows = _NEXT_WORD.match(text, end)
    following = follows[1] if follows else ""
    opener = following.casefold() in _OPENERS and following[:1].isupper()
    word = _word_before(text, stop.start())
    plain = word.casefold().strip(",;:").removeprefix("~")
    if stop[0] == ".":
        if plain in _ABBREVIATIONS and not (plain == "no" and opener):
            return False
        if (plain in _SOMETIMES or _INITIAL.match(word)) and not opener:
            return False
        if word.isdigit() and len(word) <= 2 and _LIST_NUMBER.search(text, max(0, stop.start() - 12), stop.start()):
            return False
    if not following or not following[0].isalpha() or not following[0].islower():
        return True
    if stop[0] != "." and stop[0] != "…" and stop[0] != "...":
        return not has_capitals
    if _NAME_IN_LOWER_CASE.match(following):
        return True
    if text[end - 1] in _CLOSERS:
        return False
    return stop[0] == "." and (not has_capitals or (len(plain) >= 4 and plain.isalpha() and plain not in _SOMETIMES))


def _ends_without_blank(text: str, stop: re.Match[str]) -> bool:
    """A blank was lost: "instructions.With", "72.1%.We"; but not "github.com/Name", "ChaKi.NET" or "torch.Tensor"."""
    follows = _GLUED.match(text, stop.end())
    if not follows or len(stop[0]) > 1:
        return False
    word = _word_before(text, stop.start())
    if "/" in word or "@" in word or "www" in word or word.casefold() in _ABBREVIATIONS:
        return False
    ordinary = len(word) >= 4 and word.replace("-", "").isalpha() and word[1:].islower()
    closed = text[stop.start() - 1] in ')]}%"”' or (word[-1:].isdigit() and "." in word)
    return follows[0].casefold() in _OPENERS and (ordinary or closed or (len(word) >= 2 and word.isalpha()))


def _word_before(text: str, position: int) -> str:
    """The word that ends at `position`, without brackets or quotes before it."""
    begin = max(0, position - 60)
    found = _LAST_WORD.search(text[begin:position])
    return found[0] if found else ""
