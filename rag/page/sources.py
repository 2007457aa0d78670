"""Source cards: the papers that an answer cites, each with the quoted sentence marked in its abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from rag.corpus import Answer, Citation, Hit, Paper, Source
from rag.page.text import count, escape, listed, one_line, safe_url

_EXCERPT_AROUND = 140  # characters of the abstract shown on either side of the quoted sentence
_PREVIEW = 260  # characters of the abstract shown where nothing of it is quoted
_SHOWN_AUTHORS = 3
_SHOWN_DUMPS = 2

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def sources_html(answer: Answer, *, anchor: str) -> str:
    """What stands beside the answer: its sources, or the nearest papers where it has none; then what else came up."""
    if answer.citations:
        hits = {evidence.paper.paper_id: evidence.hit for evidence in answer.evidence}
        cards = [citation_card(each, hits.get(each.paper.paper_id), anchor=anchor) for each in answer.citations]
        heading = "Source" if len(cards) == 1 else "Sources"
    else:
        cards = [hit_card(hit, anchor=anchor) for hit in answer.nearest[:5]]
        heading = "Nearest papers"
    if not cards:
        return ""
    return (
        f'<aside class="sources" id="{anchor}-sources" aria-label="{heading}"><h3>{heading}</h3>'
        f'<ol class="cards">{"".join(cards)}</ol>{also_near(answer)}</aside>'
    )


def waiting_html() -> str:
    """Stands where the sources will be while the answer is being written, so that nothing jumps."""
    card = '<li class="source ghost"><span></span><span></span><span></span></li>'
    return f'<aside class="sources" aria-hidden="true"><h3>Sources</h3><ol class="cards">{card * 3}</ol></aside>'


def citation_card(citation: Citation, hit: Hit | None, *, anchor: str) -> str:
    """The card of source `citation.number`, which the citations of the answer lead to."""
    paper = citation.paper
    return (
        f'<li class="source" id="{anchor}-source-{citation.number}" tabindex="-1">'
        f'<span class="number" aria-hidden="true">{citation.number}</span>'
        f"{_head(paper)}{_abstract(paper, citation.quote)}{_foot(paper, hit)}"
        '<button type="button" class="back">Back to the answer</button></li>'
    )


def hit_card(hit: Hit, *, anchor: str) -> str:
    """The card of a paper that was found but is not cited."""
    return (
        f'<li class="source plain" id="{anchor}-near-{hit.rank}">'
        f"{_head(hit.paper)}{_abstract(hit.paper, '')}{_foot(hit.paper, hit)}</li>"
    )


def paper_card(paper: Paper) -> str:
    """The card of a paper in a list of all papers."""
    return f'<li class="source plain">{_head(paper)}{_abstract(paper, "")}{_foot(paper, None)}</li>'


def also_near(answer: Answer) -> str:
    """The papers that were read and not cited, folded."""
    cited = {citation.paper.paper_id for citation in answer.citations}
    rest = [each.paper for each in answer.evidence if each.paper.paper_id not in cited] if cited else []
    if not rest:
        return ""
    items = "".join(f"<li>{_title_link(paper)}</li>" for paper in rest)
    return f'<details class="near"><summary>Also near: {count(len(rest), "paper")}</summary><ul>{items}</ul></details>'


def _head(paper: Paper) -> str:
    facts = [fact for fact in (_authors(paper), printed_date(paper.date), escape(paper.organisation or "")) if fact]
    line = f'<p class="facts">{" · ".join(facts)}</p>' if facts else ""
    return f"<h4>{_title_link(paper)}</h4>{line}"


def _title_link(paper: Paper) -> str:
    return _link(paper.link, paper.title) or escape(paper.title)


def _authors(paper: Paper) -> str:
    shown = escape(listed(paper.authors, limit=_SHOWN_AUTHORS))
    if len(paper.authors) <= _SHOWN_AUTHORS:
        return shown
    return f'<span title="{escape(", ".join(paper.authors))}">{shown}</span>'


def printed_date(text: str | None) -> str:
    """`2026-10-04` as `4 Oct 2026`; what is printed otherwise stays."""
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text or "")
    if not found or not 1 <= int(found[2]) <= len(_MONTHS):
        return escape(text or "")
    day = f"{int(found[3])} " if found[3] else ""
    return f"{day}{_MONTHS[int(found[2]) - 1]} {found[1]}"


def _abstract(paper: Paper, quote: str) -> str:
    """The quoted sentence with a little around it, and the whole abstract behind one click."""
    abstract = paper.abstract
    start = abstract.find(quote) if quote else -1
    end = start + len(quote) if start >= 0 else 0
    start = max(start, 0)
    if end:
        before, after = _tail(abstract[:start], _EXCERPT_AROUND), _head_of(abstract[end:], _EXCERPT_AROUND)
    else:
        before, after = "", _head_of(abstract, _PREVIEW)
    marked = f"<mark>{escape(abstract[start:end])}</mark>" if end else ""
    kind = "Summary" if paper.is_summary else "Abstract"
    if before == abstract[:start] and after == abstract[end:]:
        return f'<p class="abstract">{escape(before)}{marked}{escape(after)}</p>'
    return (
        f'<details class="abstract"><summary><span class="excerpt">{escape(before)}{marked}{escape(after)}</span>'
        f'<span class="fold more">Whole {kind.lower()}</span><span class="fold less">{kind}</span></summary>'
        f"<p>{escape(abstract[:start])}{marked}{escape(abstract[end:])}</p></details>"
    )


def _tail(text: str, limit: int) -> str:
    """The last `limit` characters, from the beginning of a word."""
    return text if len(text) <= limit else "… " + text[-limit:].partition(" ")[2]


def _head_of(text: str, limit: int) -> str:
    """The first `limit` characters, to the end of a word."""
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0].rstrip(" ,;:") + " …"


def _foot(paper: Paper, hit: Hit | None) -> str:
    lines = [f'<p class="links">{" ".join(_links(paper))}</p>']
    origin = " · ".join(part for part in (seen_in(paper.sources), found_by(hit)) if part)
    if origin:
        lines.append(f'<p class="origin">{origin}</p>')
    return "".join(lines)


def _links(paper: Paper) -> Iterator[str]:
    """Paper page, arXiv, code; a search for the title where no address is known."""
    page = safe_url(paper.url)
    on_arxiv = bool(page and (urlsplit(page).hostname or "").removeprefix("www.").endswith("arxiv.org"))
    if page and not on_arxiv:
        yield _link(page, "Paper page")
    if paper.arxiv_id:
        yield _link(f"https://arxiv.org/abs/{paper.arxiv_id}", "arXiv")
    elif page and on_arxiv:
        yield _link(page, "arXiv")
    elif not page:
        yield _link(paper.link, "Search for the title")
    for position, url in enumerate(paper.code_urls[:3]):
        yield _link(url, "Code" if position == 0 else f"Code {position + 1}")


def _link(url: str, words: str) -> str:
    safe = safe_url(url)
    if not safe:
        return ""
    return f'<a href="{escape(safe)}" target="_blank" rel="noopener noreferrer">{escape(words)}</a>'


def seen_in(sources: Sequence[Source]) -> str:
    """In which dumps a paper was seen; the lines on hover."""
    dumps = list(dict.fromkeys(source.dump for source in sources))
    if not dumps:
        return ""
    places = "; ".join(f"{source.dump}, line {source.line}" for source in sources[:8])
    words = f"Seen in {listed(dumps, limit=_SHOWN_DUMPS)}"
    return f'<span title="{escape(places)}">{escape(one_line(words))}</span>'


def found_by(hit: Hit | None) -> str:
    """Which ranking brought the paper up, in words."""
    if hit is None:
        return ""
    ranks = [
        f"{name} ({_ordinal(rank)})"
        for name, rank in (("meaning", hit.cosine_rank), ("words", hit.bm25_rank))
        if rank is not None
    ]
    return f"Found by {' and '.join(ranks)}" if ranks else ""


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
