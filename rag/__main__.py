"""`python -m rag`: search, ask, eval, support, papers, doctor, status, and what belongs to kept conversations.

Results go to stdout, problems to stderr. Exit codes: 0 done, 1 a check failed or a file could not be used, 2 wrong
usage, 3 the store or the embeddings cannot be used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rag.commands import ask, conversations, doctor, export, feedback, papers, replay, search, status, support
from rag.commands import eval as evaluate
from rag.commands.ending import prepare_output, told
from rag.commands.option_values import path

COMMANDS = {
    "search": (search, "find the papers nearest to a query"),
    "ask": (ask, "answer a question from the papers, with citations"),
    "eval": (evaluate, "measure search and answers on a file of questions"),
    "support": (support, "check whether abstracts carry sentences"),
    "papers": (papers, "list the indexed papers"),
    "doctor": (doctor, "check the store, the embeddings and the language model"),
    "status": (status, "say what is indexed"),
    "conversations": (conversations, "list the conversations that the page has kept"),
    "export": (export, "write a kept conversation, or the papers that it cites"),
    "feedback": (feedback, "list the answers that were marked good or bad"),
    "replay": (replay, "tell whether the papers of today change the answers that were given before"),
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
            "--data", type=path, metavar="DIR", help="data folder (default: RAG_DATA_DIR, else ./data)"
        )
        command.add_argument("--json", action="store_true", help="print JSON alone to stdout")
        command.add_argument("-v", "--verbose", action="store_true", help="say on stderr what is being done")
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = build_parser().parse_args(argv)
    prepare_output(verbose=arguments.verbose)
    return told(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from rag.settings import load_settings  # after --help has been answered: pydantic takes 0.2 s

    exit_code: int = arguments.run(arguments, load_settings(data_dir=arguments.data))
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
