"""Which questions lean on what was said before them, and which only look like it.

A follow-up shows by a word that points back ("it", "those benchmarks"), by its beginning ("And ...?", "What about
...?"), or by being no whole question. A noun that is described in its own question points at nothing before it:
"the first method to train in FP8".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.corpus import Turn
from rag.words import stems

_NEAR = 4  # content words; a pronoun with more of them before it in its question finds its noun there
_MOST_NAMES = 8
_POINTS_BACK = re.compile(
    r"\b(?:(?<!worth )its?(?! own\b)|itself|they|them|their|theirs|this|these|those|he|she|his|her"
    r"|(?<=\bdo )that|(?<=\b(?:is|of|on|in|to) )that|(?<=\b(?:can|did|was|are|for|has) )that"
    r"|(?<=\b(?:does|with|than|from|have|beat|will) )that|(?<=\b(?:about|could|would) )that"
    r"|the (?:same|former|latter)"
    r"|the (?P<noun>(?:authors?|paper|method|approach|technique|algorithm|others?|remaining|rest)"
    r"|(?:first|second|third)(?: (?:paper|method|approach|technique|algorithm|one|work|result))?(?! and \w+ \w+s\b))"
    r"|both of|neither of|(?:first|second|third|last) (?:of|one)"
    r"|dies\w*|deren|dessen|davon|damit|ihre?|leurs?|cela|ils|elles|ellos|ellas|eso)\b",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"\s+(?:to(?! (?:me|us)\b)|that(?! you\b)|which|for|on|with|about|\w{2,}ing|here|(?:you|we|i) have"
    r"|of(?! (?:them|these|those)\b)|in(?! (?:\w+ ){0,2}(?:terms|details?|words?|short|list|answer)\b))\b",
    re.IGNORECASE,
)
# Short, but whole: "What is quantum computing?", "How does dropout work?". "What is actually new?" is not.
_ASKS_WHAT_IT_IS = re.compile(
    r"\s*(?:what (?:is|are) (?:an? )?(?!(?:the|an?|your|its|their) |\w+ly )(?P<named>[\w-]+ (?:of )?[\w-]+)"
    r"|how do(?:es)? (?!(?:the|all|both|each|most|some) )(?P<worker>[\w-]+(?: [\w-]+)*) work)\W*",
    re.IGNORECASE,
)
_ASKS_FOR_PAPERS = re.compile(r"\s*(?:which|what) (?:papers|works|articles|studies)\b(?! of\b)", re.IGNORECASE)
_BEGINS_BACK = re.compile(r"\s*(?:and|but|also|what about|how about|what else|und|aber|et|mais|pero)\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:compar\w+|differ\w*|than|versus|vs|against|better|worse|faster|instead|too|as well|likewise)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b(?:[A-Za-z]*\d[\w.-]*|[A-Z][a-z]*[A-Z][\w-]*|[A-Z]{2,}[\w-]*|[a-z]+[A-Z]\w*|[A-Z][\w]+(?:[-&][\w]+)+)(?<![-.])"
)
_CAPITALISED = re.compile(r"(?<=[a-z,;:] )(?<!”: )[A-Z][a-z]+\b")  # behind a title begins a sentence
NOT_NAMES = re.compile(
    r"(?:Yes|No|The|That|This|These|Those|It|They|An?|In|On|For|Wh\w+|How|Besides|However|Is|Are|Do|Does|[A-Z][a-z]+ly)"
)


def is_follow_up(question: str, history: Sequence[Turn]) -> bool:
    """True where the question leans on what was said before."""
    if not any(turn.content.strip() for turn in history):
        return False
    if begins := _BEGINS_BACK.match(question):
        return not _names_what_it_asks_for(question[begins.end() :].lstrip(" ,"), least=2)
    content = stems(question)
    if len(content) == 2 and _ASKS_FOR_PAPERS.match(question):
        return False  # "Which papers quantize weights?"
    back = [
        found
        for found in _POINTS_BACK.finditer(question)
        if not (found["noun"] and is_described(question[found.end() :]))
    ]
    if len(content) <= 2 and len(question.split()) <= 5 and not names_of(question):
        return bool(back) or not _names_what_it_asks_for(question)
    return any(has_no_noun_before(question[: found.start()]) for found in back)


def _names_what_it_asks_for(question: str, *, least: int = 1) -> bool:
    """Whether it is whole; what works has to be named by `least` words: "And how does training work?" leans back."""
    found = _ASKS_WHAT_IT_IS.fullmatch(question)
    return found is not None and len(stems(found["named"] or found["worker"])) >= (2 if found["named"] else least)


def goes_on_whole(question: str) -> str:
    """What stands behind "And" or "But" where it has its subject in itself and compares with nothing before; or ""."""
    begins = _BEGINS_BACK.match(question)
    rest = question[begins.end() :].lstrip(" ,") if begins else ""
    return "" if _POINTS_BACK.search(rest) or _COMPARES.search(rest) else rest


def has_no_noun_before(text: str) -> bool:
    """Whether a pronoun behind `text` can mean nothing in it; in "Does Adam converge, and when does it not?" it can."""
    subject = " ".join(text.split()[:3])
    return len(stems(text)) <= _NEAR and not names_of(subject)


def is_described(rest: str) -> bool:
    """Whether `rest`, the words behind a noun, say which one is meant: "the first method" *that adapts step sizes*."""
    return _DESCRIBED.match(rest) is not None


def names_of(text: str) -> list[str]:
    """The first words of a text that are written as names are, in its order."""
    found = sorted([*_NAME.finditer(text), *_CAPITALISED.finditer(text)], key=lambda match: match.start())
    return [match[0] for match in found if not NOT_NAMES.fullmatch(match[0])][:_MOST_NAMES]
