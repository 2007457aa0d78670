"""Does a model's answer say that the papers do not answer? Recognised in usual wordings of several languages.

Only sentences about the papers as a whole count: "the papers do not say" refuses, "the method does not need" does not.
"""

from __future__ import annotations

import re

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
_TREAT = r"(?:compar|stud(?:y|ies)|evaluat|measur|investigat|examin|analy[sz]|consider|deal)"
_STATED = (
    r"(?:mentioned|stated|specified|provided|answered|contained|addressed|covered|given|found|reported|discussed|disclosed"
    r"|available|included|described|present)"
)
_LACKS = r"(?:information|evidence|mention|answer|details?|papers?|abstracts?)"
_FITTING = r"(?:\w+ly\s+)?(?:related|relevant)"
_CANNOT_BE = (
    r"\b(?:can(?:\s*not|['’]t)|could(?: not|n['’]t))\s+be\s+(?:\w+ly\s+)?(?:answered|determined|found|told|inferred)"
)
# Sentences whose subject are the papers given, or which say that these do not hold something. They refuse even where
# they cite one of the papers.
_PLAIN_ENGLISH = (
    rf"^\W*(?:\w+,?\s+){{0,3}}?{_GIVEN}(?:\s+(?:[\w,]+\s+){{1,6}}?(?:and|but))?\s+{_NOT}\s+(?:\w+\s+)?"
    rf"(?:{_STATE}|{_TREAT})",
    rf"^\W*(?:\w+,?\s+){{0,3}}?{_GIVEN}\s+(?:is|are|was|were|seems?|appears?)\s+(?:\w+\s+)?"
    rf"(?:not\s+{_FITTING}|unrelated|irrelevant)\b",
    rf"\b(?:none|neither)\s+of\s+{_PAPERS}.{{0,30}}\b(?:{_STATE}|{_TREAT}|{_FITTING})",
    rf"\b(?:not\s+{_FITTING}|unrelated|irrelevant)\s+to\s+{_GIVEN}",
    rf"\b(?:outside|beyond)\s+(?:of\s+)?the\s+scope\s+of\s+{_GIVEN}",
    rf"\bnot\s+(?:\w+\s+)?{_STATED}\b.{{0,40}}\b{_GIVEN}",
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
    rf"\bno\s+data\b.{{0,60}}\b(?:{_GIVEN}|(?:is|are)\s+{_STATED})",
)
# What other languages call the papers, how they deny, and what papers may fail to do, in any order. A sentence with all
# three refuses even where it cites.
_ELSEWHERE = (
    (  # German
        r"\b(?:Arbeit|Text|Quelle|Abstract|Artikel|Papier|Paper|Beleg|Studie|Zusammenfassung)",
        r"\b(?:nichts?|keine?[mnrs]?)\b",
        r"antwort|enth[aä]lt|angegeben|angabe|angaben|erwähn|\bnenn|genannt|hervor|information|vergl[ei]+ch|untersuch"
        r"|behandel|\bgeht\b|\bgehen\b",
    ),
    (  # French
        r"\b(?:articles?|documents?|résumés?|sources?|textes?|études?)\b",
        r"(?<!\w)n(?:e\s|['’])",
        r"répon|inform|précis|mention|indiqu|contien|fourni|abord|trait|compar|évalu|étudi",
    ),
    (  # Spanish, Portuguese, Italian
        r"\b(?:art[ií](?:culo|go|col)[ois]*|documentos?|documenti|res[uú]m\w+|riassunti|fuentes?|fontes?|fonti|textos?"
        r"|testi|estud[ií]os?|estudos?)\b",
        r"\b(?:no|não|non|nessun\w*|ning[uú]n\w*|nenhum\w*)\b",
        r"respond|rispond|cont(?:ien|en|êm|ém)|men[cz]ion|indica|especifi|proporcion|fornec|fornisc|dice|inform|abord|affront"
        r"|compar|confront|eval[uú]|avali|valuta|trata",
    ),
    (
        r"\b(?:artikel|paper|bron|samenvatting|tekst|document)\w*",
        r"\b(?:niets?|geen)\b",
        r"antwoord|vermeld|noem|beva|info",
    ),
    (
        r"стат|источник|аннотац|документ|работ",
        r"\b(?:не|нет|ни)\b",
        r"ответ|отвеча|упомина|упомян|информац|содерж|указ|сравн",
    ),
    (
        r"论文|論文|摘要|文献|文獻|文章|资料|資料|文中",
        r"没有|沒有|未|无(?!需)|無(?!需)|不(?!需)",
        r"提到|提及|说明|說明|提供|回答|给出|給出|包含|涉及|讨论|討論|信息|資訊|答案|相关|相關|有关|无关|無關|比较|比較",
    ),
    (
        r"論文|要旨|抄録|文献|資料",
        r"ません|ない",
        r"情報|記載|言及|答え|述べ|触れ|説明|含ま|比較",
    ),
    (r"논문|초록|문서|자료", r"없|않|못", r"정보|언급|답|설명|포함|비교|다루"),
)
_OTHER_LANGUAGES = (
    r"\b(?:keine?r?s?|nicht)\b.{0,60}\b(?:beantwort|enthalten|angegeben|erwähn|genannt|hervor|Information|Angabe|Antwort)",
    r"\bn(?:e\s+|['’])\w+\s+(?:pas|aucune?)\b.{0,60}\b(?:répon|question|information|précis|mention|indiqu)",
    r"\bno\s+(?:\w+\s+){0,2}(?:responde|contiene|menciona|indica|especifica|proporciona|dice|hay información"
    r"|se (?:men|ind|esp))",
    r"(?:没有|未|並未|并未)(?:提到|提及|说明|提供|回答|给出)|无法回答|答えていません|記載され?ていません|記載がありません",
)


def _patterns(*texts: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, re.IGNORECASE | re.DOTALL) for text in texts)


_PLAIN = _patterns(*_PLAIN_ENGLISH, *("^" + "".join(f"(?=.*?(?:{part}))" for part in parts) for parts in _ELSEWHERE))
_BROAD = _patterns(*_ENGLISH, *_OTHER_LANGUAGES)
_MARKER = re.compile(r"\[\d{1,3}\]")
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
    return not _MARKER.search(sentence) and any(pattern.search(sentence) for pattern in _BROAD)


def is_refusal(text: str) -> bool:
    """True where an answer says in its first sentence, or in most of its sentences, that the papers do not answer.

    What follows the first sentence and cites something is an answer, unless that sentence is plain and cites nothing.
    """
    sentences = [quote.text for quote in split_sentences(text)]
    if not sentences:
        return False
    refusing = [says_not_answered(sentence) and not _cites_and_turns(sentence) for sentence in sentences]
    answering = any(
        _MARKER.search(sentence) and not refuses for sentence, refuses in zip(sentences, refusing, strict=True)
    )
    if refusing[0]:
        return not answering or (_says_so_plainly(sentences[0]) and not _MARKER.search(sentences[0]))
    return sum(refusing) > len(sentences) / 2 or (refusing[-1] and len(sentences) <= 2 and not answering)


def _says_so_plainly(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in _PLAIN)


def _cites_and_turns(sentence: str) -> bool:
    """ "[1] reports 3 points, but the papers do not say on which set" still answers something."""
    turn = _TURN.search(sentence)
    marker = _MARKER.search(sentence)
    return bool(turn and marker and marker.start() < turn.start())
