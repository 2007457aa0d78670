"""`python -m ingest`: saved pages into the corpus, and what each run brought.

Imports are made where they are needed, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.commands.ending import prepare_output, told
from rag.commands.option_values import dump, number_from_one, path
from rag.commands.terminal import printable

if TYPE_CHECKING:
    from ingest.report import SyncReport

_STOPPED = "Stopped. The corpus is as it was; what was embedded is kept for the next run."
_SHOWN = 20  # rejected places of a dump that are listed on stderr; --json lists all


def parser() -> argparse.ArgumentParser:
    """The options that docs/commands.md lists."""
    made = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Brings saved pages of papers into the corpus. Run it again and again: nothing is lost, doubled or "
        "embedded twice. `python -m ingest log` shows what each run brought.",
        epilog="Exit codes: 0 done, 1 nothing could be read (with --strict: something could not), 2 wrong usage, "
        "3 the store cannot be used.",
    )
    made.add_argument(
        "paths", nargs="*", type=dump, metavar="PATH", help="dumps: files, folders or globs; - reads standard input"
    )
    made.add_argument("--data", type=path, metavar="DIR", help="data folder (default: RAG_DATA_DIR, else ./data)")
    made.add_argument("--dry-run", action="store_true", help="change nothing, and say what would be")
    made.add_argument("--prune", action="store_true", help="drop papers that only the vanished dumps of PATH held")
    made.add_argument(
        "--forget",
        action="append",
        default=[],
        metavar="NAME",
        help="take a dump out, with the papers that only it held; PATH may be left out",
    )
    made.add_argument(
        "--rebuild", action="store_true", help="embed every paper anew, beside the index in use; PATH may be left out"
    )
    made.add_argument("--strict", action="store_true", help="exit with 1 where anything could not be read")
    made.add_argument("--json", action="store_true", help="print one JSON object to stdout")
    return made


def log_parser() -> argparse.ArgumentParser:
    """The options of `python -m ingest log`."""
    made = argparse.ArgumentParser(
        prog="python -m ingest log", description="What each ingest and each dump brought, the newest first."
    )
    made.add_argument(
        "run", nargs="?", type=number_from_one, metavar="RUN", help="one run's number: lists its papers by title"
    )
    made.add_argument("--last", type=number_from_one, default=10, metavar="N", help="how many runs (default 10)")
    made.add_argument("--data", type=path, metavar="DIR", help="data folder (default: RAG_DATA_DIR, else ./data)")
    made.add_argument("--json", action="store_true", help="print one JSON object a run")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    prepare_output()
    if given[:1] == ["log"]:
        options = log_parser().parse_args(given[1:])
        return told(lambda: _log(options))
    options = parser().parse_args(given)
    if not (options.paths or options.rebuild or options.forget):
        parser().error("give at least one PATH: a saved page, a folder of them, or - for standard input")
    return told(lambda: _ingest(options), when_stopped=_STOPPED)


def _ingest(options: argparse.Namespace) -> int:
    from ingest.calibrating import calibrate
    from ingest.forgetting import dumps_named
    from ingest.progress import Line
    from ingest.sync import sync
    from rag.chosen_embedder import open_embedder
    from rag.settings import load_settings

    settings = load_settings(data_dir=options.data)
    forget = dumps_named(settings.data_dir, options.forget) if options.forget else ()
    embedder = open_embedder(settings)
    line = Line()
    try:
        report = sync(
            options.paths,
            settings,
            dry_run=options.dry_run,
            prune=options.prune,
            rebuild=options.rebuild,
            forget=forget,
            progress=line,
            embedder=embedder,
        )
        if not options.dry_run:
            with suppress(KeyboardInterrupt):  # the ingest itself is done
                report = replace(report, measured=calibrate(settings, embedder, line))
    finally:
        line.clear()
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _print_for_people(report)
    if options.paths and not report.records:
        if not options.json:
            print(
                "No given file holds a paper. Give saved pages of papers; README.md says in which forms.",
                file=sys.stderr,
            )
        return 1
    return 1 if options.strict and report.rejected else 0


def _print_for_people(report: SyncReport) -> None:
    for file in report.files:
        place = printable(file.path)
        for note in file.notes:
            print(f"{place}: {note}", file=sys.stderr)
        for rejected in file.rejected[:_SHOWN]:
            beginning = f" {rejected.text!r}" if rejected.text else ""
            print(f"{place}:{rejected.line}: {printable(rejected.reason)}{beginning}", file=sys.stderr)
        if len(file.rejected) > _SHOWN:
            print(f"{place}: {len(file.rejected) - _SHOWN} more; --json lists them all.", file=sys.stderr)
    for file in report.files:
        tally = file.tally
        if file.layout:
            print(
                f"{printable(file.name)} ({file.layout}): {tally.records:,} records, {tally.new:,} new,"
                f" {tally.changed:,} changed, {tally.unchanged:,} unchanged, {tally.duplicates:,} duplicates,"
                f" {len(file.rejected):,} rejected"
            )
    print(report.one_line())
    if report.measured:
        print(report.measured.in_words())


def _log(options: argparse.Namespace) -> int:
    from ingest.log import runs_as_json, runs_as_text
    from rag.settings import load_settings

    settings = load_settings(data_dir=options.data)
    show = runs_as_json if options.json else runs_as_text
    for text in show(settings.data_dir, run=options.run, last=options.last):
        print(text if options.json else printable(text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
