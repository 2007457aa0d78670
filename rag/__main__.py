"""`python -m rag`: search, ask, eval, support, papers, doctor, status.

Results go to stdout, problems to stderr. Exit codes: 0 done, 1 a check failed or a file could not be used, 2 wrong
usage, 3 the store or the embeddings cannot be used.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rag.commands import ask, doctor, eval, papers, search, status, support  # noqa: A004  the command is called eval
from rag.errors import AskPapersError

INTERRUPTED = 130  # what a shell reports after Ctrl-C
PIPE_CLOSED = 141  # what a shell reports when the reader of a pipe has gone

COMMANDS = {
    "search": (search, "find the papers nearest to a query"),
    "ask": (ask, "answer a question from the papers, with citations"),
    "eval": (eval, "measure search and answers on a file of questions"),
    "support": (support, "check whether abstracts carry sentences"),
    "papers": (papers, "list the indexed papers"),
    "doctor": (doctor, "check the store, the embeddings and the language model"),
    "status": (status, "say what is indexed"),
}


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="python -m rag", description="Ask questions of the papers that you have ingested."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        command.add_argument(
            "--data", type=Path, metavar="DIR", help="data folder (default: RAG_DATA_DIR, else ./data)"
        )
        command.add_argument("--json", action="store_true", help="print JSON alone to stdout")
        command.add_argument("-v", "--verbose", action="store_true", help="say on stderr what is being done")
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = build_parser().parse_args(argv)
    logging.basicConfig(
        level=logging.DEBUG if arguments.verbose else logging.ERROR, format="%(name)s: %(message)s", stream=sys.stderr
    )
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        from rag.settings import load_settings  # after --help has been answered: pydantic takes 0.2 s

        exit_code: int = arguments.run(arguments, load_settings(data_dir=arguments.data))
        sys.stdout.flush()
    except AskPapersError as error:
        print(f"{error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # `rag papers | head`: nothing is wrong; without this the interpreter complains once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:  # a full disk, a folder taken away: what no file of ours could foresee
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}. Check the disk and the permissions.", file=sys.stderr)
        return AskPapersError.exit_code
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
