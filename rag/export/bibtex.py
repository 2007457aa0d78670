"""Papers as BibTeX, for LaTeX with BibTeX or biber.

Preprints are `@misc` with `eprint`, `archiveprefix` and, where the id tells it, `primaryclass`, as arXiv itself exports
them (https://info.arxiv.org/help/hypertex/bibstyles/index.html). The text is UTF-8; what TeX would read as a command is
escaped, and `$...$` of a title stays mathematics where it comes in pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.corpus import Paper
from rag.export.papers import address_of, citation_key, date_parts, name_parts, names_of, one_line

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, also those behind a backslash
    "}": r"\textbraceright{}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_MATHEMATICS = re.compile(r"\$[^$\s](?:[^$]*[^$\s])?\$(?!\d)")  # of two prices, the second $ has a digit behind it
_CAPITALS = re.compile(
    r"\b\w*(?:[a-z0-9][A-Z]|[A-Z]{2})\w*\b|\b[A-Z][\w-]*(?=:)"
)  # LoRA, BERT, and a name before a colon
_OLD_ID = re.compile(r"([a-z-]+)(?:\.[A-Z]{2})?/\d{7}")


def as_bibtex(papers: Iterable[Paper]) -> str:
    """One entry a paper; an empty text without papers."""
    return "\n".join(map(_entry, papers))


def _entry(paper: Paper) -> str:
    year, month, _ = date_parts(paper)
    old = _OLD_ID.fullmatch(paper.arxiv_id or "")
    names, more = names_of(paper)
    fields = {
        "title": _title(paper.title),
        "author": " and ".join([*map(_author, names), *(["others"] if names and more else [])]),
        "year": year,
        "month": _MONTHS[int(month) - 1] if month and 1 <= int(month) <= len(_MONTHS) else "",
        "eprint": paper.arxiv_id or "",
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "primaryclass": old[1] if old else "",
        "url": _address(address_of(paper)),
        "organization": _escaped(paper.organisation or ""),
    }
    lines = [
        f"  {name} = {value},\n" if name == "month" else f"  {name} = {{{value}}},\n"
        for name, value in fields.items()
        if value
    ]
    return f"@misc{{{citation_key(paper)},\n{''.join(lines)}}}\n"


def _title(title: str) -> str:
    """Escaped, with words in braces whose capitals a bibliography style would make small."""
    pieces: list[str] = []
    end = 0
    for found in _MATHEMATICS.finditer(title):
        pieces += [_with_capitals(title[end : found.start()]), _mathematics(found[0])]
        end = found.end()
    return "".join([*pieces, _with_capitals(title[end:])]).strip()


def _mathematics(text: str) -> str:
    """As it is where its braces match; else with every sign escaped."""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return _escaped(text)
    safe = depth == 0 and not re.search(r"[%#&]|\\\\?$|[\x00-\x1f]", text[1:-1])
    return text if safe else _escaped(text)


def _with_capitals(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for found in _CAPITALS.finditer(text):
        pieces += [_signs(text[end : found.start()]), "{", _signs(found[0]), "}"]
        end = found.end()
    return "".join([*pieces, _signs(text[end:])])


def _author(name: str) -> str:
    """`van Beethoven, Jr., Ludwig`; a name of one part in braces, so that nothing cuts it."""
    family, given, suffix = (_escaped(part) for part in name_parts(one_line(name)))
    whole = ", ".join(part for part in (family, suffix, given) if part) if given else f"{{{family}}}"
    return re.sub(r"\band\b", "{and}", whole, flags=re.IGNORECASE)


def _address(url: str) -> str:
    """An address as `\\url` reads it; braces and backslashes, which no address needs, are coded."""
    coded = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
    return "".join(coded.get(sign, sign) for sign in one_line(url)).replace("%", "\\%").replace("#", "\\#")


def _escaped(text: str) -> str:
    return _signs(one_line(text))


def _signs(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in re.sub(r"[\x00-\x1f\x7f]", " ", text))
