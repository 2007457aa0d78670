"""Papers in the layouts that readers and note takers keep lists in: a feed, and a table in Markdown."""

from __future__ import annotations

import random
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.rendered_papers import Made
from tests.rendering import Render


def atom_feed(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 12: an entry for each paper, as arXiv's API answers."""
    mark = chance is not None and chance.random() < 0.5
    entries = []
    for p in papers:
        abstract = f"<![CDATA[{p.abstract}]]>" if mark else escape(p.abstract)
        authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in p.authors)
        entries.append(
            f"<entry>\n<id>{p.address}</id>\n<title>{escape(p.title)}</title>\n<published>{p.date}T10:00:00Z</published>"
            f'\n<summary>  {abstract}\n</summary>{authors}<link href="{p.address}" rel="alternate"/>\n</entry>\n'
        )
    return f'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n{"".join(entries)}</feed>\n'


def markdown_table(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 13: a row for each paper, perhaps below a heading."""
    above = "# Reading list\n\n" if chance and chance.random() < 0.5 else ""
    rows = [
        f"| [{p.title}]({p.address}) | {'; '.join(p.authors)} | {p.date} | {_in_cell(p.abstract)} |\n" for p in papers
    ]
    return f"{above}| Title | Authors | Date | Abstract |\n|---|:-:|---|---|\n{''.join(rows)}"


def _in_cell(abstract: str) -> str:
    return abstract.replace("|", "\\|").replace("\n\n", "<br><br>")


RENDERED_FEEDS: dict[str, tuple[Render, ...]] = {"Atom/RSS feed": (atom_feed,), "Markdown table": (markdown_table,)}
