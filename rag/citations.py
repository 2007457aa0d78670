"""Citation markers in a model's answer, resolved while it streams: `[n]` runs from 1 in order of first use.

Numbers that the evidence does not have go; other spellings become `[n]`; nothing inside code or mathematics is
touched. The text given out is final: later text never changes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.answer_tokens import Marker, Token, Verbatim
from rag.corpus import Paper
from rag.markers import MarkerReader, Numbers
from rag.scanner import Scanner

_SEPARATOR = re.compile(
    r"[ \t]*(?:[,;&]?[ \t]*(?:a|an|and|&)?[ \t]*)?"
)  # between the markers of one run, or its beginning
_CLINGS = ".,;:!?)]}%"  # no blank stands before these
# A marker of a resolved text; code and mathematics, which come first, hold none.
_PLAIN_MARKER = re.compile(r"`+[^`\n]*`+|\$[^$\n]+\$|\\\(.*?\\\)|\\\[.*?\\\]|(?P<blanks>[ \t]*)\[(?P<number>\d{1,3})\]")


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
        new = [number for number in numbers if self._run is None or number not in self._run]
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
    found = (match["number"] for match in _PLAIN_MARKER.finditer(text))
    return tuple(dict.fromkeys(int(number) for number in found if number))


def without_markers(text: str) -> str:
    """A resolved text without its markers and the blanks before them."""
    return _PLAIN_MARKER.sub(lambda match: "" if match["number"] else match[0], text)


def with_numbers(text: str, numbers: Mapping[int, int]) -> str:
    """A resolved text with its markers' numbers replaced."""

    def replaced(match: re.Match[str]) -> str:
        return f"{match['blanks']}[{numbers[int(match['number'])]}]" if match["number"] else match[0]

    return _PLAIN_MARKER.sub(replaced, text)
