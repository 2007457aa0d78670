"""Source cards: the papers that an answer cites, each with the quoted sentence marked in its abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote, urlsplit

from rag.corpus import Answer, Citation, Hit, Paper, Source
from rag.page.mathematics import as_html
from rag.page.text import count, escape, listed, one_line, safe_url

_AROUND = 140  # characters of the abstract shown on either side of a quoted sentence
_PREVIEW = 260  # characters of the abstract shown where nothing of it is quoted
_SHOWN_AUTHORS = 3
_SHOWN_DUMPS = 2

Span = tuple[int, int, int]  # begin and end in the abstract, and the number of the citation that quotes it

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def sources_html(answer: Answer, *, anchor: str) -> str:
    """What stands beside the answer: its sources, or the nearest papers where it has none; then what else came up."""
    if answer.citations:
        hits = {evidence.paper.paper_id: evidence.hit for evidence in answer.evidence}
        by_paper: dict[str, list[Citation]] = {}
        for citation in answer.citations:
            by_paper.setdefault(citation.paper.paper_id, []).append(citation)
        cards = [source_card(group, hits.get(paper_id), anchor=anchor) for paper_id, group in by_paper.items()]
        heading = "Source" if len(cards) == 1 else "Sources"
    else:
        cards = [hit_card(hit, anchor=anchor) for hit in answer.nearest]
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


def source_card(citations: Sequence[Citation], hit: Hit | None, *, anchor: str) -> str:
    """The card of one paper, which the citations of the answer lead to; each of them quotes a sentence of it."""
    paper = citations[0].paper
    numbers = "".join(
        f'<span class="number" id="{anchor}-source-{each.number}">{each.number}</span>' for each in citations
    )
    quotes = {citation.number: citation.quote for citation in citations}
    return (
        f'<li class="source" tabindex="-1" aria-label="Source {", ".join(str(each.number) for each in citations)}">'
        f"{_head(paper, numbers)}{_abstract(paper, quotes)}{_foot(paper, hit)}"
        '<button type="button" class="back">Back to the answer</button></li>'
    )


def hit_card(hit: Hit, *, anchor: str) -> str:
    """The card of a paper that was found but is not cited."""
    return (
        f'<li class="source plain" id="{anchor}-near-{hit.rank}">'
        f"{_head(hit.paper)}{_abstract(hit.paper, {})}{_foot(hit.paper, hit)}</li>"
    )


def also_near(answer: Answer) -> str:
    """The papers that were read and not cited, folded."""
    cited = {citation.paper.paper_id for citation in answer.citations}
    rest = [each.paper for each in answer.evidence if each.paper.paper_id not in cited] if cited else []
    if not rest:
        return ""
    items = "".join(f"<li>{_title_link(paper)}</li>" for paper in rest)
    return f'<details class="near"><summary>Also near: {count(len(rest), "paper")}</summary><ul>{items}</ul></details>'


def _head(paper: Paper, numbers: str = "") -> str:
    facts = [fact for fact in (_authors(paper), printed_date(paper.date), escape(paper.organisation or "")) if fact]
    line = f'<p class="facts">{" · ".join(facts)}</p>' if facts else ""
    return f'<h4 class="title">{numbers}{_title_link(paper)}</h4>{line}'


def _title_link(paper: Paper) -> str:
    return _link(paper.link, paper.title) or as_html(paper.title)


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


def _abstract(paper: Paper, quotes: Mapping[int, str]) -> str:
    """The quoted sentences with a little around them, and the whole abstract behind one click."""
    abstract = paper.abstract
    spans = sorted(
        (abstract.find(quote), abstract.find(quote) + len(quote), number)
        for number, quote in quotes.items()
        if quote and quote in abstract
    )
    whole = _marked(abstract, 0, len(abstract), spans)
    shown = _windows(abstract, spans)
    if shown == [(0, len(abstract))]:
        return f'<p class="abstract">{whole}</p>'
    pieces = [_marked(abstract, start, end, spans) for start, end in shown]
    before = "… " if shown[0][0] > 0 else ""
    after = "\u00a0…" if shown[-1][1] < len(abstract) else ""
    kind = "Summary" if paper.is_summary else "Abstract"
    return (
        f'<details class="abstract"><summary><span class="excerpt">{before}{" … ".join(pieces)}{after}</span>'
        f'<span class="fold more">Whole {kind.lower()}</span><span class="fold less">{kind}</span></summary>'
        f"<p>{whole}</p></details>"
    )


def _windows(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """The parts of the text that are shown: around each span, cut at blanks, joined where they meet."""
    if not spans:
        return [(0, _blank_before(text, _PREVIEW))]
    windows: list[tuple[int, int]] = []
    for start, end, _ in spans:
        begin, finish = _blank_after(text, start - _AROUND), _blank_before(text, end + _AROUND)
        if windows and begin <= windows[-1][1] + 1:
            windows[-1] = (windows[-1][0], max(finish, windows[-1][1]))
        else:
            windows.append((begin, finish))
    return windows


def _blank_after(text: str, place: int) -> int:
    """Where the next word begins; 0 where the text's beginning is near."""
    return 0 if place <= 0 else text.find(" ", place) + 1


def _blank_before(text: str, place: int) -> int:
    """Where the word before ends; the text's end where that is near."""
    if place >= len(text):
        return len(text)
    return max(text.rfind(" ", 0, place), 0) or place


def _marked(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    """`text[start:end]` with the spans in it marked; where two overlap, the second begins after the first."""
    pieces: list[str] = []
    cursor = start
    for begin, finish, number in spans:
        begin, finish = max(begin, cursor), min(finish, end)
        if begin < finish:
            quoted = as_html(text[begin:finish])
            pieces += [as_html(text[cursor:begin]), f'<mark data-number="{number}">{quoted}</mark>']
            cursor = finish
    return "".join([*pieces, as_html(text[cursor:end])])


def _foot(paper: Paper, hit: Hit | None) -> str:
    links = [paper_link(paper, "Open this paper"), *paper_links(paper)]
    lines = [f'<p class="links">{" ".join(links)}</p>']
    origin = " · ".join(part for part in (seen_in(paper.sources), found_by(hit)) if part)
    if origin:
        lines.append(f'<p class="origin">{origin}</p>')
    return "".join(lines)


def paper_href(paper_id: str) -> str:
    """Where a paper's own page is, from any room."""
    return f"papers?paper={quote(paper_id)}"


def paper_link(paper: Paper, words: str = "") -> str:
    """A link to the paper's own page, by its title; the page's script opens it without loading everything anew."""
    return f'<a class="inside" href="{escape(paper_href(paper.paper_id))}">{as_html(words or paper.title)}</a>'


def paper_links(paper: Paper) -> Iterator[str]:
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
    return f'<a href="{escape(safe)}" target="_blank" rel="noopener noreferrer">{as_html(words)}</a>'


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
