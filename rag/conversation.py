"""History -> a question that can be understood alone, and the papers that a conversation has cited.

A follow-up shows by a word that points back ("it", "those benchmarks"), by its beginning ("And ...?", "What about
...?"), or by being no whole question. Without a model the names and rare words of the turns before are put behind it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.corpus import Answer, Hit, Turn
from rag.endpoint import ChatModel
from rag.errors import ModelError
from rag.prompts import Message, rewrite_prompt
from rag.words import stems

if TYPE_CHECKING:
    from rag.index import Reading

_TOPICS = 8  # words or names that are put behind a question
_AT_HAND = 2  # papers cited before that stay among those read
_MEANT = 4  # the same where the question means all of them: "compare them"
_NEAR = 4  # content words; a pronoun with more of them before it in its question finds its noun there
_REWRITE_TOKENS = 200
_LONGEST_REWRITE = 600  # characters

_POINTS_BACK = re.compile(
    r"\b(?:(?<!worth )its?(?! own\b)|itself|they|them|their|theirs|this|these|those|he|she|his|her"
    r"|(?<=\bdo )that|(?<=\b(?:is|of|on|in|to) )that|(?<=\b(?:can|did|was|are|for|has) )that"
    r"|(?<=\b(?:does|with|than|from|have|beat|will) )that|(?<=\b(?:about|could|would) )that"
    r"|the (?:same|former|latter|authors?|paper|method|approach|technique|algorithm|first|second|third|others?)"
    r"|the (?:remaining|rest)|both of|neither of|(?:first|second|third|last) (?:of|one)"
    r"|dies\w*|deren|dessen|davon|damit|ihre?|leurs?|cela|ils|elles|ellos|ellas|eso)\b",
    re.IGNORECASE,
)
_MEANS_SEVERAL = re.compile(
    r"\b(?:compare|them|these|those|they|their|each|both|all of|which of"
    r"|the (?:papers|others|rest|methods|approaches))\b",
    re.IGNORECASE,
)
_ASKS_FOR_PAPERS = re.compile(r"\s*(?:which|what) (?:papers|works|articles|studies)\b(?! of\b)", re.IGNORECASE)
_BEGINS_BACK = re.compile(r"\s*(?:and|but|also|what about|how about|what else|und|aber|et|mais|pero)\b", re.IGNORECASE)
_NAME = re.compile(
    r"\b(?:[A-Za-z]*\d[\w.-]*|[A-Z][a-z]*[A-Z][\w-]*|[A-Z]{2,}[\w-]*|[a-z]+[A-Z]\w*|[A-Z][\w]+(?:[-&][\w]+)+)(?<![-.])"
)
_CAPITALISED = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]+\b")
_WORD = re.compile(r"[^\W\d_][\w'-]{2,}")
_FIRST_NAME = re.compile(
    r"\s*(?:That is |This is |Yes, |No, |It is |They are )?([A-Z][\w-]+)"
    r"(?=[,:;]| (?:is|are|which|that|uses?|learns?)\b)"
)
_NOT_NAMES = re.compile(
    r"(?:Yes|No|The|That|This|These|Those|It|They|An?|In|On|For|Wh\w+|How|Besides|However|Is|Are|Do|Does)"
)
_LABEL = re.compile(r"[\s*\"]*(?:rewritten|standalone|last|translated)?\s*(?:question|translation)\s*:", re.IGNORECASE)
_MARKER = re.compile(r"\s*\[\d{1,3}\]")


def is_follow_up(question: str, history: Sequence[Turn]) -> bool:
    """True where the question leans on what was said before."""
    if not any(turn.content.strip() for turn in history):
        return False
    if _BEGINS_BACK.match(question):
        return True
    content = stems(question)
    if len(content) == 2 and _ASKS_FOR_PAPERS.match(question):
        return False  # "Which papers quantize weights?"
    if len(content) <= 2 and len(question.split()) <= 5 and not _names(question):
        return True
    return any(_has_no_noun_before(question[: found.start()]) for found in _POINTS_BACK.finditer(question))


def _has_no_noun_before(text: str) -> bool:
    """Whether a pronoun behind `text` can mean nothing in it; in "Does Adam converge, and when does it not?" it can."""
    subject = " ".join(text.split()[:3])
    return len(stems(text)) <= _NEAR and not _names(subject)


def standalone_question(question: str, history: Sequence[Turn], model: ChatModel | None = None) -> str:
    """The question as it can be understood alone; as it is where it leans on nothing.

    With a model it is rewritten in one short request; where that fails, and without one, topics are put behind it.
    """
    question = question.strip()
    if not is_follow_up(question, history):
        return question
    if model is not None:
        rewritten = one_line(rewrite_prompt(question, history), model)
        if rewritten:
            return rewritten
    topics = topics_of(history, without=question)
    return f"{question} ({', '.join(topics)})" if topics else question


def topics_of(history: Sequence[Turn], *, without: str = "") -> list[str]:
    """What the last turns were about: names first, then the words of the last question; none that `without` has."""
    asked = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    answered = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    answered = _MARKER.sub("", answered)[:600]
    names = [found[1] for found in _FIRST_NAME.finditer(answered[:80]) if not _NOT_NAMES.fullmatch(found[1])]
    names += [*_names(asked), *_names(answered)]
    names = [name for name in names if any(letter.isalpha() for letter in name)]
    words = [word for word in _WORD.findall(asked) if stems(word)]
    has = set(stems(without))
    topics: dict[str, None] = {}
    for candidate in [*names, *words]:
        new = set(stems(candidate)) - has
        if new:
            topics[candidate] = None
            has |= new
    return list(topics)[:_TOPICS]


def _names(text: str) -> list[str]:
    found = sorted([*_NAME.finditer(text), *_CAPITALISED.finditer(text)], key=lambda match: match.start())
    return [match[0] for match in found if not _NOT_NAMES.fullmatch(match[0])][:_TOPICS]


def one_line(prompt: Sequence[Message], model: ChatModel) -> str:
    """The question that a model was asked to write on one line; empty where it failed or is of no use."""
    written: list[str] = []
    try:
        with closing(model.stream(prompt, max_tokens=_REWRITE_TOKENS)) as pieces:
            for piece in pieces:
                written.append(piece.text)
                if sum(map(len, written)) > 4 * _LONGEST_REWRITE:
                    break
    except ModelError:
        return ""
    text = "".join(written).rpartition("</think>")[2]
    if "<think" in text:
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    line = _LABEL.sub("", lines[-1] if lines else "").strip(" \t\"'*`“”")
    return line if 3 <= len(line) <= _LONGEST_REWRITE and any(letter.isalnum() for letter in line) else ""


def as_turns(answers: Iterable[Answer], set_aside: Collection[str] = ()) -> tuple[Turn, ...]:
    """Answered questions, oldest first, as the history of the next one.

    Papers that the reader has set aside are cited no more, and what only they say is left out.
    """
    turns: list[Turn] = []
    for answer in answers:
        cited = dict.fromkeys(citation.paper.paper_id for citation in answer.citations)
        turns.append(Turn(role="user", content=answer.question))
        kept = tuple(paper_id for paper_id in cited if paper_id not in set_aside)
        turns.append(Turn(role="assistant", content=_said(answer, set_aside), cited=kept))
    return tuple(turns)


def _said(answer: Answer, set_aside: Collection[str]) -> str:
    """The answer as the next question may refer to it. Papers named because nothing better was there are no topic."""
    if answer.refused and not answer.citations:
        return answer.text.partition(". ")[0]
    text = answer.text
    papers = {citation.number: citation.paper for citation in answer.citations}
    for sentence in answer.sentences:
        cited = [papers[number] for number in sentence.citations if number in papers]
        if cited and all(paper.paper_id in set_aside for paper in cited):
            text = text.replace(sentence.text, "").replace(f"“{cited[0].title}”:", "")
    return text.strip()


def cited_papers(history: Sequence[Turn]) -> tuple[str, ...]:
    """The ids of the papers that the conversation has cited, the latest first."""
    return tuple(dict.fromkeys(paper_id for turn in reversed(history) for paper_id in turn.cited))


def keep_at_hand(reading: Reading, hits: Sequence[Hit], history: Sequence[Turn], question: str = "") -> list[Hit]:
    """The hits with the papers cited last behind the first one, where the search did not bring them up by itself.

    A `question` that means several of them ("compare them", "which of these") keeps more. They have a score of 0: they
    are there to be read, not because they were found.
    """
    found = {hit.paper.paper_id for hit in hits}
    most = _MEANT if _MEANS_SEVERAL.search(question) else _AT_HAND
    missing = [paper_id for paper_id in cited_papers(history) if paper_id not in found][:most]
    papers = reading.papers(missing)
    chunks = reading.chunks_of(missing)
    kept = [
        Hit(papers[paper_id], chunks[paper_id][0], rank=0, score=0.0, cosine=0.0, bm25=0.0)
        for paper_id in missing
        if paper_id in papers and chunks.get(paper_id)
    ]
    return [replace(hit, rank=rank) for rank, hit in enumerate([*hits[:1], *kept, *hits[1:]], start=1)]
