"""What BibTeX and RIS need to know of a paper: a key that stays, names in two parts, a date in parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rag.corpus import Answer, Paper

_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_PARTICLE = re.compile(r"(?:von|van|de|der|den|del|della|di|da|dos|du|la|le|ten|ter|zu|bin|ibn|al|el)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
# Words that stand in a list of authors for those that it does not name.
_AND_MORE = re.compile(
    r"(?:^|[\s,;]+)(?:(?:et|&)\.?\s+al(?:ii|ia)?\.?|(?:and|&)\s+(?:\d+\s+)?(?:others|more))\s*$|^\s*others\s*$",
    re.IGNORECASE,
)
_STOP = frozenset({"a", "an", "the", "on", "of", "for", "in", "to", "and", "with", "is", "are", "do", "does", "how"})
_SENT = re.compile(r"(?:^|/)(\d{2})(0[1-9]|1[0-2])(?:\.\d{4,5}|\d{3})$")  # an arXiv id begins with year and month
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")


def cited_in(answers: Iterable[Answer]) -> tuple[Paper, ...]:
    """The papers that the answers cite, each once, in the order in which they first are."""
    papers: dict[str, Paper] = {}
    for answer in answers:
        for citation in answer.citations:
            papers.setdefault(citation.paper.paper_id, citation.paper)
    return tuple(papers.values())


def citation_key(paper: Paper) -> str:
    """`hu2021lora-2f9c41`: first author, year, first word of the title, and digits of the paper's own key.

    It hangs on the paper alone, so that a bibliography that is exported again agrees with what was written.
    """
    names, _ = names_of(paper)
    author = _plain(name_parts(names[0])[0].partition(",")[0]) if names else ""
    words = [word for word in _plain_words(paper.title) if word not in _STOP] or ["paper"]
    return f"{author}{date_parts(paper)[0]}{words[0]}-{paper.paper_id[:6]}"


def names_of(paper: Paper) -> tuple[tuple[str, ...], bool]:
    """The authors' names, and whether there are more than are named: `Ada Byron et al.` -> (`Ada Byron`,), True."""
    names = [_AND_MORE.sub("", name) for name in paper.authors]
    return tuple(name for name in names if one_line(name)), names != list(paper.authors)


def name_parts(name: str) -> tuple[str, str, str]:
    """Family name, given names and suffix: `Ludwig van Beethoven Jr.` -> (`van Beethoven`, `Ludwig`, `Jr.`).

    `Beethoven, Ludwig van` is read as it is meant, with the suffix at either place. A name of one word, or in letters
    without capitals such as Chinese (`李 明` has the family name first), stays whole as the family name, and so do
    several names in one, commas and all.
    """
    name = " ".join(name.split())
    if "," not in name and name.upper() == name.lower():
        return name, "", ""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    suffix = next((part for part in parts[1:] if _SUFFIX.fullmatch(part)), "")
    if suffix:
        parts.remove(suffix)
    if len(parts) == 2:
        family, given = parts
        if not suffix and _SUFFIX.fullmatch(family.rpartition(" ")[2]) and " " in family:
            family, _, suffix = family.rpartition(" ")
        return family, given, suffix
    if len(parts) != 1:
        return name, "", ""
    words = parts[0].split(" ")
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if len(words) == 1:
        return " ".join(filter(None, (words[0], suffix))), "", ""
    start = len(words) - 1
    while start > 1 and _PARTICLE.fullmatch(words[start - 1]):
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start]), suffix


def date_parts(paper: Paper) -> tuple[str, str, str]:
    """Year, month and day with two digits each, empty where neither the date nor an arXiv id tells them."""
    found = _DATE.match(paper.date or "")
    if found:
        return found[1], found[2] or "", found[3] or ""
    sent = _SENT.search(paper.arxiv_id or "")
    return (f"{'19' if sent[1] > '90' else '20'}{sent[1]}", sent[2], "") if sent else ("", "", "")


def address_of(paper: Paper) -> str:
    """The paper's own page; empty where none is known: a search is no address."""
    if paper.url:
        return paper.url
    return f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else ""


def one_line(text: str) -> str:
    """Without line ends and control characters, which would end a field."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _plain_words(text: str) -> Sequence[str]:
    folded = unicodedata.normalize("NFKD", text).casefold()
    ascii_only = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return [word for word in _NOT_ASCII_WORD.split(ascii_only) if word]


def _plain(text: str) -> str:
    return "".join(_plain_words(text))
