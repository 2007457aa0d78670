"""Options of `rag search` and `rag ask` that say which papers may answer."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from rag.errors import UsageError
from rag.filters import Filters, first_day, last_day


def add_filter_arguments(parser: argparse.ArgumentParser) -> None:
    """--dump, --since, --until, --undated, --has-code, --author, --phrase, --without."""
    group = parser.add_argument_group(
        "which papers", "The same may stand in the question: since 2024, with code, -diffusion."
    )
    group.add_argument("--dump", action="append", default=[], metavar="NAME", help="only papers seen in this dump")
    group.add_argument("--since", type=_day(first_day), metavar="DATE", help="2025, 2025-03 or 2025-03-14")
    group.add_argument("--until", type=_day(last_day), metavar="DATE", help="the last day, in the same form")
    group.add_argument("--undated", action="store_true", help="with a date: papers without one as well")
    group.add_argument("--has-code", action="store_true", help="only papers with a link to code")
    group.add_argument("--author", action="append", default=[], metavar="NAME", help="only papers by this author")
    group.add_argument("--phrase", action="append", default=[], metavar="WORDS", help="only papers that hold the words")
    group.add_argument("--without", action="append", default=[], metavar="WORDS", help="no papers that hold the words")


def filters_from(arguments: argparse.Namespace) -> Filters:
    """The filters that were given as options."""
    return Filters(
        dumps=tuple(arguments.dump),
        since=arguments.since or "",
        until=arguments.until or "",
        undated=arguments.undated,
        has_code=arguments.has_code,
        authors=tuple(arguments.author),
        phrases=tuple(arguments.phrase),
        without=tuple(arguments.without),
    )


def _day(read: Callable[[str], str]) -> Callable[[str], str]:
    def day(text: str) -> str:
        try:
            return read(text)
        except UsageError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return day
