"""Which questions are about the collection itself: how many, which ones, the newest, who wrote it.

Precision comes first. "How many parameters does it have?" and "Which papers show that scaling fails?" begin alike and
ask for what papers say, so a pattern has to fit the whole question, and a topic is a short name without a clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from rag.questions.dates import SPAN
from rag.questions.small_talk import is_small_talk
from rag.questions.uncounted import FOR_EACH, NUMBER_OF_PAPERS, UNCOUNTED
from rag.questions.wording import EXIST, HERE, PAPERS, SHOW, SORTED, THANKS
from rag.words import stems

Kind = Literal["content", "count", "list", "authors", "date", "uncounted", "talk"]

_THINGS = rf"(?:{PAPERS}|works?|studies|research|everything|anything|entries|all)"
_ABOUT = (
    r"(?:on|about|concerning|regarding|around|covering|mentioning|discussing|related to|relating to|dealing with"
    r"|(?:that |which )?(?:are )?(?:about|on|mention|discuss|cover|concern|deal with|treat(?!.* as )|address|relate to)"
    r"|(?:that |which )?(?:is )?(?:mentions|discusses|covers|concerns|deals with)"
    r"|(?:(?:that |which )?(?:contain|hold|have|use)|with)(?: the)? (?:word|term|phrase|name)s?)"
)
# Verbs that ask for a number by a topic; "Which papers study ...?" is answered by what they say.
_DEAL_WITH = (
    r"(?:that |which )?(?:talk about|study|investigate|explore|examine|involve|focus on|use|apply|hold|contain"
    r"|have(?=.* in them$))"
)
_TOPIC = r"(?P<topic>\S.*?)"
_END = rf"(?:,? {EXIST})?(?:,? {HERE})?"

_HOW_MANY = (
    r"(?:how many|(?:(?:what(?: is|['’]s)|what|which) )?(?:the )?(?:total )?(?:number|count) of|count|(?:the )?total)"
)
_COUNT = re.compile(
    rf"(?:so )?{_HOW_MANY}(?: of)?(?: all)?(?: the| these| your| my)?(?: different)?"
    rf" {PAPERS}(?: {EXIST})?(?: {HERE})?(?: (?:were|have been|got) (?:published|written|released|posted))?"
    rf"(?: {HERE})?(?: (?:(?:are |is )?{_ABOUT}|{_DEAL_WITH}) {_TOPIC}(?: in them)?)?{_END}",
    re.IGNORECASE,
)
_COUNT_BEHIND = re.compile(rf"(?P<papers>{PAPERS} .+?)\s*[,:;-]\s*how many(?: {EXIST})?(?: {HERE})?", re.IGNORECASE)
# "How many Mamba papers are there?", "list all the quantum papers": the topic stands before its papers.
_COUNT_OF_TOPIC = re.compile(
    rf"(?:so )?{_HOW_MANY}(?: all)?(?: the| your| my)?(?: different)? (?P<topic>\S+(?: \S+){{0,2}}) {PAPERS}{_END}",
    re.IGNORECASE,
)
_LIST_OF_TOPIC = re.compile(
    rf"(?:(?:please )?{SHOW}(?: all)?(?: the| your| my)?|all(?: the| your| my)?"
    rf"|(?:which|what)(?=.* {EXIST}(?: {HERE})?$)|(?:are there|is there|do you have)(?: any| an?)?|any) "
    rf"(?P<topic>\S+(?: \S+){{0,2}}) {PAPERS}{_END}",
    re.IGNORECASE,
)
# What a paper may be besides on a topic, and of which its words say nothing.
_OF_ANY_TOPIC = re.compile(
    r"\b(?:recent|new|newer|newest|latest|old|older|oldest|last|first|second|third|next|previous|early|earlier|earliest"
    r"|good|great|best|top|worst|important|interesting|relevant|related|similar|cited|famous|popular|influential|long"
    r"|short|different|distinct|unique|total|single|additional|remaining|available|public|published|unpublished"
    r"|research|scientific|academic|arxiv|one|two|three|four|five|six|seven|eight|nine|ten|\d+|many|several|dated"
    r"|undated|key|main|title|missing|duplicate|english|chinese)\b",
    re.IGNORECASE,
)
_COUNT_ALL = re.compile(
    rf"how (?:many {PAPERS}(?: (?:are|were|is|have been|in|the|this|your|my|it|hold|contain|holds|corpus|collection"
    r"|index|library|database|published|there|indexed|stored|saved|loaded|ingested|you))*"
    r"|(?:large|big) is (?:the|this|your|my) (?:corpus|collection|index|library))",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"(?:please )?(?:{SHOW} )?(?:(?P<whole>all(?: of)?|every|each|everything|anything) ?)?(?:the |your |my |any )?"
    rf"(?:{_THINGS})?(?: {EXIST})?(?: {HERE})? {_ABOUT} {_TOPIC}{_END}",
    re.IGNORECASE,
)
_WHICH = re.compile(
    rf"(?:which|what|are there(?: any)?|is there|do you have(?: any)?|have you(?: any)?)(?: of)?(?: the| your| my)?"
    rf" {_THINGS}(?: {EXIST})?(?: {HERE})? {_ABOUT} {_TOPIC}{_END}",
    re.IGNORECASE,
)
_LIST_ALL = re.compile(
    rf"(?:please )?(?:(?:{SHOW}|which|what|what are) )?(?:all |every |the |your |my |any )*(?:{PAPERS}|everything)"
    rf"(?: (?:are|were|have|it|the|this|corpus|collection|index|contains?|holds?|{EXIST}|{HERE}|published|appeared))*"
    r"|what(?:['’]s| is| do you have| have you got)"
    r"(?: in (?:here|(?:the|this|your|my) (?:corpus|index|collection|library|database)))?",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    rf"(?:please )?(?:{SHOW} |(?:what|which)(?:['’]s| (?:are|is)) )?(?:the |your |my )?"
    rf"(?:(?P<oldest>oldest|earliest)|newest|latest|most recent|last|last added|recently added)(?: few)? {PAPERS}"
    rf"(?: {HERE})?(?: {_ABOUT} {_TOPIC})?{_END}",
    re.IGNORECASE,
)
_SORTED = re.compile(rf",?\s*{SORTED}", re.IGNORECASE)
_OLDEST = re.compile(r"(?<!to )(?:oldest|earliest)", re.IGNORECASE)
_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_BY_AGE = r"(?:newest|latest|most recent|last added|recently added|oldest|earliest)"
_MOST = re.compile(
    rf"^(?P<asks>(?:please )?(?:{SHOW} |(?:what|which) (?:are|is) )?(?:the |your |my |any )?)"
    rf"(?:(?:top|first)[ -])?(?P<before>{_BY_AGE} |last )?(?P<count>[1-9]\d?|{'|'.join(_NUMBERS)})"
    rf"(?P<behind> {_BY_AGE})?(?= {PAPERS}\b)",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    rf"(?:please )?(?:(?:which|what|{SHOW})(?: all| every| the)? {PAPERS}|how many {PAPERS}|{PAPERS}"
    rf"|(?:which|how many) of (?:them|(?:the|these|those) {PAPERS}|these|those)|who) "
    r"(?:releas(?:e|es|ed|ing)|publish(?:es|ed)?|provides?|shar(?:e|es|ed)|ha(?:s|ve)|come with|open-?source[sd]?|with)"
    r"(?: their| its| the)?(?: public(?:ly)?| open| source| available)* code(?: available| public| online| released)?",
    re.IGNORECASE,
)
_RELEASES = re.compile(
    r"(?<=\S) (?:and |that |which )?(?:releas(?:e|es|ed)|publish(?:es|ed)?|provides?|shar(?:e|es|ed)|have|come with"
    r"|open-?source[sd]?)(?: their| the)?(?: public(?:ly)?| open| source| available)* code"
    r"(?: available| public| online| released)?$",
    re.IGNORECASE,
)
_AUTHORS = re.compile(
    r"(?:who (?:wrote|authored|published|are the authors of|is the author of|is behind|are behind)"
    r"|(?:list |name |give me )?(?:the )?authors? of) (?:the )?(?:papers? )?(?:called |titled )?(?P<topic>\S.*?)",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"when (?:was|were|is) (?:the )?(?:paper )?(?:called |titled )?(?P<topic>\S.*?)"
    r" (?:published|released|posted|written)"
    r"|when did (?:the )?(?:paper )?(?P<other>\S.*?) (?:appear|come out)",
    re.IGNORECASE,
)
_CALLED_PAPER = re.compile(r"(?<=\S) (?:paper|article|preprint)$", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:that|which|who|whose|how|why|whether|when|where|what|does|do|is|are|was|were|can|could|should|has|have"
    r"|show|shows|argue|prove|use|uses|using|without|but|not|except|excluding|than|it|its|they|them|these|those|this"
    r"|achieve|compare|need|outperform|propose|surpass|improve|require|introduce|provide|their|no)\b|[?:;]"
    # Nouns as well: "report generation", "train delays", "beat tracking".
    r"|(?<=\w )(?:beat|release)\b|\breport(?=(?: \w+)? results?\b)|\btrain(?= (?:on|with|from|an?|the|models?)\b)",
    re.IGNORECASE,
)
_ASKS = r"(?=how many|what|which|who|when|the (?:total )?number|if there)"
_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|please|ok|okay)\b[\s,!]*"
    rf"|(?:(?:can|could|would|will) you(?: please)? )?tell me(?: please)?,? {_ASKS}"
    rf"|(?:do you know|i(?:['’]d| would) like to know|i want to know|i wonder|let me know),? {_ASKS}"
    rf"|(?:can|could|would|will) you(?: please)? (?={SHOW}\b))+"
    rf"|(?:[\s,.?!;]*\b{THANKS})+\W*$",
    re.IGNORECASE,
)
_JOINER = re.compile(r"(?:(?:and|but|also|so|then|now)\b,? ?)*(?:(?:what|how) about )?", re.IGNORECASE)
_SAYS_PAPERS = re.compile(rf"\b(?:{PAPERS}|works|studies)\b", re.IGNORECASE)
_PAPERS_BEHIND = re.compile(rf"\s+{PAPERS}$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:the )?(?:topics?|subjects?|areas?|fields?|idea) of\s+|^(?:the|a|an)\s+", re.IGNORECASE)
_TIME = re.compile(SPAN, re.IGNORECASE)
_DOING = re.compile(r"\w+ing \S")  # "making models smaller" tells what papers should do
_MOST_WORDS = 6  # of a topic; a longer one says what a paper should say
_VAGUE_WORDS = 3  # of a topic where nothing says that all of its papers are wanted
_ANY_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks of the collection."""

    kind: Kind  # "talk" asks nothing of the papers
    topic: str = ""  # "" for all papers; for "authors" and "date" what names the paper
    newest: bool = False  # the newest first
    oldest: bool = False  # the oldest first
    most: int = 0  # how many are wanted; 0 where the question says no number
    releases_code: bool = False  # only papers that give their code


CONTENT = Wanted("content")


def wanted(question: str) -> Wanted:
    """Whether the question, from which filters have been taken, counts or lists papers."""
    if is_small_talk(question):
        return Wanted("talk")
    line, sorts = _bare(question)
    line, most = _numbered(line)
    found = _recognise(line) if line else None
    if found is None and sorts:
        # "diffusion models, newest first": what is left is the topic.
        found = (
            _recognise(line, at_length=True) or _about("list", _PAPERS_BEHIND.sub("", line), most=_MOST_WORDS)
            if line
            else Wanted("list")
        )
    if found is None:
        return CONTENT
    oldest = found.oldest or bool(_OLDEST.search(sorts))
    return replace(found, newest=(found.newest or bool(sorts)) and not oldest, oldest=oldest, most=most)


def asks_for_papers(question: str) -> bool:
    """Whether it is a count or a list in form, however many words its topic has."""
    found = _recognise(_numbered(_bare(question)[0])[0], at_length=True)
    return found is not None and found.kind in ("count", "list") and not _DOING.match(found.topic)


def is_uncounted(question: str) -> bool:
    """Whether it asks for a number of papers by what no count goes by: "How many papers beat Adam?"."""
    return NUMBER_OF_PAPERS.match(_bare(question)[0]) is not None and wanted(question) == CONTENT


def _bare(question: str) -> tuple[str, str]:
    """The question without politeness and end mark, and the order that it wants; "" for none."""
    line = _POLITE.sub("", " ".join(question.split())).rstrip(" ?.!")
    sorts = " ".join(found[0] for found in _SORTED.finditer(line))
    return _SORTED.sub("", line).strip(" ,;?.!"), sorts


def _numbered(line: str) -> tuple[str, int]:
    """The line without the number of papers that it asks for, and that number; 0 where it says none."""
    match = _MOST.match(line)
    if match is None:
        return line, 0
    count = match["count"].casefold()
    kept = f"{match['asks']}{match['before'] or ''}{(match['behind'] or '').strip()}".strip()
    return f"{kept} {line[match.end() :].strip()}".strip(), _NUMBERS.get(count) or int(count)


def _recognise(line: str, *, at_length: bool = False) -> Wanted | None:
    """What the line asks for; "And how many papers on tides?" asks for the same without its "and"."""
    found = _recognise_form(line, at_length=at_length)
    joined = _JOINER.match(line)
    rest = line[joined.end() :] if joined else line
    if found or rest == line or not _SAYS_PAPERS.search(rest):
        return found
    found = _recognise_form(rest, at_length=at_length)
    return found if found and found.kind in ("count", "list") and found.topic else None


def _recognise_form(line: str, *, at_length: bool) -> Wanted | None:
    most, vague = (_ANY_LENGTH, _ANY_LENGTH) if at_length else (_MOST_WORDS, _VAGUE_WORDS)
    counts = line.casefold().startswith(("how many", "so how many"))
    if _RELEASE.fullmatch(line):
        return Wanted("count" if counts else "list", releases_code=True)
    if match := _AUTHORS.fullmatch(line):
        return _of_paper("authors", match["topic"])
    if match := _DATED.fullmatch(line):
        return _of_paper("date", match["topic"] or match["other"])
    if UNCOUNTED.fullmatch(line):
        return Wanted("uncounted")
    if match := FOR_EACH.search(line):
        found = _recognise(line[: match.start()], at_length=True)
        counted = found is not None and (found.kind == "count" or (found.kind == "list" and bool(found.topic)))
        return Wanted("uncounted") if counted else None
    if match := _COUNT_BEHIND.fullmatch(line):
        return _recognise(f"how many {match['papers']}", at_length=at_length)
    if match := _RELEASES.search(line):
        # Said of the papers on a topic: their verb is no word of it.
        found = _recognise(line[: match.start()], at_length=at_length)
        return replace(found, releases_code=True) if found and found.kind in ("count", "list") else None
    if _COUNT_ALL.fullmatch(line):
        return Wanted("count")
    if match := _COUNT.fullmatch(line):
        return _about("count", match["topic"], most=most)
    if match := _NEWEST.fullmatch(line):
        found = _about("list", match["topic"], most=most)
        return replace(found, newest=not match["oldest"], oldest=bool(match["oldest"])) if found else None
    if _LIST_ALL.fullmatch(line):
        return Wanted("list")
    if match := _WHICH.fullmatch(line):
        return _about("list", match["topic"], most=most)
    if match := _LIST.fullmatch(line):
        insists = match["whole"] or line.casefold().startswith(("list", "enumerate", "please list", "everything"))
        if not insists and _DOING.match(match["topic"]):
            return None
        return _about("list", match["topic"], most=most if insists else vague)
    if (match := _COUNT_OF_TOPIC.fullmatch(line)) and _names_topic(match["topic"]):
        return _about("count", match["topic"], most=most)
    if (match := _LIST_OF_TOPIC.fullmatch(line)) and _names_topic(match["topic"]):
        return _about("list", match["topic"], most=most)
    return None


def _names_topic(words: str) -> bool:
    """Whether each word before "papers" says what they are about: "graph neural network", not "two of these"."""
    return all(stems(word) for word in words.split()) and not _OF_ANY_TOPIC.search(words)


def _of_paper(kind: Kind, name: str) -> Wanted | None:
    """What is asked of one paper that is named."""
    topic = _CALLED_PAPER.sub("", name).strip(" ?\"“”'")
    named = any(letter.isalnum() for letter in topic) and len(topic.split()) <= 25
    return Wanted(kind, topic) if named else None


def _about(kind: Kind, topic: str | None, *, most: int) -> Wanted | None:
    """Papers on a topic; none where it is a sentence rather than a name."""
    if topic is None:
        return Wanted(kind)
    topic = _LEADING.sub("", topic.strip(' ,.?!"“”')).strip()
    words = stems(topic)
    if not words or len(topic.split()) > most or _CLAUSE.search(topic) or _TIME.fullmatch(topic):
        return None
    return Wanted(kind, topic)
