"""Facts as the pages print them: arXiv ids, addresses, dates, counts."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_NEW_ID = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_OLD_ID = r"[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{7}"
_ARXIV_ID = re.compile(rf"(?:arxiv:)?({_NEW_ID}|{_OLD_ID})(?:v\d+)?", re.IGNORECASE)
_PAPER_ADDRESS = re.compile(
    rf"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co)/papers/"
    rf"|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/"
    rf"|https?://(?:www\.)?alphaxiv\.org/(?:abs|overview)/"
    rf"|/papers/)({_NEW_ID}|{_OLD_ID})(?:v\d+)?(?:\.pdf)?(?:[/?#].*)?$",
    re.IGNORECASE,
)
_LOGIN = re.compile(rf"/login\?next=(?:%2F|/)papers(?:%2F|/)({_NEW_ID})", re.IGNORECASE)
_CODE_HOSTS = {"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "huggingface.co"}
_NOT_CODE = {"papers", "login", "join", "docs", "models", "datasets", "spaces", "blog", "posts", "front", "avatars"}
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"'{}|\\^`\])]+")

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DATES = (
    re.compile(rf"{_WEEKDAY}{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?", re.IGNORECASE),
    re.compile(rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH}(?:,?\s+(\d{{4}}))?", re.IGNORECASE),
)
_MONTH_YEAR = re.compile(rf"{_MONTH},?\s+(\d{{4}})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?")
_EASTERN = re.compile(r"^(\d{4})[年년] ?(\d{1,2})[月월](?: ?(\d{1,2})[日일])?$")
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})(?:([-/.])(\d{{1,2}})\2(\d{{1,2}})|/(\d{{1,2}})|([-/ ]){_MONTH}(?:\6(\d{{1,2}}))?)", re.I
)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_MONTH_NUMBER_YEAR = re.compile(r"(\d{1,2})/(\d{4})")
_DAY_MONTH_YEAR = re.compile(rf"(\d{{1,2}})([-/ ]){_MONTH}\2(\d{{4}}|\d{{2}})", re.IGNORECASE)  # "14-Mar-24"
_DATE_PART = re.compile(r"(?:·|\||,|^|\bon)\s*([A-Za-z]{3,9}\.? \d{1,2}(?:, \d{4})?|\d{4}-\d{2}-\d{2})\s*(?:·|\||$)")
_TIME = re.compile(r"(?<=\d),?\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:GMT|UTC|[AP]M|[+-]\d{4}))*$")
_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*([kKmM]?)")


def arxiv_id(text: str) -> str | None:
    """The arXiv id that the text is, without its version, or None where it is something else."""
    found = _ARXIV_ID.fullmatch(text.strip())
    return found[1] if found else None


def address_id(address: str) -> str | None:
    """The arXiv id of a paper's own address (on the papers page, on arXiv), or None for any other address."""
    found = _PAPER_ADDRESS.match(address.strip())
    return found[1] if found else None


def login_id(address: str) -> str | None:
    """The arXiv id inside the address behind an upvote button, or None."""
    found = _LOGIN.search(address)
    return found[1] if found else None


def paper_url(identifier: str) -> str:
    """The address of an arXiv id on the papers page."""
    return f"https://huggingface.co/papers/{identifier}"


def web_address(text: object) -> str | None:
    """The text as an http(s) address, or None; no other scheme is ever kept."""
    if not isinstance(text, str):
        return None
    address = text.strip()
    if not address.lower().startswith(("http://", "https://")) or any(c.isspace() or ord(c) < 32 for c in address):
        return None
    try:
        host = urlsplit(address).hostname
    except ValueError:  # for example an unclosed bracket of an IPv6 host
        return None
    return address if host else None


def code_address(address: str) -> str | None:
    """A code host's repository address in its plain form, or None for any other address."""
    found = web_address(address.rstrip(".,;:!?)*_~"))
    if not found:
        return None
    parts = urlsplit(found)
    host = (parts.hostname or "").removeprefix("www.")
    path = [part for part in unquote(parts.path).split("/") if part]
    if host not in _CODE_HOSTS or len(path) < 2:
        return None
    if host == "huggingface.co":
        if path[0] in ("datasets", "spaces") and len(path) >= 3:
            return f"https://{host}/{'/'.join(path[:3])}"
        if path[0] in _NOT_CODE or path[0] in ("collections", "organizations", "settings", "api"):
            return None
    return f"https://{host}/{path[0]}/{path[1].removesuffix('.git')}"


def code_in_text(text: str) -> list[str]:
    """The code hosts' repository addresses in a text, in order."""
    if "://" not in text:
        return []
    return [code for address in _URL_IN_TEXT.findall(text) if (code := code_address(address))]


def without_repeats(addresses: list[str]) -> tuple[str, ...]:
    """The addresses in order, each once whatever its capitals."""
    first: dict[str, str] = {}
    for address in addresses:
        first.setdefault(address.lower(), address)
    return tuple(first.values())


def read_date(text: str) -> str | None:
    """A date in ISO form as exact as given; "May 8" stays as printed; None where the text is no date.

    Of one that could be two days, 03/04/2024, only the year is certain; with full stops the day always comes first.
    """
    text = _TIME.sub("", text.strip())
    text = _EASTERN.sub(lambda found: "-".join(filter(None, found.groups())), text)
    if not 4 <= len(text) <= 40:
        return None
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
        return _iso(int(year), int(month) if month else None, int(day) if day else None)
    for order, pattern in enumerate(_DATES):
        if found := pattern.fullmatch(text):
            month_name, day = (found[1], found[2]) if order == 0 else (found[2], found[1])
            month_number = _month(month_name)
            if not 1 <= int(day) <= 31:
                return None
            if found[3]:
                return _iso(int(found[3]), month_number, int(day))
            return f"{_MONTHS[month_number - 1].title()} {int(day)}"
    if found := _MONTH_YEAR.fullmatch(text):
        return _iso(int(found[2]), _month(found[1]), None)
    return _numeric_date(text)


def _numeric_date(text: str) -> str | None:
    """The date of a table's cell: 2024/3/11, 2024 Mar 11, 11.03.2024, 14/03/2024, 03/2024, 14-Mar-24; or None."""
    if found := _YEAR_FIRST.fullmatch(text):
        month, day = found[3] or found[5] or _month(found[7]), found[4] or found[8]
        return _iso(int(found[1]), int(month), int(day) if day else None)
    if found := _DAY_MONTH_YEAR.fullmatch(text):
        year = int(found[4]) if len(found[4]) == 4 else int(found[4]) + (2000 if int(found[4]) < 70 else 1900)
        return _iso(year, _month(found[3]), int(found[1]))
    if found := _MONTH_NUMBER_YEAR.fullmatch(text):
        return _iso(int(found[2]), int(found[1]), None)
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] != "." and first != second and max(first, second) <= 12:
            return _iso(year, None, None)
        return _iso(year, first, second) if second > 12 else _iso(year, second, first)
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def date_in_line(text: str) -> str | None:
    """The date that a line of small facts ends a part with ("4 authors · Published on Oct 4, 2026"), or None."""
    found = _DATE_PART.search(text)
    return read_date(found[1]) if found else None


def _iso(year: int, month: int | None, day: int | None) -> str | None:
    if not 1800 <= year <= 2200 or (month is not None and not 1 <= month <= 12):
        return None
    if day is not None and not 1 <= day <= 31:
        return None
    if not month:
        return f"{year:04}"
    return f"{year:04}-{month:02}-{day:02}" if day else f"{year:04}-{month:02}"


def read_count(text: str) -> int | None:
    """A count as printed ("117", "3.29k", "1,024"), "-" being none yet; None where the text is no count."""
    text = text.strip()
    if text in ("-", "–", "—"):
        return 0
    found = _COUNT.fullmatch(text)
    if not found or len(found[1]) > 12:
        return None
    scale = {"": 1, "k": 1000, "m": 1_000_000}[found[2].lower()]
    return round(float(found[1].replace(",", "")) * scale)
