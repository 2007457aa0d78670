"""The JSON shapes that other programs rely on: corpus nouns -> plain dictionaries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rag.corpus import Answer, Hit, Opinion, Paper, SecondJudge, Understood, Usage

_LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # ends of lines to many readers, and raw characters to JSON


def write_json(value: object) -> None:
    """One object on one line of stdout, at once, so that a reader of a pipe can follow."""
    print(json_text(value), flush=True)


def json_text(value: object) -> str:
    """The value as JSON on one line."""
    line = json.dumps(value, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def address_of(paper: Paper) -> str | None:
    """The paper's own page where one is known; a search for the title is no address of the paper."""
    return paper.url or (f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else None)


def sources_of(paper: Paper) -> list[dict[str, object]]:
    """Where the paper was seen."""
    return [{"dump": source.dump, "line": source.line} for source in paper.sources]


def hit_as_json(hit: Hit) -> dict[str, object]:
    """One hit of `rag search`."""
    paper = hit.paper
    return {
        "rank": hit.rank,
        "paper_id": paper.paper_id,
        "id": paper.external_id,
        "title": paper.title,
        "score": round(hit.score, 6),
        "passage": hit.passage,
        "url": address_of(paper),
        "sources": sources_of(paper),
    }


def paper_as_json(paper: Paper) -> dict[str, object]:
    """One paper of `rag papers`."""
    return {
        "paper_id": paper.paper_id,
        "id": paper.external_id,
        "title": paper.title,
        "abstract": paper.abstract,
        "url": address_of(paper),
        "authors": list(paper.authors),
        "date": paper.date,
        "sources": sources_of(paper),
    }


def understood_as_json(understood: Understood) -> dict[str, object]:
    """How a question was read."""
    tally = understood.tally
    return {
        "filters": understood.filters.as_json(),
        "corrections": [{"typed": typed, "used": used} for typed, used in understood.corrections],
        "notes": list(understood.sentences()),
        "tally": {"rule": tally.rule, "count": tally.count, "of": tally.of} if tally else None,
    }


def answer_as_json(answer: Answer) -> dict[str, object]:
    """One answer of `rag ask`."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "mode": answer.mode,
        "model": answer.model,
        "answer": answer.text,
        "outcome": answer.outcome,
        "refused": answer.refused,
        "citations": [
            {
                "number": citation.number,
                "paper_id": citation.paper.paper_id,
                "title": citation.paper.title,
                "url": address_of(citation.paper),
                "quote": citation.quote,
                "support": citation.support,
            }
            for citation in answer.citations
        ],
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "support": sentence.support,
                "reason": sentence.reason,
                "opinion": opinion_as_json(sentence.opinion),
            }
            for sentence in answer.sentences
        ],
        "evidence": [
            {
                "number": evidence.number,
                "paper_id": evidence.paper.paper_id,
                "title": evidence.paper.title,
                "score": round(evidence.hit.score, 6),
                "passage": evidence.hit.passage,
            }
            for evidence in answer.evidence
        ],
        "how_sure": sureness_as_json(answer),
        "timings_ms": {step: round(milliseconds, 1) for step, milliseconds in answer.timings_ms.items()},
        "style": answer.style,
        "usage": usage_as_json(answer.usage),
        "second_judge": second_judge_as_json(answer.second_judge),
        "provenance": provenance_as_json(answer),
        **understood_as_json(answer.understood),
    }


class Exchanged(Protocol):
    """A question of a conversation, as the page and the file of conversations hold it."""

    @property
    def asked(self) -> str: ...

    @property
    def feedback(self) -> str | None: ...

    @property
    def answer(self) -> Answer | None: ...


def conversation_as_json(conversation_id: str, name: str, exchanges: Iterable[Exchanged]) -> dict[str, object]:
    """A conversation: its answers as `rag ask` prints them, with when each was asked for and what was thought of it."""
    return {
        "conversation_id": conversation_id,
        "name": name,
        "answers": [
            {**answer_as_json(each.answer), "asked": each.asked, "feedback": each.feedback}
            for each in exchanges
            if each.answer
        ],
    }


def sureness_as_json(answer: Answer) -> dict[str, object] | None:
    """How sure the outcome is, and what speaks for and against; None where it was not judged."""
    if answer.how_sure is None or answer.confidence is None:
        return None
    return {
        "level": answer.how_sure,
        "papers_answer": round(answer.confidence, 4),
        "reasons": list(answer.sure_because),
    }


def usage_as_json(usage: Usage | None) -> dict[str, object] | None:
    """What a model read and wrote; None where none was asked."""
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "estimated": usage.estimated,
        "cost": None if usage.cost is None else round(usage.cost, 8),
        "currency": usage.currency or None,
    }


def opinion_as_json(opinion: Opinion | None) -> dict[str, object] | None:
    """What the second judge says of a sentence, and the check's verdict before it; None where it said nothing."""
    return {"says": opinion.says, "reason": opinion.reason, "before": opinion.before} if opinion else None


def second_judge_as_json(judge: SecondJudge | None) -> dict[str, object] | None:
    """Who was asked as second judge, about how many sentences; None where nobody was."""
    return {"model": judge.model, "asked": judge.asked, "heard": judge.heard, "note": judge.note} if judge else None


def provenance_as_json(answer: Answer) -> dict[str, object] | None:
    """What the answer was made with."""
    made = answer.provenance
    if made is None:
        return None
    return {
        "corpus": made.corpus,
        "generation": answer.generation,
        "embeddings": made.embeddings,
        "embeddings_fingerprint": made.embeddings_fingerprint,
        "papers_read": made.papers_read,
        "context_window": made.context_window,
        "ordered_by": made.ordered_by or None,
        "prompt": answer.prompt_fingerprint or None,
    }
