"""Named fields to a record: what JSON objects, table rows and BibTeX entries have in common.

Names are compared in lower case without punctuation, so that `githubRepo`, `github_repo` and `GitHub repo` are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ingest.layouts.facts import code_address, code_in_text, read_count, read_date, without_repeats
from ingest.layouts.identifiers import identify, plain_value
from ingest.layouts.markup import without_markup
from ingest.layouts.wrapping import one_line, unwrap
from ingest.record import Record, Rejected, rejected

_NOT_NAME = re.compile(r"[^a-z0-9]+")
_NOT_WORD = re.compile(r"[\W_]+")
_NO_ABSTRACT = re.compile(  # in words alone; nor is a number an abstract
    r"[\d ]{0,20}|nan|n ?a|none|null|undefined|not available|(?:there is )?no (?:abstract|summary)"
    r"(?: (?:is )?(?:available|provided|found|given))?(?: for this \w+)?|"
    r"(?:abstract|summary) (?:is )?(?:not (?:available|provided|found|given)|unavailable)(?: for this \w+)?"
)
_SHORT = 100  # characters
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|Ph\.? ?D|M\.? ?D|Inc|Ltd|LLC)\.?", re.IGNORECASE)  # behind a name's comma
_LISTED = re.compile(r"'([^']+)'(?=[,\]])|\"([^\"]+)\"(?=[,\]])")  # "['Ada Byron', \"Karl O'Weiss\"]", pandas' cell
_INITIALS = re.compile(r"[^\W\d_a-z]|(?:[^\W\d_a-z]\.[ -]?|-[a-z]\.)+")
_WIDE_MARKS = str.maketrans("、，；", ",,;")  # as Chinese and Japanese print them
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af]")  # such a name has no blank

PAPER_TITLE = ("title", "papertitle", "documenttitle", "articletitle", "itemtitle", "ti")
TITLE = (*PAPER_TITLE, "headline", "name")
ABSTRACT = ("abstract", "paperabstract", "abstracttext", "abstractinvertedindex", "ab")
SUMMARY = ("summary", "papersummary", "description", "abstractnote", "contenttext", "contenthtml")
GENERATED_SUMMARY = ("aisummary", "tldr")
AUTHORS = ("authorsparsed", "authors", "author", "authorlist", "creators", "authornames", "authorships", "authorstring",
           "au")  # fmt: skip
ORGANISATION = ("organization", "organisation", "org", "institution", "affiliation")
DATE = ("publishedat", "published", "publisheddate", "publicationdate", "firstpublicationdate", "date", "datepublished",
        "issued", "publishedonline", "publishedprint", "pubdate", "submitted", "created", "updatedate", "updated",
        "updatedat", "year", "publicationyear", "yearpublished", "pubyear", "py")  # fmt: skip
UPVOTES = ("upvotes", "numupvotes", "votes", "likes")
CODE = ("githubrepo", "github", "githuburl", "code", "codeurl", "codeurls", "repo", "repourl", "repository",
        "projectpage")  # fmt: skip


def comparable(name: object) -> str:
    """A field's name as names are compared: lower case, letters and digits alone."""
    return _NOT_NAME.sub("", str(name).lower())


def fields_of(mapping: Mapping[str, object]) -> dict[str, object]:
    """The mapping under comparable names, without empty values; of two the first."""
    fields: dict[str, object] = {}
    for name, value in mapping.items():
        if isinstance(value, dict) and value.keys() == {"value"}:  # as OpenReview wraps all
            value = value["value"]
        if value not in (None, "", [], {}):
            fields.setdefault(comparable(name), value)
    return fields


def record_of(mapping: Mapping[str, object], line: int) -> Record | Rejected:
    """The record that the fields give, or why they give none."""
    fields = fields_of(mapping)
    title = one_line(_text(fields, TITLE))
    abstract = _abstract(fields, ABSTRACT) or _abstract(fields, SUMMARY)
    is_summary = False
    if not abstract:
        abstract = _abstract(fields, GENERATED_SUMMARY)
        is_summary = bool(abstract)
    if not title and not abstract:
        return rejected(line, "Neither a title nor an abstract.", str(mapping)[:400])
    if not title:
        return rejected(line, "An abstract without a title.", abstract)
    if not abstract:
        return rejected(line, "A title without an abstract.", title)
    url, external, arxiv = identify(fields)
    return Record(
        title=title,
        abstract=abstract,
        line=line,
        external_id=external,
        arxiv_id=arxiv,
        url=url,
        organisation=_organisation(fields),
        date=_date(fields),
        authors=_authors(fields),
        upvotes=_upvotes(fields),
        code_urls=without_repeats([*_code(fields), *code_in_text(abstract)]),
        is_summary=is_summary,
    )


def has_paper(mapping: Mapping[str, object]) -> bool:
    """Whether the names of the fields are those of a paper."""
    names = {comparable(name) for name in mapping}
    if names.isdisjoint(PAPER_TITLE):  # anything has a name and a description
        return not names.isdisjoint(TITLE) and not names.isdisjoint(ABSTRACT)
    return not names.isdisjoint((*ABSTRACT, *SUMMARY, *GENERATED_SUMMARY))


def is_surely_paper(mapping: Mapping[str, object]) -> bool:
    """Whether the fields are a paper's, and not the title and description of a feed or collection of papers."""
    if not has_paper(mapping):
        return False
    fields = fields_of(mapping)
    named = not fields.keys().isdisjoint((*ABSTRACT, "doi"))
    return named or identify(fields)[2] is not None


def _abstract(fields: Mapping[str, object], names: Iterable[str]) -> str:
    """The text, or "" where it only says that there is none."""
    text = unwrap(_text(fields, names))
    return "" if says_no_abstract(text) else text


def says_no_abstract(text: str) -> bool:
    """Whether what stands for an abstract only says that there is none."""
    return len(text) < _SHORT and bool(_NO_ABSTRACT.fullmatch(_NOT_WORD.sub(" ", text.lower()).strip()))


def _text(fields: Mapping[str, object], names: Iterable[str]) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            parts = [part.get("text") if isinstance(part, Mapping) else part for part in value]
            texts = [part for part in parts if isinstance(part, str)]
            value = " ".join(texts) if len(texts) == len(parts) else None
        elif isinstance(value, Mapping):
            value = value["text"] if isinstance(value.get("text"), str) else _from_inverted_index(value)
        if isinstance(value, str) and (text := without_markup(value, keep_links=True).strip()):
            return text
    return ""


def _from_inverted_index(index: Mapping[str, object]) -> str:
    """OpenAlex's {"We": [0], "study": [1, 7]} as the text that it was made of; "" for other mappings."""
    places = [(place, word) for word, found in index.items() if isinstance(found, list) for place in found]
    if not all(isinstance(place, int) for place, _ in places):
        return ""
    return " ".join(word for _, word in sorted(places))


def _organisation(fields: Mapping[str, object]) -> str | None:
    for name in ORGANISATION:
        value = fields.get(name)
        if isinstance(value, Mapping):
            value = value.get("fullname") or value.get("name")
        if isinstance(value, str) and value.strip():
            return one_line(value)
    return None


def _date(fields: Mapping[str, object]) -> str | None:
    versions = fields.get("versions")  # arXiv's own: the first version's date is the paper's
    if isinstance(versions, list) and versions and isinstance(versions[0], Mapping):
        date = read_date(plain_value(versions[0].get("created")))
        if date:
            return date
    dates = [date for name in DATE if (date := read_date(_date_text(fields.get(name))))]
    return next((date for date in dates if date[:4].isdigit()), dates[0] if dates else None)


def _date_text(value: object) -> str:
    """A date as text, also out of CSL's and Crossref's {"date-parts": [[2024, 3, 11]]}."""
    if not isinstance(value, Mapping):
        return plain_value(value)
    parts = value.get("date-parts")
    while isinstance(parts, list) and parts and isinstance(parts[0], list):
        parts = parts[0]
    if isinstance(parts, list) and parts and all(plain_value(part).isdigit() for part in parts[:3]):
        year, *rest = (int(plain_value(part)) for part in parts[:3])
        return "-".join([str(year), *(f"{part:02}" for part in rest)])
    return next((text for name in ("raw", "literal", "date-time") if (text := plain_value(value.get(name)))), "")


def _authors(fields: Mapping[str, object]) -> tuple[str, ...]:
    for name in AUTHORS:
        value = fields.get(name)
        if isinstance(value, str):
            return author_names(value)
        if isinstance(value, Mapping):
            value = [value]
        if isinstance(value, list):
            names = [one_line(found) for author in value if (found := _author(author))]
            if names:
                return tuple(_turned_names(names))
    return ()


def _author(author: object) -> str:
    if isinstance(author, str):
        return author
    if isinstance(author, list):  # arXiv's [last, first, suffix]
        parts = [part for part in author if isinstance(part, str) and part]
        return " ".join([*parts[1:2], *parts[:1], *parts[2:]])
    if isinstance(author, Mapping):
        if isinstance(author.get("author"), Mapping):  # as OpenAlex wraps them
            return _author(author["author"])
        known = fields_of(author)
        for name in ("name", "fullname", "displayname", "literal"):
            if isinstance(known.get(name), str):
                return str(known[name])
        first = next((known[name] for name in ("first", "given", "firstname", "givenname") if name in known), None)
        last = next((known[name] for name in ("last", "family", "lastname", "familyname") if name in known), None)
        particles = (known.get("droppingparticle"), known.get("nondroppingparticle"))  # CSL's "van" and "der"
        return " ".join(part for part in (first, *particles, last) if isinstance(part, str))
    return ""


def author_names(text: str) -> tuple[str, ...]:
    """The names of an author line, parted by "and", ";" or ","; "Last, First" is turned round where it can be told."""
    text = one_line(text).translate(_WIDE_MARKS)
    if listed := _LISTED.findall(text) if text.startswith("[") and text.endswith("]") else []:
        names = _turned_names([first or second for first, second in listed])
    elif ";" in text or "|" in text:
        names = _turned_names(re.split(r"[;|]", text))
    else:
        parts = [part for part in _AND.split(text) if part.strip(" ,")]
        if len(parts) > 1 and all(part.count(",") == 1 for part in parts):
            names = [turned(part) for part in parts]
        else:
            names = [name for part in parts for name in _names_between_commas(part)]
    return tuple(name.strip(" ,") for name in names if name.strip(" ,"))


def turned(name: str) -> str:
    """One name, "Last, First" or "Last, Jr., First" as "First Last Jr."; others as they are."""
    pieces = [piece.strip() for piece in name.split(",") if piece.strip()]
    suffixes = [piece for piece in pieces[1:] if _SUFFIX.fullmatch(piece)]
    rest = [piece for piece in pieces if piece not in suffixes]
    return " ".join([*(reversed(rest) if len(rest) == 2 else rest), *suffixes])


def _turned_names(names: list[str]) -> list[str]:
    """Names that stand by themselves: where one begins with a family name and a comma, all are written so."""
    with_comma = [name for name in names if name.count(",") == 1]
    if any(_is_family_name(name.partition(",")[0]) for name in with_comma):
        return [turned(name) if name in with_comma else name for name in names]
    return names


def _names_between_commas(part: str) -> list[str]:
    """The names of "Ada Byron, Karl Weiss", "Byron, Ada" or "Byron, A., Weiss, K."."""
    pieces: list[str] = []
    for piece in part.split(","):
        if pieces and _SUFFIX.fullmatch(piece.strip()):
            pieces[-1] += f" {piece.strip()}"
        elif piece.strip():
            pieces.append(piece.strip())
    pairs = list(zip(pieces[::2], pieces[1::2], strict=False))
    are_pairs = len(pieces) % 2 == 0 and all(_INITIALS.fullmatch(first) for _, first in pairs)
    if are_pairs or (len(pieces) == 2 and _is_family_name(pieces[0])):
        return [f"{first} {last}" for last, first in pairs]
    return pieces


def _is_family_name(text: str) -> bool:
    """Whether what stands before a comma is no whole name: a word alone, or "van der Berg"."""
    text = text.strip()
    return bool(text) and not _WIDE.search(text) and (" " not in text or text[0].islower())


def _upvotes(fields: Mapping[str, object]) -> int | None:
    for name in UPVOTES:
        value = fields.get(name)
        count = int(value) if isinstance(value, int | float) and abs(value) < 1e9 else read_count(plain_value(value))
        if count is not None and not isinstance(value, bool) and count >= 0 and name in fields:
            return count
    return None


def _code(fields: Mapping[str, object]) -> list[str]:
    values = [fields.get(name) for name in CODE]
    addresses = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return [code for one in addresses if isinstance(one, str) and (code := code_address(one))]
