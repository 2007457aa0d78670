"""How people write amounts: words for numbers, units, and the turns of phrase around a number."""

from __future__ import annotations

import re

SMALL = {
    name: value
    for value, name in enumerate(
        [
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
            *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        ]
    )
}
TENS = {
    name: 10 * value
    for value, name in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "b": 1e9, "trillion": 1e12,
    "t": 1e12, "dozen": 12.0,
}  # fmt: skip
PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
MULTIPLES = {
    "twice": 2.0, "thrice": 3.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "doubling": 2.0, "triple": 3.0,
    "triples": 3.0, "tripled": 3.0, "tripling": 3.0, "quadruple": 4.0, "quadruples": 4.0, "quadrupled": 4.0,
    "twofold": 2.0, "threefold": 3.0, "fourfold": 4.0, "fivefold": 5.0, "sixfold": 6.0, "tenfold": 10.0,
    "hundredfold": 100.0, "thousandfold": 1000.0,
}  # fmt: skip
HALVING = ("halve", "halves", "halved", "halving")
# unit -> (what is measured, how many base units)
UNITS: dict[str, tuple[str, float]] = {
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

_WORD = "|".join([*SMALL, *TENS])
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen)"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_ONES = "|".join(list(SMALL)[1:10])


def _pattern(text: str) -> re.Pattern[str]:
    """Compiled with blanks and line ends left out: a blank of the text is written `\\s`."""
    return re.compile(text, re.VERBOSE | re.IGNORECASE)


NUMBER = _pattern(
    rf"""
    (?P<sign>(?<![\w.)\]])[-+])?
    (?: (?<![\w.^_{{/])(?<![A-Za-z]-)
        (?P<digits>{_DIGITS})
        (?: \s?(?:x|\*|\\cdot)\s?10\s?\^\s?\{{?(?P<power>-?\d+)\}}?
          | e(?P<short>-?\d+)
          | \s?\^\s?\{{?(?P<raised>-?\d+)\}}? )?
        (?P<scale>[kmbt](?!\w) | [\s-]{_SCALE}s?\b)?
      | \b(?P<word>(?:{_WORD})(?:[\s-](?:{_ONES}))?)\b
        (?P<wordscale>(?:[\s-]{_SCALE}s?\b)*)
      | \b(?P<dozen>a\s(?:dozen|hundred|thousand|million|billion))\b )
    """
)
DATE = _pattern(
    r"(?<![\w./-])(?: (?:0?[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d) | (?P<first>(?:19|20)\d\d)-\d\d-\d\d )(?![\w/-])"
)
FRACTION = _pattern(
    r"""
    \b(?: (?P<count>a|an|one|two|three|four|five|six|seven|eight|nine)[\s-] )?
    (?P<part>half|halve|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|twentieth|thirtieth|fortieth|fiftieth
       |hundredth|thousandth)(?P<plural>s)?\b
    """
)
OUT_OF = _pattern(
    rf"""
    \b(?P<some>{_WORD}|\d+)\s(?:[a-z]+\s){{0,2}}?(?P<how>out\sof|in|of)\s(?:every\s|a\s)?
    (?P<all>{_WORD}|\d+|hundred)\b(?!\s?(?:hours|minutes|days|%|percent|,?\d))
    """
)
MULTIPLE = _pattern(r"\b(" + "|".join([*MULTIPLES, *HALVING]) + r")\b")
COMPARED = _pattern(
    r"\s(?:as|the|that|its|their|his|faster|more|higher|better|larger|bigger|cheaper|longer|smaller|less|in)\b"
)
FOLD = _pattern(r"\s?-?(?:x\b|fold\b|times\b)")
PERCENT = _pattern(r"\s?-?(?:%|percent\b|per\scent\b|percentage\b|pp\b)(?P<points>\s?-?(?:absolute\s)?points?\b)?")
ORDERS = _pattern(r"\s?-?orders?[\s-]of[\s-]magnitude")
ONE_ORDER = _pattern(r"\b(?:an|one)\s(?=orders?[\s-]of[\s-]magnitude)")
FACTOR_OF = _pattern(r"\bfactors?\sof\s(?:up\sto\s|about\s|roughly\s|nearly\s|almost\s|over\s|around\s|~)?$")
AS_POWER = _pattern(r"\b(?:to\sthe|minus)\s$")
HALF_A_UNIT = _pattern(r"\sa\s(?:second|minute|hour|day|week|month|year)\b")
TIMES_BEFORE = _pattern(r"(?<!\w)[x×]\s?(\d+(?:\.\d+)?)\b")
OF_SCALE = _pattern(rf"\s(?:of\s)?a\s({_SCALE})\b")
BETWEEN_ENDS = _pattern(r"\s?(?:x|%|percent)?\s?(?:-|to|and)\s?$")
UNIT_BEHIND = _pattern(r"\s?-?(?P<unit>[A-Za-zµμ%]+(?:-[A-Za-z]+)?)")
ONE_AS_PRONOUN = _pattern(r"^\s(?:of|can|could|may|might|must|is|has|by|that|which|who|another|such)\b | ^[.,;:)] | ^$")
ONE_BEHIND = _pattern(
    r"\b(?:this|that|the|each|any|every|no|which|another|only|new|old|last|first|second|best|good)\s$"
)
ONE_OF_A_UNIT = _pattern(
    r"""[\s-](?:hour|minute|second|day|week|month|year|frame|order|gpu|point|epoch|step|layer|percent|%|token|bit)"""
)
LITTLE_MORE = _pattern(r"\b(?:a\slittle|slightly|just|somewhat)\s(?:more\sthan|over|above)\s*$")
ABOUT = _pattern(
    r"""
    (?: \b(?:about|around|roughly|approximately|approx\.?|nearly|almost|close\sto|some|circa|an?\sestimated|or\sso
           |on\sthe\sorder\sof|order\sof) | ~ | ≈ | \bsim )\s*(?:a\s|an\s|the\s)?$
    """
)
ABOVE = _pattern(
    r"""
    (?: \b(?:more\sthan|over|above|at\sleast|exceed(?:s|ing)?|greater\sthan(?:\sor\sequal\sto)?|upwards\sof|beyond
           |no\sless\sthan|no\sfewer\sthan) | >=? | ≥ | ⩾ )\s*(?:a\s|an\s|the\s)?$
    """
)
# Bounds and no more: not "up to", which says how far it goes.
_UNDER = r"less\sthan|fewer\sthan|under|below|lower\sthan|smaller\sthan|at\smost|within|no\smore\sthan"
BELOW = _pattern(
    rf"""
    (?: \b(?:{_UNDER}|less\sthan\sor\sequal\sto|up\sto|not\smore\sthan|exceeds?|as\s(?:little|few|much|many)\sas
           |maximum\sof|just|only)
      | <=? | ≤ | ⩽ )\s*(?:a\s|an\s|the\s)?$
    """
)
UNDER = _pattern(rf"(?: \b(?:{_UNDER}) | < )\s*(?:a\s|an\s|the\s)?$")
OR_MORE = _pattern(r"^[\s%x\w]{0,12}\bor\s(?:more|above|higher)\b | ^\+")


def value_of(word: str) -> float:
    """What a number in words or digits amounts to: "twenty-one", "hundred", "12"."""
    low = word.casefold()
    if low[0].isdigit():
        return float(low)
    if low in ("hundred", "a hundred"):
        return 100.0
    first, _, second = low.replace(" ", "-").partition("-")
    return float(TENS.get(first, SMALL.get(first, 0)) + SMALL.get(second, 0))
