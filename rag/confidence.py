"""Is the evidence good enough to answer? Three outcomes: it answers, the topic is there, nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.corpus import Evidence, Hit, Outcome
from rag.words import stems

_COSINE_OF_NOTHING = 0.25  # of the best chunk; below it even a near miss is on another topic
_SHARE_OF_NOTHING = 0.34  # of the question's words in the best paper


@dataclass(frozen=True, slots=True)
class Confidence:
    """What the evidence is worth."""

    outcome: Outcome
    probability: float  # that the papers answer the question, in [0, 1]
    reasons: tuple[str, ...]  # in plain words, for the reader


def judge(question: str, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> Confidence:
    """Judge the evidence of a question, with the context of a follow-up in it."""
    if not hits:
        return Confidence("nothing", 0.0, ("No paper shares a word with the question.",))
    best = max(hits, key=lambda hit: hit.cosine)
    asked = stems(question)
    held = stems(" ".join(f"{one.paper.title} {one.paper.abstract}" for one in hits[:3]))
    share = sum(stem in held for stem in asked) / len(asked) if asked else 0.0
    if best.cosine < _COSINE_OF_NOTHING and share < _SHARE_OF_NOTHING:
        return Confidence("nothing", 0.05, ("No paper is near the question, by its meaning or by its words.",))
    return Confidence("answered", min(0.95, 0.3 + best.cosine), ())
