"""Expressions that several readings of a question share: words for papers, and what may close any request for them."""

from __future__ import annotations

PAPERS = r"(?:papers?|articles?|publications?|preprints?|abstracts?)"
HERE = (
    r"(?:(?:in|of|from) (?:the|this|your|my|our) (?:corpus|collection|index|library|database|list|dumps?|set)"
    r"|(?:in )?here|in total|altogether|overall|so far|now|currently|indexed|stored|saved|loaded|ingested)"
)
EXIST = (
    r"(?:are there|is there|exist|there are|do you (?:have|know|hold)|you (?:have|know|hold)|do (?:we|i) have"
    r"|(?:we|i) have|have you(?: got)?|have (?:we|i)(?: got)?|did (?:i|we) (?:save|ingest|load|add)|can you find)"
)
SORTED = (
    r"\(?\b(?:(?:and )?which (?:(?:one|ones|of them) )?(?:is|are) (?:the )?"
    r"(?:newest|latest|most recent|oldest|earliest)(?: ones?)?"
    r"|(?:the )?(?:newest|latest|most recent|oldest|earliest)(?: ones)? first"
    r"|(?:sorted|ordered) by (?:date|year)|by date)\b\)?"
)
THANKS = r"(?:please|thanks|thank you)"
# What stands behind a restriction and says nothing of the papers. Behind a full stop stands a claim.
CLOSING = rf"(?:[\s,]+(?:{EXIST}|{HERE}|{SORTED}|{THANKS})(?!\w))*[^\w.]*$"


def bare_line(question: str) -> str:
    """The question on one line, without its end mark."""
    return " ".join(question.split()).strip(" ?.!")
