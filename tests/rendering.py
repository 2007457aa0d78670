"""How each layout prints papers: what the tests of ingest/layouts read back."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import textwrap
from collections.abc import Callable, Sequence

from tests.rendered_papers import FURNITURE, Made


def _lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False)


def _with_furniture(parts: Sequence[list[str]], between: str, chance: random.Random | None) -> str:
    """The parts (papers, each a list of lines) with furniture before, between and after some of them."""
    lines: list[str] = []
    for part in [*parts, []]:
        if chance is not None:
            lines += chance.sample(FURNITURE, chance.choice((0, 0, 1, 3)))
        lines += part
    return between.join(lines) + "\n"


def blank_line_text(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 1: parts stand apart."""
    return _with_furniture([[p.title, *p.abstract.split("\n\n")] for p in papers], "\n\n", chance)


def wrapped_text(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 1 after a text browser: wrapped at 80 columns."""
    parts = [[*map(_wrapped, [p.title, *p.abstract.split("\n\n")])] for p in papers]
    return _with_furniture(parts, "\n\n", chance)


def _wrapped(text: str) -> str:
    return "\n".join(_lines(text, 80))


def compact_text(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 2: one part a line."""
    return _with_furniture([[p.title, p.abstract.replace("\n\n", " ")] for p in papers], "\n", chance)


def addressed_text(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 3: every link's text with its address below."""
    parts = []
    for p in papers:
        login = f"https://huggingface.co/login?next=%2Fpapers%2F{p.arxiv_id}"
        people = ["[", f"{len(p.authors)} authors]({p.address})"]
        if p.organisation:
            people = [p.address, f" {p.organisation}", "https://huggingface.co/example-org"]
        card = [f" [-] {p.upvotes or '-'}", login, p.title, p.address, *p.abstract.split("\n\n"), p.address, *people]
        parts.append([*card, "·", p.printed_date, "3", f"{p.address}#community"])
    navigation = ["Models", "https://huggingface.co/models", "Subscribe", "https://huggingface.co/login?next=%2Fpapers"]
    return _with_furniture([navigation, *parts, navigation], "\n\n", chance)


def markdown_headings(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 4: a linked heading for every title, every card twice."""
    parts = []
    for p in papers:
        title = p.title if len(p.title) < 30 else "\n".join(_lines(p.title, 30))
        who = [f"[[picture: x] {p.organisation}](https://huggingface.co/example-org) · Published on {p.printed_date}"]
        if not p.organisation:
            who = ["- [picture: none]", f"- {len(p.authors)} authors", f"· Published on {p.printed_date}"]
        links = f"[arXiv Page](https://arxiv.org/abs/{p.arxiv_id})"
        if p.code:
            links = f"[GitHub 1.5k]({p.code}) {links}"
        card = ["Submitted by", "![](https://cdn.example.org/a.png)", "some-user", f"### [{title}]({p.address})"]
        card += [*p.abstract.split("\n\n"), *who]
        card += [f"[Upvote\n\n{p.upvotes}](https://huggingface.co/login?next=%2Fpapers%2F{p.arxiv_id})", links]
        parts += [card, card]
    head = ["# Trending Papers", "## by[AK](https://huggingface.co/akhaliq) and the research community"]
    return _with_furniture([head, *parts], "\n\n", chance)


def plain_headings(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 4 without links: `### Title`, the abstract and facts directly below it."""
    parts = []
    for p in papers:
        code = [f"[LINK: GitHub 11.3k]({p.code})"] if p.code else []
        abstract = p.abstract.replace("\n\n", " ")
        parts.append([f"### {p.title}", "\n".join([abstract, f"- {len(p.authors)} authors", *code])])
    return _with_furniture([["# A list of papers", "## Trending Papers"], *parts], "\n\n", chance)


def linked_cards(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 4 as a scraper prints it: the abstract is a link's text too, with hard breaks inside."""
    parts = []
    for p in papers:
        abstract = "\\\\\n".join(_lines(p.abstract.replace("\n\n", " "), 78))
        people = f"[- ![](https://cdn.example.org/a.png)\\\\\n- {len(p.authors)} authors]({p.address})"
        if p.organisation:
            people = f"[![x](https://cdn.example.org/o.png){p.organisation}](https://huggingface.co/example-org)"
        parts.append(
            [
                f"[{p.upvotes or '-'}](https://huggingface.co/login?next=%2Fpapers%2F{p.arxiv_id})",
                f"### [{p.title}]({p.address})",
                f"[{abstract}]({p.address})",
                people,
                "·",
                f"{p.printed_date}[6]({p.address}#community)",
            ]
        )
    return _with_furniture([["# Daily Papers", "- Daily\n- Weekly\n- Monthly"], *parts], "\n\n", chance)


def markdown_references(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 5: wrapped at 120 columns, links by number, their addresses in a list at the end."""
    addresses = ["https://huggingface.co/", "https://huggingface.co/models"]
    parts = []

    def refer(address: str) -> str:
        addresses.append(address)
        return f"][{len(addresses)}]"

    for p in papers:
        title = "\n".join(_lines(f"### [{p.title}", 100))
        abstract = "\n\n".join("\n".join(_lines(text, 120)) for text in p.abstract.split("\n\n"))
        vote = refer(f"https://huggingface.co/login?next=%2Fpapers%2F{p.arxiv_id}")
        card = [f"[\n{p.upvotes or '-'}\n{vote}", title + refer(p.address), f"[\n\n{abstract}\n\n{refer(p.address)}"]
        if p.organisation:
            who = f"[[x] {p.organisation}{refer('https://huggingface.co/example-org')}"
        else:
            who = f"[\n* {len(p.authors)} authors\n{refer(p.address)}"
        parts.append([*card, f"{who}\n·\n{p.printed_date} [ 3{refer(p.address + '#community')}"])
    head = "[[logo] Hugging Face][1]\n* [ Models ][2]\n* * Website\n    * [ Tasks][2]\nnew"
    text = _with_furniture([[head, "# Daily Papers", "* Daily\n* Weekly\n* Monthly"], *parts], "\n\n", chance)
    return text + "\n" + "".join(f"[{number}]: {address}\n" for number, address in enumerate(addresses, 1))


def feed_entry(p: Made) -> dict[str, object]:
    """One entry of the JSON feed."""
    paper: dict[str, object] = {
        "id": p.arxiv_id,
        "authors": [{"_id": "0", "name": name, "hidden": False} for name in p.authors],
        "publishedAt": f"{p.date}T17:34:15.000Z",
        "title": p.title.replace(" for ", " for\n  "),
        "summary": "\n\n".join("\n".join(_lines(t, 78)) for t in p.abstract.split("\n\n")),
        "upvotes": p.upvotes,
        "discussionId": "0",
    }
    if p.code:
        paper["githubRepo"] = p.code
    if p.organisation:
        paper["organization"] = {"name": "org", "fullname": p.organisation}
    return {"paper": paper, "publishedAt": "2030-01-01T00:00:00.000Z", "title": p.title, "numComments": 1}


def json_feed(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 7: a list of entries."""
    return json.dumps([feed_entry(p) for p in papers], indent=None if chance and chance.random() < 0.5 else 1)


def page_data(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 6: the page as saved, its data inside an attribute."""
    data = json.dumps({"canSubmit": False, "dailyPapers": [feed_entry(p) for p in papers], "query": ""})
    return (
        "<!doctype html>\n<html><head><title>Daily Papers - Hugging Face</title><script>var a = '<h3>x</h3>';</script>"
        '</head>\n<body><header><nav><a href="/models">Models</a></nav></header>\n'
        f'<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{html.escape(data)}">'
        f"{_articles(papers)}</div></body></html>\n"
    )


def page_markup(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 6: the page as saved, cards from the markup."""
    return (
        "<!DOCTYPE html>\n<html><head><title>Daily Papers - Hugging Face</title><style>h3 {color: red}</style></head>\n"
        '<body><nav><ul><li><a href="/models">Models</a></li></ul></nav><h1>Daily Papers</h1>\n'
        '<h2>by <a href="/akhaliq">AK</a> and the research community</h2>'
        f"{_articles(papers)}<footer>System theme</footer></body></html>\n"
    )


def _articles(papers: Sequence[Made]) -> str:
    parts = []
    for p in papers:
        title, abstract = html.escape(p.title), html.escape(p.abstract).replace("\n\n", "</p>\n<p>")
        who = f'<li><img alt="a" src="a.png"></li><li>{len(p.authors)} authors</li>'
        if p.organisation:
            who = f'<a href="/example-org"><img alt="x" src="o.png"> <span>{p.organisation}</span></a>'
        parts.append(
            f'<article class="card"><a href="/papers/{p.arxiv_id}"><img src="t.png"></a>\n'
            f'<a href="/login?next=%2Fpapers%2F{p.arxiv_id}"><svg><path d="M1"></path></svg>{p.upvotes}</a>\n'
            f'<h3 class="x"><a href="/papers/{p.arxiv_id}" class="y">{title}</a></h3>\n<p class="z">{abstract}</p>\n'
            f'<ul>{who}</ul><span>·</span><time datetime="{p.date}T00:00:00">{p.printed_date}</time>'
            + (f'<a href="{p.code}"><span>GitHub</span> 12</a>' if p.code else "")
            + "</article>\n"
        )
    return "".join(parts)


def json_lines(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 8: one object a line."""
    rows = [
        {"id": p.arxiv_id, "title": p.title, "abstract": p.abstract, "authors": list(p.authors), "date": p.date}
        | {"upvotes": p.upvotes, "url": p.address}
        for p in papers
    ]
    return "".join(json.dumps(row, ensure_ascii=bool(chance and chance.random() < 0.5)) + "\n" for row in rows)


def table(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 9: a table with a header."""
    delimiter = chance.choice(",\t;") if chance else ","
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["arxiv_id", "Title", "Authors", "Abstract", "Date", "Upvotes"])
    for p in papers:
        writer.writerow([p.arxiv_id, p.title, "; ".join(p.authors), p.abstract, p.date, p.upvotes])
    return out.getvalue()


def bibtex(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 10: entries with abstracts."""
    opening, closing = (
        ("{", "}") if chance is None or chance.random() < 0.7 or any('"' in p.abstract for p in papers) else ('"', '"')
    )
    entries = []
    for number, p in enumerate(papers):
        fields = {
            "title": "{" + p.title + "}",
            "author": " and ".join(p.authors),
            "abstract": p.abstract,
            "year": p.date[:4],
            "eprint": p.arxiv_id,
            "archivePrefix": "arXiv",
        }
        body = ",\n".join(f"  {name} = {opening}{value}{closing}" for name, value in fields.items())
        entries.append(f"@article{{key{number},\n{body}\n}}\n")
    return "% exported\n@string{acl = {Some venue}}\n\n" + "\n".join(entries)


def arxiv_lines(papers: Sequence[Made], chance: random.Random | None = None) -> str:
    """Layout 11: arXiv's own metadata."""
    rows = []
    for p in papers:
        wrapped = "\n  ".join("\n".join(_lines(t, 78)) for t in p.abstract.split("\n\n"))
        rows.append(
            {"id": p.arxiv_id, "submitter": "someone", "authors": ", ".join(p.authors), "title": p.title}
            | {"categories": "cs.LG cs.CL", "abstract": f"  {wrapped}\n", "update_date": p.date}
            | {"authors_parsed": [[name.split(" ")[-1], " ".join(name.split(" ")[:-1]), ""] for name in p.authors]}
        )
    return "".join(json.dumps(row) + "\n" for row in rows)


Render = Callable[[Sequence[Made], "random.Random | None"], str]

RENDERED: dict[str, tuple[Render, ...]] = {  # layout's name -> ways of printing it
    "blank-line text": (blank_line_text, wrapped_text),
    "compact text": (compact_text,),
    "text with addresses": (addressed_text,),
    "Markdown with headings": (markdown_headings, plain_headings, linked_cards),
    "Markdown with reference links": (markdown_references,),
    "HTML page": (page_data, page_markup),
    "JSON feed": (json_feed,),
    "JSONL": (json_lines,),
    "CSV/TSV": (table,),
    "BibTeX": (bibtex,),
    "arXiv metadata JSONL": (arxiv_lines,),
}
