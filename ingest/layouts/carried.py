"""Texts as other programs carry them: quoted in a mail, stamped by a chat, title and abstract in one item of a list,
links and ids behind titles.

Whatever its layout, the text is read as if it stood by itself; lines keep the numbers that they have in the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.layouts.furniture import furniture
from ingest.layouts.labels import is_label
from ingest.layouts.titles import ends_sentence, title_likeness
from ingest.reading import Text

_QUOTE_MARKS = re.compile(r"\s*>(?:[> ]*> ?| ?)")
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?"
_DATE = r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4},? "  # where the year stands first it is a log
_STAMP = re.compile(
    rf"\s*(?:\[(?:{_DATE})?{_TIME}\] ?|{_DATE}{_TIME} - )(?:<[^<>]{{1,40}}> |[^\W\d_][^:\[\]<>*]{{0,40}}: )"
)
_LINK = r"(?:[ ,|·]*[(\[]{0,2}\[[^\[\]]{1,40}\]{1,2}\(https?://[^\s()]+\)[)\]]?| \(https?://[^\s()]+\))"
_ID = r"(?: +[(\[]arxiv: ?\d{4}\.\d{4,5}(?:v\d+)?[)\]]|(?<=\.) +arxiv: ?\d{4}\.\d{4,5}(?:v\d+)?)"
_READ = r" +\(\d+ min(?:ute)?s? read\) +\[\d{1,3}\]"
_LINKED = re.compile(rf"( {{0,3}}\S[^\t]{{8,300}}?)((?:{_LINK}|{_ID}|{_READ})+)[.:]?\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<=\()https?://[^\s()]+")
_IDENTIFIER = re.compile(r"arxiv: ?\d{4}\.\d{4,5}(?:v\d+)?", re.IGNORECASE)
_LONGEST_LINKED = 1_000  # characters
_LIST_MARK = re.compile(r"\s*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?[*_]*")
_ITEM = re.compile(
    r"\s{0,3}(?P<mark>[-*+•]\s+|\d{1,3}[.)]\s+)?(\*\*|__)(?=\S)(?P<title>(?:(?!\2).)+?)[:.]?\2"
    rf"(?P<links>(?:{_LINK})+)?(?P<remark>\s*\([^()]{{1,60}}\))?"
    r"(?:[:.–—-]*\s+(?P<text>\S.*))?"
)

Parts = Callable[[str], list[str]]


@dataclass(slots=True)
class _Carried(Text):
    """A text without what carries it."""

    parts: Parts = lambda line: [line]  # of a line, each a line of the text

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines that are read; several may have the number of the line that they stand in."""
        for number, line in Text.lines(self):
            for part in self.parts(line):
                yield number, part


def carried(text: Text) -> Text:
    """The text that this one carries, or this one, where nothing carries it."""
    for find in (_quoted, _stamped, _linked, _listed):
        if parts := find([line for line in text.sample.split("\n") if line.strip()]):
            text = _taken_out(text, parts)
    return text


def _taken_out(text: Text, parts: Parts) -> Text:
    sample = "\n".join(part for line in text.sample.split("\n") for part in parts(line))
    before = text.parts if isinstance(text, _Carried) else None
    both = parts if before is None else lambda line: [part for one in before(line) for part in parts(one)]
    return _Carried(text.file, text.encoding, sample, text.complete, parts=both)


def _quoted(lines: list[str]) -> Parts | None:
    """A mail's answer has marks before all lines but its head; notes that quote have headings and "[!kind]" between."""
    marked = [line for line in lines if line.lstrip().startswith(">")]
    if len(marked) < max(3, 0.7 * len(lines)) or any("[!" in line for line in marked):
        return None
    return lambda line: [_QUOTE_MARKS.sub("", line, count=1)]


def _stamped(lines: list[str]) -> Parts | None:
    stamped = sum(_STAMP.match(line) is not None for line in lines)
    return (lambda line: [_STAMP.sub("", line, count=1)]) if stamped >= max(2, 0.3 * len(lines)) else None


def _linked(lines: list[str]) -> Parts | None:
    """Titles with links to their papers behind them, or with ids."""
    heads = Counter(title for line in lines if (title := _linked_title(line)))

    def parts(line: str) -> list[str]:
        title = _linked_title(line)
        if not title or heads[title] > 1:  # what stands with every paper is none
            return [line]
        return [title, *_addresses(line[len(title) :])]

    headings = sum(line.startswith("#") for line in lines)  # where these are the titles, links stand below them
    return parts if sum(n == 1 for n in heads.values()) >= max(2, 0.05 * len(lines), headings + 1) else None


def _linked_title(line: str) -> str:
    """The title of a line that ends with links; "" for other lines."""
    if len(line) > _LONGEST_LINKED or not ("(http" in line or "arxiv:" in line.lower() or " read)" in line):
        return ""
    found = _LINKED.fullmatch(line)
    bare = _LIST_MARK.sub("", found[1], count=1).rstrip("*_.: ") if found else ""
    if found is None or found[1].endswith(":") or bare.startswith(tuple("[#|<>!(")):
        return ""
    if is_label(bare.split(":")[0]) or furniture(bare) or title_likeness(bare) <= 1.0:
        return ""
    return found[1].removesuffix(".")


def _addresses(links: str | None) -> list[str]:
    """Where links lead; the ids that stand for them where they lead nowhere."""
    return _ADDRESS.findall(links or "") or _IDENTIFIER.findall(links or "")


def _listed(lines: list[str]) -> Parts | None:
    """A list whose items are "**Title**: abstract", or "1. **Title** (2025)" above an abstract."""
    heads = Counter(found["title"] for line in lines if (found := _ITEM.fullmatch(line)))

    def parts(line: str) -> list[str]:
        found = _ITEM.fullmatch(line) if "**" in line or "__" in line else None
        if found is None or heads[found["title"]] > 1 or is_label(found["title"]):  # what names parts comes again
            return [line]
        head, text = [f"**{found['title']}**", *_addresses(found["links"])], found["text"]
        if text:
            return ["", *head, "", text, ""] if _are_paper(found["title"], text) else [line]
        return ["", *head] if found["mark"] or found["remark"] else [line]

    taken = sum(len(parts(line)) > 1 for line in lines)
    return parts if taken >= max(2, 0.2 * len(lines)) else None


def _are_paper(title: str, text: str) -> bool:
    return title_likeness(title) > 0.0 and title_likeness(text) < -2.0 and ends_sentence(text) and len(text) > 100
