"""HTML tags, brackets, link targets and lists of sources in a text whose end is still to come.

Each function looks at the beginning of what is there, and says None where more text could change its answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LIMIT = 240  # characters that a bracket, a tag, a formula or a piece of code may hold the stream back
_TARGET_LIMIT = 4000  # an address in an image may hold the image

_LINK_TARGET = re.compile(r"\(\s*<?([^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+[\"'(][^\n]*?[\"')])?\s*\)")
_TAG = re.compile(
    r"</?([A-Za-z][\w-]*)(\s[^<>]*|/)?>|<!--.*?-->|<[!?][^<>]*>|<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*)>", re.DOTALL
)
FORMULA = r"\$(?![\s$])(?:\\.|[^$\\\n])*(?<!\s)\$(?!\d)"  # as in pandoc, so that two amounts of money are none
_FORMULA = re.compile(FORMULA)
_OPEN_FORMULA = re.compile(r"\$(?:\\.|[^$\\])*\\?\$?")
_BEFORE_FENCE = r"[ \t>*+•\-\d.)]*"
_CLOSING = {"[": "]", "【": "】", "［": "］", "(": ")", "（": "）"}
_HEADINGS = (
    *("sources", "references", "citations", "bibliography", "source", "reference"),
    *("quellen", "literatur", "literaturverzeichnis", "fuentes", "referencias", "références", "sources citées"),
    *("参考文献", "参考资料", "來源", "来源", "出典", "참고문헌", "источники", "литература"),
)
_ANY_HEADING = "|".join(_HEADINGS)
_NO_ITEM = r"(?![ \t>]*[-*+•][ \t]+[^:：\n]*$)"  # an item of a list is a heading with a colon only
_HEADING = re.compile(rf"{_NO_ITEM}[ \t#*_>+•\-]*(?:{_ANY_HEADING})[*_]*\s*[:：]?[*_]*[ \t]*", re.IGNORECASE)
_SOURCES_IN_ONE_LINE = re.compile(
    rf"[ \t#*_>(+•\-]*(?:{_ANY_HEADING})[*_]*\s*[:：][*_]*[ \t]*"
    r"(?:[\[【][^\]】\n]{1,20}[\]】][ \t,;&]*(?:and[ \t]+)?)+[.)*_]*[ \t]*",
    re.IGNORECASE,
)
_MOST_DRESSING = 8  # signs before a heading's word
_LONGEST_HEADING = 400  # characters, as of a line that names the sources itself
_ENTRY = re.compile(r"[ \t]*(?:[-*•+]\s+)?(?:[\[【(]\^?\d{1,3}[\]】)]:?|\d{1,3}[.):]|[-*•+])[ \t]*\S.*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HTML_NAMES = _words(
    """
    a abbr address area article aside audio b base blockquote body br button canvas center cite code col colgroup
    dd del details dialog div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2
    h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark marquee math
    meta nav noscript object ol option p param picture pre progress q s samp script section select small
    source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead title
    tr track tt u ul var video wbr
    """
)
# Between two of them the text goes on as another sentence.
_PARTS = _words("br p div section article li ul ol dl dt dd table tr td th h1 h2 h3 h4 h5 h6 blockquote")


@dataclass(frozen=True, slots=True)
class Replacement:
    """The first `length` characters are to be shown as `shown`; `is_text`: it is to be looked at again."""

    length: int
    shown: str
    is_text: bool = False


def read_tag(text: str, *, final: bool) -> Replacement | None:
    """What stands for a text that begins with `<`: nothing for a tag of HTML, "< " for what could become one."""
    if len(text) == 1 and not final:
        return None
    if not re.match(r"<[A-Za-z/!?]", text):
        return Replacement(1, "<")
    tag = _TAG.match(text)
    if tag is None:
        is_open = text.startswith("<!--") or (">" not in text and "<" not in text[1:])
        return None if is_open and not final and len(text) < LIMIT else Replacement(1, "< ")
    address, name = tag[3], (tag[1] or "").casefold()
    if address:
        harmless = address.startswith(("http://", "https://"))
        return Replacement(tag.end(), address if harmless else address.replace(":", ": ", 1), is_text=True)
    if name and name not in _HTML_NAMES and "=" not in (tag[2] or ""):
        return Replacement(1, "< ")
    if name in _PARTS:
        return Replacement(tag.end(), " ")
    if name == "sup" and not tag[0].startswith("</"):  # "x<sup>2</sup>", but not around a marker
        if tag.end() == len(text) and not final:
            return None
        return Replacement(tag.end(), "" if text[tag.end() : tag.end() + 1] in ("", "[", "【") else "^")
    return Replacement(tag.end(), "")


def bracket_end(text: str, start: int, *, limit: int = LIMIT, final: bool) -> int | None:
    """Just behind the bracket that closes the one at `start`; 0 where it is not closed on its line within `limit`."""
    opening = text[start]
    depth = 0
    for position, letter in enumerate(text[start : start + limit], start=start):
        if letter == "\n":
            return 0
        if letter == opening:
            depth += 1
        elif letter == _CLOSING[opening]:
            depth -= 1
            if not depth:
                return position + 1
    return None if not final and len(text) < start + limit else 0


def code_end(line: str, *, final: bool) -> int | None:
    """Just behind the inline code that the line begins with; 0 where its run of backticks is not closed on the line."""
    run = len(line) - len(line.lstrip("`"))
    if run == len(line) and not final:
        return None
    close = re.search(rf"(?<!`)`{{{run}}}(?!`)", line[run:])
    if close and (final or run + close.end() < len(line)):
        return run + close.end()
    return 0 if final else None


def formula_end(line: str, *, final: bool) -> int | None:
    """Just behind the `$...$` that the line begins with; 0 where that is an amount of money or a lone sign.

    As in pandoc: no blank inside the signs, no third sign between them, and no digit behind the second.
    """
    if not final and _OPEN_FORMULA.fullmatch(line) and not line[1:2].isspace():
        return None
    found = _FORMULA.match(line)
    return found.end() if found else 0


def formula_rest(text: str, closing: str, *, final: bool) -> tuple[int, bool] | None:
    """How much of the text is in the formula that `closing` or its paragraph ends, and whether it is over there."""
    stop = re.search(rf"{re.escape(closing)}|\n(?=[ \t]*\n|{_BEFORE_FENCE}(?:`{{3}}|~{{3}}))", text)
    if stop:
        return stop.end() if stop[0] == closing else stop.start(), True
    if final:
        return len(text), False
    # What may go on as an end, or as something live.
    tail = re.search(rf"(?:\\|\$|\]|<|\n{_BEFORE_FENCE}(?:`{{0,2}}|~{{0,2}}))$", text)
    safe = tail.start() if tail else len(text)
    return (safe, False) if safe else None


def link_target(text: str, start: int, *, final: bool) -> tuple[int, str] | None:
    """A link's target at `start`: (just behind it, the address); (0, "") where there is none."""
    rest = text[start:]
    if not rest and not final:
        return None
    if not rest.startswith("("):
        return 0, ""
    if found := _LINK_TARGET.match(rest):
        return start + found.end(), found[1]
    return None if not final and "\n" not in rest and len(rest) < _TARGET_LIMIT else (0, "")


def may_open_sources(line: str) -> bool:
    """Whether the beginning of a line may become the heading of a list of sources."""
    bare = line.lstrip(" \t#*_>(+•-")
    words, dressed = bare.casefold(), len(line) - len(bare)
    if dressed > _MOST_DRESSING or len(bare) >= _LONGEST_HEADING:
        return False
    if not words:
        return dressed > 0
    return any(words.startswith(heading) or heading.startswith(words) for heading in _HEADINGS)


def is_sources_line(line: str) -> bool:
    """`Sources: [1], [2]`."""
    return bool(_SOURCES_IN_ONE_LINE.fullmatch(line))


def is_sources_heading(line: str) -> bool:
    """`**Sources:**`."""
    return bool(_HEADING.fullmatch(line))


def are_entries(lines: Sequence[str]) -> bool:
    """Whether all lines could be entries of a list of sources."""
    return all(not line.strip() or _ENTRY.fullmatch(line) for line in lines)
