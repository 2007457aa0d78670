"""The layouts that dumps come in, and which one a text has.

To add one: a file here with a `Layout` (a name, a likelihood between 0 and 1 from the text's beginning, a reader), its
line in `LAYOUTS`, and a test that renders papers in it and gets them back.
"""

from __future__ import annotations

from ingest.layouts.addressed import ADDRESSED_TEXT
from ingest.layouts.arxiv import ARXIV_JSONL
from ingest.layouts.bibtex import BIBTEX
from ingest.layouts.feed import FEED
from ingest.layouts.headings import MARKDOWN_HEADINGS
from ingest.layouts.json_feed import JSON_FEED
from ingest.layouts.jsonl import JSONL
from ingest.layouts.layout import Layout
from ingest.layouts.markdown_table import MARKDOWN_TABLE
from ingest.layouts.page import HTML_PAGE
from ingest.layouts.references import MARKDOWN_REFERENCES
from ingest.layouts.table import TABLE
from ingest.layouts.text import BLANK_LINE_TEXT, COMPACT_TEXT
from ingest.reading import Text

LAYOUTS: tuple[Layout, ...] = (
    HTML_PAGE,
    FEED,
    ARXIV_JSONL,
    JSONL,
    JSON_FEED,
    MARKDOWN_TABLE,
    TABLE,
    BIBTEX,
    MARKDOWN_REFERENCES,
    MARKDOWN_HEADINGS,
    ADDRESSED_TEXT,
    BLANK_LINE_TEXT,
    COMPACT_TEXT,
)


def recognise(text: Text) -> Layout | None:
    """The layout that the text's beginning speaks for most; the first of equals; None where nothing fits."""
    if not text.sample.strip():
        return None
    likelihoods = [layout.likelihood(text) for layout in LAYOUTS]
    best = max(likelihoods)
    return LAYOUTS[likelihoods.index(best)] if best > 0 else None
