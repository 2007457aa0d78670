"""What a sentence of an abstract is for, and what kind of fact a question asks for: cue words, no model.

Answers stand in what authors did and found, far more often than in what they say of the state of the art, which repeats
more of the question's words. Cues in the sense of argumentative zoning (Teufel and Moens 2002).
"""

from __future__ import annotations

import re

_BACKGROUND = re.compile(
    r"^(?:however|recent(?:ly)?|existing|current(?:ly)?|despite|although|while|traditional(?:ly)?|typically"
    r"|unfortunately|nevertheless|yet|prior|previous|conventional|classical|many|most|with the|in recent|motivated"
    r"|the (?:rapid|recent|growing)|to (?:address|overcome|tackle|mitigate|solve))\b"
    r"|\b(?:remains?|challeng\w*|limitations?|lacks?|lacking|suffers?|difficult\w*|bottlenecks?"
    r"|ha(?:s|ve) (?:been|shown)|typically|often|usually|is (?:crucial|essential)|unclear)\b",
    re.IGNORECASE,
)
_AUTHORS = re.compile(
    r"\b(?:we|paper|work|study|article)\b[^.]{0,40}\b(?:propose|introduce|present|develop|design|show|prove|demonstrate"
    r"|find|provide|establish|derive|describe|build|apply|use|analy[sz]e|investigate|reveal|identify|observe|achieve"
    r"|study|report|train|release|construct|compare|evaluate)\w*\b",
    re.IGNORECASE,
)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|large|big|long|fast|far|often|sparse|few|small|high|low|accurate|close|expensive)\b"
    r"|\b(?:what|which|by what|whose)\s+(?:\w+\s+){0,2}(?:percentage|share|fraction|factors?|speed-?ups?|accuracy"
    r"|number|size|gain|score|rate|ratio|error|throughput|latency|perplexity|budget|cost)\b|\bby how\b|\bpercent\b|%",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twice|half|double[sd]?|tripled?)\b", re.IGNORECASE
)
_ASKS_LIST = re.compile(
    r"\b(?:which|what|list|name|are there|any|compare|give me|show me|find)\b[^?.,]{0,30}?\b(?:papers|works|methods"
    r"|approaches|techniques|ways|studies|architectures|frameworks|algorithms|systems|libraries|tools|optimi[sz]ers"
    r"|formats|schemes|alternatives)\b"
    r"|^which (?:\S+ ){0,3}?\w{3,}s (?!the\b|an?\b|it\b|its\b|on\b|in\b|of\b|to\b|for\b|by\b|and\b|my\b|\w+s\b)"
    r"|\b(?:overview|comparison) of\b|\bhow do (?:people|others)\b|\bwho has\b|\bwhat (?:is known|evidence)\b",
    re.IGNORECASE,
)


def is_background(sentence: str) -> bool:
    """True for what others did, what is hard, what is missing."""
    return bool(_BACKGROUND.search(sentence))


def is_contribution(sentence: str) -> bool:
    """True for what the authors say they did or found."""
    return bool(_AUTHORS.search(sentence))


def asks_for_number(question: str) -> bool:
    """True where the answer is a quantity."""
    return bool(_ASKS_NUMBER.search(question))


def holds_number(sentence: str) -> bool:
    """True where a quantity stands in it, in digits or as a small number word."""
    return bool(_NUMBER.search(sentence))


def asks_for_list(question: str) -> bool:
    """True where several papers are likely to be part of the answer."""
    return bool(_ASKS_LIST.search(question))
