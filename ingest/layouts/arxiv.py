"""arXiv's own metadata as JSON lines: `id`, `title`, `abstract`, `authors`, `categories`, `update_date`, `versions`.

Format: https://www.kaggle.com/datasets/Cornell-University/arxiv
"""

from __future__ import annotations

from ingest.layouts.jsonl import is_line_by_line, read_json_lines, sample_papers
from ingest.layouts.layout import Layout
from ingest.reading import Text


def _likelihood(text: Text) -> float:
    first = next(sample_papers(text), None)
    if first is None or "categories" not in first or not is_line_by_line(text):
        return 0.0
    return 0.97 if "update_date" in first or "versions" in first else 0.0


ARXIV_JSONL = Layout("arXiv metadata JSONL", _likelihood, read_json_lines)
