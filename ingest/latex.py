"""LaTeX in running text to what it prints: accents, formatting, symbols. Unknown commands stay as they are.

Symbols by the names of LaTeX's own tables (Pakin, "The Comprehensive LaTeX Symbol List"). Formulas are not set: only
what one character or plain text says as well is replaced.
"""

from __future__ import annotations

import re
import unicodedata

_GREEK = (
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ "
    "mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ "
    "Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω"
)
_SIGNS = (
    "times × pm ± cdot · div ÷ ast ∗ star ⋆ leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ approx ≈ sim ∼ simeq ≃ equiv ≡ propto ∝ "
    "ll ≪ gg ≫ infty ∞ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ forall ∀ exists ∃ partial ∂ nabla ∇ ell ℓ "
    "rightarrow → to → longrightarrow → Rightarrow ⇒ leftarrow ← Leftarrow ⇐ leftrightarrow ↔ Leftrightarrow ⇔ "
    "uparrow ↑ downarrow ↓ mapsto ↦ implies ⇒ oplus ⊕ otimes ⊗ odot ⊙ oslash ⊘ circ ∘ bullet • dagger † sum ∑ prod ∏ "
    "int ∫ ldots … dots … cdots ⋯ lnot ¬ neg ¬ land ∧ lor ∨ perp ⊥ angle ∠ checkmark ✓ "
    "textquotedblleft “ textquotedblright ” textquoteleft ‘ textquoteright ’ textendash – textemdash — textellipsis … "
    "textregistered ® texttrademark ™ textunderscore _ textasciicircum ^ textperiodcentered · "
    "S § P ¶ copyright © pounds £ textgreater > textless < textbar | textasciitilde ~ textbackslash ⧵ textdegree ° "
    "o ø O Ø l ł L Ł ss ß ae æ AE Æ oe œ OE Œ aa å AA Å i ı"
)
_FUNCTIONS = ("log", "exp", "min", "max", "arg", "argmin", "argmax", "sin", "cos", "tan", "lim", "sup", "inf", "det")
_WORDS = {name: name for name in _FUNCTIONS} | {
    "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "vs": "vs.", "etc": "etc.", "wrt": "w.r.t.", "aka": "a.k.a.",
}  # fmt: skip
_PAIRS = f"{_GREEK} {_SIGNS}".split()
SYMBOLS: dict[str, str] = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)) | _WORDS

_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\(?:(?P<mark>[\"'`^~=.])\s*(?:\{\s*(?P<a>\\?[A-Za-z])\s*\}|(?P<b>\\[ij](?![A-Za-z])|[A-Za-z]))"
    r"|(?P<letter>[uvHckrdb])(?:\{\s*(?P<c>\\?[A-Za-z])\s*\}|\s+(?P<d>[A-Za-z])(?![A-Za-z])))"
)
_POSSESSIVE = re.compile(r"(?<=[A-Za-z])\\'(?=(?:s|t|re|ve|ll|d|m)\b)")
_SHAPES = (
    "textbf|textit|textrm|textsf|texttt|textsc|textsl|textup|textmd|textnormal|text|emph|mathrm|mathbf|mathit|mathsf|"
    "mathtt|mathcal|mathbb|mathfrak|boldsymbol|bm|mbox|underline|operatorname|url|path|uppercase|ensuremath|hbox|small"
)
_SHAPED = re.compile(rf"\\(?:{_SHAPES})\*?\s*\{{([^{{}}\\]*)\}}")
_SWITCHED = re.compile(r"\{\s*\\(?:it|em|bf|tt|sc|sf|rm|sl|itshape|bfseries|scshape|ttfamily)\s+([^{}\\]*)\}")
_LINK = re.compile(r"\\href\s*\{([^{}]*)\}\s*\{([^{}\\]*)\}")
_NOTE = re.compile(r"\s*\\footnote\s*\{([^{}\\]*)\}")
_REFERENCE = re.compile(r"\s*~?\\(?:cite[a-z]*|ref|label|footnotemark)\*?(?:\[[^\]]*\])*\{[^{}]*\}")
_DEGREE = re.compile(r"\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![A-Za-z]))")
_COMMAND = re.compile(r"\\([A-Za-z]+)(\s*\{\})?(\s*)(?=(.?))", re.DOTALL)
_ESCAPED = re.compile(r"\\([%&$#_{}])")
_SPACES = re.compile(r"\\[,;:! ]|\\(?:quad|qquad|allowbreak|linebreak|newline|noindent|xspace)(?![A-Za-z])\s*")
_BRACED = re.compile(r"(?<!\\.)\{\s*(\\(?:[A-Za-z]+|[\"'`^~=.][A-Za-z]))\s*\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}\\]{1,30})\}\s*\{([^{}\\]{1,30})\}")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}\\]{1,30})\}")
_ONE_TERM = re.compile(r"\w+|\d+\.\d+")
_FORMULA = re.compile(r"\$([^$\n]{1,120}\\[^$\n]{0,120}|\\[^$\n]{1,120})\$")


def latex_to_text(text: str) -> str:
    """The text with every LaTeX command that plain text can say replaced, from the inside out."""
    if "\\" not in text:
        return text
    text = _FORMULA.sub(_formula, text)
    return _replace(text)


def _formula(found: re.Match[str]) -> str:
    inside = _replace(found[1])
    return found[0] if "\\" in inside else inside


def _replace(text: str) -> str:
    text = _POSSESSIVE.sub("'", text)
    text = _DEGREE.sub("°", text)
    text = _BRACED.sub(_unbraced, text)
    text = _ACCENT.sub(_accented, text)
    text = _REFERENCE.sub("", text)
    text = _COMMAND.sub(_symbol, text)
    for _ in range(6):  # a command inside another's braces
        before = text
        text = _SHAPED.sub(r"\1", text)
        text = _SWITCHED.sub(r"\1", text)
        text = _LINK.sub(r"\2 (\1)", text)
        text = _NOTE.sub(r" (\1)", text)
        text = _FRACTION.sub(lambda found: f"{_term(found[1])}/{_term(found[2])}", text)
        text = _ROOT.sub(lambda found: f"√{_term(found[1])}", text)
        if text == before:
            break
    text = _SPACES.sub(" ", text)
    return _ESCAPED.sub(r"\1", text)


def _accented(found: re.Match[str]) -> str:
    mark = found["mark"] or found["letter"]
    letter = (found["a"] or found["b"] or found["c"] or found["d"]).lstrip("\\")
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[mark])
    return whole if len(whole) == 1 else found[0]  # no such letter: it was no accent


def _unbraced(found: re.Match[str]) -> str:
    r"""As in "{\alpha}-FLOPs", "{\L}ojasiewicz" and "G{\"o}del"."""
    name = found[1][1:]
    return found[1] if not name[0].isalpha() else SYMBOLS.get(name, found[0])


def _symbol(found: re.Match[str]) -> str:
    symbol = SYMBOLS.get(found[1])
    if symbol is None:
        return found[0]
    # LaTeX swallows the blanks after a command; people who wrote text meant them.
    glue = " " if symbol.isalpha() and len(symbol) > 1 and found[4].isalnum() and not found[3] else found[3]
    return symbol + glue


def _term(text: str) -> str:
    return text if _ONE_TERM.fullmatch(text) else f"({text})"
