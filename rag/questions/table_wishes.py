"""The wish for a table in a question: "compare LARK and TIDE in a table", and "as a table please" after an answer.

It says how an answer is wanted, not what of the papers. "How are cells found in a table?" asks of tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.corpus import Turn
from rag.questions.comparing import names_compared

_ASKED = r"\s*(?:(?:and|now|ok|okay|so),? )?(?:please )?(?:(?:can|could|would) you )?(?:please )?"
_TABLE = r"(?:(?:short|small|simple|markdown|comparison) )?(?:table(?: form(?:at)?)?|tabular form(?:at)?)"
_BEHIND = re.compile(
    r"(?P<apart>[,;:.?!]| -| please)?\s+\(?(?:please )?(?:in|as) (?:an? |one )?"
    rf"{_TABLE}(?P<please>,? please)?[\s?.!)]*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"{_ASKED}(?:(?:show|give|make|create|draw|write|generate|print)(?: me| us)? (?:an? |one )?{_TABLE}"
    r"|(?:a )?comparison table) (?:(?P<names>of|for|with)|comparing|that compares|to compare) (?=\w)",
    re.IGNORECASE,
)
_TELLS_TO = re.compile(
    rf"{_ASKED}(?:compare|contrast|list|show|give|enumerate|summari[sz]e|present|print|display)\b"
    r"(?! (?:me |us )?(?:how|why|whether|that|what|which|where|when)\b)",
    re.IGNORECASE,
)
# Nothing but the wish, and words that point at what was answered.
_ALONE = re.compile(
    r"(?=.*\b(?:table|tabular)\b)(?:(?:and|now|ok|okay|so|please|can|could|would|you|i|want|like|show|give|put|make|write"
    r"|present|format|display|turn|do|have|me|us|it|that|this|them|these|those|the|same|answer|all|again|in|as|into|to"
    r"|an?|one|short|small|simple|markdown|comparison|form|format|instead|also|tabular|table|thanks)\b\W*)+",
    re.IGNORECASE,
)


def without_table_wish(question: str) -> str:
    """What is asked, without the wish for a table; the question as it is where it has none. Never empty."""
    if before := _BEFORE.match(question):
        rest = question[before.end() :]
        compared = f"compare {rest}"
        return compared if not before["names"] or names_compared(compared) else rest
    behind = _BEHIND.search(question)
    rest = question[: behind.start()].strip() if behind else ""
    if not behind or not any(letter.isalnum() for letter in rest):
        return question
    if not (behind["apart"] or behind["please"] or _TELLS_TO.match(rest) or names_compared(rest)):
        return question
    return f"{rest}?" if behind["apart"] == "?" else rest


def without_table_wishes(question: str, history: Sequence[Turn]) -> tuple[str, tuple[Turn, ...], bool]:
    """(what is asked, the turns before it, whether a table is wanted of it).

    A turn that is nothing but the wish asks the question before once more: the answer to it takes the place of the
    one before.
    """
    turns: list[Turn] = []
    for turn in history:
        if turn.role != "user":
            turns.append(turn)
        elif not _ALONE.fullmatch(turn.content.strip()) or (asked := _asked_last(turns)) is None:
            turns.append(replace(turn, content=without_table_wish(turn.content)))
        else:
            del turns[asked + 1 :]
    if not _ALONE.fullmatch(question.strip()) or (asked := _asked_last(turns)) is None:
        rest = without_table_wish(question)
        return rest, tuple(turns), rest != question
    return turns[asked].content, tuple(turns[:asked]), True


def _asked_last(turns: Sequence[Turn]) -> int | None:
    return next((place for place in range(len(turns) - 1, -1, -1) if turns[place].role == "user"), None)
