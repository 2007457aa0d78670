"""Labels of a text's parts: "Title: ...", "Authors: ...", and whatever else one dump names its facts by.

Some labels are known by their words. Where a dump names its titles or abstracts, every other label that recurs with
them is one, too ("Rating: 4"), and what it says is neither title nor abstract.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Literal

from ingest.layouts.facts import address_id

Kind = Literal["title", "abstract", "authors", "address", "date", "other"]

_WORDS: dict[Kind, str] = {
    "title": "title, paper title, paper, titel, titre, título, titolo, "
    "标题, 標題, 题目, 論文題目, タイトル, 제목, название",
    "abstract": "abstract, summary, zusammenfassung, résumé, resumen, resumo, riassunto, "
    "摘要, 概要, 要旨, 초록, аннотация",
    "authors": "author, authors, author(s), by, written by, autor, autoren, auteurs, autores, autori, "
    "作者, 著者, 저자, авторы",
    "other": "comments, subject, subjects, keywords, key words, index terms, ccs concepts, categories, journal-ref, "
    "report-no, doi, msc-class, acm-class",
}
_KNOWN: dict[str, Kind] = {word: kind for kind, words in _WORDS.items() for word in words.split(", ")}
# These say what they are only together with what follows: an abstract's last line may begin "Link: ..." as well.
_DATES = frozenset(
    {"date", "published", "published on", "publication date", "submitted", "posted", "year", "datum"}
    | {"日期", "发布日期", "發布日期", "日付", "날짜", "дата"}
)
_ADDRESSES = frozenset(
    {"url", "link", "pdf", "arxiv", "address", "paper link", "paper url", "arxiv link", "arxiv url", "abs", "html"}
    | {"read the paper", "full paper", "full text", "doi", "链接", "連結", "网址", "リンク", "링크", "ссылка"}
)
_CODES = frozenset({"code", "github", "repo", "repository", "代码", "コード", "код"})
_FIRM = {*_KNOWN, *_CODES}  # labels also where no blank follows the colon
_BEGINS_DATE = re.compile(r"(?:[^\W\d_]{3,9}\.?,? ?){0,2}\d")
_ADDRESS = re.compile(r"https?://\S+")
# Abstracts of medicine have parts with names of their own.
_PARTS = frozenset(
    re.split(
        r",\s+",
        """aim, aims, background, conclusion, conclusions, context, data sources, design, discussion, evaluation,
        findings, implications, importance, interpretation, intervention, interventions, introduction, limitations,
        main outcome measures, main results, materials, measurements, method, methods, methodology, motivation,
        objective, objectives, originality, outcome, outcomes, participants, patients, problem, purpose, rationale,
        results, setting, significance, study design, trial registration""",
    )
)
_AND = re.compile(r",? (?:and|&) |, ?|/")
_FORM = re.compile(
    r"(?:[-*+•]\s+|[\[(]?\d{1,4}[.)\]]\s+)?(?:\*\*|__)?([^\W\d_](?:[\w/&;'()-]| (?! )){0,28}?)(?:\*\*|__)?"
    r"(?:\s*[:：]|\s[-–—](?=\s)|—(?=\S))(?:\*\*|__)?(\s*)(.*)"
)
_LONG = 150  # characters of what may be an abstract
_SHORT = 50  # characters of what is none, nor the first line of one


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line that has a label."""

    kind: Kind
    text: str  # without the label; may be empty, then the next line is meant


@dataclass(frozen=True, slots=True)
class Labels:
    """What the lines of one dump are labelled with."""

    own: dict[str, Kind]  # by their words in small letters; besides those that all dumps have
    codes: frozenset[str]  # that code's addresses are labelled with, in small letters
    bare: bool  # labels may stand on lines of their own, without a colon
    small: bool  # labels may begin with a small letter, as a wrapped line of an abstract may that has a colon
    titles: bool  # all titles have a label
    title: bool  # "Title: ..." is a label, and no sentence of an abstract about titles
    authors: bool  # authors have one
    abstract_first: bool  # an abstract stands above its title

    def read(self, line: str) -> Labelled | None:
        """The label of a stripped line, None where it has none."""
        if not self.small and line[:1].islower() and not (line.startswith("doi:") or address_id(line.split(" ")[-1])):
            return None
        if self.bare and (kind := _kind(line.lower())):
            return Labelled(kind, "")
        found = _FORM.fullmatch(line)
        if found is None:
            return None
        name, text = found[1].lower(), found[3]
        if name in _DATES and _BEGINS_DATE.match(text):
            return Labelled("date", text)
        if _ADDRESS.fullmatch(text) and (name in _ADDRESSES or name in self.codes or _KNOWN.get(name) == "title"):
            return Labelled("address", text)
        kind = _KNOWN.get(name) or (self.own.get(name) if found[2] or not text else None)
        if kind == "title" and (not self.title or "://" in text):
            return None
        return Labelled(kind, text) if kind else None


def _kind(name: str) -> Kind | None:
    return _KNOWN.get(name) or ("date" if name in _DATES else "address" if name in _ADDRESSES else None)


def find_labels(sample: str) -> Labels:
    """The labels that a dump's beginning shows."""
    lengths: defaultdict[str, list[int]] = defaultdict(list)  # with the lines below that have no label
    heads: defaultdict[str, list[int]] = defaultdict(list)
    first: list[Kind] = []
    bare, small, name = False, False, ""
    long_above = below_text = False  # "Title: ..." stands below a text that may be an abstract
    for line in map(str.strip, sample.split("\n")):
        bare = bare or (_KNOWN.get(line.lower()) == "title" and line.lower() != "paper")  # which is a button, too
        if (found := _FORM.fullmatch(line)) and (found[2] or not found[3] or found[1].lower() in _FIRM):
            name = found[1].lower()
            if _KNOWN.get(name) == "title" and "://" in found[3]:
                name = "url"
            lengths[name].append(len(found[3]))
            heads[name].append(len(found[3]))
            below_text = below_text or (_KNOWN.get(name) == "title" and long_above)
            if (kind := _KNOWN.get(name)) in ("title", "abstract") and kind not in first:
                first.append(kind)
            small = small or (found[1].islower() and name in ("title", "abstract"))
        elif name:
            lengths[name][-1] += len(line)
        long_above = long_above or len(line) > _LONG
    kinds = [_KNOWN.get(one) for one, texts in lengths.items() for _ in texts]
    named = {kind: kinds.count(kind) for kind in ("title", "abstract")}
    anchors = max(named.values())
    least = max(2, 0.4 * (anchors if anchors >= 2 else kinds.count("authors")))
    recurring = [one for one, n in lengths.items() if len(n) >= least and one not in _KNOWN and one not in _PARTS]
    if anchors < 2:  # what else stands below titles and authors, none of it as long as an abstract's first line
        short = "authors" in kinds
        recurring = [one for one in recurring if short and median(heads[one]) <= _SHORT]
    own: dict[str, Kind] = {one: _kind(one) or "other" for one in recurring}
    if named["abstract"]:  # which says more
        own |= dict.fromkeys(("tl;dr", "tldr"), "other")
    long = [one for one in recurring if median(lengths[one]) > _LONG]
    if anchors >= 2 and long and not named["abstract"]:
        own[max(long, key=lambda one: median(lengths[one]))] = "abstract"
    authors = "authors" in kinds
    titles = bare or named["title"] >= max(2, 0.8 * named["abstract"])
    title = named["title"] != 1 or authors or not below_text
    codes = frozenset(
        one for one in _CODES if len(lengths.get(one, ())) > 1
    )  # a single one may be an abstract's last line
    return Labels(own, codes, bare, small, titles, title, authors, titles and first == ["abstract", "title"])


def is_label(name: str) -> bool:
    """Whether these words name a part of a paper, or a fact about it, in any dump."""
    name = name.strip(" :").lower()
    return _kind(name) is not None or name in _PARTS


def is_part(name: str) -> bool:
    """Whether these words alone are the name that an abstract of medicine has for a part of itself."""
    names = _AND.split(name.strip(" :").lower())
    return name[:1].isupper() and all(one in _PARTS for one in names)
