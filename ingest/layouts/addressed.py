"""Text with addresses: every link's text is followed by its address on a line of its own.

A title, its address (`.../papers/2410.05434`), the abstract, the address again, "[ 2 authors](...)" or an organisation,
"·", a date; before the title the upvotes ("[-] 74") with a login address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from ingest.layouts.cards import Block, CardReader
from ingest.layouts.facts import address_id
from ingest.layouts.furniture import furniture
from ingest.layouts.habits import recurring_lines
from ingest.layouts.labels import find_labels
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.markdown import Link, read_inline, without_emphasis
from ingest.layouts.titles import ends_sentence, is_names, title_likeness
from ingest.layouts.wrapping import join_wrapped, one_line
from ingest.reading import Text

_ADDRESS = re.compile(r"\s*[<(]?((?:https?://|/papers/)[^\s<>]+?)[>)]?\s*$")
_ADDRESS_LINES = re.compile(r"^[ \t]*[<(]?(https?://\S+?)[>)]?[ \t]*$", re.MULTILINE)
_END_OF_LINK = re.compile(r"(?P<text>[^\[\]]*)\]\((?P<address>[^\s()]+)\)\s*$")
_LIST_MARK = re.compile(r"\A[-*•>]\s+(?=\S)")
_WRAPPED = 40, 200  # characters: a line that a tool has wrapped is at least and at most this long


def _blocks(lines: Iterable[tuple[int, str]]) -> Iterator[Block]:
    """Paragraphs; the last lines before an address are the text of a link."""
    paragraph: list[tuple[int, str]] = []
    blank = False
    for number, raw in lines:
        line = raw.strip()
        if not line:
            blank = True
            continue
        found = _ADDRESS.match(line)
        ends = _END_OF_LINK.match(line)
        if found or ends:
            if ends:
                paragraph.append((number, ends["text"].strip()))
            yield _link(paragraph, number, found[1] if found else ends["address"] if ends else "")
            paragraph, blank = [], False
            continue
        if paragraph and (blank or not _goes_on(paragraph[-1][1], line)):
            yield _plain(paragraph)
            paragraph = []
        paragraph.append((number, line))
        blank = False
    if paragraph:
        yield _plain(paragraph)


def _goes_on(line: str, below: str) -> bool:
    """Whether the text may have been wrapped between two lines."""
    fits = _WRAPPED[0] <= len(line) <= _WRAPPED[1] and len(below) <= _WRAPPED[1]
    return fits and not ends_sentence(line) and not is_names(below)


def _link(paragraph: list[tuple[int, str]], number: int, address: str) -> Block:
    text = _joined(paragraph)
    link = Link(read_inline(text, {}).text if "[" in text else text, address)
    return Block(link.text, paragraph[0][0] if paragraph else number, (link,), "")


def _plain(paragraph: list[tuple[int, str]]) -> Block:
    inline = read_inline(_LIST_MARK.sub("", _joined(paragraph), count=1), {})
    return Block(inline.text, paragraph[0][0], inline.links, inline.outside)


def _joined(paragraph: list[tuple[int, str]]) -> str:
    return join_wrapped([line for _, line in paragraph]) if paragraph else ""


def _likelihood(text: Text) -> float:
    papers = sum(address_id(address) is not None for address in _ADDRESS_LINES.findall(text.sample))
    if not papers or find_labels(text.sample).titles:  # above the address stands "URL", say
        return 0.0
    again = recurring_lines(text.sample)
    texts = [(one_line(block.text), block.links) for block in _blocks(enumerate(text.sample.split("\n"), 1))]
    texts = [(one, links) for one, links in texts if links or not _is_small(one, again)]
    titled: dict[str, bool] = {}  # by the papers' ids: a title above the first of its addresses, a text below
    for (title, links), (below, _) in pairwise([*texts, ("", ())]):
        looks_so = not _is_small(title, again) and not title.startswith("#") and title_likeness(title) > -2.0
        for identifier in filter(None, (address_id(link.address) for link in links)):
            titled.setdefault(identifier, looks_so and title_likeness(below) < 0.0)
    return 0.86 if sum(titled.values()) >= 0.7 * len(titled) else 0.0


def _is_small(text: str, again: frozenset[str]) -> bool:
    """Whether a text is a label, a date or authors, or one of those that come `again`: neither title nor abstract."""
    text = without_emphasis(text)
    return not text or text in again or bool(furniture(text)) or is_names(text, few=True)


def _read(text: Text) -> Reading:
    return CardReader(0).read(_blocks(text.lines()))


ADDRESSED_TEXT = Layout("text with addresses", _likelihood, _read)
