"""Numbers and overviews that are asked of the collection and that no catalogue tells."""

from __future__ import annotations

import re

from rag.questions.wording import EXIST, HERE, PAPERS, SHOW

_COLLECTION = r"(?:the|this|your|my) (?:corpus|collection|index|library|database|whole collection)"
# What is asked of the collection and no catalogue answers: numbers of other things than papers, tables, merit.
UNCOUNTED = re.compile(
    r"how many (?:different |distinct )?(?:authors|people|researchers|dumps|topics|fields|institutions|organi[sz]ations"
    rf"|years|words|sentences|citations|references)(?: (?:{EXIST}|{HERE}))+"
    rf"|(?:how many|number of) {PAPERS}(?: {EXIST})? (?:per|(?:for|in|by) each|each|every)"
    r" (?:year|month|author|topic|dump)"
    rf"|(?:which|what) (?:year|month|author|topic|dump) has (?:the )?(?:most|fewest) {PAPERS}(?: {HERE})?"
    rf"|how many {PAPERS} (?:have|hold|contain|are|with) .* in (?:the|their|its) (?:titles?|names?|abstracts?)"
    rf"(?: {EXIST})?"
    rf"|how many {PAPERS} (?:have no|have|are without|lack) (?:an? |any )?(?:date|author|abstract|title)s?"
    rf"|{SHOW} (?:all )?(?:the |your )?(?:authors|dumps)(?: {HERE})?"
    rf"|(?:what|which)(?: are)?(?: the| your)?(?: main| different)? (?:topics|themes|subjects|areas|fields)"
    rf"(?: (?:{EXIST}|{HERE}|(?:are |is )?(?:covered|included)|do (?:you|they|these papers|the papers) cover))+"
    r"|what are (?:the|your) main (?:topics|themes|subjects)"
    rf"|(?:{SHOW} )?(?:an? )?(?:overview|summary) of {_COLLECTION}"
    rf"|summari[sz]e (?:{_COLLECTION}|(?:everything|all (?:the |my )?{PAPERS})(?: {HERE})?)"
    rf"|(?:recommend|suggest)(?: me| us)? (?:an? |some |any )?(?:interesting |good )?{PAPERS}(?: to read)?"
    rf"|(?:(?:are there|is there|do you have) )?(?:any |an? )(?:interesting|good) {PAPERS}(?: (?:{EXIST}|{HERE}))*"
    r"|(?:what|which (?:papers?|one)) should (?:i|we) read(?: first| next)?|surprise me"
    rf"|(?:(?:what|which)(?:['’]s| is| are)? |{SHOW} )(?:the |your )?(?:best|worst|most (?:interesting|important"
    rf"|popular|cited|influential|exciting)|top) {PAPERS}(?: {EXIST})?(?: {HERE})?",
    re.IGNORECASE,
)
# What a number or a list is asked for by: no catalogue knows it, whatever the topic before it is.
FOR_EACH = re.compile(
    r"\s(?:per|by|broken down by|grouped by|(?:for|in|by) (?:each|every)|each|every)"
    r" (?:year|month|week|day|author|topic|field|dump|institution|venue|journal)$",
    re.IGNORECASE,
)
# A number of papers, whatever else the question says of them.
NUMBER_OF_PAPERS = re.compile(
    rf"(?:(?:and|but|so|also) )?(?:how many|(?:what is )?the number of)(?: \S+){{0,3}}? {PAPERS}\b"
    r"(?! (?:did|do|does|can|could|would|should|must|will|is|was)\b)",
    re.IGNORECASE,
)
