"""Expressions that several readings of a question share: words for papers, and what may close any request for them."""

from __future__ import annotations

PAPERS = r"(?:papers?|articles?|publications?|preprints?|abstracts?)"
HERE = (
    r"(?:(?:in|of|from) (?:the|this|your|my|our) (?:corpus|collection|index|library|database|list|dumps?|set)"
    r"|(?:in )?here|in total|altogether|overall|so far|(?:right )?now|currently|at the moment|at present|as of now"
    r"|indexed|stored|saved|loaded|ingested)"
)
SHOW = r"(?:list|show|give|find|get|display|name|print|enumerate)(?: me| us)?"
EXIST = (
    r"(?:are there|is there|exist|there are|do you (?:have|know|hold)|you (?:have|know|hold)|do (?:we|i) have"
    r"|(?:we|i) have|have you(?: got)?|have (?:we|i)(?: got)?|did (?:i|we) (?:save|ingest|load|add)|can you find)"
)
SORTED = (
    r"\(?\b(?:(?:and )?which (?:(?:one|ones|of them) )?(?:is|are) (?:the )?"
    r"(?:newest|latest|most recent|oldest|earliest)(?: ones?)?"
    r"|from (?:the )?(?:newest|latest) to (?:the )?(?:oldest|earliest)"
    r"|from (?:the )?(?:oldest|earliest) to (?:the )?(?:newest|latest)"
    r"|(?:the )?(?:newest|latest|most recent|oldest|earliest)(?: ones)? first"
    r"|(?:sorted|ordered) by (?:date|year)|by date)\b\)?"
)
THANKS = (
    r"(?:please|(?:many )?(?:thanks|thank you|thx|cheers)(?: (?:so|very) much| a lot| a bunch| in advance| again)*)"
)
WORK = rf"(?:{PAPERS}|works?|research|studies|literature|anything|everything)"
EXCEPT = (
    r"(?:(?:but )?(?:except(?:ing)?(?: for)?|excluding)|(?:other than|apart from|aside from|(?:from )?outside(?: of)?"
    r"|excludes?|ignor(?:e|ing)|omit(?:ting)?|skip(?:ping)?|leav(?:e|ing) out)\b"
    rf"|(?:but|without)(?= (?:those|(?:the )?ones|(?:the )?{PAPERS})\b))"
)
# What turns a restriction behind it round: "papers not from 2024", "all but those with code". In "not only from 2024"
# the group `merely` says that it restricts nothing.
DENIED = (
    r"(?P<denied>(?:(?:and|but) )?(?:that |which )?(?:(?:are|were|was|is|have|has|do|did|does)"
    r"(?: not| never| neither|n['’]t)|not|never|neither|nor|nothing|(?<=and )none|(?<=but )none"
    r"|no(?= (?:older|earlier|newer|later) than))\b"
    rf"|{EXCEPT})"
    r"(?:,? (?:(?P<merely>only|just|merely|necessarily|exclusively)"
    rf"|(?:{WORK}|those|these|the|ones?|all|any|that|which|are|were|was|is|have|been|of|them"
    r"|show|list|give|want|includ(?:e|ing)|count(?:ing)?|me)\b))*"
)
# What stands behind a restriction and says nothing of the papers. Behind a full stop stands a claim.
CLOSING = rf"(?:[\s,]+(?:{EXIST}|{HERE}|{SORTED}|{THANKS})(?!\w))*[^\w.]*$"


def bare_line(question: str) -> str:
    """The question on one line, without its end mark."""
    return " ".join(question.split()).strip(" ?.!")
