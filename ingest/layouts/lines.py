"""The lines of a text that are title or abstract, with the facts that stand between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ingest.layouts.facts import address_id, date_in_line, read_date
from ingest.layouts.formulas import is_formula
from ingest.layouts.front_matter import front_matter
from ingest.layouts.furniture import GENERATED, furniture, unglue
from ingest.layouts.habits import address_of, dates_lead, parts_stand_alone, recurring_lines
from ingest.layouts.labels import Kind, Labelled, Labels, is_label, is_part
from ingest.layouts.markdown import without_emphasis
from ingest.layouts.pairing import Fact, Line, Page
from ingest.layouts.titles import CERTAIN_ABSTRACT, ends_sentence, is_names, title_likeness
from ingest.reading import Text

_LEADS_ON = re.compile(r"(?:\b(?:at|in|on|from|see|via|here|available|under|visit|is|to|code|page|link)|[:(])$", re.I)
_RULE = re.compile(r"(?:```|~~~)\w*|#{1,6}|\\\\.{0,80}|[%_=*-]{3,}")  # fences, empty headings, marks of arXiv's mails
_LETTER_HEAD = re.compile(r"(?:From|To|Cc|Subject|Date|Sent|Reply-To|Message-ID): \S")
_REMARK = re.compile(r"\s+\(|\s{2,}|, (?=[A-Z][a-z]+ [A-Z])")  # behind a date: "(51kb)", ", Last Modified: ..."
_QUOTED = re.compile(r'^"([^"]+)",?$')  # as YAML and JSON write it
_BUTTONS = re.compile(  # behind an abstract, of cards that fold and of arXiv's search; behind a title
    r"\s*(?:△ Less|▽ More|(?<=[.!?…] )(?:Read|Show|See) (?:more|less)(?:\.{3}|…)?)$"
    r"|(?:\s*[\[(](?:pdf|code|paper|arxiv|html|project(?: page)?|website|github|demo|\d+ min(?:ute)?s? read)[\])])+$",
    re.IGNORECASE,
)
_LONGEST_BUTTONS = 60  # characters
_LIKE_ABSTRACT = -2.0  # title_likeness, at most
_PICTURED = re.compile(r"(.{1,40})(?:'|’)s? (?:avatar|profile picture|profile image)")
_SAID_DATE = re.compile(
    r"\[?(?:published|submitted|posted|updated)(?: on)?:? ([^;]+?)(?:[.;\]]| \(v1\))", re.IGNORECASE
)
_ITEM = re.compile(r"[-*•]\s+")
_OWN_ID = re.compile(r"\[(?:arXiv:)?(\d{4}\.\d{4,5})(?:v\d+)?\]\s+(?=\S)|\s*[(<\[](https?://[^\s()<>]+)[)>\]]$")
_GOES_ON = re.compile(r"(?:[,;&]|\band)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_PREAMBLE = 60  # lines
_SAID = 8.0  # how much a label weighs, as title_likeness counts


class TextLines:
    """The lines that are title or abstract. Furniture is left out; it leaves a gap, and the facts that it says."""

    def __init__(self, text: Text, page: Page, labels: Labels) -> None:
        self.text = text
        self.page = page
        self.labels = labels
        self.recurring = recurring_lines(text.sample)
        self.dates_lead = dates_lead(text)
        self.parts_alone = parts_stand_alone(text.sample)
        self.facts: list[Fact] = []
        self.own: list[Fact] = []  # that the line itself says, beside its text
        self.name_follows = False  # "Submitted by" stood alone
        self.pictured = ""  # whose picture the line before was
        self.last = 0  # line that was no furniture
        self.summary_ends = 0  # at which line a model's summary ends
        self.hint = 0.0
        self.open: Kind | None = None  # of the label whose text the next line may go on with
        self.awaited = False  # it has none yet
        self.apart = False  # a blank line stands below it
        self.before = ""  # the line before, as it stands in the file
        self.said = ""  # the last line that is title or abstract
        self.formula = False  # it is a formula

    def __iter__(self) -> Iterator[Line]:
        held: Line | None = None
        for line in self._lines():
            if held is not None and self.summary_ends == held.number and title_likeness(line.text) < _LIKE_ABSTRACT:
                line.facts, line.hint = (*held.facts, *line.facts), held.hint  # a model's sentence, above the abstract
            elif held is not None:
                if self.formula:  # the text that leads up to it
                    held.hint = min(held.hint, -_SAID)
                yield held
            held = line
        if held is not None:
            yield held

    def _lines(self) -> Iterator[Line]:
        gap, parted, before, together = True, False, "", 0
        for number, raw in _without_preamble(self.text.lines()):
            line = raw.strip()
            if not line:
                gap = self.apart = True
                self.open = self.open if self.awaited and self.open == "authors" else None
                continue
            together = 0 if gap or parted else together + 1  # lines before this one in its paragraph
            leads_on = _LEADS_ON.search(before[-30:]) is not None or (self.page.blank_lines and together >= 2)
            labelled = self.labels.read(line)
            if labelled is None:
                goes_on = bool(together) and _goes_on(before)
                if self._goes_on_with_label(raw) or self._is_furniture(line, goes_on, bool(together) and leads_on):
                    gap = parted = True
                    before = ""
                    continue
                line = self._plain(unglue(line, after_furniture=parted or not before))
            else:
                line = self._unlabelled(labelled, line)
                self.before = raw
            if not line or (line == before and len(line) <= CERTAIN_ABSTRACT):  # a title, and its link's text
                gap, parted = gap or not line, parted or not line
                continue
            formula, below = is_formula(line, self.said), self.formula and line[:1].islower()
            if self.hint <= 0.0 and (formula or below):
                self.hint = -2 * _SAID if formula else -_SAID
            self.formula, self.said = formula, line
            indented = raw[:2].isspace() and not raw[:2].strip()
            self.last = number
            yield Line(line, number, gap, indented, parted, self.hint, tuple(self.facts), raw.rstrip())
            self.hint, self.facts, self.open = 0.0, self.own, None
            self.own = []
            gap, parted, before = False, False, line

    def _is_furniture(self, line: str, goes_on: bool, leads_on: bool) -> bool:
        """`goes_on`: a tool may have wrapped the line before here; `leads_on`: that line leads up to an address."""
        kind = furniture(line)
        name_follows, self.name_follows = self.name_follows, False
        name, self.pictured = self.pictured, ""
        if _RULE.fullmatch(line):
            return True
        if self.parts_alone and is_part(without_emphasis(line)):
            self.hint = -_SAID
            return True
        if kind == "likely" and goes_on and line.rstrip(":") not in ("Abstract", "ABSTRACT"):
            return False  # the rest of a wrapped line
        if kind:
            self.pictured = found[1] if (found := _PICTURED.fullmatch(line)) else ""
            self.name_follows = line.lower().rstrip(":").endswith("submitted by")
            if GENERATED.fullmatch(line):
                self.summary_ends = self.last
            if line.rstrip(":").lower() == "abstract":
                self.hint = -_SAID / 2
            self._add_date(line)
            return True
        if address := address_of(line):
            if "://" in line and (goes_on or (leads_on and not address_id(address))):
                return False  # an abstract's last line, wrapped
            self.facts.append(Fact("address", address))
            return True
        return line in self.recurring or line == name or (name_follows and len(line) <= 40)

    def _add_date(self, line: str) -> None:
        if self.dates_lead and read_date(line):
            return  # a heading, over several papers
        dated = re.search(r"\d{4}|·|published", line, re.IGNORECASE) is not None
        found = _SAID_DATE.match(line)
        if dated and (date := date_in_line(line) or (read_date(found[1]) if found else None)):
            self.facts.append(Fact("date", date))

    def _unlabelled(self, labelled: Labelled, line: str) -> str:
        """The line without its label; "" where the label says that it is neither title nor abstract."""
        if labelled.kind == "title":
            if len(line) > CERTAIN_ABSTRACT:
                return line
            self.hint, self.open = _SAID, None
            return _QUOTED.sub(r"\1", labelled.text)
        if labelled.kind == "abstract":
            self.hint, self.open = -_SAID, None
            return _without_buttons(labelled.text)
        self.open, self.awaited, self.apart = labelled.kind, not labelled.text, False
        self._add_fact(labelled.kind, labelled.text)
        return ""

    def _add_fact(self, kind: Kind, text: str) -> None:
        if kind == "authors":
            self.facts.append(Fact("authors", text))
        elif kind == "address":
            self.facts.append(Fact("address", text))
        elif kind == "date" and (date := read_date(_REMARK.split(text)[0])):
            self.facts.append(Fact("date", date))

    def _goes_on_with_label(self, raw: str) -> bool:
        """Whether a line without a label is the rest of a labelled one above that is neither title nor abstract."""
        if self.open is None:
            return False
        line, before = raw.strip(), self.before.rstrip()
        words = _WORD.findall(line)
        words = [word for word in words if len(word) > 2] or words  # a name's small ones say little
        named = bool(words) and sum(word[0].isupper() for word in words) >= 0.6 * len(words)
        indented = len(raw) - len(raw.lstrip()) > len(before) - len(before.lstrip())
        listed = self.open == "authors" and _ITEM.match(line) is not None
        if (
            not (
                (self.awaited and (not self.apart or is_names(line, few=True)))
                or listed
                or (self.open == "authors" and line in (",", ";"))
                or _GOES_ON.search(before)
                or (indented and (named or self.open != "authors"))
                or ((named or line[:1].islower()) and self.page.wrapped_here(before, line))
            )
            or _RULE.fullmatch(line)
            or is_label(line)
            or furniture(line) == "certain"
            or address_id(address_of(line))
        ):
            self.open = None
            return False
        if self.open == "authors" and self.facts and self.facts[-1].kind == "authors":
            value = self.facts[-1].value
            value = f"{value}, {_ITEM.sub('', line)}".lstrip(", ") if listed else f"{value} {line}".strip()
            self.facts[-1] = Fact("authors", value)
        else:
            self._add_fact(self.open, line)
        self.before, self.awaited = raw, False
        return True

    def _plain(self, line: str) -> str:
        line = _without_buttons(line.removeprefix("> "))
        if len(line) <= CERTAIN_ABSTRACT and (found := _OWN_ID.search(line)):
            address, bare = found[2] or f"https://arxiv.org/abs/{found[1]}", _OWN_ID.sub("", line)
            if address_id(address) and (found[1] or title_likeness(bare) > 1.0):
                self.own, line = [Fact("address", address)], bare
        if line.startswith(("*", "_")) and (bare := without_emphasis(line)) != line:
            if line.startswith(("**", "__")):
                self.hint = self.hint or 2.0
            return bare
        return line


def _without_preamble(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines without what clipping tools write above a page: front matter, or "Title: ... URL Source: ..."."""
    head = list(islice(lines, _LONGEST_PREAMBLE))
    stripped = [raw.strip("\ufeff \t") for _, raw in head]
    first = next((place for place, line in enumerate(stripped) if line), 0)
    end = front_matter([raw for _, raw in head])
    letter = next((place for place, line in enumerate(stripped[first:], first) if not _LETTER_HEAD.match(line)), first)
    if letter - first >= 2:
        end = letter
    if any(line.startswith("URL Source: ") for line in stripped[first : first + 6]):
        end = next((place + 1 for place, line in enumerate(stripped[:15]) if line == "Markdown Content:"), end)
    yield from head[end:]
    yield from lines


def _goes_on(before: str) -> bool:
    return 40 <= len(before) <= 200 and not ends_sentence(before) and not is_names(before)


def _without_buttons(line: str) -> str:
    """The line without the buttons that were copied with it."""
    place = max(len(line) - _LONGEST_BUTTONS, 0)
    return line[:place] + _BUTTONS.sub("", line[place:])
