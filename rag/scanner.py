"""Cuts a model's Markdown, while it streams, into text and citation markers, and makes it harmless on the way.

Code and mathematics pass as they are. Images become their description, links their text unless the evidence itself
holds the address, HTML tags go, link definitions and a list of sources at the end go. Every decision waits until no
further text could change it, so the result does not depend on where the stream was cut.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rag.markers import SOURCE_WORDS, MarkerReader, Numbers, read_numbers


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BRACKET_LIMIT = 240  # characters that a bracket, a formula or a piece of code on one line may hold the stream back
_ROUND_LIMIT = 160

_PLAIN = re.compile(r"[^\n\w`$\\<!\[【［(\]]+")
_WORD = re.compile(r"\w+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MAY_BE_FENCE = re.compile(r" {0,3}(?:`*|~*)")
_LINE_PREFIX = re.compile(r"[ \t>*+\-]+|\d{1,3}[.)](?=[ \t])")  # what may stand before a link definition
_LINK_TARGET = re.compile(r"\(\s*<?([^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+[\"'(][^\n]*?[\"')])?\s*\)")
_TAG = re.compile(
    r"</?([A-Za-z][\w-]*)(\s[^<>]*|/)?>|<!--.*?-->|<[!?][^<>]*>|<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*)>", re.DOTALL
)
_HTML_NAMES = _words(
    """
    a abbr address area article aside audio b base blockquote body br button canvas center code col colgroup
    dd del details dialog div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2
    h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark marquee math
    meta nav noscript object ol option p param picture pre progress q s samp script section select small
    source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead title
    tr track tt u ul var video wbr
    """
)
_HEADINGS = (
    "sources",
    "references",
    "citations",
    "bibliography",
    "source",
    "reference",
    "quellen",
    "literatur",
    "fuentes",
    "références",
)
_HEADING = re.compile(rf"[ \t#*_>]*(?:{'|'.join(_HEADINGS)})[*_]*\s*:?[*_]*[ \t]*", re.IGNORECASE)
_SOURCES_IN_ONE_LINE = re.compile(
    rf"[ \t#*_>(]*(?:{'|'.join(_HEADINGS)})[*_]*\s*:[*_]*[ \t]*"
    r"(?:[\[【][^\]】\n]{1,20}[\]】][ \t,;&]*(?:and[ \t]+)?)+[.)*_]*[ \t]*",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"[ \t]*(?:[-*•+]\s+)?(?:[\[【(]\^?\d{1,3}[\]】)]:?|\d{1,3}[.):]|[-*•+])[ \t]*\S.*")
_MENTION = re.compile(r"[ \t]+#?(\d{1,3})(?![\w%]|[.,]\d)")
_MENTIONS = re.compile(r"[ \t]+#?(\d{1,3}(?:[ \t]*(?:,|-|–|&|and|,[ \t]*and)[ \t]*\d{1,3})*)(?![\w%]|[.,]\d)")
_MAY_BE_MENTION = re.compile(r"[ \t#\d,&\-–.]*(?:a|an|and)?[ \t\d,.]*")
_CITE = re.compile(r"\\(?:cite|citep|citet|footnote|ref)\*?(?:\[[^\]\n]*\])*\{([^{}\n]*)\}")
_MAY_BE_CITE = re.compile(r"\\[a-z]{0,8}\*?(?:\[[^\]\n]*\]?)*(?:\{[^{}\n]*)?")
_ESCAPED_MARKER = re.compile(r"\\\[([\d\s,;\-–]{1,20})\\\]")
_MAY_BE_ESCAPED_MARKER = re.compile(r"\\\[[\d\s,;\-–]{0,20}\\?")
_ROUND_OPENERS = (
    *SOURCE_WORDS,
    *("see", "cf", "e.g", "i.e", "from", "ref", "study", "studies", "article", "excerpt", "citation", "arxiv", "in"),
    *("vgl", "siehe"),
)
_LIVE = re.compile(r"\](?=\()|<(?=[A-Za-z/!?])")


@dataclass(frozen=True, slots=True)
class Text:
    """Text to be shown as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Code or mathematics."""

    text: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation of the evidence with these numbers; of nothing known where there are none."""

    numbers: Numbers


Token = Text | Verbatim | Marker


class Scanner:
    """Feed it text as it comes; it gives tokens as soon as they are certain. `finish` gives the rest."""

    def __init__(self, reader: MarkerReader, *, links: Collection[str] = ()) -> None:
        """`links` are the addresses that a link in the answer may have."""
        self._reader = reader
        self._links = links
        self._buffer = ""
        self._final = False
        self._line_start = True
        self._in_word = False  # the last character taken belongs to a word that goes on
        self._before = ""  # the last characters taken as text
        self._fence = ""  # the run that opened the block of code we are in
        self._fence_mid_line = False
        self._fence_certain = True  # a fence in the middle of a line may be read otherwise by whoever draws the text
        self._formula_end = ""  # what ends the formula we are in
        self._heading_refused = False  # the heading at the buffer's start does not begin a list of sources

    def feed(self, text: str) -> Iterator[Token]:
        """The tokens that are now certain."""
        self._buffer += text
        while self._buffer and (step := self._step()) is not None:
            taken, token = step
            self._buffer = self._buffer[taken:]
            if token is not None:
                yield token

    def finish(self) -> Iterator[Token]:
        """The tokens of what was held back."""
        self._final = True
        yield from self.feed("")

    # Each of the following looks at the buffer's start and gives (characters taken, token), or None: wait for more.

    def _step(self) -> tuple[int, Token | None] | None:
        if self._fence:
            return self._in_fence()
        if self._formula_end:
            return self._in_formula()
        if self._line_start:
            opening = self._line_opening()
            if opening != (0, None):
                return opening
        first = self._buffer[0]
        match first:
            case "\n":
                self._line_start, self._in_word = True, False
                self._heading_refused = False
                return self._text(1)
            case "`":
                return self._code()
            case "$":
                return self._dollar()
            case "\\":
                return self._backslash()
            case "<":
                return self._tag()
            case "!":
                return self._image()
            case "[" | "【" | "［":
                return self._square()
            case "(":
                return self._round()
            case "]":
                return self._closing()
        self._heading_refused = False
        if _WORD.match(self._buffer):
            return self._word()
        plain = _PLAIN.match(self._buffer)
        return self._text(plain.end() if plain else 1)

    def _text(self, length: int, shown: str | None = None) -> tuple[int, Token | None]:
        taken = self._buffer[:length]
        if not _LINE_PREFIX.fullmatch(taken) and taken != "\n":
            self._line_start = False
        self._in_word = taken[-1].isalnum() or taken[-1] == "_"
        self._before = (self._before + taken)[-80:]
        return length, Text(taken if shown is None else shown)

    def _verbatim(self, length: int, *, keep: bool = False) -> tuple[int, Token | None]:
        taken = self._buffer[:length]
        self._line_start = self._in_word = False
        self._before = (self._before + taken)[-80:]
        return length, Verbatim(taken if keep else _LIVE.sub(lambda live: live[0] + " ", taken))

    def _marker(self, length: int, numbers: Numbers) -> tuple[int, Token | None]:
        self._line_start = self._in_word = False
        self._before = (self._before + " ")[-80:]
        return length, Marker(numbers)

    def _again(self, length: int, replacement: str) -> tuple[int, Token | None]:
        """Put `replacement` in place of the buffer's first characters and look again."""
        self._buffer = replacement + self._buffer[length:]
        return 0, Text("")

    def _line_opening(self) -> tuple[int, Token | None] | None:
        """A fence or a list of sources; (0, None) where the line begins with neither."""
        buffer = self._buffer
        line, newline, _ = buffer.partition("\n")
        whole = bool(newline) or self._final
        if not whole and _MAY_BE_FENCE.fullmatch(line):
            return None
        if fence := _FENCE.match(line):
            if not whole:
                return None
            if "`" not in line[fence.end() :] or fence[1][0] == "~":
                self._fence, self._fence_mid_line, self._fence_certain = fence[1], not newline, True
                return self._verbatim(len(line) + len(newline), keep=True)
        if not self._heading_refused and self._may_be_heading(line):
            if not whole:
                return None
            if _SOURCES_IN_ONE_LINE.fullmatch(line) and self._before.strip():
                return len(line) + len(newline), None
            if _HEADING.fullmatch(line) and self._before.strip():
                return self._sources()
        return 0, None

    def _may_be_heading(self, line: str) -> bool:
        words = line.lstrip(" \t#*_>(").casefold()
        decorated = len(line) - len(words)
        if not words:
            return 0 < decorated <= 8
        return any(words.startswith(heading) or heading.startswith(words) for heading in _HEADINGS) and len(words) < 400

    def _sources(self) -> tuple[int, Token | None] | None:
        """Under a heading: a list of sources to the end goes, anything else stays."""
        lines = self._buffer.split("\n")[1:]
        unfinished = "" if self._final else lines.pop()
        for line in lines:
            if line.strip() and not _ENTRY.fullmatch(line):
                self._heading_refused = True
                return 0, Text("")
        if self._final:
            return len(self._buffer), None
        del unfinished
        return None

    def _in_fence(self) -> tuple[int, Token | None] | None:
        line, newline, _ = self._buffer.partition("\n")
        if not self._fence_certain:
            return self._in_uncertain_fence(line + newline) if newline or self._final else None
        if not self._fence_mid_line:
            run = line.strip(" ")
            may_close = not line.strip(f" \t{self._fence[0]}")
            if may_close and not newline and not self._final:
                return None
            closes = may_close and len(run.rstrip()) >= len(self._fence) and len(line) - len(line.lstrip(" ")) <= 3
            if closes and set(run.rstrip()) == {self._fence[0]}:
                self._fence = ""
        self._fence_mid_line = not newline
        taken = len(line) + len(newline)
        token = self._verbatim(taken, keep=True)
        self._line_start = not self._fence and bool(newline)
        return token

    def _in_uncertain_fence(self, line: str) -> tuple[int, Token | None]:
        """A fence that begins within a line ends wherever its run comes again."""
        before, run, _ = line.partition(self._fence)
        if run:
            self._fence = ""
        return self._verbatim(len(before) + len(run))

    def _in_formula(self) -> tuple[int, Token | None] | None:
        end = self._formula_end
        stop = re.search(rf"{re.escape(end)}|\n[ \t]*\n", self._buffer)
        if stop:
            self._formula_end = ""
            if stop[0] == end:
                return self._verbatim(stop.end())
            return self._verbatim(stop.start()) if stop.start() else self._text(1)
        if self._final:
            return self._verbatim(len(self._buffer))
        tail = re.search(r"(?:\\|\$|\]|<|\n[ \t]*)$", self._buffer)  # may go on as an end, or as something live
        safe = tail.start() if tail else len(self._buffer)
        return self._verbatim(safe) if safe else None

    def _on_line(self, limit: int) -> tuple[str, bool]:
        """The buffer up to the line's end or `limit`, and whether more of that may still come."""
        head = self._buffer[:limit]
        line = head.partition("\n")[0]
        return line, not self._final and len(line) == len(self._buffer) and len(line) < limit

    def _code(self) -> tuple[int, Token | None] | None:
        line, more = self._on_line(_BRACKET_LIMIT)
        run = re.match("`+", line)
        if run is None:  # pragma: no cover - the caller saw a backtick
            return self._text(1)
        length = run.end()
        if length == len(line) and more:
            return None
        close = re.search(rf"(?<!`)`{{{length}}}(?!`)", line[length:])
        if close and (length + close.end() < len(line) or not more):
            return self._verbatim(length + close.end())
        if more:
            return None
        if length >= 3:
            self._fence, self._fence_mid_line, self._fence_certain = run[0], True, False
        return self._text(length)

    def _dollar(self) -> tuple[int, Token | None] | None:
        line, more = self._on_line(_BRACKET_LIMIT)
        if line == "$" and more:
            return None
        if line.startswith("$$"):
            self._formula_end = "$$"
            return self._verbatim(2)
        if line[1:2].isspace() or len(line) == 1:
            return self._text(1)
        for close in re.finditer(r"(?<=[^\s\\])\$", line[2:]):
            end = close.end() + 2
            if end == len(line) and more:
                return None
            if not line[end : end + 1].isdigit():
                return self._verbatim(end)
        return None if more else self._text(1)

    def _backslash(self) -> tuple[int, Token | None] | None:
        line, more = self._on_line(_BRACKET_LIMIT)
        if more and (line == "\\" or _MAY_BE_ESCAPED_MARKER.fullmatch(line)):
            return None
        if (escaped := _ESCAPED_MARKER.match(line)) and (numbers := read_numbers(escaped[1])) is not None:
            return self._marker(escaped.end(), tuple(filter(self._reader.knows, numbers)))
        if line[1:2] in "[(" and len(line) > 1:
            self._formula_end = "\\]" if line[1] == "[" else "\\)"
            return self._verbatim(2)
        if cite := _CITE.match(line):
            return self._marker(cite.end(), tuple(filter(self._reader.knows, read_numbers(cite[1]) or ())))
        if more and _MAY_BE_CITE.fullmatch(line):
            return None
        return self._text(min(2, len(line)) if len(line) > 1 and not line[1].isalnum() else 1)

    def _tag(self) -> tuple[int, Token | None] | None:
        buffer = self._buffer
        if len(buffer) == 1 and not self._final:
            return None
        if not re.match(r"<[A-Za-z/!?]", buffer):
            return self._text(1)
        tag = _TAG.match(buffer)
        if tag is None:
            still_open = ">" not in buffer and "<" not in buffer[1:] if not buffer.startswith("<!--") else True
            if not self._final and still_open and len(buffer) < _BRACKET_LIMIT:
                return None
            return self._text(1, "< ")
        name = (tag[1] or "").casefold()
        if tag[3]:  # an address in angle brackets
            return self._again(
                tag.end(), tag[3] if tag[3].startswith(("http://", "https://")) else tag[3].replace(":", ": ", 1)
            )
        if name and name not in _HTML_NAMES and "=" not in (tag[2] or ""):
            return self._text(1, "< ")
        shown = {"br": " ", "sup": "^" if not tag[0].startswith("</") and not tag[2] else ""}.get(name, "")
        if name == "sup" and shown and buffer[tag.end() : tag.end() + 1] in ("", "[", "【"):
            if tag.end() == len(buffer) and not self._final:
                return None
            shown = ""
        return self._text(tag.end(), shown)

    def _image(self) -> tuple[int, Token | None] | None:
        if len(self._buffer) == 1 and not self._final:
            return None
        if not self._buffer.startswith("!["):
            return self._text(1)
        span = self._bracket_span(1, _BRACKET_LIMIT)
        if span is None:
            return None
        if span:
            label = self._buffer[2 : span - 1]
            target = self._target(span)
            if target is None:
                return None
            if target:
                return self._again(target[0], label)
        return self._text(1, "! ")

    def _bracket_span(self, start: int, limit: int) -> int | None:
        """Just behind the bracket that closes the one at `start`; 0 where it is not closed; None: wait for more."""
        close = {"[": "]", "【": "】", "［": "］", "(": ")"}[self._buffer[start]]
        depth = 0
        for position, letter in enumerate(self._buffer[start : start + limit], start=start):
            if letter == "\n":
                return 0
            if letter == self._buffer[start]:
                depth += 1
            elif letter == close:
                depth -= 1
                if not depth:
                    return position + 1
        return None if not self._final and len(self._buffer) < start + limit else 0

    def _target(self, start: int) -> tuple[int, str] | tuple[()] | None:
        """A link's target at `start`: (just behind it, the address), () where there is none; None: wait for more."""
        rest = self._buffer[start:]
        if not rest and not self._final:
            return None
        if not rest.startswith("("):
            return ()
        if found := _LINK_TARGET.match(rest):
            return start + found.end(), found[1]
        return None if not self._final and "\n" not in rest and len(rest) < 4000 else ()

    def _square(self) -> tuple[int, Token | None] | None:
        buffer = self._buffer
        end = self._bracket_span(0, _BRACKET_LIMIT)
        if end is None:
            return None
        if not end:
            return self._text(1)
        content = buffer[1 : end - 1]
        if end == len(buffer) and not self._final:
            return None
        numbers = self._reader.in_square(content, self._before)
        if buffer[end : end + 1] == ":" and self._line_start:
            return self._definition(end, numbers)
        target = self._target(end)
        if target is None:
            return None
        if target:
            if numbers is not None:
                return self._marker(target[0], numbers)
            if target[1] in self._links:
                return self._text(target[0])
            return self._again(target[0], content)
        if numbers is not None:
            return self._marker(end, numbers)
        return self._text(1)

    def _definition(self, end: int, numbers: Numbers | None) -> tuple[int, Token | None] | None:
        """`[label]: address` would turn every `[label]` into a link; `[1]: words` is a sentence about source 1."""
        line, newline, _ = self._buffer.partition("\n")
        if not newline and not self._final:
            return None
        rest = line[end + 1 :].strip()
        if not rest or re.match(r"<|\w+:|/|\.|#|www\.", rest):
            return len(line), None
        if numbers is not None:
            return self._marker(end + 1, numbers)
        return self._text(end + 1, self._buffer[:end] + " -")

    def _round(self) -> tuple[int, Token | None] | None:
        if len(self._buffer) == 1 and not self._final:
            return None
        start = self._buffer[1:2]
        if not (start.isupper() or start.isspace() or start in "[【12" or self._may_open_source(self._buffer[1:12])):
            return self._text(1)
        end = self._bracket_span(0, _ROUND_LIMIT)
        if end is None:
            return None
        numbers = self._reader.in_round(self._buffer[1 : end - 1], self._before) if end else None
        return self._text(1) if numbers is None else self._marker(end, numbers)

    def _may_open_source(self, start: str) -> bool:
        begun = start.casefold()
        return any(begun.startswith(word) or word.startswith(begun) for word in _ROUND_OPENERS)

    def _closing(self) -> tuple[int, Token | None] | None:
        """A link whose text was too long or ran over lines is cut open here."""
        if len(self._buffer) == 1 and not self._final:
            return None
        return self._text(1, "] " if self._buffer.startswith("](") else "]")

    def _word(self) -> tuple[int, Token | None] | None:
        found = _WORD.match(self._buffer)
        if found is None:  # pragma: no cover - the caller saw a word
            return self._text(1)
        word = found[0].casefold()
        unfinished = found.end() == len(self._buffer) and not self._final
        if self._in_word:
            return self._text(found.end())
        if unfinished:
            return None if any(known.startswith(word) for known in SOURCE_WORDS) else self._text(found.end())
        if word not in SOURCE_WORDS:
            return self._text(found.end())
        rest = self._buffer[found.end() : found.end() + 60]
        whole = len(rest) == 60 or self._final
        if not whole and _MAY_BE_MENTION.fullmatch(rest):
            return None
        mention = (_MENTIONS if word.endswith("s") else _MENTION).match(rest)
        numbers = read_numbers(mention[1]) if mention else None
        if mention is None or numbers is None or not all(map(self._reader.knows, numbers)):
            return self._text(found.end())
        return self._marker(found.end() + mention.end(), numbers)
