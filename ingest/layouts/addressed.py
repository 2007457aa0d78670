"""Text with addresses: every link's text is followed by its address on a line of its own.

A title, its address (`.../papers/2410.05434`), the abstract, the address again, "[ 2 authors](...)" or an organisation,
"·", a date; before the title the upvotes ("[-] 74") with a login address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.layouts.cards import Block, CardReader
from ingest.layouts.facts import address_id
from ingest.layouts.labels import find_labels
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.markdown import Link, read_inline
from ingest.layouts.titles import ends_sentence, title_likeness
from ingest.layouts.wrapping import join_wrapped
from ingest.reading import Text

_ADDRESS = re.compile(r"\s*[<(]?((?:https?://|/papers/)[^\s<>]+?)[>)]?\s*$")
_ADDRESS_LINES = re.compile(r"^[ \t]*[<(]?(https?://\S+?)[>)]?[ \t]*$", re.MULTILINE)
_END_OF_LINK = re.compile(r"(?P<text>[^\[\]]*)\]\((?P<address>[^\s()]+)\)\s*$")
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
        if paragraph and (blank or not _goes_on(paragraph[-1][1])):
            yield _plain(paragraph)
            paragraph = []
        paragraph.append((number, line))
        blank = False
    if paragraph:
        yield _plain(paragraph)


def _goes_on(line: str) -> bool:
    return _WRAPPED[0] <= len(line) <= _WRAPPED[1] and not ends_sentence(line)


def _link(paragraph: list[tuple[int, str]], number: int, address: str) -> Block:
    text = _joined(paragraph)
    link = Link(read_inline(text, {}).text if "[" in text else text, address)
    return Block(link.text, paragraph[0][0] if paragraph else number, (link,), "")


def _plain(paragraph: list[tuple[int, str]]) -> Block:
    inline = read_inline(_joined(paragraph), {})
    return Block(inline.text, paragraph[0][0], inline.links, inline.outside)


def _joined(paragraph: list[tuple[int, str]]) -> str:
    return join_wrapped([line for _, line in paragraph]) if paragraph else ""


def _likelihood(text: Text) -> float:
    papers = sum(address_id(address) is not None for address in _ADDRESS_LINES.findall(text.sample))
    if not papers or find_labels(text.sample).titles:  # above the address stands "URL", say
        return 0.0
    titles, known = 0, set[str]()
    for block in _blocks(enumerate(text.sample.split("\n"), 1)):
        for identifier in filter(None, (address_id(link.address) for link in block.links)):
            titles += identifier not in known and title_likeness(block.text) > -2.0 and bool(block.text)
            known.add(identifier)
    return 0.86 if titles >= 0.7 * len(known) else 0.0


def _read(text: Text) -> Reading:
    return CardReader(0).read(_blocks(text.lines()))


ADDRESSED_TEXT = Layout("text with addresses", _likelihood, _read)
