"""BibTeX entries with abstracts: braces, quotes, @string, accents, "#" (format: http://www.bibtex.org/Format/).

Read leniently: an entry ends where its braces do, or where the next entry begins at a line's start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.latex import latex_to_text
from ingest.layouts.facts import arxiv_id, read_date
from ingest.layouts.fields import author_names, record_of, turned
from ingest.layouts.layout import Layout, Reading
from ingest.reading import Text
from ingest.record import Record, Rejected, rejected

_BEGIN = re.compile(r"[ \t,;\ufeff]*@[ \t]*([A-Za-z]+)[ \t]*[{(]")
_BEGINS = re.compile(f"^{_BEGIN.pattern}", re.MULTILINE)
_BEHIND = re.compile(rf"(?<=\}})(?={_BEGIN.pattern})")  # where an entry may begin on the line that another ends on
_FIELD = re.compile(
    r"[{,][ \t\n]*(?:title|author|abstract|booktitle|year|url|eprint)[ \t]*=[ \t]*[{\"\w]", re.IGNORECASE
)
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]*)\s*=\s*")
_AFTER_VALUE = re.compile(r"\s*(?:[,#}]|$)")  # a quotation mark anywhere else is the text's own
_BARE = re.compile(r"[^\s,#{}\"]+")
_LARGEST_ENTRY = 4_000_000  # characters
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BRACES = re.compile(r"(?<!\\)[{}]")
_AND_OR_BRACE = re.compile(r"(?<!\\)[{}]|\s+and\s+", re.IGNORECASE)
_WHOLE = re.compile(r"\{[^{}]*\}")
_MATHEMATICS = re.compile(r"\$[^$]*\$")


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    kind: str  # "article", "string", ...
    body: str  # what stands between the outer braces
    closed: bool


def _likelihood(text: Text) -> float:
    start = text.sample[:200_000]
    return 0.93 if _BEGINS.search(start) and _FIELD.search(start) else 0.0


def _read(text: Text) -> Reading:
    strings = {month: month for month in _MONTHS}  # names that BibTeX knows by itself
    for entry in _entries(text):
        if entry.kind in ("comment", "preamble"):
            continue
        key, fields, whole = _fields(entry.body, strings, has_key=entry.kind != "string")
        if entry.kind == "string":
            strings.update(fields)
        elif (not whole or not entry.closed) and not (fields.get("title") and fields.get("abstract")):
            yield rejected(entry.line, "This entry is damaged or breaks off.", entry.body)
        else:
            yield _record(key, fields, entry.line)


def _entries(text: Text) -> Iterator[_Entry]:
    """The entries, taken line by line; what stands between them is a comment.

    Files joined without a line end, or written on one line, have an entry begin where another has just ended.
    """
    lines: list[str] = []
    line, kind, depth, size = 0, "", 0, 0
    pieces = ((number, place, raw) for number, whole in text.lines() for place, raw in enumerate(_BEHIND.split(whole)))
    for number, place, raw in pieces:
        begin = _BEGIN.match(raw) if "@" in raw else None
        if begin and not (line and place):  # inside an entry only a line's start may begin the next one
            if lines:
                yield _Entry(line, kind, "\n".join(lines), closed=False)
            lines, line, kind, depth, size = [], number, begin[1].lower(), 1, 0
            raw = raw[begin.end() :]
        elif not line:
            continue
        depth += raw.count("{") - raw.count("}") - raw.count("\\{") + raw.count("\\}")
        size += len(raw)
        if size <= _LARGEST_ENTRY:
            lines.append(raw)
        if depth <= 0:
            body = "\n".join(lines)
            yield _Entry(line, kind, body[: body.rfind("}")], closed=True)
            lines, line = [], 0
    if line:
        body = "\n".join(lines).rstrip()
        yield _Entry(line, kind, body.removesuffix(")"), closed=body.endswith(")"))


def _fields(body: str, strings: dict[str, str], *, has_key: bool) -> tuple[str, dict[str, str], bool]:
    """The entry's key, its fields by lower-case name, and whether it was understood to its end."""
    place, key = 0, ""
    if has_key:
        comma = body.find(",")
        if comma < 0:
            return body.strip(), {}, True
        if "=" not in body[:comma]:
            key, place = body[:comma].strip(), comma
    fields: dict[str, str] = {}
    while found := _NAME.match(body, place):
        value, place = _value(body, found.end(), strings)
        if place < 0:
            return key, fields, False
        fields.setdefault(found[1].lower(), value)
    return key, fields, not body[place:].strip(" \t\n,")


def _value(body: str, place: int, strings: dict[str, str]) -> tuple[str, int]:
    """A value made of pieces joined by "#", and where it ends; -1 where it does not end."""
    parts = []
    while True:
        opening = body[place : place + 1]
        if opening in ("{", '"'):
            end = _end(body, place, '"' if opening == '"' else "")
            if end < 0:
                return "", -1
            parts.append(body[place + 1 : end])
            place = end + 1
        elif found := _BARE.match(body, place):
            parts.append(strings.get(found[0].lower(), found[0]))
            place = found.end()
        else:
            return "".join(parts), place
        rest = body[place:].lstrip()
        if not rest.startswith("#"):
            return "".join(parts), place
        place = len(body) - len(rest[1:].lstrip())


def _end(body: str, place: int, quote: str) -> int:
    """Where the braced or quoted text that begins at `place` ends, -1 where it does not."""
    depth = 0
    for found in re.finditer(r'\\.|[{}"]', body[place:], re.DOTALL):
        mark = found[0]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0 and not quote:
                return place + found.start()
        elif mark == '"' and quote and depth <= 0 and found.start() and _AFTER_VALUE.match(body, place + found.end()):
            return place + found.start()
    return -1


def _plain(value: str) -> str:
    """The value's text: commands said plainly, the braces that protect capitals gone, formulas left alone."""
    value = latex_to_text("\n".join(line.strip() for line in value.split("\n")))
    parts, place = [], 0
    for formula in _MATHEMATICS.finditer(value):
        parts += [_BRACES.sub("", value[place : formula.start()]), formula[0]]
        place = formula.end()
    return "".join([*parts, _BRACES.sub("", value[place:])])


def _names(value: str) -> list[str]:
    """The names of an author field, which are parted by "and" alone; what braces enclose is one name or part of one."""
    parts, depth, place = [], 0, 0
    for found in _AND_OR_BRACE.finditer(value):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0:
            parts.append(value[place : found.start()])
            place = found.end()
    parts.append(value[place:])
    names: list[str] = []
    for part in parts:
        name = _BRACES.sub("", part).strip()
        if _WHOLE.fullmatch(part.strip()) or not name:
            names.append(name)
        elif len(parts) == 1 and name.count(",") > 1:  # BibTeX would not read it; people write it
            names += author_names(name)
        elif name.lower() != "others":
            names.append(turned(name))
    return [name for name in names if name]


def _record(key: str, fields: dict[str, str], line: int) -> Record | Rejected:
    plain: dict[str, object] = {name: _plain(value) for name, value in fields.items() if name != "author"}
    plain["author"] = _names(latex_to_text(fields.get("author", "")))
    plain["id"] = key
    eprint = str(plain.pop("eprint", ""))
    if "arxiv" in str(plain.get("archiveprefix", "arxiv")).lower() and arxiv_id(eprint):
        plain["arxivid"] = eprint
    if not plain.get("url") and (doi := str(plain.get("doi", "")).strip()):
        plain["url"] = doi if doi.startswith("http") else f"https://doi.org/{doi}"
    if date := _date(plain):
        plain["date"] = date
    plain.pop("organization", None)  # in BibTeX the conference's sponsor
    plain.pop("key", None)
    return record_of({name: value for name, value in plain.items() if name not in ("summary", "name")}, line)


def _date(fields: dict[str, object]) -> str | None:
    given, year = str(fields.get("date", "")), str(fields.get("year", "")).strip()
    month, day = str(fields.get("month", "")).strip(" ,"), str(fields.get("day", "")).strip()
    if month.isdigit():
        month = f"{int(month):02}"
        exact = read_date(f"{year}-{month}-{int(day):02}") if day.isdigit() else read_date(f"{year}-{month}")
    else:
        exact = read_date(f"{month} {day}, {year}") if day else read_date(f"{month} {year}")
    return read_date(given) or read_date(given.partition("/")[0]) or exact or read_date(year)  # or of a range


BIBTEX = Layout("BibTeX", _likelihood, _read)
