"""Numbers in a text with what they measure: "1.45times", "45 %", "half", "four out of five", "27 to 44 %", "8 ms"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rag.support import number_words as say
from rag.support.words import plain_text

Kind = Literal["plain", "share", "factor", "change"]
Bound = Literal["equal", "about", "above", "below"]

_FARTHEST = 30  # digits before or behind the point that a power of ten is followed to
_FIGURES_ALONE = re.compile(
    r"[-+]?([\d.,]*\d)\s?-?(?:%|percent|per\scent|percentage|pp|points?|x|times|-?fold|\s)*$", re.IGNORECASE
)
_FIGURES = re.compile(r"[-+]?([\d.,]*\d)")
_NAME_BEFORE = re.compile(r"(?<![\w.])[A-Za-z][\w.]*-$")  # "Qwen3-" before the "235B"
_SIZE_IN_NAME = re.compile(r"(?<=[A-Za-z\d]-)\d+(?:\.\d+)?[kmbt](?![^\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, and what it says: from `low` to `high` (equal for a single number)."""

    surface: str  # as shown to a reader, for example "24%"
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
    # What one more in the last figure that is not a trailing zero would add, at `low` and at `high`: 0.001 for "94.7%",
    # 100 for "1,300", 1e8 for "2.7B"; 0 where that cannot be told.
    steps: tuple[float, float] = (0.0, 0.0)

    @property
    def loose_count(self) -> bool:
        """True for "one" to "four" in words: writers count what a text only lists."""
        return self.kind == "plain" and not self.digits and not self.unit and self.low in (1, 2, 3, 4)

    @property
    def is_range(self) -> bool:
        """True for "1.3-2x"."""
        return self.low != self.high

    @property
    def step(self) -> float:
        """Of a single number, how finely it is written; see `steps`."""
        return self.steps[0]

    @property
    def is_year(self) -> bool:
        """True for numbers that are written as years are: "2023", but not "2,023" or "2023 ms"."""
        values = (self.low, self.high)
        plain = self.kind == "plain" and not self.unit and not self.decimals and "," not in self.surface
        return plain and all(1900 <= value <= 2100 and value == int(value) for value in values)

    @property
    def ends(self) -> tuple[Quantity, Quantity]:
        """Its two ends as single numbers."""
        low, high = (
            replace(self, low=value, high=value, digits="", steps=(step, step))
            for value, step in zip((self.low, self.high), self.steps, strict=True)
        )
        return low, high


@lru_cache(maxsize=4_096)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of `plain_text(text)` in order. Numbers inside names ("ResNet50", "GPT-4") are none."""
    text = plain_text(text)
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for reader in (_read_dates, _read_shares, _read_fractions, _read_multiples, _read_numbers):
        for start, end, quantity in list(reader(text)):
            if all(end <= left or start >= right for left, right in taken):
                taken.append((start, end))
                if quantity:
                    found.append(quantity)
    found.sort(key=lambda quantity: quantity.start)
    return tuple(_join_ranges(text, found))


def find_sizes(text: str) -> tuple[Quantity, ...]:
    """The sizes that names tell, "70B" of "Llama3-70B-Chat": true when said, but no results of the text."""
    return tuple(size for found in _SIZE_IN_NAME.findall(plain_text(text)) for size in find_quantities(found))


_Read = Iterator[tuple[int, int, Quantity | None]]  # None: a number that says no amount, not to be read again


def _read_dates(text: str) -> _Read:
    """ "03/2023", "2023-03-14": the year alone, since others write the month in words."""
    for match in say.DATE.finditer(text):
        name = "year" if match["year"] else "first"
        yield (*match.span(), _make(text, *match.span(name), float(match[name]), "plain"))


def _read_shares(text: str) -> _Read:
    """ "six out of ten", "one query in five", "98 of 100"."""
    for match in say.OUT_OF.finditer(text):
        some, whole = say.value_of(match["some"]), say.value_of(match["all"])
        usual = (5, 10, 100) if match["how"] == "of" else (2, 3, 4, 5, 10, 20, 100)
        if 0 < some <= whole >= 2 and ("out" in match["how"].casefold() or whole in usual):
            yield (*match.span(), _make(text, *match.span(), some / whole, "share", loose=True))


def _read_fractions(text: str) -> _Read:
    """ "half", "two thirds", "a quarter of a million", "half a billion"."""
    for match in say.FRACTION.finditer(text):
        part, count = match["part"].casefold(), (match["count"] or "").casefold()
        if not count and (part != "half" or match["plural"]):
            continue
        value = (1 if count in ("", "a", "an") else say.value_of(count)) / say.PARTS[part]
        before = text[: match.start()]
        unclear = (
            say.AS_POWER.search(before) or before.endswith(" and ") or (match["plural"] and part in ("half", "halve"))
        )
        if scaled := say.OF_SCALE.match(text, match.end()):
            value *= say.SCALES[scaled[1].casefold()]
            yield match.start(), scaled.end(), _make(text, match.start(), scaled.end(), value, "plain", loose=True)
        elif unclear or say.HALF_A_UNIT.match(text, match.end()):
            yield (*match.span(), None)  # "to the minus one quarter", "an hour and a half", "half a minute"
        elif value <= 1:
            yield (*match.span(), _make(text, *match.span(), value, "share", loose=True))


def _read_multiples(text: str) -> _Read:
    """ "twice as", "doubles", "halved", "an order of magnitude"."""
    for match in say.MULTIPLE.finditer(text):
        word = match[0].casefold()
        if word in say.HALVING:
            yield (*match.span(), _make(text, *match.span(), 0.5, "share", loose=True))
        elif word not in ("twice", "thrice") or say.COMPARED.match(text, match.end()):
            yield (*match.span(), _make(text, *match.span(), say.MULTIPLES[word], "factor", loose=True))
    for match in say.TIMES_BEFORE.finditer(text):
        yield (*match.span(), _make(text, *match.span(), float(match[1]), "factor"))
    for match in say.ONE_ORDER.finditer(text):
        end = match.end() + len("order of magnitude")
        yield match.start(), end, _make(text, match.start(), end, 10.0, "factor", loose=True)


def _read_numbers(text: str) -> _Read:
    """Everything else: "1,000", "2.7B", "10^6", "twenty-one", "a dozen"."""
    for match in say.NUMBER.finditer(text):
        read = _digits_value(text, match) if match["digits"] else _words_value(text, match)
        if read is not None:
            value, decimals = read
            quantity = _with_kind(text, match, -value if match["sign"] == "-" and match["digits"] else value, decimals)
            yield (*match.span(), quantity)


def _digits_value(text: str, match: re.Match[str]) -> tuple[float, int] | None:
    after = text[match.end() :]
    if after[:1].isalpha() and not re.match(r"(?:x|times|fold|percent|[a-zA-Zµμ]{1,3})\b", after):
        return None
    if after[:1] in ("^", "_") or re.match(r"[-/]?[A-Z]\w*\d|[dD]\b", after):
        return None
    if _NAME_BEFORE.search(text[: match.start()]):
        return None
    digits = match["digits"].replace(",", "")
    value = float(digits)
    exponent = match["power"] or match["short"]
    if exponent:
        value *= 10.0 ** max(-_FARTHEST, min(_FARTHEST, int(exponent)))
    elif match["raised"]:
        value = float(value ** max(-_FARTHEST, min(_FARTHEST, int(match["raised"])))) if value else 0.0
    if match["scale"]:
        value *= say.SCALES[match["scale"].strip(" -").casefold().removesuffix("s")]
    return value, len(digits.partition(".")[2])


def _words_value(text: str, match: re.Match[str]) -> tuple[float, int] | None:
    if match["dozen"]:
        return say.SCALES[match["dozen"].split()[1].casefold()], 0
    before, after = text[: match.start()], text[match.end() :]
    if re.match(r"[\s-](?:\w+th|first|second|third)\b", after) or re.search(r"\b(?:thousand|hundred)\sand\s$", before):
        return None  # "a twenty-sixth", "a thousand and ten" are left alone
    word = match["word"].casefold()
    value = say.value_of(word)
    scales = re.findall(r"[a-z]+", match["wordscale"].casefold())
    if word == "one":
        as_pronoun = say.ONE_AS_PRONOUN.match(after) or say.ONE_BEHIND.search(before)
        if as_pronoun or not (scales or say.ONE_OF_A_UNIT.match(after)):
            return None
    for scale in scales:
        value *= say.SCALES[scale if scale in say.SCALES else scale.removesuffix("s")]
    return value, 0


def _with_kind(text: str, match: re.Match[str], value: float, decimals: int) -> Quantity:
    """Percent, percentage points, factor or plain, by what stands around the number."""
    end = match.end()
    if percent := say.PERCENT.match(text, end):
        kind: Kind = "change" if percent["points"] else "share"
        return _make(text, match.start(), percent.end(), value / 100, kind, decimals=decimals + 2)
    if orders := say.ORDERS.match(text, end):
        return _make(text, match.start(), orders.end(), 10.0 ** min(value, _FARTHEST), "factor", decimals=decimals)
    if fold := say.FOLD.match(text, end):
        return _make(text, match.start(), fold.end(), value, "factor", decimals=decimals)
    kind = "factor" if say.FACTOR_OF.search(text[: match.start()]) else "plain"
    return _make(text, match.start(), end, value, kind, decimals=decimals)


def _make(
    text: str, start: int, end: int, value: float, kind: Kind, *, decimals: int = 0, loose: bool = False
) -> Quantity:
    unit, noun, scale, shown_end = "", "", 1.0, end
    if follows := say.UNIT_BEHIND.match(text, end):
        low = follows["unit"].casefold()
        known = say.UNITS.get(low)
        if kind == "plain" and known:
            (unit, scale), shown_end = known, follows.end()
        noun = low.split("-")[0]
    figures = _FIGURES_ALONE.match(text[start:end])
    return Quantity(
        surface=text[start:shown_end].strip().replace(" %", "%"),
        low=value * scale,
        high=value * scale,
        kind=kind,
        unit=unit,
        noun=noun,
        bound=_bound(text[max(0, start - 28) : start], text[end : end + 24]),
        decimals=decimals,
        start=start,
        end=end,
        digits=figures[1].replace(",", "") if figures else "",
        loose=loose,
        steps=(step := _step(text[start:end], value) * scale, step),
    )


def _step(written: str, value: float) -> float:
    figures = _FIGURES.match(written)
    digits = figures[1].replace(",", "") if figures else f"{abs(value):.0f}"  # "two hundred" as "200"
    _, point, decimals = digits.partition(".")
    if not digits.strip("0.") or digits.count(".") > 1:
        return 0.0
    last = 10.0 ** -len(decimals) if point else 10.0 ** (len(digits) - len(digits.rstrip("0")))
    return last * abs(value) / float(digits)


def _bound(before: str, after: str) -> Bound:
    if say.LITTLE_MORE.search(before) or say.ABOUT.search(before):
        return "about"
    if say.ABOVE.search(before) or say.OR_MORE.match(after):
        return "above"
    return "below" if say.BELOW.search(before) else "equal"


def _join_ranges(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Two numbers with "-" or "to" between them become one range with the second one's kind and unit."""
    joined: list[Quantity] = []
    for quantity in quantities:
        last = joined[-1] if joined else None
        if last and not last.is_range and _are_ends(text, last, quantity):
            scale = 1.0
            if last.kind == "plain" and quantity.kind in ("share", "change"):
                scale /= 100
            if quantity.unit and not last.unit and (follows := say.UNIT_BEHIND.match(text, quantity.end)):
                scale *= say.UNITS.get(follows["unit"].casefold(), ("", 1.0))[1]
            if (shared := _shared_scale(text, last, quantity)) and last.low * shared < quantity.high:
                scale *= shared
            ends = sorted(((last.low * scale, last.step * scale), (quantity.high, quantity.step)))
            joined[-1] = replace(
                quantity,
                surface=text[last.start : quantity.end].strip(),
                low=ends[0][0],
                high=ends[1][0],
                bound=last.bound,
                decimals=max(last.decimals, quantity.decimals),
                start=last.start,
                digits="",
                steps=(ends[0][1], ends[1][1]),
            )
        else:
            joined.append(quantity)
    return joined


def _shared_scale(text: str, last: Quantity, quantity: Quantity) -> float:
    """1,000 for "8-256k", where the first number is one of thousands, too; 0 where each says its own."""
    letter = text[quantity.end - 1].casefold()
    is_shared = last.surface.isdigit() and letter in say.SCALES and "-" in text[last.end : quantity.start]
    return say.SCALES[letter] if is_shared else 0.0


def _are_ends(text: str, last: Quantity, quantity: Quantity) -> bool:
    between = text[last.end : quantity.start]
    if not 0 < len(between) <= 5 or not say.BETWEEN_ENDS.fullmatch(between):
        return False
    if last.kind not in (quantity.kind, "plain"):
        return False
    if "and" in between:
        return bool(re.search(r"\bbetween\s(?:about\s|roughly\s)?$", text[: last.start], re.IGNORECASE))
    return last.low < quantity.high or (last.kind == "plain" and quantity.kind != "plain")
