"""Markdown with reference links, as text browsers print: `### [Title][32]`, and at the end what 32 stands for.

The list is read first, in a pass of its own; of its addresses only those are kept that say something of a paper.
"""

from __future__ import annotations

import re

from ingest.layouts.blocks import read_blocks
from ingest.layouts.cards import CardReader
from ingest.layouts.facts import address_id, code_address, login_id
from ingest.layouts.headings import title_level
from ingest.layouts.layout import Layout, Reading
from ingest.reading import Text

_DEFINITION = re.compile(r"\s*(?:\[([^\[\]]{1,40})\]:?|(\d{1,6})[.:)])\s+<?(https?://\S+?|/\S+?)>?(?:\s+[\"'(].*)?$")
_REFERENCE_LINK = re.compile(r"\]\[[^\[\]\n]{1,40}\]")
_OWNER = re.compile(r"https?://huggingface\.co/[\w.-]+/?$")
_MOST = 1_000_000  # addresses; facts of later ones are left out


def _likelihood(text: Text) -> float:
    if len(_REFERENCE_LINK.findall(text.sample)) < 2:
        return 0.0
    level, _ = title_level(text)
    return 0.88 if level else 0.0


def _read(text: Text) -> Reading:
    level, _ = title_level(text)
    references = _references(text)
    return CardReader(level).read(read_blocks(text.lines(), references))


def _references(text: Text) -> dict[str, str]:
    """The names of the reference links and where they lead."""
    found: dict[str, str] = {}
    for _, line in text.lines():
        if "/" in line and (definition := _DEFINITION.match(line)):
            address = definition[3]
            useful = address_id(address) or login_id(address) or code_address(address) or _OWNER.match(address)
            if useful and len(found) < _MOST:
                found[(definition[1] or definition[2]).strip().lower()] = address
    return found


MARKDOWN_REFERENCES = Layout("Markdown with reference links", _likelihood, _read)
