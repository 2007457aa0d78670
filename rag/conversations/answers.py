"""An answer as JSON and back, with all that the page draws of it: also its papers, which a later ingest may change.

Written and read by the fields and types of the nouns in rag/corpus.py, so that a new field needs nothing here. Unknown
fields are skipped and missing ones take their default: other versions of this program can read it. Each paper is
written once and named by its id elsewhere.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from rag.corpus import Answer, Chunk, Paper, Quote
from rag.errors import DamagedStoreError
from rag.redaction import hide_keys

_VERBATIM = (Paper, Chunk, Quote)  # nothing in them is by a person or a model of here, and quotes must agree with them


def write_answer(answer: Answer, keys: Sequence[str] = ()) -> str:
    """The answer as JSON; each of `keys`, and what looks like one, is hidden in all that people or models wrote."""
    papers: dict[str, Any] = {}

    def written(value: Any, *, verbatim: bool = False) -> Any:
        if isinstance(value, Paper):
            if value.paper_id not in papers:
                papers[value.paper_id] = {
                    each.name: written(getattr(value, each.name), verbatim=True) for each in fields(value)
                }
            return value.paper_id
        if is_dataclass(value):
            inside = verbatim or isinstance(value, _VERBATIM)
            return {
                each.name: written(getattr(value, each.name), verbatim=inside or each.name == "quote")
                for each in fields(value)
            }
        if isinstance(value, tuple | list):
            return [written(each, verbatim=verbatim) for each in value]
        return hide_keys(value, keys) if isinstance(value, str) and not verbatim else value

    found = {**written(answer), "papers": papers}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode("utf-8")


def read_answer(text: str) -> Answer:
    """The answer. Raises DamagedStoreError where it cannot be read."""
    try:
        found = json.loads(text)
        papers = {paper_id: cast(Paper, _noun(Paper, each, {})) for paper_id, each in found["papers"].items()}
        return cast(Answer, _noun(Answer, found, papers))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedStoreError(
            "A kept answer cannot be read.", hint="Delete its conversation and ask again."
        ) from error


@cache
def _types_of(noun: type) -> dict[str, Any]:
    return get_type_hints(noun)


def _noun(noun: type, found: Mapping[str, Any], papers: Mapping[str, Paper]) -> object:
    known = _types_of(noun)
    return noun(**{name: _value(known[name], value, papers) for name, value in found.items() if name in known})


def _value(kind: Any, value: Any, papers: Mapping[str, Paper]) -> Any:
    """What JSON holds of a field, as the field's type wants it."""
    origin, inner = get_origin(kind), get_args(kind)
    if value is None or origin is Literal:
        return value
    if origin in (Union, types.UnionType):
        return _value(next(each for each in inner if each is not type(None)), value, papers)
    if kind is Paper:
        return papers[value]
    if is_dataclass(kind):
        return _noun(cast(type, kind), value, papers)
    if origin is tuple and inner[-1] is Ellipsis:
        return tuple(_value(inner[0], each, papers) for each in value)
    if origin is tuple:
        return tuple(_value(each, one, papers) for each, one in zip(inner, value, strict=True))
    return value
