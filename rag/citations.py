"""Citation markers in a model's answer, resolved while it streams: `[n]` runs from 1 in order of first use.

Numbers that the evidence does not have go; other spellings become `[n]`; nothing inside code or mathematics is
touched. The text given out is final: later text never changes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rag.answer_tokens import Marker, Token, Verbatim
from rag.corpus import Paper
from rag.fences import text_between_code
from rag.markers import MarkerReader, Numbers
from rag.markup import FORMULA
from rag.scanner import Scanner

_SEPARATOR = re.compile(
    r"[ \t]*(?:[,;&]?[ \t]*(?:a|an|and|&)?[ \t]*|[-–−‒][ \t]*|—)?"
)  # between the markers of one run, or its beginning
_CLINGS = ".,;:!?)]}%"  # no blank stands before these
_RANGE = re.compile(r"[ \t]*[-–−‒][ \t]*|—")  # between the first and the last marker of a range
_REST = r"(?s:(?!\n[ \t]*\n).)*?"  # of a formula, which ends with its paragraph
# A marker of a resolved text outside of blocks of code; other code and mathematics, which come first, hold none.
# Two amounts of money are no formula, as for `markup.formula_end`.
_PLAIN_MARKER = re.compile(
    rf"`+[^`\n]*`+|\$\${_REST}\$\$|\\\({_REST}\\\)|\\\[{_REST}\\\]|{FORMULA}"
    r"|(?<![ \t])(?P<blanks>[ \t]*)\[(?P<number>\d{1,3})\]"
)


class CitationStream:
    """Feed it a model's text in any pieces; it gives the text to show.

    `papers` are the evidence in the order of their numbers. `used` holds the evidence numbers in order of first
    use: `used[n - 1]` is the evidence behind `[n]`.
    """

    def __init__(self, papers: Sequence[Paper]) -> None:
        links = {link for paper in papers for link in (paper.url, paper.link, *paper.code_urls) if link}
        links |= {
            found.rstrip(".,;") for paper in papers for found in re.findall(r"https?://[^\s<>()\[\]]+", paper.abstract)
        }
        self._scanner = Scanner(MarkerReader(papers), links=links)
        self._held = ""  # blanks, or what may be the separator between two markers
        self._run: set[int] | None = None  # the numbers of the run of markers that the text ends in
        self._last_cited = 0  # the evidence number that the run ends in
        self._dropped = False  # a marker was dropped where the text ends
        self._last = "\n"  # the last character given out
        self.used: list[int] = []

    def feed(self, text: str) -> str:
        """The text that is now certain."""
        return "".join(self._write(token) for token in self._scanner.feed(text))

    def finish(self) -> str:
        """The rest."""
        rest = "".join(self._write(token) for token in self._scanner.finish())
        held, self._held = self._held, ""
        return rest + self._out("" if self._dropped else held)

    def number(self, evidence: int) -> int:
        """The number shown for an evidence number; the next free one where it is new."""
        if evidence not in self.used:
            self.used.append(evidence)
        return self.used.index(evidence) + 1

    def _write(self, token: Token) -> str:
        if isinstance(token, Marker):
            return self._cite(token.numbers)
        if isinstance(token, Verbatim):
            return self._settle(end_of_run=True) + self._out(token.text)
        self._held += token.text
        return self._settle(end_of_run=False)

    def _settle(self, *, end_of_run: bool) -> str:
        """Give out what is held, except blanks at its end, which a dropped marker may take with it."""
        if self._run is not None or self._dropped:
            if not end_of_run and _SEPARATOR.fullmatch(self._held):
                return ""
            if self._run is not None and self._held.startswith("("):  # or the marker would be a link's text
                self._held = " " + self._held
            self._run = None
        body = self._held if end_of_run else self._held.rstrip(" \t")
        if not body:
            return ""
        self._held = self._held[len(body) :]
        if self._dropped:
            self._dropped = False
            bare = body.lstrip(" \t")
            clings = not bare or bare[0] in _CLINGS + "\n" or self._last in "\n([ "
            body = bare if clings else " " + bare
        return self._out(body)

    def _cite(self, numbers: Numbers) -> str:
        if self._run and numbers and _RANGE.fullmatch(self._held):  # "[1]-[3]"
            low, high = sorted((self._last_cited, numbers[0]))
            self._held, numbers = "", (*range(low, high + 1), *numbers)
        self._last_cited = numbers[-1] if numbers else self._last_cited
        new = [number for number in dict.fromkeys(numbers) if self._run is None or number not in self._run]
        if self._run is not None:
            separator, self._held = self._held, ""
            self._run.update(new)
            return self._out(separator + "".join(f"[{self.number(number)}]" for number in new)) if new else ""
        if not new:
            self._dropped = True
            return ""
        before, self._held = self._held, ""
        if self._dropped:
            self._dropped = False
            before = "" if self._last in "\n([ " else " "
        self._run = set(new)
        return self._out(before + "".join(f"[{self.number(number)}]" for number in new))

    def _out(self, text: str) -> str:
        if text:
            self._last = text[-1]
        return text


def resolve_citations(text: str, papers: Sequence[Paper]) -> tuple[str, list[int]]:
    """The text with its markers resolved, and the evidence numbers in order of first use."""
    stream = CitationStream(papers)
    return stream.feed(text) + stream.finish(), stream.used


def cited_numbers(text: str) -> tuple[int, ...]:
    """The numbers of the markers in a resolved text, each once, in order of first use."""
    return tuple(dict.fromkeys(int(marker["number"]) for marker in _markers(text)))


def without_markers(text: str) -> str:
    """A resolved text without its markers and the blanks before them."""
    return _rewritten(text, lambda marker: "")


def with_numbers(text: str, numbers: Mapping[int, int]) -> str:
    """A resolved text with its markers' numbers replaced; those that `numbers` does not have stay."""

    def replaced(marker: re.Match[str]) -> str:
        number = int(marker["number"])
        return f"{marker['blanks']}[{numbers.get(number, number)}]"

    return _rewritten(text, replaced)


def _markers(text: str) -> Iterator[re.Match[str]]:
    for start, end in text_between_code(text):
        yield from (found for found in _PLAIN_MARKER.finditer(text, start, end) if found["number"])


def _rewritten(text: str, write: Callable[[re.Match[str]], str]) -> str:
    pieces: list[str] = []
    end = 0
    for marker in _markers(text):
        pieces += [text[end : marker.start()], write(marker)]
        end = marker.end()
    return "".join([*pieces, text[end:]])
