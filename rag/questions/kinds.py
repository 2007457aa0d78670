"""Which questions are about the collection itself: how many, which ones, the newest, who wrote it.

Precision comes first. "How many parameters does it have?" and "Which papers show that scaling fails?" begin alike and
ask for what papers say, so a pattern has to fit the whole question, and a topic is a short name without a clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.words import stems

Kind = Literal["content", "count", "list", "authors"]

_PAPERS = r"(?:papers?|articles?|publications?|preprints?|abstracts?)"
_THINGS = rf"(?:{_PAPERS}|works?|studies|research|everything|anything|entries|all)"
_HERE = (
    r"(?:(?:in|of|from) (?:the|this|your|my|our) (?:corpus|collection|index|library|database|list|dumps?|set)"
    r"|here|in total|altogether|overall|so far|now|currently|indexed|stored|saved|loaded|ingested)"
)
_EXIST = (
    r"(?:are there|is there|exist|there are|do you (?:have|know|hold)|you (?:have|know|hold)|do (?:we|i) have"
    r"|(?:we|i) have|have you(?: got)?|have (?:we|i)(?: got)?|did (?:i|we) (?:save|ingest|load|add)|can you find)"
)
_ABOUT = (
    r"(?:on|about|concerning|regarding|around|covering|mentioning|discussing|related to|relating to|dealing with"
    r"|(?:that |which )?(?:are )?(?:about|on|mention|discuss|cover|concern|deal with|treat|address|relate to)"
    r"|(?:that |which )?(?:is )?(?:mentions|discusses|covers|concerns|deals with))"
)
_SHOW = r"(?:list|show|give|find|get|display|name|print|enumerate)(?: me| us)?"
_TOPIC = r"(?P<topic>\S.*?)"
_END = rf"(?:,? {_EXIST})?(?:,? {_HERE})?"

_COUNT = re.compile(
    r"(?:so )?(?:how many|the number of|number of|count)(?: of)?(?: all)?(?: the| these| your| my)?(?: different)?"
    rf" {_PAPERS}(?: {_EXIST})?(?: {_HERE})?(?: (?:are )?{_ABOUT} {_TOPIC})?{_END}",
    re.IGNORECASE,
)
_COUNT_ALL = re.compile(
    rf"how (?:many {_PAPERS}(?: (?:are|were|is|have been|in|the|this|your|my|it|hold|contain|holds|corpus|collection"
    r"|index|library|database|published|there|indexed|stored|saved|loaded|ingested|you))*"
    r"|(?:large|big) is (?:the|this|your|my) (?:corpus|collection|index|library))",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"(?:please )?(?:{_SHOW} )?(?:(?P<whole>all(?: of)?|every|each|everything|anything) ?)?(?:the |your |my |any )?"
    rf"(?:{_THINGS})?(?: {_EXIST})?(?: {_HERE})? {_ABOUT} {_TOPIC}{_END}",
    re.IGNORECASE,
)
_WHICH = re.compile(
    rf"(?:which|what|are there(?: any)?|is there|do you have(?: any)?|have you(?: any)?)(?: of)?(?: the| your| my)?"
    rf" {_THINGS}(?: {_EXIST})?(?: {_HERE})? {_ABOUT} {_TOPIC}{_END}",
    re.IGNORECASE,
)
_LIST_ALL = re.compile(
    rf"(?:please )?(?:(?:{_SHOW}|which|what|what are) )?(?:all |every |the |your |my |any )*(?:{_PAPERS}|everything)"
    rf"(?: (?:are|were|have|it|the|this|corpus|collection|index|contains?|holds?|{_EXIST}|{_HERE}|published|appeared))*"
    r"|what (?:is|do you have|have you got)(?: in (?:here|the corpus|the index|the collection|your collection))?",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    rf"(?:please )?(?:{_SHOW} |(?:what|which) (?:are|is) )?(?:the |your |my )?"
    rf"(?:newest|latest|most recent|last|last added|recently added)(?: \d+| few)? (?:{_PAPERS})"
    rf"(?: {_HERE})?(?: {_ABOUT} {_TOPIC})?{_END}",
    re.IGNORECASE,
)
_SORTED = re.compile(
    r",?\s*\(?\b(?:(?:the )?(?:newest|latest|most recent)(?: ones)? first"
    r"|(?:sorted|ordered) by (?:date|year)|by date)\b\)?",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    rf"(?:please )?(?:(?:which|what|{_SHOW})(?: all| every| the)? {_PAPERS}|how many {_PAPERS}|{_PAPERS}"
    rf"|(?:which|how many) of (?:them|the papers)|who) "
    r"(?:releas(?:e|es|ed|ing)|publish(?:es|ed)?|provides?|shar(?:e|es|ed)|ha(?:s|ve)|come with|open-?source[sd]?|with)"
    r"(?: their| its| the)?(?: public(?:ly)?| open| source| available)* code(?: available| public| online| released)?",
    re.IGNORECASE,
)
_AUTHORS = re.compile(
    r"(?:who (?:wrote|authored|published|are the authors of|is the author of|is behind|are behind)"
    r"|(?:list |name |give me )?(?:the )?authors? of) (?:the )?(?:papers? )?(?:called |titled )?(?P<topic>\S.*?)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:that|which|who|whose|how|why|whether|when|where|what|does|do|is|are|was|were|can|could|should|has|have"
    r"|show|shows|argue|prove|use|uses|using|without|than|it|its|they|them|these|those|this)\b|[?:;]",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(?:hi|hello|hey|please|ok|okay)\b[\s,!]*|[\s,]*\b(?:please|thanks|thank you)\W*$", re.IGNORECASE
)
_LEADING = re.compile(r"^(?:the )?(?:topics?|subjects?|areas?|fields?|idea) of\s+|^(?:the|a|an)\s+", re.IGNORECASE)
_MOST_WORDS = 6  # of a topic; a longer one says what a paper should say
_VAGUE_WORDS = 3  # of a topic where nothing says that all of its papers are wanted


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks of the collection."""

    kind: Kind
    topic: str = ""  # "" for all papers; for "authors" what names the paper
    newest: bool = False  # the newest first
    releases_code: bool = False  # only papers that give their code


CONTENT = Wanted("content")


def wanted(question: str) -> Wanted:
    """Whether the question, from which filters have been taken, counts or lists papers."""
    line = _POLITE.sub("", " ".join(question.split())).rstrip(" ?.!")
    line, sorts = _SORTED.subn("", line)
    line = line.strip(" ,;?.!")
    found = _recognise(line) if line else None
    if found is None and sorts:
        # "diffusion models, newest first": what is left is the topic.
        found = _about("list", line, most=_MOST_WORDS) if line else Wanted("list")
    if found is None:
        return CONTENT
    return Wanted(found.kind, found.topic, found.newest or bool(sorts), found.releases_code)


def _recognise(line: str) -> Wanted | None:
    counts = line.casefold().startswith(("how many", "so how many"))
    if _RELEASE.fullmatch(line):
        return Wanted("count" if counts else "list", releases_code=True)
    if match := _AUTHORS.fullmatch(line):
        return Wanted("authors", match["topic"].strip(" ?\"“”'")) if len(match["topic"].split()) <= 25 else None
    if _COUNT_ALL.fullmatch(line):
        return Wanted("count")
    if match := _COUNT.fullmatch(line):
        return _about("count", match["topic"], most=_MOST_WORDS)
    if match := _NEWEST.fullmatch(line):
        found = _about("list", match["topic"], most=_MOST_WORDS)
        return Wanted(found.kind, found.topic, newest=True) if found else None
    if _LIST_ALL.fullmatch(line):
        return Wanted("list")
    if match := _WHICH.fullmatch(line):
        return _about("list", match["topic"], most=_MOST_WORDS)
    if match := _LIST.fullmatch(line):
        insists = match["whole"] or line.casefold().startswith(("list", "enumerate", "please list", "everything"))
        if not insists and re.match(
            r"\w+ing \S", match["topic"]
        ):  # "making models smaller" tells what papers should do
            return None
        return _about("list", match["topic"], most=_MOST_WORDS if insists else _VAGUE_WORDS)
    return None


def _about(kind: Kind, topic: str | None, *, most: int) -> Wanted | None:
    """Papers on a topic; none where it is a sentence rather than a name."""
    if topic is None:
        return Wanted(kind)
    topic = _LEADING.sub("", topic.strip(' ,.?!"“”')).strip()
    words = stems(topic)
    if not words or len(topic.split()) > most or _CLAUSE.search(topic):
        return None
    return Wanted(kind, topic)
