"""Numbers in a text with what they measure: "1.45times", "45 %", "half", "four out of five", "27 to 44 %", "8 ms"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.support.words import plain_text

Kind = Literal["plain", "share", "factor", "change"]
Bound = Literal["equal", "about", "above", "below"]

_SMALL = {
    name: value
    for value, name in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()
    )
}
_TENS = {
    name: 10 * value
    for value, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "b": 1e9, "bn": 1e9,
    "trillion": 1e12, "t": 1e12, "dozen": 12.0, "thousands": 1e3, "millions": 1e6,
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100,
    "thousandth": 1000,
}  # fmt: skip
_MULTIPLES = {
    "twice": 2.0, "thrice": 3.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "doubling": 2.0, "triple": 3.0,
    "triples": 3.0, "tripled": 3.0, "tripling": 3.0, "quadruple": 4.0, "quadruples": 4.0, "quadrupled": 4.0,
    "twofold": 2.0, "threefold": 3.0, "fourfold": 4.0, "fivefold": 5.0, "sixfold": 6.0, "tenfold": 10.0,
    "hundredfold": 100.0, "thousandfold": 1000.0,
}  # fmt: skip
_HALVING = {"halve", "halves", "halved", "halving"}
# unit -> (what is measured, how many base units)
_UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("ns", "nanosecond", "nanoseconds"), ("time", 1e-9)),
    **dict.fromkeys(("us", "µs", "μs", "microsecond", "microseconds"), ("time", 1e-6)),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), ("time", 1e-3)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("time", 1.0)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("time", 60.0)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("time", 3600.0)),
    **dict.fromkeys(("day", "days"), ("time", 86400.0)),
    **dict.fromkeys(("week", "weeks"), ("time", 604800.0)),
    **dict.fromkeys(("month", "months"), ("time", 2.63e6)),
    **dict.fromkeys(("year", "years"), ("time", 3.156e7)),
    **dict.fromkeys(("kb", "kilobyte", "kilobytes", "kib"), ("bytes", 1e3)),
    **dict.fromkeys(("mb", "megabyte", "megabytes", "mib"), ("bytes", 1e6)),
    **dict.fromkeys(("gb", "gigabyte", "gigabytes", "gib"), ("bytes", 1e9)),
    **dict.fromkeys(("tb", "terabyte", "terabytes", "tib"), ("bytes", 1e12)),
    **dict.fromkeys(("hz", "fps"), ("rate", 1.0)),
    "khz": ("rate", 1e3), "mhz": ("rate", 1e6), "ghz": ("rate", 1e9),
    "nm": ("length", 1e-9), "um": ("length", 1e-6), "µm": ("length", 1e-6), "mm": ("length", 1e-3),
    **dict.fromkeys(("millimeter", "millimeters", "millimetre", "millimetres"), ("length", 1e-3)),
    "cm": ("length", 1e-2), "km": ("length", 1e3),
    **dict.fromkeys(("meter", "meters", "metre", "metres"), ("length", 1.0)),
    "mw": ("power", 1e-3), "kw": ("power", 1e3), "watt": ("power", 1.0), "watts": ("power", 1.0),
    "mg": ("mass", 1e-3), "kg": ("mass", 1e3), "ug": ("mass", 1e-6), "µg": ("mass", 1e-6), "ng": ("mass", 1e-9),
    "db": ("decibel", 1.0), "bit": ("bit", 1.0), "bits": ("bit", 1.0),
}  # fmt: skip
_CASED_UNITS = {"GB", "MB", "KB", "TB", "Hz", "W", "dB"}

_WORD_NUMBER = "|".join([*_SMALL, *_TENS])
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    rf"""
    (?P<sign>(?<![\w.)\]])[-+])?
    (?:(?<![\w.^_{{/])(?<![A-Za-z]-)
       (?P<digits>{_DIGITS})
       (?:\s?(?:x|\*|\\cdot)\s?10\s?\^\s?\{{?(?P<power>-?\d+)\}}?|[eE](?P<short>-?\d+)|\s?\^\s?\{{?(?P<raised>-?\d+)\}}?)?
       (?P<scale>[kKMBT](?![\w])|[\s-](?:hundred|thousand|million|billion|trillion|dozen)s?\b)?
     | \b(?P<word>(?:{_WORD_NUMBER})(?:[\s-](?:{"|".join(list(_SMALL)[1:10])}))?)\b
       (?P<wordscale>(?:[\s-](?:hundred|thousand|million|billion|trillion|dozen)s?\b)*)
     | \b(?P<dozen>a\s(?:dozen|hundred|thousand|million|billion))\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:(?P<count>a|an|one|two|three|four|five|six|seven|eight|nine)[\s-])?(?P<part>hal(?:f|ves)|third|quarter|fifth|sixth"
    r"|seventh|eighth|ninth|tenth|twentieth|thirtieth|fortieth|fiftieth|hundredth|thousandth)(?P<plural>s)?\b",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    rf"\b(?P<some>{_WORD_NUMBER}|\d+)\s(?:[a-z]+\s){{0,2}}?(?P<how>out\sof|in|of)\s(?:every\s|a\s)?(?P<all>{_WORD_NUMBER}|\d+|hundred)\b(?!\s?(?:hours|minutes|days|%|percent|,?\d))",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(r"\b(" + "|".join([*_MULTIPLES, *_HALVING]) + r")\b", re.IGNORECASE)
_FOLD = re.compile(r"\s?-?(?:x\b|fold\b|times\b)", re.IGNORECASE)
_PERCENT = re.compile(
    r"\s?-?(?:%|percent\b|per\scent\b|percentage\b|pp\b)(?P<points>\s?-?(?:absolute\s)?points?\b)?", re.IGNORECASE
)
_ONE_ORDER = re.compile(r"\b(?:an|one)\s(?=orders?[\s-]of[\s-]magnitude)", re.IGNORECASE)
_FACTOR_OF = re.compile(
    r"\bfactors?\sof\s(?:up\sto\s|about\s|roughly\s|nearly\s|almost\s|over\s|around\s|~)?$", re.IGNORECASE
)
_COMPARED = re.compile(
    r"\s(?:as|the|that|its|their|his|faster|more|higher|better|larger|bigger|cheaper|longer|smaller|less|in)\b"
)
_POWER_WORDS = re.compile(r"\b(?:to\sthe|minus)\s$", re.IGNORECASE)
_OF_SCALE = re.compile(r"\sof\sa\s(hundred|thousand|million|billion)\b", re.IGNORECASE)
_ORDERS = re.compile(r"\s?-?orders?[\s-]of[\s-]magnitude", re.IGNORECASE)
_TO = re.compile(r"\s?(?:x|%|percent)?\s?(?:-|to|and)\s?$", re.IGNORECASE)
_AFTER = re.compile(r"\s?-?(?P<unit>[A-Za-zµμ%]+(?:-[A-Za-z]+)?)")
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|close\sto|some|circa|an?\sestimated|or\sso|on\sthe\sorder\sof|order\sof)|~|≈|\bsim)\s*(?:a\s|an\s|the\s)?$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(?:\b(?:more\sthan|over|above|at\sleast|exceed(?:s|ing)?|greater\sthan(?:\sor\sequal\sto)?|upwards\sof|no\sless\sthan|no\sfewer\sthan|beyond|from)|>=?|≥|⩾)\s*(?:a\s|an\s|the\s)?$",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:\b(?:less\sthan(?:\sor\sequal\sto)?|fewer\sthan|under|below|at\smost|up\sto|within|no\smore\sthan|not\smore\sthan|lower\sthan|smaller\sthan|exceed(?:s)?|as\s(?:little|few|much|many)\sas|maximum\sof|just|only)|<=?|≤|⩽)\s*(?:a\s|an\s|the\s)?$",
    re.IGNORECASE,
)
_LITTLE_MORE = re.compile(r"\b(?:a\slittle|slightly|just|somewhat)\s(?:more\sthan|over|above)\s*$", re.IGNORECASE)
_OR_MORE = re.compile(r"^[\s%x\w]{0,12}\bor\s(?:more|above|higher)\b|^\+")
_ONE_AS_PRONOUN = re.compile(
    r"^\s(?:of|can|could|may|might|must|is|has|by|that|which|who|another|such|could)\b|^[.,;:)]|^$", re.IGNORECASE
)
_ONE_BEFORE = re.compile(
    r"\b(?:this|that|the|each|any|every|no|which|another|only|new|old|last|first|second|best|good)\s$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, and what it says: from `low` to `high` (equal for a single number)."""

    surface: str  # as shown to a reader, for example "24 %"
    low: float
    high: float
    kind: Kind  # share: 0.24 for "24 %"; factor: 1.45 for "1.45x"; change: percentage points / 100
    unit: str  # what is measured ("time", "bytes", ...), else ""
    noun: str  # the word behind the number, lower case: "layers", "tokens"; "" at the end
    bound: Bound
    decimals: int  # digits behind the point as written
    start: int  # characters into plain_text(...)
    end: int
    digits: str = ""  # the figures as written, without commas; empty for words
    loose: bool = False  # said in words such as "half" or "six out of ten", which people use for near values too

    @property
    def loose_count(self) -> bool:
        """True for "two" to "four" in words: writers count what a text only lists."""
        return self.kind == "plain" and not self.digits and not self.unit and self.low in (2, 3, 4)

    @property
    def is_range(self) -> bool:
        """True for "1.3-2x"."""
        return self.low != self.high


@lru_cache(maxsize=4_096)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of `plain_text(text)` in order. Numbers inside names ("ResNet50", "GPT-4") are none."""
    text = plain_text(text)
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= left or start >= right for left, right in taken)

    for match in _OUT_OF.finditer(text):
        some, all_ = _value_of(match["some"]), _value_of(match["all"])
        usual = (5, 10, 100) if match["how"] == "of" else (2, 3, 4, 5, 10, 20, 100)
        if 0 < some <= all_ >= 2 and ("out" in match["how"].casefold() or all_ in usual):
            found.append(_make(text, match.start(), match.end(), some / all_, "share", loose=True))
            taken.append(match.span())
    for match in _FRACTION.finditer(text):
        part = match["part"].casefold()
        count = (match["count"] or "").casefold()
        if not free(*match.span()) or not (count or part == "half") or (part == "halves" and not count):
            continue
        value = (1 if count in ("", "a", "an") else _value_of(count)) / _PARTS[part]
        if _POWER_WORDS.search(text[: match.start()]) or text[: match.start()].endswith(" and "):
            taken.append(match.span())  # "to the minus one quarter", "an hour and a half"
        elif scaled := _OF_SCALE.match(text, match.end()):
            value *= _SCALES[scaled[1].casefold()]
            found.append(_make(text, match.start(), scaled.end(), value, "plain", loose=True))
            taken.append((match.start(), scaled.end()))
        elif value <= 1:
            found.append(_make(text, match.start(), match.end(), value, "share", loose=True))
            taken.append(match.span())
    for match in _MULTIPLE.finditer(text):
        word = match[0].casefold()
        if not free(*match.span()) or (word in ("twice", "thrice") and not _COMPARED.match(text, match.end())):
            continue
        value = 0.5 if word in _HALVING else _MULTIPLES[word]
        kind: Kind = "share" if word in _HALVING else "factor"
        found.append(_make(text, match.start(), match.end(), value, kind, loose=True))
        taken.append(match.span())
    for match in _ONE_ORDER.finditer(text):
        found.append(_make(text, match.start(), match.end() + len("order of magnitude"), 10.0, "factor", loose=True))
        taken.append(match.span())
    for match in _NUMBER.finditer(text):
        if free(*match.span()) and (quantity := _read_number(text, match)):
            found.append(quantity)
    found.sort(key=lambda quantity: quantity.start)
    return tuple(_join_ranges(text, found))


def _read_number(text: str, match: re.Match[str]) -> Quantity | None:
    after = text[match.end() :]
    decimals = 0
    if match["digits"]:
        digits = match["digits"].replace(",", "")
        value = float(digits)
        decimals = len(digits.partition(".")[2])
        if match["power"]:
            value *= 10.0 ** max(-30, min(30, int(match["power"])))
        elif match["short"]:
            value *= 10.0 ** max(-30, min(30, int(match["short"])))
        elif match["raised"]:
            value = value ** max(-30, min(30, int(match["raised"]))) if value else 0.0
        if match["scale"]:
            value *= _SCALES[match["scale"].strip(" -").casefold().removesuffix("s")]
        if after[:1].isalpha() and not re.match(r"(?:x|times|fold|percent|[a-zA-Zµμ]{1,3})\b", after):
            return None
        if after[:1] in ("^", "_") or re.match(r"[-/]?[A-Z]\w*\d|[dD]\b", after):
            return None
    elif match["dozen"]:
        value = _SCALES[match["dozen"].split()[1].casefold()]
    else:
        word = match["word"].casefold()
        if re.match(r"[\s-](?:\w+th|first|second|third)\b", after) or re.search(
            r"\b(?:thousand|hundred)\sand\s$", text[: match.start()]
        ):
            return None
        value = _value_of(word)
        if word == "one" and (
            _ONE_AS_PRONOUN.match(after)
            or _ONE_BEFORE.search(text[: match.start()])
            or not match["wordscale"]
            and not re.match(
                r"[\s-](?:hour|minute|second|day|week|month|year|frame|order|gpu|point|epoch|step|layer|percent|%|token|bit)",
                after.casefold(),
            )
        ):
            return None
        for scale in re.findall(r"[a-z]+", match["wordscale"].casefold()):
            value *= _SCALES[scale if scale in _SCALES else scale.removesuffix("s")]
    if match["sign"] == "-" and match["digits"]:
        value = -value
    kind: Kind = "plain"
    end = match.end()
    if percent := _PERCENT.match(text, end):
        kind, value, end = ("change" if percent["points"] else "share"), value / 100, percent.end()
        decimals += 2
    elif orders := _ORDERS.match(text, end):
        kind, value, end = "factor", 10.0 ** min(value, 30), orders.end()
    elif fold := _FOLD.match(text, end):
        kind, end = "factor", fold.end()
    elif _FACTOR_OF.search(text[: match.start()]):
        kind = "factor"
    return _make(text, match.start(), end, value, kind, decimals=decimals)


def _make(
    text: str, start: int, end: int, value: float, kind: Kind, *, decimals: int = 0, loose: bool = False
) -> Quantity:
    unit, noun, scale, stop = "", "", 1.0, end
    follows = _AFTER.match(text, end)
    if follows:
        name = follows["unit"]
        low = name.casefold()
        known = _UNITS.get(low)
        if kind == "plain" and known and (len(low) > 1 or low in ("s", "h")) and not (low == "m" and name == "M"):
            unit, scale = known
            stop = follows.end()
        noun = low.split("-")[0]
    before = text[max(0, start - 28) : start]
    bound: Bound = "equal"
    if _LITTLE_MORE.search(before):
        bound = "about"
    elif _ABOUT.search(before):
        bound = "about"
    elif _ABOVE.search(before) or _OR_MORE.match(text[end : end + 24]):
        bound = "above"
    elif _BELOW.search(before):
        bound = "below"
    surface = text[start:stop].strip().replace(" %", "%")
    value *= scale
    digits = re.match(r"[-+]?([\d.,]*\d)", text[start:end])
    figures = (
        digits[1].replace(",", "")
        if digits and not re.match(r"\s?[kKMBTeE^x*-]", text[start + digits.end() : end])
        else ""
    )
    return Quantity(surface, value, value, kind, unit, noun, bound, decimals, start, end, figures, loose)


def _join_ranges(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Two numbers with "-" or "to" between them become one range with the second one's unit."""
    joined: list[Quantity] = []
    for quantity in quantities:
        last = joined[-1] if joined else None
        between = text[last.end : quantity.start] if last else ""
        if last and not last.is_range and 0 < len(between) <= 5 and _is_range(text, last, between, quantity):
            low = last.low
            if quantity.kind != last.kind and last.kind == "plain":
                low = low / 100 if quantity.kind in ("share", "change") else low
            if quantity.unit and not last.unit and quantity.high:
                low *= (
                    _UNITS[text[quantity.end :].split()[0].strip("-.,;)").casefold()][1]
                    if _unit_at(text, quantity)
                    else 1
                )
            joined[-1] = Quantity(
                surface=text[last.start : quantity.end].strip(),
                low=min(low, quantity.high), high=max(low, quantity.high), kind=quantity.kind, unit=quantity.unit,
                noun=quantity.noun, bound=last.bound, decimals=max(last.decimals, quantity.decimals),
                start=last.start, end=quantity.end,
            )  # fmt: skip
        else:
            joined.append(quantity)
    return joined


def _unit_at(text: str, quantity: Quantity) -> bool:
    follows = text[quantity.end :].split()
    return bool(follows) and follows[0].strip("-.,;)").casefold() in _UNITS


def _is_range(text: str, last: Quantity, between: str, quantity: Quantity) -> bool:
    if not _TO.fullmatch(between) or (last.kind != quantity.kind and last.kind != "plain"):
        return False
    if "and" in between:
        return bool(re.search(r"\bbetween\s(?:about\s|roughly\s)?$", text[: last.start], re.IGNORECASE))
    return last.low < quantity.high or (last.kind == "plain" and quantity.kind != "plain")


def _value_of(word: str) -> float:
    word = word.casefold()
    if word == "hundred":
        return 100.0
    if word[0].isdigit():
        return float(word)
    first, _, second = word.replace(" ", "-").partition("-")
    return float(_TENS.get(first, _SMALL.get(first, 0)) + _SMALL.get(second, 0))
