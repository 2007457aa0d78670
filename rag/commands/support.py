"""`rag support`: checks sentences of a file against the abstracts that they cite, as an answer's sentences are."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.commands.shapes import write_json
from rag.commands.terminal import bold, faint, printable, wrap
from rag.errors import UsageError
from rag.question_lines import clean_text, open_text

if TYPE_CHECKING:
    from rag.corpus import Verdict
    from rag.settings import Settings

_SHAPE = "Each line is one object with id, sentence, title and abstract."


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and the paper that it cites."""

    pair_id: object  # as it stands in the file: text or a number; the line's number where it has none
    sentence: str
    title: str
    abstract: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE."""
    parser.add_argument("file", metavar="FILE", help="JSONL of id, sentence, title, abstract (-: stdin)")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print a verdict for each pair. Exit code 0 whatever they are: an unsupported sentence is a result."""
    from rag.support import check_sentence

    for pair in read_pairs(arguments.file):
        verdict = check_sentence(pair.sentence, pair.title, pair.abstract)
        if arguments.json:
            write_json(as_json(pair, verdict))
        else:
            _print_one(pair, verdict)
    return 0


def as_json(pair: Pair, verdict: Verdict) -> dict[str, object]:
    """One object of `rag support --json`; `quote` is empty where no sentence of the abstract comes near."""
    quote = verdict.quote.text if verdict.quote else ""
    return {"id": pair.pair_id, "support": verdict.support, "reason": verdict.reason, "quote": quote}


def read_pairs(path: str) -> Iterator[Pair]:
    """The pairs of a JSONL file (`-`: standard input), one by one, blank lines left out.

    Raises UsageError that names the line when one is no object with the texts.
    """
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _read_pair(line, where=f"Line {number} of {path}", number=number)


def _read_pair(line: str, *, where: str, number: int) -> Pair:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is not JSON.", hint=_SHAPE) from error
    if not isinstance(found, dict):
        raise UsageError(f"{where} is no object.", hint=_SHAPE)
    texts = [found.get(name, "" if name == "title" else None) for name in ("sentence", "title", "abstract")]
    for name, text in zip(("sentence", "title", "abstract"), texts, strict=True):
        if not isinstance(text, str):
            raise UsageError(f"{where} holds no {name}.", hint=_SHAPE)
    sentence, title, abstract = (clean_text(str(text)) for text in texts)
    return Pair(found.get("id", str(number)), sentence, title, abstract)


def _print_one(pair: Pair, verdict: Verdict) -> None:
    print(bold(f"{printable(str(pair.pair_id))}: {verdict.support}") + f" - {printable(verdict.reason)}")
    print(wrap(pair.sentence, indent="   "))
    if verdict.quote:
        print(faint(wrap(f"“{verdict.quote.text}”", indent="   ")))
