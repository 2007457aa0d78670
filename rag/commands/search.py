"""`rag search`: the papers nearest to a query, or to each query of a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from rag.commands.ending import LineFaults
from rag.commands.narrowing import add_filter_arguments, filters_from
from rag.commands.shapes import address_of, hit_as_json, understood_as_json, write_json
from rag.commands.terminal import bold, faint, printable, say, wrap
from rag.errors import UsageError
from rag.question_lines import QuestionLine, clean_text, read_question_lines

if TYPE_CHECKING:
    from rag.corpus import Hit, Understood
    from rag.questions.request import Request
    from rag.reranker import EndpointOrder
    from rag.settings import Settings

_MOST = 1000  # papers for one query


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """QUERY or --queries FILE, and how many papers."""
    parser.add_argument("query", nargs="?", metavar="QUERY", help="what to search for")
    parser.add_argument(
        "--queries", metavar="FILE", help="JSONL of id and question, one object printed a line (-: stdin)"
    )
    parser.add_argument("-k", type=number_of_papers, default=10, metavar="N", help="at most N papers (default 10)")
    add_filter_arguments(parser)


def number_of_papers(text: str) -> int:
    """The value of -k; argparse makes a sentence of the error."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of papers from 1 to {_MOST}")
    return number


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the hits. A query of a file that cannot be searched for is reported, and the others go on (exit code 2)."""
    if (arguments.query is None) == (arguments.queries is None):
        raise UsageError("Give either a query or --queries FILE.", hint='Example: rag search "memory of optimizers"')
    from rag.chosen_embedder import open_embedder
    from rag.index import Index
    from rag.questions.searching import search_as_meant
    from rag.reranker import open_order

    embedder = open_embedder(settings)
    given = filters_from(arguments)

    def find(line: QuestionLine) -> tuple[Request, list[Hit]]:
        with index.reading() as reading:
            reading.check(embedder.identity)
            return search_as_meant(
                reading, embedder, line.text, k=arguments.k, history=line.history, given=given, reorder=order
            )

    with ExitStack() as stack:
        index = stack.enter_context(closing(Index.open(settings.data_dir, chroma_url=settings.chroma_url)))
        order = open_order(settings)
        if order is not None:
            stack.enter_context(closing(order))
            stack.callback(_say_order, order)
        if arguments.query is not None:
            line = QuestionLine(None, clean_text(arguments.query), ())
            _print_one(line, *find(line), as_json=arguments.json)
            return 0
        faults = LineFaults()
        for line in read_question_lines(arguments.queries, faults.tell):
            try:
                request, hits = find(line)
            except UsageError as error:
                faults.tell(error, line.question_id)
                continue
            _print_one(line, request, hits, as_json=arguments.json)
        return faults.exit_code


def _say_order(order: EndpointOrder) -> None:
    if order.asked:  # a search that failed before asked nobody
        say(f"Put in order by {order.in_words}.")


def _print_one(line: QuestionLine, request: Request, hits: Iterable[Hit], *, as_json: bool) -> None:
    if as_json:
        named = {} if line.question_id is None else {"query_id": line.question_id}
        read = understood_as_json(request.understood)
        write_json({**named, "query": line.text, "hits": [hit_as_json(hit) for hit in hits], **read})
        return
    if line.question_id is not None:
        print(bold(f"{line.question_id}: {printable(line.text)}"))
    say_understood(request.understood)
    for hit in hits:
        print(bold(wrap(f"{hit.rank:>3}  {hit.paper.title}")))
        print(wrap(hit.passage, indent="     "))
        dumps = dict.fromkeys(source.dump for source in hit.paper.sources)
        facts = [f"score {hit.score:.3f}", *filter(None, [address_of(hit.paper)]), *dumps]
        print(faint(wrap(" · ".join(facts), indent="     ")))
        print()


def say_understood(understood: Understood) -> None:
    """On stderr: how the question was read, where that is more than its words."""
    chips = understood.filters.chips()
    if chips:
        say(f"Only papers: {' · '.join(printable(chip.label) for chip in chips)}.")
    for note in understood.sentences():
        say(printable(note))
