"""Sentences of a paper that talk to the model or its reader instead of saying something: planted instructions.

They are never quoted as an answer, and a sentence that only such a one carries is not supported. Only orders count: an
abstract that writes about prompt injection says something.
"""

from __future__ import annotations

import re

_ORDER = re.compile(
    r"(?:^|[.!?>]\s)\s*(?:please\s+|now\s+|important:?\s+|note:?\s+)*(?:"
    r"(?:ignore|disregard|forget|override)\s+(?:\w+\s+){0,4}(?:instructions?|rules?|prompts?|directions?|messages?)"
    r"|(?:system|assistant|developer)\s*:"
    r"|you\s+(?:are\s+now|must\s+now|will\s+now)\b"
    r"|(?:print|reveal|show|output|repeat|tell|send|disclose|leak)\s+(?:\w+\s+){0,4}(?:prompt|rules|instructions|api[\s_-]?key"
    r"|password|secret)"
    r"|(?:answer|reply|respond)\s+(?:only|just|always|exclusively)\s+with"
    r")",
    re.IGNORECASE,
)


def is_planted(sentence: str) -> bool:
    """True for a sentence that orders the model to do something."""
    return bool(_ORDER.search(sentence))
