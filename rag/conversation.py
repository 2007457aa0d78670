"""History -> a question that can be understood alone, and the papers that a conversation has cited.

Without a model the names and rare words of the turns before are put behind a follow-up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.corpus import Answer, Hit, Paper, Turn
from rag.endpoint import ChatModel
from rag.errors import ModelError
from rag.prompts import Message, rewrite_prompt
from rag.questions.follow_ups import NOT_NAMES, is_follow_up, names_of
from rag.refusal import is_refusal
from rag.short_reply import Heard
from rag.words import stems

if TYPE_CHECKING:
    from rag.index import Reading

_TOPICS = 8  # words or names that are put behind a question
_AT_HAND = 2  # papers cited before that stay among those read
_MEANT = 4  # the same where the question means all of them: "compare them"
_REWRITE_TOKENS = 200
_LONGEST_REWRITE = 600  # characters

_MEANS_SEVERAL = re.compile(
    r"\b(?:compare|them|these|those|they|their|each|both|all of|which of"
    r"|the (?:papers|others|rest|methods|approaches))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'-]{2,}")
_FIRST_NAME = re.compile(
    r"\s*(?:That is |This is |Yes, |No, |It is |They are )?([A-Z][\w-]+)"
    r"(?=[,:;]| (?:is|are|which|that|uses?|learns?)\b)"
)
_LABEL = re.compile(
    r"\W*(?:(?:sure|here|is|s|this|the|your|rewritten|standalone|last|translated|english)\b\W*)*"
    r"(?:question|translation)\W*?:",
    re.IGNORECASE,
)
_DRESS = " \t\"'*`“”"
_ASKS = ("?", "？", "؟")
_REFUSES = re.compile(r"(?:The|It seems that the) papers (?:hold nothing about this|do not state the answer)\.")
_COUNTED = re.compile(r"^[\d,]+ (?:of [\d,]+ )?papers?\. Counted: .*?(?:\n\s*\n|$)", re.DOTALL)  # ours, of no paper
_MARKER = re.compile(r"\s*\[\d{1,3}\]")


def standalone_question(question: str, history: Sequence[Turn], model: ChatModel | None = None) -> str:
    """The question as it can be understood alone; as it is where it leans on nothing.

    With a model it is rewritten in one short request; where that fails, and without one, topics are put behind it.
    """
    question = question.strip()
    if not is_follow_up(question, history):
        return question
    if model is not None:
        rewritten = one_line(rewrite_prompt(question, history), model)
        if _is_about(rewritten, question, history):
            return rewritten
    topics = topics_of(history, without=question)
    return f"{question} ({', '.join(topics)})" if topics else question


def topics_of(history: Sequence[Turn], *, without: str = "") -> list[str]:
    """What the last turns were about: names first, then the words of the last question; none that `without` has."""
    asked = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    answered = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    answered = _COUNTED.sub("", _MARKER.sub("", _shortened(answered)))[:600]
    names = [found[1] for found in _FIRST_NAME.finditer(answered[:80]) if not NOT_NAMES.fullmatch(found[1])]
    names += [*names_of(asked), *names_of(answered)]
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


def one_line(prompt: Sequence[Message], model: ChatModel) -> str:
    """The question that a model was asked to write on one line; empty where it failed or is of no use."""
    heard = Heard(model)
    try:
        with closing(model.stream(prompt, max_tokens=_REWRITE_TOKENS)) as pieces:
            for piece in pieces:
                heard.take(piece)
                if heard.length > 4 * _LONGEST_REWRITE:
                    return ""
    except ModelError:
        return ""
    line = "" if heard.was_cut else _question_in(heard.end())  # what was cut may be a thought that nothing marks as one
    if not line.endswith(_ASKS) and is_refusal(line):
        return ""
    return line if 3 <= len(line) <= _LONGEST_REWRITE and any(letter.isalnum() for letter in line) else ""


def _question_in(text: str) -> str:
    """The line that is called the question; else the first that asks; else the last."""
    lines = [line for line in text.splitlines() if line.strip()]
    called = [line[label.end() :].strip(_DRESS) for line in lines if (label := _LABEL.match(line))]
    others = [line.strip(_DRESS) for line in lines if not _LABEL.match(line)]
    asking = [line for line in others if line.endswith(_ASKS)]
    return next((line for line in (*reversed(called), *asking, *reversed(others)) if line), "")


def _is_about(text: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether it shares a word with what was said; taken for granted where it is not in plain letters."""
    words = stems(text).keys()
    return not text.isascii() or any(words & stems(said).keys() for said in (question, *(t.content for t in history)))


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


def _shortened(said: str) -> str:
    """An answer without papers that it names because nothing better was there."""
    return said.partition(". ")[0] if _REFUSES.match(said) and "What they say:" not in said else said


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
    return _ranked([*hits[:1], *_to_be_read(reading, missing), *hits[1:]])


def first_of_all(reading: Reading, hits: Sequence[Hit], papers: Sequence[Paper]) -> list[Hit]:
    """The hits with these papers before all others; those that the search did not bring up have a score of 0."""
    by_id = {hit.paper.paper_id: hit for hit in hits}
    ids = [paper.paper_id for paper in papers]
    there = {hit.paper.paper_id: hit for hit in _to_be_read(reading, [each for each in ids if each not in by_id])}
    first = [found for each in ids if (found := by_id.get(each) or there.get(each))]
    return _ranked([*first, *(hit for hit in hits if hit.paper.paper_id not in ids)])


def _to_be_read(reading: Reading, paper_ids: Sequence[str]) -> list[Hit]:
    papers, chunks = reading.papers(paper_ids), reading.chunks_of(paper_ids)
    return [
        Hit(papers[paper_id], chunks[paper_id][0], rank=0, score=0.0, cosine=0.0, bm25=0.0)
        for paper_id in paper_ids
        if paper_id in papers and chunks.get(paper_id)
    ]


def _ranked(hits: Sequence[Hit]) -> list[Hit]:
    return [replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1)]
