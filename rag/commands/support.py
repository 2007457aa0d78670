"""`rag support`: checks sentences of a file against the abstracts that they cite, as an answer's sentences are."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.commands.ending import LineFaults
from rag.commands.shapes import opinion_as_json, second_judge_as_json, write_json
from rag.commands.terminal import bold, faint, printable, wrap
from rag.errors import UsageError
from rag.question_lines import JSONLine, clean_text, read_lines

if TYPE_CHECKING:
    from rag.corpus import Paper, Verdict
    from rag.endpoint import Endpoint
    from rag.second_judge import SecondReading
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
    """FILE, and whether a language model judges as well."""
    parser.add_argument("file", metavar="FILE", help="JSONL of id, sentence, title, abstract (-: stdin)")
    parser.add_argument("--judge", action="store_true", help="ask the language model, too, as second judge")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print a verdict for each pair. Exit code 0 whatever they are: an unsupported sentence is a result.

    A line that holds no pair is reported, and the others go on (exit code 2).
    """
    faults = LineFaults()
    with ExitStack() as stack:
        model = stack.enter_context(closing(_second_judge(settings))) if arguments.judge else None
        for pair in read_pairs(arguments.file, faults.tell):
            verdict = _verdict(pair)
            again = _read_again(pair, verdict, model, settings) if model else None
            if again:
                [verdict] = again.verdicts
            if arguments.json:
                write_json(as_json(pair, verdict, again))
            else:
                _print_one(pair, verdict, again)
    return faults.exit_code


def as_json(pair: Pair, verdict: Verdict, again: SecondReading | None = None) -> dict[str, object]:
    """One object of `rag support --json`; `quote` is empty where no sentence of the abstract comes near."""
    quote = verdict.quote.text if verdict.quote else ""
    found: dict[str, object] = {
        "id": pair.pair_id,
        "support": verdict.support,
        "reason": verdict.reason,
        "quote": quote,
    }
    if again:
        found |= {"opinion": opinion_as_json(again.opinions[0]), "second_judge": second_judge_as_json(again.judge)}
    return found


def _verdict(pair: Pair) -> Verdict:
    """What the check says; of a sentence in another language than the abstract, as of an answer in one."""
    from rag.questions.languages import is_written_in, language_of
    from rag.support import check_foreign, check_sentence

    language = language_of(pair.sentence)
    if is_written_in(pair.sentence, language) and not is_written_in(pair.abstract, language):
        return check_foreign(pair.sentence, [_paper(pair)])
    return check_sentence(pair.sentence, pair.title, pair.abstract)


def _paper(pair: Pair) -> Paper:
    from rag.corpus import Paper, paper_key

    return Paper(paper_key(pair.title), pair.title, pair.abstract)


def _second_judge(settings: Settings) -> Endpoint:
    if not settings.has_model:
        raise UsageError("--judge asks a language model, and none is set up.", hint="Set LLM_BASE_URL to a server.")
    from rag.endpoint import Endpoint

    endpoint = Endpoint(settings)
    endpoint.settle_name()
    endpoint.warm_up()
    return endpoint


def _read_again(pair: Pair, verdict: Verdict, model: Endpoint, settings: Settings) -> SecondReading:
    from rag.second_judge import Claim, read_again
    from rag.support import clean_sentence

    claim = Claim(clean_sentence(pair.sentence), (_paper(pair),), verdict)
    return read_again([claim], model, seconds=settings.llm_timeout)


def read_pairs(path: str, tell: Callable[[UsageError], None]) -> Iterator[Pair]:
    """The pairs of a JSONL file (`-`: standard input), one by one; `tell` is told of lines that hold none."""
    return read_lines(path, _pair, shape=_SHAPE, tell=tell)


def _pair(line: JSONLine) -> Pair:
    texts = {"title": "", **line.fields}
    for name in ("sentence", "title", "abstract"):
        if not isinstance(texts.get(name), str):
            raise UsageError(f"{line.where} holds no {name}.", hint=_SHAPE)
    sentence, title, abstract = (clean_text(str(texts[name])) for name in ("sentence", "title", "abstract"))
    return Pair(line.name, sentence, title, abstract)


def _print_one(pair: Pair, verdict: Verdict, again: SecondReading | None) -> None:
    print(bold(f"{printable(str(pair.pair_id))}: {verdict.support}") + f" - {printable(verdict.reason)}")
    print(wrap(pair.sentence, indent="   "))
    if verdict.quote:
        print(faint(wrap(f"“{verdict.quote.text}”", indent="   ")))
    if again and again.judge and again.judge.note:
        print(faint(wrap(printable(again.judge.note), indent="   ")))
