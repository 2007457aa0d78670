"""Does a model's answer say that the papers do not answer? Recognised in usual wordings of several languages.

Only sentences about the papers as a whole count: "the papers do not say" refuses, "the method does not need" does not.
"""

from __future__ import annotations

import re

from rag.sentences import split_sentences

_PAPERS = (
    r"(?:(?:the|these|those|this|any of the|none of the|all|given|provided|available|supplied|retrieved|above)\s+)*"
    r"(?:\w+\s+)?(?:papers?|abstracts?|evidence|sources?|documents?|context|texts?|passages?|excerpts?|information"
    r"|materials?|stud(?:y|ies)|articles?|research)"
    r"(?:\s+(?:provided|given|available|above|supplied|listed|here|that \w+ \w+))*"
)
_NOT = (
    r"(?:(?:do|does|did|is|are|was|were|can|could)\s*(?:not|n['’]t)|cannot|never|fails? to|lacks?"
    r"|(?:has|have|contains?|provides?|gives?|offers?|makes?|includes?)\s+no(?:thing)?)"
)
_STATE = (
    r"(?:\w+ly\s+)?(?:answer|contain|mention|provide|state|specif|say|give|address|discuss|include|report|describe|cover"
    r"|offer|disclose|reveal|explain|indicate|tell|present|list|have|detail|enough|sufficient|explicit|direct|information"
    r"|figure|reference)"
)
_STATED = (
    r"(?:mentioned|stated|specified|provided|answered|contained|addressed|covered|given|found|reported|discussed|disclosed"
    r"|available|included|described|present)"
)
_LACKS = r"(?:information|evidence|mention|answer|details?|data|papers?|abstracts?)"
_ENGLISH = (
    rf"\b{_PAPERS}\s+{_NOT}\s+(?:\w+\s+)?{_STATE}",
    rf"\b(?:none|neither|nothing)\b(?: in| of| from)?\s+(?:{_PAPERS})?.{{0,30}}\b{_STATE}",
    rf"\bnot\s+(?:\w+\s+)?{_STATED}\b.{{0,40}}\b{_PAPERS}",
    rf"\b(?:is|are|was|were)\s+not\s+(?:\w+\s+)?{_STATED}\b\s*(?:\.|$|in\b|by\b)",
    r"\b(?:can(?:\s*not|['’]t)|could(?: not|n['’]t))\s+be\s+(?:\w+ly\s+)?(?:answered|determined|found|told|inferred)",
    r"\bI\s*(?:do(?: not|n['’]t)|can(?:\s*not|['’]t)|could(?: not|n['’]t)|(?:am|['’]m|was) (?:not able|unable))\b",
    r"\b(?:unable|not able|impossible) to\s+(?:answer|determine|find|provide|tell|say)",
    rf"\bthere(?: is| are|['’]s)\s+(?:no|not enough|insufficient|nothing)\b.{{0,60}}\b{_LACKS}",
    rf"\b(?:no|not enough|insufficient)\s+(?:relevant\s+|such\s+|specific\s+)?{_LACKS}\b(?!\s+(?:loss|leak))",
)
_OTHER_LANGUAGES = (
    r"\b(?:keine?r?s?|nicht)\b.{0,60}\b(?:beantwort|enthalten|angegeben|erwähn|genannt|hervor|Information|Angabe|Antwort)",
    r"\b(?:Arbeiten|Texte|Quellen|Abstracts|Artikel|Papiere|Belege)\b.{0,40}\b(?:nicht|keine?)\b",
    r"\bn(?:e\s+|['’])\w+\s+(?:pas|aucune?)\b.{0,60}\b(?:répon|question|information|précis|mention|indiqu)",
    r"\b(?:articles?|documents?|résumés?|sources?)\b.{0,40}\bne\s+\w+\s+pas\b",
    r"\bno\s+(?:\w+\s+){0,2}(?:responde|contiene|menciona|indica|especifica|proporciona|dice|hay información"
    r"|se (?:men|ind|esp))",
    r"(?:没有|未|並未|并未)(?:提到|提及|说明|提供|回答|给出)|无法回答|答えていません|記載され?ていません|記載がありません",
)
_REFUSALS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*_ENGLISH, *_OTHER_LANGUAGES))
_MARKER = re.compile(r"\[\d{1,3}\]")
_TURN = re.compile(
    r"\b(?:however|but|nevertheless|nonetheless|still|although|though|yet|aber|jedoch|mais|cependant|pero)\b",
    re.IGNORECASE,
)


def says_not_answered(sentence: str) -> bool:
    """True for a sentence that says the papers do not answer."""
    return any(pattern.search(sentence) for pattern in _REFUSALS)


def is_refusal(text: str) -> bool:
    """True where an answer says in its first sentence, or in most of its sentences, that the papers do not answer.

    A first sentence that cites something and only says in passing what a paper lacks is none.
    """
    sentences = [quote.text for quote in split_sentences(text)]
    if not sentences:
        return False
    refusing = [says_not_answered(sentence) and not _cites_and_turns(sentence) for sentence in sentences]
    answering = [
        sentence
        for sentence, refuses in zip(sentences, refusing, strict=True)
        if not refuses and _MARKER.search(sentence)
    ]
    if refusing[0]:
        return not _MARKER.search(sentences[0]) or len(answering) <= 1
    return sum(refusing) > len(sentences) / 2 or (refusing[-1] and len(sentences) <= 2 and not answering)


def _cites_and_turns(sentence: str) -> bool:
    """ "[1] reports 3 points, but the papers do not say on which set" still answers something."""
    turn = _TURN.search(sentence)
    marker = _MARKER.search(sentence)
    return bool(turn and marker and marker.start() < turn.start())
