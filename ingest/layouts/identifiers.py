"""Where named fields say that a paper is: its address, the source's own id, its arXiv id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from ingest.layouts.facts import address_id, arxiv_id, paper_url, web_address

ID = ("id", "paperid", "externalid", "identifier", "corpusid", "docid", "key")
ARXIV_ID = ("arxivid", "arxiv", "eprint")
URL = ("url", "link", "paperurl", "landingpageurl", "arxivurl", "pdfurl", "pdflink", "absurl", "pdf", "href")
_LOCATIONS = ("primarylocation", "bestoalocation")  # OpenAlex's, which hold addresses

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d+/\S+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
_OF_OURS = re.compile(r"[0-9a-f]{16}")  # a paper_id, which is made of the title and proves nothing more
_SHORTENED = re.compile(r"(?:1[5-9]|[2-8]\d)(?:0[1-9]|1[0-2])\.\d{3,4}")  # since 2015 ids end in five digits


def plain_value(value: object) -> str:
    """A text or a number as text; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def identify(fields: Mapping[str, object]) -> tuple[str | None, str | None, str | None]:
    """Address, the source's own id, and arXiv id, of fields under comparable names."""
    found = list(_addresses(fields))
    url = next((address for address in found if address_id(address)), found[0] if found else None)
    external, arxiv = _ids(fields, url)
    if url is None and arxiv and _from_papers_page(fields):
        url = paper_url(arxiv)
    elif url is None and not arxiv:
        url = _own_page(fields)
    return url, external, arxiv


def _addresses(fields: Mapping[str, object]) -> Iterator[str]:
    values = [fields.get(name) for name in URL]
    for location in (fields.get(name) for name in _LOCATIONS):
        if isinstance(location, Mapping):
            values += [location.get("landing_page_url"), location.get("pdf_url")]
    yield from filter(None, map(web_address, values))


def _ids(fields: Mapping[str, object], url: str | None) -> tuple[str | None, str | None]:
    own = ((name, plain_value(fields.get(name))) for name in ID)
    external = next((text for name, text in own if text and not (name == "paperid" and _OF_OURS.fullmatch(text))), None)
    candidates = [plain_value(fields.get(name)) for name in ARXIV_ID]
    nested = fields.get("externalids")
    if isinstance(nested, Mapping):
        candidates.append(plain_value(nested.get("ArXiv")))
    candidates += [external or "", _ARXIV_DOI.sub("", _doi(fields))]
    arxiv = next((found for text in candidates if (found := _arxiv(text))), None)
    arxiv = arxiv or (address_id(url) if url else None)
    if external and (short := _arxiv(external)) and short == arxiv:
        external = arxiv
    return external or arxiv, arxiv


def _arxiv(text: str) -> str | None:
    if _SHORTENED.fullmatch(text):  # it was read as a number, which loses its last noughts
        text = f"{text[:5]}{text[5:]:0<5}"
    return arxiv_id(text) or address_id(text)


def _doi(fields: Mapping[str, object]) -> str:
    nested = fields.get("externalids")
    values = [fields.get("doi"), fields.get("di"), nested.get("DOI") if isinstance(nested, Mapping) else ""]
    return next((found[1] for value in values if (found := _DOI.fullmatch(plain_value(value)))), "")


def _own_page(fields: Mapping[str, object]) -> str | None:
    """The address that a DOI or OpenReview's id of a discussion stands for."""
    if doi := _doi(fields):
        return f"https://doi.org/{quote(doi, safe='/:;()!$&*+,=@~')}"
    forum = plain_value(fields.get("forum"))
    return f"https://openreview.net/forum?id={quote(forum)}" if forum else None


def _from_papers_page(fields: Mapping[str, object]) -> bool:
    return "upvotes" in fields or "submittedondailyat" in fields or "discussionid" in fields
