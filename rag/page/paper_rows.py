"""Papers as rows of a list: a title that opens the paper's own page, its facts, the beginning of its abstract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.corpus import Paper
from rag.page.mathematics import as_html
from rag.page.sources import paper_link, printed_date
from rag.page.text import count, escape, listed, shorten

_EXCERPT = 420  # characters; the style sheet shows as much of it as fits into two lines
_SHOWN_AUTHORS = 3
_SHOWN_DUMPS = 2


def rows_html(papers: Sequence[Paper], *, label: str, first: int = 1, level: int = 2, excerpts: bool = True) -> str:
    """The papers as a list, numbered from `first` for those who hear it."""
    rows = "".join(_row(paper, level=level, excerpt=excerpts) for paper in papers)
    return f'<ol class="rows" start="{first}" aria-label="{escape(label)}">{rows}</ol>'


def _row(paper: Paper, *, level: int, excerpt: bool) -> str:
    facts = f'<p class="facts">{" · ".join(_facts(paper))}</p>'
    text = f'<p class="excerpt">{as_html(shorten(paper.abstract, _EXCERPT))}</p>' if excerpt else ""
    return f'<li class="row"><h{level} class="title">{paper_link(paper)}</h{level}>{facts}{text}</li>'


def _facts(paper: Paper) -> Iterator[str]:
    """Authors, date, dumps, upvotes, code: what is known of them, safe for HTML."""
    if paper.authors:
        yield escape(listed(paper.authors, limit=_SHOWN_AUTHORS))
    if paper.date:
        yield printed_date(paper.date)
    dumps = list(dict.fromkeys(source.dump for source in paper.sources))
    if dumps:
        yield escape(listed(dumps, limit=_SHOWN_DUMPS))
    if paper.upvotes:
        yield count(paper.upvotes, "upvote")
    if paper.code_urls:
        yield "code"
