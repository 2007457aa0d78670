"""Markdown with a heading for every title: `### [Title](address)` or `### Title`, the abstract, and facts around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ingest.layouts.blocks import read_blocks
from ingest.layouts.cards import CALLOUT, SECTION, Block, CardReader
from ingest.layouts.facts import address_id
from ingest.layouts.furniture import furniture
from ingest.layouts.layout import Layout, Reading
from ingest.layouts.titles import title_likeness, width
from ingest.layouts.wrapping import one_line
from ingest.reading import Text

_HEADED = re.compile(r"#|\n===|\n---|\n[ \t]+[-*+][ \t]+[*_]{0,2}abstract\b|<summary>\s*abstract\b", re.IGNORECASE)
_WORDS_OF_PART = 4  # at most, in the heading of a paper's part
_TITLE_LINK = re.compile(r"^[ \t]*(?:(?:[-*+]|\d+[.)])\s+)?(?:\*\*)?\[([^\]\n]{5,})\]\(([^()\s]+)\)", re.MULTILINE)


def title_level(text: Text) -> tuple[int, bool]:
    """`level_of_titles` of a Markdown text's sample."""
    return level_of_titles(read_blocks(enumerate(text.sample.split("\n"), 1), {}))


def level_of_titles(blocks: Iterable[Block]) -> tuple[int, bool]:
    """The level of the headings that are titles, 0 without any; and whether they link to papers.

    What stands below a heading that names a part of a paper ("Abstract") is of the title above it; so is what stands
    below one that is short and comes again, as the parts do that people give all their notes.
    """
    blocks = list(blocks)
    named = Counter(one_line(block.text).lower() for block in blocks if block.level)
    linked: Counter[int] = Counter()
    followed: Counter[int] = Counter()
    level = 0
    for block in blocks:
        if not block.level:
            if level and width(block.text) >= 25 and title_likeness(one_line(block.text)) < 0.0:
                followed[level] += len(block.text)  # an abstract weighs more than a line of introduction
                level = 0
            continue
        title = one_line(block.text)
        comes_again = named[title.lower()] > 1 and title.count(" ") < _WORDS_OF_PART
        if not (block.level == CALLOUT or SECTION.fullmatch(title) or comes_again):
            level = 0 if furniture(title) or not title else block.level
        if any(address_id(link.address) for link in block.links):
            linked[block.level] += 1
    if linked:
        return linked.most_common(1)[0][0], True
    return (max(followed, key=lambda one: (followed[one], one)), False) if followed else (0, False)


def _likelihood(text: Text) -> float:
    if text.sample.count("\n\\\\\n") >= 2:  # arXiv's mails, where "-----" underlines nothing
        return 0.0
    links = sum(
        address_id(address) is not None and not furniture(title) for title, address in _TITLE_LINK.findall(text.sample)
    )
    if not links and not _HEADED.search(text.sample):
        return 0.0
    level, linked = title_level(text)
    return 0.87 if linked else 0.6 if level else 0.8 if links >= 2 else 0.0


def _read(text: Text) -> Reading:
    level, _ = title_level(text)
    return CardReader(level).read(read_blocks(text.lines(), {}))


MARKDOWN_HEADINGS = Layout("Markdown with headings", _likelihood, _read)
