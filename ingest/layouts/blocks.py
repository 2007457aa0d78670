"""Markdown lines to blocks: headings, and paragraphs with their links, whatever lines a tool has spread them over.

A bracket that opens at a line's start may close many lines, and blank ones, later: `[`, an abstract, `][33]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ingest.layouts.card import LABELLED
from ingest.layouts.cards import CALLOUT, FRONT_MATTER, LISTED, Block
from ingest.layouts.front_matter import front_matter, is_of_paper, read_front_matter
from ingest.layouts.furniture import furniture
from ingest.layouts.markdown import brackets, read_inline
from ingest.layouts.titles import ends_sentence, title_likeness
from ingest.layouts.wrapping import one_line

_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+|(?=\[))(.*?)(?:\s+#+)?\s*$")
_UNDERLINE = re.compile(r" {0,3}(={3,}|-{3,})\s*$")
_ITEM = re.compile(r"\A\s{0,8}(?:[-*+•·]|\d{1,3}[.)])(?:\s+|$)")
_QUOTE = re.compile(r"\A\s{0,3}(?:>\s)+")
_QUOTE_MARK = re.compile(r"\A\s{0,3}>\s?")
_CALLOUT = re.compile(r"\s{0,3}>\s*\[!(\w+)\][-+]?\s*(.*?)\s*$")  # Obsidian's: "> [!abstract]- Its own heading"
_SUMMARIES = {"abstract": "Abstract", "summary": "Summary", "tldr": "Summary"}
_LISTED = re.compile(r"[-*+]\s+(?:\[[ xX]\]\s+)?(\S.*)$")  # an outermost list item, perhaps with its box
_BOLD = re.compile(r"(\*\*|__)(.+?)\1")
_EMPHASISED = re.compile(r"(\*\*|__|\*|_)(?=\S)[^*_]+(?<=\S)\1")
_BELOW = re.compile(r"\s+(?:[-*+]\s|<details\b)")
_IN_LIST = re.compile(r"\s*[-*+]\s+(?=#{1,6}\s)")  # Logseq has its headings in lists
_SUMMARY_TAG = re.compile(
    r"(?:<details[^<>]*>\s*)?<summary[^<>]*>(?:<\w+>)*\s*abstract\s*:?\s*(?:</\w+>)*", re.IGNORECASE
)
_FACTS = {
    "Authors": ("authors", "author"),
    "Date": ("date", "published", "publication date", "year"),
    "Paper": ("arxiv", "arxiv id", "arxiv_id", "eprint"),
    "URL": ("url", "link", "source"),
}
_FIELD = re.compile(r"(?:\*\*|__|\*|_)?[A-Z][A-Za-z]*(?: [A-Za-z]+){0,2}(?:\*\*|__|\*|_)?\s?:|[a-z-]+::")
_RULE = re.compile(r"\s{0,3}(?:[-*_=]\s*){3,}$|:::.*$")
_DEFINITION = re.compile(r"\s*(?:\[[^\[\]]{1,40}\]:?|\d{1,6}\.)\s+<?(?:https?://|/)\S+>?\s*$")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)\w*\s*$")
_LONE_LINK = re.compile(r"\s*(?:(?:[-*+]|\d+[.)])\s+)?(?:\*\*)?!?\[[^\n]*\](?:\([^()\s]*\)|\[[^\[\]]+\])(?:\*\*)?\s*$")
_OPENS = re.compile(r"\s*(?:[-*+]\s+)?\[")
_CLOSES = re.compile(r"\](?:\(|\[)")
_LINES_AHEAD = 80  # in which a bracket has to close
_LONGEST_LINK = 40_000  # characters
_LONGEST_PREAMBLE = 100  # lines
_PARTS = 12  # lines below a listed title in which its abstract has to begin
_NESTED = 3  # lines that open a bracket inside another; more are no link
_OPEN_END = re.compile(
    r"(?:[:,–—-]|\b(?:of|for|with|and|the|in|on|to|via|a|an|by|from|using|through|as|at|or))$", re.IGNORECASE
)
_WRAPPED = 40, 200  # characters: a line that a tool has wrapped is at least and at most this long


class _Lines:
    """Lines with a look ahead."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self.source = iter(lines)
        self.ahead: list[tuple[int, str]] = []

    def peek(self, distance: int) -> tuple[int, str] | None:
        """The line `distance` lines ahead, 0 being the next; None behind the end."""
        while len(self.ahead) <= distance:
            line = next(self.source, None)
            if line is None:
                return None
            self.ahead.append(line)
        return self.ahead[distance]

    def take(self, count: int = 1) -> list[tuple[int, str]]:
        """The next lines."""
        self.peek(count - 1)
        taken, self.ahead = self.ahead[:count], self.ahead[count:]
        return taken


def read_blocks(lines: Iterable[tuple[int, str]], references: Mapping[str, str]) -> Iterator[Block]:
    """The blocks of Markdown lines; `references` maps the names of reference links to addresses."""
    source = _Lines(lines)
    paragraph: list[tuple[int, str]] = []
    in_callout, at_start = False, True
    title_above = ""  # of front matter; many notes repeat it as their heading
    while (following := source.peek(0)) is not None:
        number, line = following
        is_rule = line.strip("\ufeff \t") == "---"
        if is_rule and (at_start or (not paragraph and ":" in (source.peek(1) or (0, ""))[1])):
            blocks, length = _front_matter(source)
            if blocks or (at_start and length):
                title_above = blocks[0].text if blocks else ""
                yield from blocks
                source.take(length)
                at_start = False
                continue
        at_start = at_start and not line.strip("\ufeff \t")
        if callout := _CALLOUT.match(line):
            yield from _close(paragraph, references)
            source.take()
            yield Block(_SUMMARIES.get(callout[1].lower(), callout[2] or callout[1]), number, level=CALLOUT)
            in_callout = True
            continue
        if in_callout and line.strip() and not line.lstrip().startswith(">"):
            yield from _close(paragraph, references)
            yield Block("", number, level=CALLOUT)
            in_callout = False
        line = (_QUOTE_MARK if in_callout else _QUOTE).sub("", line.strip("\ufeff"))
        line = _SUMMARY_TAG.sub("Abstract: ", line) if "<summary" in line else line
        line = _IN_LIST.sub("", line) if "# " in line else line
        heading = _HEADING.match(line) if "#" in line[:10] else None
        if heading or not line.strip() or _FENCE.match(line):
            yield from _close(paragraph, references)
            source.take()
            if heading:
                block = _heading(number, len(heading[1]), heading[2], source, references)
                if one_line(block.text) != title_above:
                    yield block
        elif title := _listed_title(source, line):
            yield from _close(paragraph, references)
            source.take()
            yield _block(number, title, references, level=LISTED)
        elif paragraph and _UNDERLINE.match(line) and _is_title(paragraph, line):
            text = "\n".join(part for _, part in paragraph)
            yield _block(paragraph[0][0], text, references, level=1 if "=" in line else 2)
            paragraph.clear()
            source.take()
        elif _RULE.match(line) or _DEFINITION.match(line):
            yield from _close(paragraph, references)
            source.take()
        elif _OPENS.match(line) and (height := _height(source)):
            yield from _close(paragraph, references)
            taken = source.take(height)
            yield _block(number, "\n".join(part for _, part in taken), references)
        else:
            if _starts_anew(paragraph, line):
                yield from _close(paragraph, references)
            paragraph.append((number, line))
            source.take()
            if len(paragraph) == 1 and furniture(line.strip()) == "certain":
                yield from _close(paragraph, references)
    yield from _close(paragraph, references)


def _front_matter(source: _Lines) -> tuple[list[Block], int]:
    """The title, facts and abstract that front matter gives, where it is a paper's; and how many lines it takes."""
    source.peek(_LONGEST_PREAMBLE - 1)
    lines = [line for _, line in source.ahead]
    length = front_matter(lines)
    values = read_front_matter(lines[1:length]) if length else {}
    if not is_of_paper(values, lines[length:]):
        return [], length
    number = source.ahead[0][0]
    blocks = [Block(values["title"], number, level=FRONT_MATTER)]
    for label, names in _FACTS.items():
        if said := next((values[name] for name in names if values.get(name)), ""):
            blocks.append(Block(f"{label}: {said}", number, outside=f"{label}: {said}"))
    if abstract := values.get("abstract"):
        blocks += [Block("Abstract", number, level=CALLOUT), Block(abstract, number), Block("", number, level=CALLOUT)]
    return blocks, length


def _listed_title(source: _Lines, line: str) -> str:
    """The title in a list's item below which its parts are listed, "Abstract: ..." among them; "" for other lines."""
    found = _LISTED.match(line)
    below = source.peek(1) if found else None
    if found is None or below is None or not _BELOW.match(below[1]):
        return ""
    for distance in range(1, _PARTS):
        following = source.peek(distance)
        if following is None or not following[1][:1].isspace():
            break
        label = LABELLED.match(_SUMMARY_TAG.sub("Abstract: ", _ITEM.sub("", following[1])).strip())
        if label and label["name"].lower() in ("abstract", "summary"):
            bold = _BOLD.match(found[1])
            return bold[2] if bold else found[1]
    return ""


def _starts_anew(paragraph: list[tuple[int, str]], line: str) -> bool:
    """Whether a line directly below others is a part of its own: a list item, a lone link, page furniture."""
    if not paragraph:
        return False
    before = paragraph[-1][1].strip()
    if _LONE_LINK.match(line) or _LONE_LINK.match(before):
        return True
    if _EMPHASISED.fullmatch(before):  # the authors, or what was printed below a title
        return True
    first, text = _ITEM.sub("", paragraph[0][1]).strip(), _ITEM.sub("", line).strip()
    if _FIELD.match(first) and _FIELD.match(text):
        label = LABELLED.match(first)
        in_abstract = label is not None and label["name"].lower() in ("abstract", "summary")
        if not in_abstract and (label or LABELLED.match(text)):
            return True
    wrapped = _WRAPPED[0] <= len(before) <= _WRAPPED[1] and not ends_sentence(before)
    if _ITEM.match(line):
        return not wrapped or len(line.strip()) < 40
    kind = furniture(line.strip())
    return kind == "certain" or (kind == "likely" and not wrapped) or bool(furniture(before))


def _is_title(paragraph: list[tuple[int, str]], underline: str) -> bool:
    text = " ".join(part.strip() for _, part in paragraph)
    return len(paragraph) <= 3 and len(text) <= 300 and ("=" in underline or title_likeness(text) > 2.0)


def _height(source: _Lines) -> int:
    """How many lines the link that begins here spans; 0 where the bracket never becomes a link."""
    text, nested = "", 0
    for distance in range(_LINES_AHEAD):
        following = source.peek(distance)
        if following is None or (distance and _HEADING.match(following[1])) or len(text) > _LONGEST_LINK:
            return 0
        text += following[1] + "\n"
        if distance and _OPENS.match(following[1]):
            nested += 1
            if nested > _NESTED:
                return 0
        if "]" not in following[1]:
            continue
        end = brackets(text).get(text.index("["), -1)
        if end >= 0:
            rest = text[_end_of_link(text, end) :].strip(" \n·|,")
            return distance + 1 if _CLOSES.match(text, end) and not rest else 0
    return 0


def _end_of_link(text: str, end: int) -> int:
    bracket = ")" if text[end + 1 : end + 2] == "(" else "]"
    place = text.find(bracket, end + 1)
    return place + 1 if place >= 0 else len(text)


def _heading(number: int, level: int, text: str, source: _Lines, references: Mapping[str, str]) -> Block:
    """The heading, with the lines that its link or its title goes on in."""
    if text.count("[") > text.count("]") or ("[" in text and text.rstrip().endswith("]") and "](" not in text):
        for distance in range(12):
            following = source.peek(distance)
            if following is None or not following[1].strip() or _HEADING.match(following[1]):
                break
            joined = "\n".join([text, *(part for _, part in source.ahead[: distance + 1])])
            if _CLOSES.search(joined):
                source.take(distance + 1)
                text = joined
                break
    elif "](" not in text and "][" not in text:
        while (following := source.peek(0)) is not None and _goes_on(text, following[1]):
            text = f"{text}\n{source.take()[0][1]}"
    return _block(number, text, references, level=level)


def _goes_on(title: str, line: str) -> bool:
    """Whether a line below a heading is the rest of its title."""
    text = line.strip()
    if not text or len(text) > 120 or ends_sentence(text) or _ITEM.match(line) or _LONE_LINK.match(line):
        return False
    if furniture(text) or LABELLED.match(text) or len(title) > 300:
        return False
    indented = line[:1].isspace() and len(title.split("\n")[-1]) >= 25
    return indented or (len(title) >= 25 and bool(_OPEN_END.search(title)) and title_likeness(text) > -1.0)


def _block(number: int, text: str, references: Mapping[str, str], *, level: int = 0) -> Block:
    inline = read_inline(_ITEM.sub("", text, count=1) if not level else text, references)
    return Block(inline.text, number, inline.links, inline.outside, level)


def _close(paragraph: list[tuple[int, str]], references: Mapping[str, str]) -> Iterator[Block]:
    if paragraph:
        yield _block(paragraph[0][0], "\n".join(part for _, part in paragraph), references)
        paragraph.clear()
