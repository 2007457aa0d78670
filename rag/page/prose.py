"""An answer's Markdown as HTML: citations become links, and each checked sentence says how well it is supported.

A model's Markdown is text of others. Raw HTML shows as text, images become their description, links that are not
http or https become their label, and reference definitions (which could turn every `[1]` into a link) are off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from rag.corpus import AnswerSentence
from rag.page.mathematics import FORMULA, as_html, formula_html, formulas
from rag.page.text import escape, printable, safe_url
from rag.page.text import sentence as as_sentence

# A sentence's place is carried through the Markdown reader by two rare punctuation signs. They have to be
# punctuation: a letter or a private character would change how Markdown reads a `**` beside it.
_BEGIN, _END = "\u2e3a", "\u2e3b"
_SIGNS = re.compile(f"([{_BEGIN}{_END}])")
# The end of the word before, the markers, and a sign of the sentence, which reads better before the small numbers.
_CITED = re.compile(
    r"(?P<word>[^\s\[\]]{0,24})(?P<markers>(?:\s*\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\])+)(?P<sign>[.,;:!?]?)"
)
_LAST_MARKERS = re.compile(r"(?:\s*\[\d{1,3}\])+\s*$")
_LEAD = re.compile(r"\s*“(.+)”:\s*", re.DOTALL)
_ROW = re.compile(r"(\|)(.*?)((?<!\\)\|)$", re.DOTALL)
_LINE_START = re.compile(r"^\s*(?:[-*+]|\d+[.)]|#{1,6}|>)\s+")

SUPPORT_WORDS = {"supported": "supported", "partial": "partly supported", "unsupported": "not supported"}


@dataclass(slots=True)
class _State:
    """Where the drawing stands: which sentence it is in, and which it has passed."""

    sentences: Sequence[AnswerSentence]
    numbers: Collection[int] | None  # citations that have a source to lead to; None: not known yet
    anchor: str
    position: int = -1
    inside: bool = False


def answer_html(
    text: str, *, anchor: str, numbers: Collection[int] | None, sentences: Sequence[AnswerSentence] = ()
) -> str:
    """The answer as HTML. A citation `[2]` becomes a link to `#<anchor>-source-2` where 2 is one of `numbers`.

    With None for `numbers` the text is still growing: its citations look the same and lead nowhere yet.
    Sentences that are checked and not fully supported are marked, in words and with the reason.
    """
    checked = [sentence for sentence in sentences if sentence.checked and sentence.text.strip()]
    signed, placed = _sign_sentences(_SIGNS.sub("", printable(text)), checked)
    state = _State(sentences=placed, numbers=numbers, anchor=anchor)
    return "".join(_render(_reader().parse(signed), state))


def extract_html(text: str, *, anchor: str, numbers: Collection[int], sentences: Sequence[AnswerSentence]) -> str:
    """An answer of verbatim sentences as HTML. It is no Markdown, and only the marker behind a sentence is a citation:
    abstracts have brackets of their own. The title in front of a paper's sentences becomes its lead."""
    signed, placed = _sign_sentences(_SIGNS.sub("", printable(text)), sentences)
    position = iter(placed)
    return "".join(
        f"<p>{_extract_paragraph(paragraph, position, anchor, numbers)}</p>"
        for paragraph in re.split(r"\n\s*\n", signed)
        if paragraph.strip()
    )


def _extract_paragraph(text: str, placed: Iterator[AnswerSentence], anchor: str, numbers: Collection[int]) -> str:
    pieces: list[str] = []
    for piece in re.split(f"({_BEGIN}[^{_END}]*{_END})", text):
        if piece.startswith(_BEGIN):
            words = _LAST_MARKERS.sub("", piece[1:-1])
            cited = [number for number in next(placed).citations if number in numbers]
            head, word = _last_word(words)
            links = "".join(citation_link(number, anchor) for number in cited)
            pieces.append(f'{as_html(head)}<span class="keep">{as_html(word)}{links}</span>')
        elif lead := _LEAD.fullmatch(piece):
            pieces.append(f'<b class="lead">{as_html(lead[1])}</b>')
        else:
            pieces.append(as_html(piece))
    return "".join(pieces)


def _last_word(text: str) -> tuple[str, str]:
    """The text up to its last word, and that word; a formula is not cut."""
    cut = text.rfind(" ") + 1
    for start, end, _ in formulas(text):
        cut = end if start < cut < end else cut
    return text[:cut], text[cut:]


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable("table")
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # judged when drawn, to keep the label
    reader.inline.ruler.before("escape", "formula", _read_formula)  # before Markdown takes `\\(` and `_` apart
    return reader.disable(["reference", "html_block", "html_inline"])


def _read_formula(state: StateInline, silent: bool) -> bool:
    """A rule for the Markdown reader: a formula that is certain becomes a piece of its own."""
    if state.src[state.pos] not in "$\\":
        return False
    found = FORMULA.match(state.src, state.pos, state.posMax)
    inside = next((part for part in found.groups() if part is not None), "") if found else ""
    drawn = "" if _SIGNS.search(inside) else formula_html(inside)
    if not found or not drawn:
        return False
    if not silent:
        state.push("formula", "", 0).content = drawn
    state.pos = found.end()
    return True


def _sign_sentences(text: str, sentences: Sequence[AnswerSentence]) -> tuple[str, list[AnswerSentence]]:
    """The text with a sign at both ends of each sentence that is found in it, in order, and those sentences."""
    pieces: list[str] = []
    placed: list[AnswerSentence] = []
    cursor = 0
    for sentence in sentences:
        words = _LINE_START.sub("", _SIGNS.sub("", printable(sentence.text)).strip()).split()
        found = re.compile(r"\s+".join(map(re.escape, words))).search(text, cursor) if words else None
        if found:
            # A table's row keeps its bars outside, or it would have other cells.
            bars = _ROW.match(found[0])
            before, words_there, after = bars.groups() if bars else ("", found[0], "")
            pieces += [text[cursor : found.start()], before, _BEGIN, words_there, _END, after]
            placed.append(sentence)
            cursor = found.end()
    return "".join([*pieces, text[cursor:]]), placed


def _render(tokens: Sequence[Token], state: _State) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "inline":
                yield from _render_inline(token.children or (), state)
            case "fence" | "code_block":
                yield f"<pre><code>{escape(_SIGNS.sub('', token.content))}</code></pre>"
                yield from _pass_signs(token.content, state)
            case "heading_open" | "heading_close":
                yield "<h4>" if token.nesting == 1 else "</h4>"  # the question is the heading above all of them
            case "table_open":
                yield '<div class="wide"><table>'
            case "table_close":
                yield "</table></div>"
            case "hr":
                yield "<hr>"
            case _ if token.hidden or not token.tag:
                continue
            case _:
                start = token.attrGet("start")
                yield f"<{'/' if token.nesting == -1 else ''}{token.tag}{f' start={int(start)}' if start else ''}>"


def _render_inline(tokens: Sequence[Token], state: _State) -> Iterator[str]:
    links: list[bool] = []
    for token in tokens:
        match token.type:
            case "text":
                yield from _render_text(token.content, state)
            case "formula":
                yield _as_claim(token.content, state)
            case "image":
                yield from _render_text(token.content, state)
            case "code_inline":
                yield f"<code>{escape(_SIGNS.sub('', token.content))}</code>"
                yield from _pass_signs(token.content, state)
            case "softbreak":
                yield "\n"
            case "hardbreak":
                yield "<br>"
            case "link_open":
                url = safe_url(str(token.attrGet("href") or ""))
                links.append(url is not None)
                if url:
                    yield f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow">'
            case "link_close":
                yield "</a>" if links.pop() else ""
            case _ if token.tag in {"em", "strong"}:
                yield f"<{'/' if token.nesting == -1 else ''}{token.tag}>"


def _render_text(text: str, state: _State) -> Iterator[str]:
    """Text, cut at the signs: what lies inside a sentence that is not fully supported is wrapped piece by piece, so
    that a sentence may begin inside bold type and end outside of it."""
    for piece in _SIGNS.split(text):
        if piece == _BEGIN:
            state.position += 1
            state.inside = True
        elif piece == _END:
            yield _verdict(state.sentences[state.position]) if state.inside else ""
            state.inside = False
        elif piece:
            yield _as_claim("".join(_render_markers(piece, state)), state)


def _as_claim(drawn: str, state: _State) -> str:
    """The piece, marked where it belongs to a sentence that is not fully supported."""
    support = state.sentences[state.position].support if state.inside else "supported"
    return drawn if support == "supported" else f'<span class="claim {support}">{drawn}</span>'


def _render_markers(text: str, state: _State) -> Iterator[str]:
    """`word [1, 3].` as `word.` and a small link each, kept on one line; a number without a source stays text."""
    cursor = 0
    for group in _CITED.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", group["markers"])]
        if not all(state.numbers is None or number in state.numbers for number in numbers):
            continue
        yield as_html(text[cursor : group.start()])
        links = "".join(citation_link(each, "" if state.numbers is None else state.anchor) for each in numbers)
        yield f'<span class="keep">{as_html(group["word"] + group["sign"])}{links}</span>'
        cursor = group.end()
    yield as_html(text[cursor:])


def citation_link(number: int, anchor: str) -> str:
    """The small number that leads to source `number`; without an anchor the source is not known yet."""
    if not anchor:
        return f'<span class="cite">{number}</span>'
    source = f"{anchor}-source-{number}"
    return (
        f'<a class="cite" href="#{source}" data-source="{source}" data-number="{number}" '
        f'aria-label="Source {number}">{number}</a>'
    )


def _verdict(sentence: AnswerSentence) -> str:
    """What the check found, beside the sentence, in words; the reason opens on hover, focus and tap."""
    if sentence.support == "supported":
        return ""
    reason = escape(as_sentence(sentence.reason or "The cited papers do not carry all of this"))
    return (
        f'<span class="verdict {sentence.support}" tabindex="0" role="note">'
        f'{SUPPORT_WORDS[sentence.support]}<span class="reason" role="tooltip">{reason}</span></span>'
    )


def _pass_signs(content: str, state: _State) -> Iterator[str]:
    """Signs inside code, where nothing can be marked: only the verdicts are drawn, behind it."""
    for sign in _SIGNS.findall(content):
        if sign == _BEGIN:
            state.position += 1
        elif state.inside or state.position >= 0:
            yield _verdict(state.sentences[state.position])
        state.inside = sign == _BEGIN
