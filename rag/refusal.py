"""Does a model's answer say that the papers do not answer? Recognised in usual wordings of several languages.

Only sentences about the papers as a whole count: "the papers do not say" refuses, "the method does not need" does not.
"""

from __future__ import annotations

import re

from rag.refusal_languages import MARKER, ONLY_MARKERS, denies, denies_plainly
from rag.sentences import split_sentences

_PAPERS = (
    r"(?:(?:the|these|those|this|any of the|none of the|all|given|provided|available|supplied|retrieved|above)\s+){0,6}"
    r"(?:\w+\s+)?(?:papers?|abstracts?|evidence|sources?|documents?|context|texts?|passages?|excerpts?|information"
    r"|materials?|stud(?:y|ies)|articles?|research)"
    r"(?:\s+(?:provided|given|available|above|supplied|listed|here|that \w+ \w+))*"
)
_GIVEN = (  # the papers that the model was shown; "prior studies" are none
    r"(?:(?:any|all|each|both|either)\s+(?:of\s+)?)?"
    r"(?:(?:the|these|those|this|given|provided|available|supplied|retrieved|above|cited)\s+){1,6}"
    r"(?:papers?|abstracts?|evidence|sources?|documents?|context|texts?|passages?|excerpts?|information|materials?"
    r"|stud(?:y|ies)|articles?|research)\b"
    r"(?:\s+(?:provided|given|available|above|supplied|listed|here|that \w+ \w+))*"
)
_NOT = (
    r"(?:(?:do|does|did|is|are|was|were|can|could)\s*(?:not|n['’]t)|cannot|never|fails? to|lacks?"
    r"|(?:has|have|contains?|provides?|gives?|offers?|makes?|includes?)\s+no(?:thing)?)"
)
_STATE = (
    r"(?:\w+ly\s+)?(?:answer|contain|mention|provide|state|specif|say|give|address|discuss|include|report|describe|cover"
    r"|offer|disclose|reveal|explain|indicate|tell|present|list|have(?!\s+to\b)|detail|enough|sufficient|explicit|direct"
    r"|information|figure|reference)"
)
_TREAT = r"(?:go\s+into|compar|stud(?:y|ies)|evaluat|measur|investigat|examin|analy[sz]|consider|deal)"
_STATED = (
    r"(?:mentioned|stated|specified|provided|answered|contained|addressed|covered|given|found|reported|discussed|disclosed"
    r"|available|included|described|present)"
)
_LACKS = r"(?:information|evidence|mention|answer|details?|papers?|abstracts?)"
_FITTING = r"(?:\w+ly\s+)?(?:related|relevant)"
_CANNOT_BE = (
    r"\b(?:can(?:\s*not|['’]t)|could(?: not|n['’]t))\s+be\s+(?:\w+ly\s+)?(?:answered|determined|found|told|inferred)"
)
_SAY_NOTHING = (
    r"(?:(?:say|state|mention|contain|hold|offer|give|provide|report|tell)s?\s+nothing"
    r"|(?:is|are|remains?|stays?)\s+silent)\b"
)
_IS_NOT = r"(?:is|are|was|were)(?:\s+not|n['’]t)"
_THE_ANSWER = (
    r"(?:the|an?|such)\s+(?:\w+\s+)?(?:answer|information|details?)\b(?:\s+(?:to|for|about|on)\s+(?:\w+\s+){0,5}?\w+)?"
)
# Sentences whose subject are the papers given, or which say that these do not hold something. They refuse even where
# they cite one of the papers.
_PLAIN_ENGLISH = (
    rf"^\W*(?:\w+,?\s+){{0,3}}?{_GIVEN}(?:\s+(?:[\w,]+\s+){{1,6}}?(?:and|but))?\s+{_NOT}\s+(?:\w+\s+)?"
    rf"(?:{_STATE}|{_TREAT})",
    rf"^\W*(?:\w+,?\s+){{0,3}}?{_GIVEN}\s+(?:is|are|was|were|seems?|appears?)\s+(?:\w+\s+)?"
    rf"(?:not\s+{_FITTING}|unrelated|irrelevant)\b",
    rf"^\W*(?:\w+,?\s+){{0,3}}?{_GIVEN}\s+(?:{_SAY_NOTHING}|leaves?\s+(?:\w+\s+){{1,4}}?(?:open|unanswered)\b)",
    rf"^\W*(?:(?:{_THE_ANSWER}|this|that|it)\s+{_IS_NOT}\s+(?:\w+\s+)?|not\s+)in\s+{_GIVEN}",
    rf"^\W*(?:[\w'’]+,?\s+){{0,4}}?(?:unclear|not\s+(?:\w+\s+)?clear|unknown)\s+from\s+{_GIVEN}",
    rf"\b(?:none|neither)\s+of\s+{_PAPERS}.{{0,30}}\b(?:{_STATE}|{_TREAT}|{_FITTING})",
    rf"\b(?:not\s+{_FITTING}|unrelated|irrelevant)\s+to\s+{_GIVEN}",
    rf"\b(?:outside|beyond)\s+(?:of\s+)?the\s+scope\s+of\s+{_GIVEN}",
    rf"\b(?:not\s+(?:\w+\s+)?{_STATED}\b.{{0,40}}\b|left\s+(?:open|unanswered)\s+(?:by|in)\s+){_GIVEN}",
    rf"\b(?:is|are|was|were)\s+not\s+(?:\w+\s+)?{_STATED}\b\s*(?:[.\[]|$)",
    rf"{_CANNOT_BE}\s*(?:[.\[]|$|(?:from|by|with|using|based\s+on)\s+{_GIVEN})",
)
_ENGLISH = (
    rf"\b{_PAPERS}\s+{_NOT}\s+(?:\w+\s+)?{_STATE}",
    rf"\b(?:none|neither|nothing)\b(?: in| of| from)?\s+(?:{_PAPERS})?.{{0,30}}\b{_STATE}",
    rf"\bnot\s+(?:\w+\s+)?{_STATED}\b.{{0,40}}\b{_PAPERS}",
    rf"\b(?:is|are|was|were)\s+not\s+(?:\w+\s+)?{_STATED}\b\s*(?:in|by)\b",
    _CANNOT_BE,
    r"\bI\s*(?:do(?: not|n['’]t)|can(?:\s*not|['’]t)|could(?: not|n['’]t)|(?:am|['’]m|was) (?:not able|unable))\b",
    r"\b(?:unable|not able|impossible) to\s+(?:answer|determine|find|provide|tell|say)",
    rf"\bthere(?: is| are|['’]s)\s+(?:no(?!\s+(?:need|reason)\b)|not enough|insufficient|nothing)\b.{{0,60}}\b{_LACKS}",
    rf"\b(?:no|not enough|insufficient)\s+(?:relevant\s+|such\s+|specific\s+)?{_LACKS}\b(?!\s+(?:loss|leak))",
    rf"\bnothing\b.{{0,40}}\b(?:in|from)\s+{_GIVEN}",
    rf"\b(?:{_IS_NOT}|(?:do|does|did)(?:\s+not|n['’]t)\s+(?:\w+\s+)?(?:appear|occur|figure))\s+in\s+{_GIVEN}{ONLY_MARKERS}",
    rf"(?:\bnot|n['’]t)\s+(?:something|anything|a\s+\w+)\s+(?:(?:that|which)\s+)?{_GIVEN}\s+\w+",
    rf"^\W*(?:un(?:known|clear)|n/a|no\s+(?:answer|information)(?:\s+{_STATED})?|not\s+{_STATED}|can(?:\s*not|['’]t)\s+(?:answer|say|tell)){ONLY_MARKERS}",
    rf"\bno\s+data\b.{{0,60}}\b(?:{_GIVEN}|(?:is|are)\s+{_STATED})",
)


def _patterns(*texts: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, re.IGNORECASE | re.DOTALL) for text in texts)


_PLAIN = _patterns(*_PLAIN_ENGLISH)
_BROAD = _patterns(*_ENGLISH)
_TURN = re.compile(
    r"\b(?:however|but|nevertheless|nonetheless|still|although|though|yet|aber|jedoch|mais|cependant|pero)\b",
    re.IGNORECASE,
)


def says_not_answered(sentence: str) -> bool:
    """True for a sentence that says the papers do not answer; for one that cites a paper only where it says so plainly.

    "There is no need for labels [1]" and "Models are unable to find bugs [2]" are findings.
    """
    if _says_so_plainly(sentence):
        return True
    return not MARKER.search(sentence) and (any(pattern.search(sentence) for pattern in _BROAD) or denies(sentence))


def is_refusal(text: str) -> bool:
    """True where an answer says in its first sentence, or in most of its sentences, that the papers do not answer.

    What follows the first sentence and cites something is an answer, unless that sentence is plain and cites nothing.
    """
    sentences = [quote.text for quote in split_sentences(text)]
    if not sentences:
        return False
    refusing = [says_not_answered(sentence) and not _cites_and_turns(sentence) for sentence in sentences]
    answering = any(
        MARKER.search(sentence) and not refuses for sentence, refuses in zip(sentences, refusing, strict=True)
    )
    if refusing[0]:
        return not answering or (_says_so_plainly(sentences[0]) and not MARKER.search(sentences[0]))
    return sum(refusing) > len(sentences) / 2 or (refusing[-1] and len(sentences) <= 2 and not answering)


def _says_so_plainly(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in _PLAIN) or denies_plainly(sentence)


def _cites_and_turns(sentence: str) -> bool:
    """ "[1] reports 3 points, but the papers do not say on which set" still answers something, in whichever order."""
    turns = list(_TURN.finditer(sentence))
    if turns and MARKER.search(sentence, 0, turns[0].start()):
        return True
    parts = [(sentence[: turn.start()], sentence[turn.end() :]) for turn in turns]
    return any(
        MARKER.search(after) and says_not_answered(before) and not says_not_answered(after) for before, after in parts
    )
