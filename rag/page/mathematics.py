r"""Formulas of a text as HTML, where it is certain that they are formulas; everything else shows as it stands.

A formula is what stands between `$...$`, `\(...\)`, `$$...$$` or `\[...\]`, closed, and understood to its last sign:
letters and numbers, signs, sub- and superscripts, fractions, roots, and the commands that one character can say. One
that is not understood keeps its dollars. Prices are none: "$5 and $10" has a blank before its second dollar, and
"from $5,$6" a number behind it. Without dollars only `n^2`, `10^{-3}` and `x_{t+1}` are read, behind one letter or a
number.

It is drawn with italics, `<sub>` and `<sup>`: no fonts to load, it is read aloud in order, and it copies as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.latex import SYMBOLS
from rag.page.text import escape

_LONGEST = 200  # characters between the dollars
_LETTERS_IN_A_ROW = 3  # as in QKV
# An opening dollar has no blank behind it and no word before it, a closing one no blank before and no digit behind it.
FORMULA = re.compile(
    rf"(?<![\\$\w])\$\$(?P<shown>[^$\n]{{1,{_LONGEST}}})\$\$(?![$\w])"
    rf"|(?<![\\$\w])\$(?![\s$])(?P<dollars>[^$\n]{{1,{_LONGEST}}}?)(?<![\s\\])\$(?![$\w])"
    rf"|\\\((?P<round>[^$\n]{{1,{_LONGEST}}}?)\\\)"
    rf"|\\\[(?P<square>[^$\n]{{1,{_LONGEST}}}?)\\\]"
)
_BARE = re.compile(
    r"(?<![\w\\/.$^@#:-])(?P<base>[A-Za-z]|\d{1,4})"
    r"(?P<script>(?:[_^]\{[A-Za-z0-9+\-]{1,8}\})+|\^-?\d{1,3}|\^[a-z]|_(?:\d|[a-z]))(?![\w^{}$/@])"
)
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|(-?\w+))")
_TAGS = {"_": "sub", "^": "sup"}
# What stands between the dollars of two prices: "$5k (or 6k$)", "$3 per day or 4$".
_AMOUNT = re.compile(r"\d[\d.,]*\s?[kKmMbBtT](?![A-Za-z_^])")
_SMALL_WORD = re.compile(r"(?<![A-Za-z\\{])(?:an|and|as|at|by|for|in|is|of|or|per|the|to|vs)[ .]")

_SIGN = re.compile(r"\\[A-Za-z]+\*?|\\[,;:!{}%&$# |]|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_UPRIGHT = frozenset({"text", "textrm", "mathrm", "operatorname", "mathsf", "mathtt", "texttt", "mbox", "textsf"})
_SHAPED = {"mathbf": "b", "boldsymbol": "b", "bm": "b", "textbf": "b", "mathit": "i", "textit": "i", "emph": "i"}
_PLAIN = frozenset({"mathcal", "mathbb", "mathfrak", "mathscr"})
_MARKS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304", "vec": "\u20d7",
    "dot": "\u0307",
}  # fmt: skip
_UNSEEN = frozenset({"left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "limits", "displaystyle"})
_SPACES = {"\\,": "\u2009", "\\;": " ", "\\:": " ", "\\ ": " ", "\\!": "", "\\quad": " ", "\\qquad": " "}
_LITERAL = {"\\{": "{", "\\}": "}", "\\%": "%", "\\&": "&", "\\$": "$", "\\#": "#", "\\|": "‖"}
_MORE_PAIRS = str.split(
    "mid | parallel ∥ lVert ‖ rVert ‖ Vert ‖ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ setminus ∖ colon : "
    "prime ′ emptyset ∅ gtrsim ≳ lesssim ≲ cong ≅ iff ⇔ ln ln Pr Pr softmax softmax dim dim deg deg top ⊤"
)
_COMMANDS = SYMBOLS | dict(zip(_MORE_PAIRS[::2], _MORE_PAIRS[1::2], strict=True))
_SIGNS = frozenset("+-−*/=<>()[]|,.;:!'′…·×±∈≤≥≠≈→←∞∑∏∫√∂∇°%‖⟨⟩")
_SPACED = frozenset("=<>≤≥≠≈→←∈×±∼≡∝⇒")
_TIGHT = re.compile(r" (=|∈|→) ")  # in a script nothing is spaced


class _NotUnderstoodError(Exception):
    """A sign that this reader does not know: the formula shows as it was written."""


def as_html(text: str) -> str:
    """The text for HTML, between tags: escaped, with its formulas drawn."""
    pieces: list[str] = []
    cursor = 0
    for start, end, drawn in formulas(text):
        pieces += [_with_bare(text[cursor:start]), drawn]
        cursor = end
    return "".join([*pieces, _with_bare(text[cursor:])])


def formulas(text: str) -> Iterator[tuple[int, int, str]]:
    """Begin and end of each formula that is understood, with its HTML, in order."""
    if "$" not in text and "\\" not in text:
        return
    cursor = 0
    while found := FORMULA.search(text, cursor):
        drawn = formula_html(next(part for part in found.groups() if part is not None))
        if drawn:
            yield found.start(), found.end(), drawn
        cursor = found.end() if drawn else found.start() + 1


def formula_html(inside: str) -> str:
    """What stands between the dollars as HTML; empty where it is not understood for sure."""
    is_balanced = sum(map(inside.count, "([")) == sum(map(inside.count, ")]"))  # "[0, 1)" is an interval
    if not is_balanced or _AMOUNT.search(inside) or _SMALL_WORD.search(inside):
        return ""
    signs = _SIGN.findall(inside.strip())
    try:
        drawn, rest = _row(signs, 0, until="")
    except _NotUnderstoodError:
        return ""
    drawn = re.sub(r" {2,}", " ", drawn).strip()
    return f'<span class="formula">{drawn}</span>' if drawn and rest == len(signs) else ""


def _with_bare(text: str) -> str:
    if "^" not in text and "_" not in text:
        return escape(text)
    pieces: list[str] = []
    cursor = 0
    for found in _BARE.finditer(text):
        base = found["base"]
        if base.isdigit() and found["script"].startswith("_"):
            continue  # 1_000 is a number, not a subscript
        scripts = "".join(
            f"<{_TAGS[sign]}>{_minus(escape(group or one))}</{_TAGS[sign]}>"
            for sign, group, one in _SCRIPT.findall(found["script"])
        )
        shown = base if base.isdigit() else f"<i>{base}</i>"
        pieces += [escape(text[cursor : found.start()]), f'<span class="formula">{shown}{scripts}</span>']
        cursor = found.end()
    return "".join([*pieces, escape(text[cursor:])])


def _row(signs: list[str], place: int, *, until: str) -> tuple[str, int]:
    """Everything up to `until`, which is passed: the HTML, and where the reading stands."""
    pieces: list[str] = []
    letters = 0  # in a row: a word without a command around it is not mathematics
    while place < len(signs):
        sign = signs[place]
        if sign == until:
            return "".join(pieces), place + 1
        if sign in _TAGS:
            if not pieces:
                raise _NotUnderstoodError
            script, place = _argument(signs, place + 1)
            tight = _TIGHT.sub(r"\1", script)
            pieces.append(f"<{_TAGS[sign]}>{tight}</{_TAGS[sign]}>")
            letters = 0
            continue
        letters = letters + 1 if sign.isalpha() and len(sign) == 1 else 0
        if letters > _LETTERS_IN_A_ROW:
            raise _NotUnderstoodError
        drawn, place = _atom(signs, place)
        pieces.append(drawn)
    if until:
        raise _NotUnderstoodError
    return "".join(pieces), place


def _argument(signs: list[str], place: int) -> tuple[str, int]:
    """A group in braces or one sign, without the blanks before it."""
    while place < len(signs) and signs[place].isspace():
        place += 1
    if place >= len(signs) or signs[place] in {"_", "^", "}"}:
        raise _NotUnderstoodError
    return _atom(signs, place)


def _atom(signs: list[str], place: int) -> tuple[str, int]:
    """One group, command, number, sign or letter."""
    sign, after = signs[place], place + 1
    if sign == "{":
        return _row(signs, after, until="}")
    if sign.startswith("\\"):
        return _command(signs, place)
    if sign.isspace():
        return " ", after
    if sign[0].isdigit():
        return escape(sign), after
    if sign in _SIGNS:
        return (f" {escape(sign)} " if sign in _SPACED else _minus(escape(sign))), after
    if len(sign) == 1 and sign.isalpha():
        return f"<i>{sign}</i>", after
    raise _NotUnderstoodError


def _command(signs: list[str], place: int) -> tuple[str, int]:
    sign, after = signs[place], place + 1
    name = sign[1:].rstrip("*")
    if sign in _SPACES or name in _UNSEEN:
        return _SPACES.get(sign, ""), after
    if sign in _LITERAL:
        return escape(_LITERAL[sign]), after
    if name in _COMMANDS:
        symbol = _COMMANDS[name]
        if symbol in _SPACED:
            return f" {symbol} ", after
        return (f"<i>{symbol}</i>" if len(symbol) == 1 and symbol.islower() else escape(symbol)), after
    return _command_over(name, signs, after)


def _command_over(name: str, signs: list[str], place: int) -> tuple[str, int]:
    """A command that changes what follows it."""
    if name in _UPRIGHT or name in _PLAIN or name in _SHAPED:
        words, place = _words(signs, place)
        tag = _SHAPED.get(name)
        return (f"<{tag}>{escape(words)}</{tag}>" if tag else escape(words)), place
    if name in _MARKS:
        under, place = _words(signs, place)
        if len(under) != 1:
            raise _NotUnderstoodError
        return f"<i>{escape(under + _MARKS[name])}</i>", place
    if name in {"frac", "dfrac", "tfrac"}:
        above, place = _argument(signs, place)
        below, place = _argument(signs, place)
        return f"{_in_brackets(above)}/{_in_brackets(below)}", place
    if name == "sqrt":
        under, place = _argument(signs, place)
        return f"√{_in_brackets(under)}", place
    raise _NotUnderstoodError


def _words(signs: list[str], place: int) -> tuple[str, int]:
    """The plain words in the braces that follow, or the one sign."""
    if place < len(signs) and signs[place].isalnum():
        return signs[place], place + 1
    if place >= len(signs) or signs[place] != "{" or "}" not in signs[place:]:
        raise _NotUnderstoodError
    end = signs.index("}", place)
    words = [SYMBOLS.get(sign[1:], sign) if sign.startswith("\\") else sign for sign in signs[place + 1 : end]]
    if any(word == "{" or word.startswith("\\") for word in words):
        raise _NotUnderstoodError
    return "".join(words), end + 1


def _in_brackets(drawn: str) -> str:
    """A term of one letter or number as it is, a longer one in brackets."""
    return drawn if re.fullmatch(r"[\w.,]+|<i>.</i>", drawn) else f"({drawn})"


def _minus(text: str) -> str:
    return text.replace("-", "−")
