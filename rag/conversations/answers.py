"""An answer as JSON and back, with all that the page draws of it: also its papers, which a later ingest may change.

Unknown fields are skipped and missing ones take their default, so that other versions of this program can read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, TypeVar

from rag.corpus import (
    Answer,
    AnswerSentence,
    Chunk,
    Citation,
    Evidence,
    Hit,
    Paper,
    Provenance,
    Quote,
    Source,
    Tally,
    Understood,
    Usage,
)
from rag.errors import DamagedStoreError
from rag.filters import Filters
from rag.redaction import hide_keys

Fields = Mapping[str, Any]
_Noun = TypeVar("_Noun")

_PLAIN = (
    "outcome", "mode", "model", "confidence", "generation", "timings_ms", "prompt_fingerprint", "style",
)  # fmt: skip
_WRITTEN = ("question", "standalone_question", "text", "notice", "reasoning")  # by people or by a model


def write_answer(answer: Answer, keys: Sequence[str] = ()) -> str:
    """The answer as JSON; each of `keys`, and what looks like one, is hidden in all that people or models wrote."""
    papers: dict[str, dict[str, Any]] = {}

    def hit(one: Hit) -> dict[str, Any]:
        papers.setdefault(one.paper.paper_id, asdict(one.paper))
        return {**{each.name: getattr(one, each.name) for each in fields(one)}, "paper": one.paper.paper_id,
                "chunk": asdict(one.chunk)}  # fmt: skip

    for citation in answer.citations:
        papers.setdefault(citation.paper.paper_id, asdict(citation.paper))
    found: dict[str, Any] = {name: getattr(answer, name) for name in _PLAIN}
    found |= {name: hide_keys(getattr(answer, name), keys) for name in _WRITTEN}
    found["sentences"] = [
        {**asdict(each), "text": hide_keys(each.text, keys), "reason": hide_keys(each.reason, keys)}
        for each in answer.sentences
    ]
    found["citations"] = [
        {"number": each.number, "paper": each.paper.paper_id, "quote": each.quote, "support": each.support}
        for each in answer.citations
    ]
    found["evidence"] = [
        {"number": each.number, "hit": hit(each.hit), "quotes": [asdict(quote) for quote in each.quotes]}
        for each in answer.evidence
    ]
    found["nearest"] = [hit(each) for each in answer.nearest]
    found["usage"] = asdict(answer.usage) if answer.usage else None
    found["provenance"] = asdict(answer.provenance) if answer.provenance else None
    found["understood"] = asdict(answer.understood)
    found["papers"] = papers
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode("utf-8")


def read_answer(text: str) -> Answer:
    """The answer. Raises DamagedStoreError where it cannot be read."""
    try:
        found = json.loads(text)
        papers = {paper_id: _paper(each) for paper_id, each in found["papers"].items()}
        return _read(
            Answer,
            found,
            sentences=tuple(
                _read(AnswerSentence, each, citations=tuple(each["citations"])) for each in found["sentences"]
            ),
            citations=tuple(_read(Citation, each, paper=papers[each["paper"]]) for each in found["citations"]),
            evidence=tuple(
                Evidence(each["number"], _hit(each["hit"], papers), tuple(_read(Quote, one) for one in each["quotes"]))
                for each in found["evidence"]
            ),
            nearest=tuple(_hit(each, papers) for each in found["nearest"]),
            usage=_read(Usage, found["usage"]) if found.get("usage") else None,
            provenance=_read(Provenance, found["provenance"]) if found.get("provenance") else None,
            understood=_understood(found["understood"]) if found.get("understood") else Understood(),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedStoreError(
            "A kept answer cannot be read.", hint="Delete its conversation and ask again."
        ) from error


def _understood(found: Fields) -> Understood:
    filters = {name: tuple(value) if isinstance(value, list) else value for name, value in found["filters"].items()}
    return _read(
        Understood,
        found,
        filters=_read(Filters, filters),
        corrections=tuple((typed, used) for typed, used in found["corrections"]),
        notes=tuple(found["notes"]),
        tally=_read(Tally, found["tally"]) if found.get("tally") else None,
    )


def _paper(found: Fields) -> Paper:
    return _read(
        Paper,
        found,
        sources=tuple(_read(Source, each) for each in found["sources"]),
        authors=tuple(found["authors"]),
        code_urls=tuple(found["code_urls"]),
    )


def _hit(found: Fields, papers: Mapping[str, Paper]) -> Hit:
    return _read(Hit, found, paper=papers[found["paper"]], chunk=_read(Chunk, found["chunk"]))


def _read(noun: type[_Noun], found: Fields, **given: Any) -> _Noun:
    known = {each.name for each in fields(noun)}  # type: ignore[arg-type]  # all nouns of rag/corpus.py are dataclasses
    return noun(**{name: value for name, value in found.items() if name in known} | given)
