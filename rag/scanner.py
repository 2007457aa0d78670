"""Cuts a model's Markdown, while it streams, into text and citation markers, and makes it harmless on the way.

Code and mathematics pass as they are. Images become their description, links their text unless the evidence itself
holds the address; HTML tags, link definitions, a fence around the answer and a list of sources at the end go. Every
decision waits until no further text could change it, so the result does not depend on where the stream was cut.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from rag.answer_tokens import Marker, Text, Token, Verbatim
from rag.fences import Fence, may_open_fence, prefix_end, read_fence
from rag.markers import (
    RAISED,
    SOURCE_WORDS,
    MarkerReader,
    Numbers,
    may_open_round,
    read_citing_tag,
    read_command,
    read_mention,
    read_raised,
)
from rag.markup import (
    LIMIT,
    are_entries,
    bracket_end,
    code_end,
    formula_end,
    formula_rest,
    is_sources_heading,
    is_sources_line,
    link_target,
    may_open_sources,
    read_tag,
)
from rag.streamed_code import StreamedCode

_ROUND_LIMIT = 160

_PLAIN = re.compile(r"[^\n\w`$\\<!\[【［(（\]]+")
_WORD = re.compile(rf"[^\W{RAISED}]+")
_LIVE = re.compile(r"\](?=\()|<(?=[A-Za-z/!?])")


class Scanner:
    """Feed it text as it comes; it gives tokens as soon as they are certain. `finish` gives the rest."""

    def __init__(self, reader: MarkerReader, *, links: Collection[str] = ()) -> None:
        """`links` are the addresses that a link in the answer may have."""
        self._reader = reader
        self._links = links
        self._buffer = ""
        self._final = False
        self._begins_line = True
        self._line_start = True  # only signs of lists and quotes stand before the buffer on its line
        self._in_word = False  # the last character taken belongs to a word that goes on
        self._before = ""  # the last characters taken as text
        self._open_code = StreamedCode()
        self._around_words: Fence | None = None  # the fence around an answer that is no code; it is not shown
        self._formula_end = ""  # what ends the formula we are in

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
        if self._open_code.is_open:
            return self._in_code()
        if self._formula_end:
            return self._in_formula()
        if self._begins_line:
            return self._line_opening()
        first = self._buffer[0]
        match first:
            case "\n":
                step = self._text(1)
                self._begins_line = self._line_start = True
                return step
            case "`":
                return self._code()
            case "$":
                return self._dollar()
            case "\\":
                return self._backslash()
            case "<":
                return self._raised()
            case "!":
                return self._image()
            case "[" | "【" | "［":
                return self._square()
            case "(" | "（":
                return self._round()
            case "]":
                return self._closing()
        if first in RAISED:
            return self._raised()
        if _WORD.match(self._buffer):
            return self._word()
        plain = _PLAIN.match(self._buffer)
        return self._text(plain.end() if plain else 1)

    def _text(self, length: int, shown: str | None = None) -> tuple[int, Token | None]:
        taken = self._buffer[:length]
        text = taken if shown is None else shown
        self._line_start = self._line_start and not text.strip(" \t")
        if self._line_start and not text:
            self._open_code.lose_track()
        self._in_word = taken[-1].isalnum() or taken[-1] == "_"
        self._before = (self._before + taken)[-80:]
        return length, Text(text)

    def _verbatim(self, length: int, shown: str | None = None) -> tuple[int, Token | None]:
        taken = self._buffer[:length]
        self._line_start = self._in_word = False
        self._before = (self._before + taken)[-80:]
        return length, Verbatim(_LIVE.sub(lambda live: live[0] + " ", taken) if shown is None else shown)

    def _marker(self, length: int, numbers: Numbers) -> tuple[int, Token | None]:
        self._line_start = self._line_start and not numbers  # of which nothing is shown
        if self._line_start:
            self._open_code.lose_track()
        self._in_word = False
        self._before = (self._before + " ")[-80:]
        return length, Marker(numbers)

    def _again(self, length: int, replacement: str) -> tuple[int, Token | None]:
        """Put `replacement` in place of the buffer's first characters and look again."""
        self._buffer = replacement + self._buffer[length:]
        return 0, Text("")

    def _line_opening(self) -> tuple[int, Token | None] | None:
        """A fence, a list of sources, or the signs of lists and quotes that a line begins with."""
        line, newline, _ = self._buffer.partition("\n")
        whole = bool(newline) or self._final
        if not whole and may_open_fence(line):
            return None
        if fence := read_fence(line):
            if not whole:
                return None
            closes = self._around_words is not None and self._around_words.closes(line)
            if closes or fence.is_around_words(is_first=not self._has_words()):
                self._around_words = None if closes else fence
                return len(line) + len(newline), None
            self._open_code.open_block(fence)
            return self._verbatim(len(line) + len(newline), self._open_code.shown(line + newline))
        if may_open_sources(line):
            if not whole:
                return None
            if is_sources_line(line) and self._has_words():
                return len(line) + len(newline), None
            if is_sources_heading(line) and self._has_words() and (step := self._sources()) != (0, None):
                return step
        self._begins_line = False
        if not (prefix := prefix_end(line)):
            return 0, None
        step = self._text(prefix)
        self._line_start = True
        return step

    def _has_words(self) -> bool:
        return any(letter.isalnum() for letter in self._before)

    def _sources(self) -> tuple[int, Token | None] | None:
        """Under a heading: a list of sources to the end goes, anything else stays."""
        lines = self._buffer.split("\n")[1:]
        if not are_entries(lines if self._final else lines[:-1]):
            return 0, None
        return (len(self._buffer), None) if self._final else None

    def _in_code(self) -> tuple[int, Token | None] | None:
        length = self._open_code.take(self._buffer, final=self._final)
        if length is None:
            return None
        code = self._buffer[:length]
        self._begins_line = not self._open_code.is_open and (not code or code.endswith("\n"))
        return self._verbatim(length, self._open_code.shown(code))

    def _in_formula(self) -> tuple[int, Token | None] | None:
        rest = formula_rest(self._buffer, self._formula_end, final=self._final)
        if rest is None:
            return None
        length, is_over = rest
        if is_over:
            self._formula_end = ""
        return self._verbatim(length) if length else (0, None)

    def _on_line(self, limit: int) -> tuple[str, bool]:
        """The buffer up to the line's end or `limit`, and whether more of that may still come."""
        head = self._buffer[:limit]
        line = head.partition("\n")[0]
        return line, not self._final and len(line) == len(self._buffer) and len(line) < limit

    def _code(self) -> tuple[int, Token | None] | None:
        line, more = self._on_line(LIMIT)
        end = code_end(line, final=not more)
        if end is None:
            return None
        if end:
            return self._verbatim(end)
        run = len(line) - len(line.lstrip("`"))
        if run >= 3:
            self._open_code.open_run(line[:run])
        return self._text(run)

    def _dollar(self) -> tuple[int, Token | None] | None:
        line, more = self._on_line(LIMIT)
        if line.startswith("$$"):
            self._formula_end = "$$"
            return self._verbatim(2)
        end = formula_end(line, final=not more)
        if end is None:
            return None
        return self._verbatim(end) if end else self._text(1)

    def _backslash(self) -> tuple[int, Token | None] | None:
        line, more = self._on_line(LIMIT)
        if more and len(line) == 1:
            return None
        read = read_command(line, final=not more)
        if read is None:
            return None
        if read[0]:
            return self._marker(read[0], tuple(filter(self._reader.knows, read[1])))
        if len(line) > 1 and line[1] in "[(":
            self._formula_end = "\\]" if line[1] == "[" else "\\)"
            return self._verbatim(2)
        return self._text(min(2, len(line)) if len(line) > 1 and not line[1].isalnum() else 1)

    def _raised(self) -> tuple[int, Token | None] | None:
        raised = read_raised(self._buffer, self._before, final=self._final)
        if raised is None:
            return None
        is_known = bool(raised[0]) and all(map(self._reader.knows, raised[1]))
        if not is_known and self._buffer.startswith("<"):
            return self._tag()
        return self._marker(*raised) if is_known else self._text(1)

    def _tag(self) -> tuple[int, Token | None] | None:
        read = read_tag(self._buffer, final=self._final)
        cited = read_citing_tag(self._buffer, final=self._final)
        if read is None or cited is None:
            return None
        if cited[0]:
            return self._marker(cited[0], tuple(filter(self._reader.knows, cited[1])))
        return self._again(read.length, read.shown) if read.is_text else self._text(read.length, read.shown)

    def _image(self) -> tuple[int, Token | None] | None:
        if len(self._buffer) == 1 and not self._final:
            return None
        if not self._buffer.startswith("!["):
            return self._text(1)
        end = bracket_end(self._buffer, 1, final=self._final)
        if end is None:
            return None
        target = link_target(self._buffer, end, final=self._final) if end else (0, "")
        if target is None:
            return None
        if target[0]:
            return self._again(target[0], self._buffer[2 : end - 1])
        return self._text(1, "! ")

    def _square(self) -> tuple[int, Token | None] | None:
        buffer = self._buffer
        end = bracket_end(buffer, 0, final=self._final)
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
        target = link_target(buffer, end, final=self._final)
        if target is None:
            return None
        if target[0]:
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
        if not rest or re.match(r"<|\w+:(?=\S)|/|\.|#|www\.", rest):
            return len(line), None
        if numbers is not None:
            return self._marker(end + 1, numbers)
        return self._text(end + 1, self._buffer[:end] + " -")

    def _round(self) -> tuple[int, Token | None] | None:
        if len(self._buffer) == 1 and not self._final:
            return None
        if not may_open_round(self._buffer[1:12]):
            return self._text(1)
        end = bracket_end(self._buffer, 0, limit=_ROUND_LIMIT, final=self._final)
        if end is None:
            return None
        numbers = self._reader.in_round(self._buffer[1 : end - 1], self._before) if end else None
        return self._text(1) if numbers is None else self._marker(end, numbers)

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
        mention = read_mention(word, self._before, self._buffer[found.end() :], final=self._final)
        if mention is None:
            return None
        length, numbers = mention
        if not length or not all(map(self._reader.knows, numbers)):
            return self._text(found.end())
        return self._marker(found.end() + length, numbers)
