"""An answer as JSON and back, with all that the page draws of it: also its papers, which a later ingest may change.

Written and read by the fields and types of the nouns in rag/corpus.py, so that a new field needs nothing here. Unknown
fields are skipped and missing ones take their default: other versions of this program can read it. Each paper is
written once and named by its id elsewhere.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

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


Papers = Mapping[str, Paper]
Reader = Callable[[Any, Papers], Any]  # what JSON holds of a value, and the papers -> the value


def _noun(noun: type, found: Mapping[str, Any], papers: Papers) -> object:
    readers = _readers_of(noun)
    values = {}
    for name, value in found.items():
        if name in readers:
            read = readers[name]
            values[name] = value if read is None or value is None else read(value, papers)
    return noun(**values)


@cache
def _readers_of(noun: type) -> dict[str, Reader | None]:
    """How each field is read; None where it is as JSON has it. Made once: an answer has a thousand values."""
    return {name: _reader_of(kind) for name, kind in get_type_hints(noun).items()}


def _reader_of(kind: Any) -> Reader | None:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _reader_of(next(each for each in inner if each is not type(None)))
    if kind is Paper:
        return lambda value, papers: papers[value]
    if is_dataclass(kind):
        return partial(_noun, cast(type, kind))
    if origin is not tuple:
        return None
    each = _reader_of(inner[0])  # all parts of our tuples are of one kind
    if each is None:
        return lambda value, _: tuple(value)
    return lambda value, papers: tuple(each(one, papers) for one in value)
