"""Files that are plain text and still no dump: other formats, logs, programs. Each is refused with its own sentence.

The two layouts of copied text take any lines at all, so what is certainly something else is told apart here.
"""

from __future__ import annotations

import csv
import re
from contextlib import suppress

from ingest.layouts.cells import DELIMITERS
from ingest.layouts.feed import is_feed, xml_root
from ingest.layouts.titles import ends_sentence, width

_OTHER_EXPORTS = (
    (re.compile(r"^\s*TY  ?- [A-Z]{2,8}\s*$", re.MULTILINE), "RIS"),
    (re.compile(r"^\s*PMID ?- \d+\s*$", re.MULTILINE), "PubMed's text format"),
    (re.compile(r"^\s*%[0A] \S.*\n%[A-Z0-9@] \S", re.MULTILINE), "EndNote's text format"),
    (re.compile(r"\A\s*(?:%.*\n)*\s*\\documentclass\b"), "a paper's LaTeX source"),
    (re.compile(r"^\s*FN (?:Clarivate|Thomson|ISI)\b", re.MULTILINE), "Web of Science's text format"),
)
_LINES_ABOVE = 20  # lines in which an export may say where it comes from, before its first entry
_HEADER = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Za-z]+)*: ?\S.*|[ \t]+\S.*")  # a mail's header line, or the rest of one
_MAIL = re.compile(r"^(?:MIME-Version|Content-Type|Message-ID|Received|Return-Path): ?\S", re.MULTILINE | re.IGNORECASE)
_STAMP = re.compile(
    r"\[?(?:\d{4}[-/]\d\d[-/]\d\d[T ,]+\d\d:\d\d|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|\d\d:\d\d:\d\d[.,: ])|"
    r"(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|TRACE)\b[:\] ]"
)
_STATEMENT = re.compile(
    r"(?:(?:import|from|def|class|return|if|elif|for|while|with|try|except|raise|using|package|public|private|static|"
    r"const|let|var|function|func|fn|struct|export|void|echo)\b|#include\b|#!|//|/\*).*|.*(?:[{};)(\[\]]|\],)|"
    r"[\w.\[\]]+ ?[-+*/]?= ?\S.*"
)
# Where code is written without blanks; not the "[Title]()" of a link that lost its address.
_JOINT = re.compile(r"\)\{|(?<!\])\(\)|=>|&&|(?<!=)[=!]==(?!=)|[\])}];[\w$]|\}[\w$]+\(", re.ASCII)
_JOINTS = 20, 6.0  # at least so many in a script, and a thousand characters; of 30,299 papers none has 4 a thousand
PROGRAM = "This is a program or its settings, not a dump of papers."
_XML = frozenset({"pubmedarticleset", "medlinecitation", "oai-pmh", "tei", "modscollection", "records", "opml", "xml"})
_JSON_FIELD = re.compile(r"[ \t]*\{?[ \t]*\"[\w -]+\" ?: ?\S")
_JSON_LINES = 0.2  # share of the lines
_QUOTED_CELL = re.compile(r"(?:^|[,;\t|])\"(?:[^\"]|\"\")*\"(?=[,;\t|])", re.MULTILINE)
_LINES_LOOKED_AT = 400
_SHORTEST_PROSE = 60  # characters, as they look


def is_script(sample: str) -> bool:
    """Whether a text is a web page's program, as pages saved with all their files bring them: few and long lines."""
    joints = len(_JOINT.findall(sample))
    return joints >= _JOINTS[0] and 1000 * joints >= _JOINTS[1] * len(sample)


def other_xml(sample: str) -> str:
    """Why XML is not read, as one sentence; "" for a feed, a web page, and what is no XML."""
    root = xml_root(sample)
    declared = sample.lstrip("\ufeff \n\t").startswith("<?xml") and root != "html"
    if (declared or root in _XML) and not is_feed(sample):
        return "This is XML that is not read, for it is no Atom or RSS feed; export the papers as BibTeX, CSV or JSON."
    return ""


def _is_table(sample: str) -> bool:
    """Whether a text has quoted cells and as many in each row: by commas alone, prose may be cut as evenly."""
    if not _QUOTED_CELL.search(sample):
        return False
    lines = [line + "\n" for line in sample.lstrip("\ufeff").split("\n")]
    for delimiter in DELIMITERS:
        with suppress(csv.Error):
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
            if len(widths) >= 2 and min(widths) >= 3 and len(set(widths[:-1])) == 1:  # the last row may be cut
                return True
    return False


def foreign_format(sample: str) -> str:
    """Why a text can be no copied page, as one sentence; "" where it may be one."""
    beginning = "\n".join(sample.lstrip("\ufeff \n").split("\n", _LINES_ABOVE)[:_LINES_ABOVE])
    for pattern, name in _OTHER_EXPORTS:
        if pattern.search(beginning):
            return f"This is {name}, which is not read; export it as BibTeX, CSV or JSON."
    if sample.lstrip("\ufeff \n").startswith("{\\rtf"):
        return "This is a word processor's format (RTF), which is not read; save it as plain text."
    lines = [line.rstrip() for line in sample.lstrip("\ufeff \n").split("\n")[:_LINES_LOOKED_AT]]
    if _is_table(sample):
        return "This is a table without columns for titles and abstracts; name those two so: title, abstract."
    fields = sum(_JSON_FIELD.match(line) is not None for line in lines)
    if fields >= max(2, _JSON_LINES * sum(map(bool, lines))):
        return "This is JSON with other text around it; save the JSON alone."
    header = next((number for number, line in enumerate(lines) if not _HEADER.fullmatch(line)), len(lines))
    if header >= 3 and _MAIL.search("\n".join(lines[:header])):
        return "This is a mail or a web archive (MHTML); save the page as HTML or text."
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) >= 3 and sum(_STAMP.match(line) is not None for line in lines) >= 0.6 * len(lines):
        return "This is a log, not a dump of papers."
    if is_script(sample):
        return PROGRAM
    prose = any(width(line) >= _SHORTEST_PROSE and ends_sentence(line) and " " in line for line in lines)
    if not prose and len(lines) >= 3 and sum(bool(_STATEMENT.fullmatch(line)) for line in lines) >= 0.6 * len(lines):
        return PROGRAM
    return ""
