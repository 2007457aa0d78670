"""`rag support`: checks sentences of a file against the abstracts that they cite, as an answer's sentences are."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.commands.shapes import write_json
from rag.commands.terminal import bold, faint, printable, wrap
from rag.errors import UsageError
from rag.question_lines import JSONLine, clean_text, read_json_lines

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
    """The pairs of a JSONL file (`-`: standard input), one by one.

    Raises UsageError that names the line when one is no object with the texts.
    """
    return map(_pair, read_json_lines(path, shape=_SHAPE))


def _pair(line: JSONLine) -> Pair:
    texts = {"title": "", **line.fields}
    for name in ("sentence", "title", "abstract"):
        if not isinstance(texts.get(name), str):
            raise UsageError(f"{line.where} holds no {name}.", hint=_SHAPE)
    sentence, title, abstract = (clean_text(str(texts[name])) for name in ("sentence", "title", "abstract"))
    return Pair(line.name, sentence, title, abstract)


def _print_one(pair: Pair, verdict: Verdict) -> None:
    print(bold(f"{printable(str(pair.pair_id))}: {verdict.support}") + f" - {printable(verdict.reason)}")
    print(wrap(pair.sentence, indent="   "))
    if verdict.quote:
        print(faint(wrap(f"“{verdict.quote.text}”", indent="   ")))
