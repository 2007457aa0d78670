"""How a command begins and ends: streams, logging, exit codes, and one sentence for each fault."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from rag.commands.terminal import printable, say
from rag.errors import AskPapersError

INTERRUPTED = 130  # what a shell reports after Ctrl-C
PIPE_CLOSED = 141  # what a shell reports when the reader of a pipe has gone


def prepare_output(*, verbose: bool = False) -> None:
    """Output is UTF-8 wherever it goes; what libraries log is shown only where it was asked for."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever began the command, as with >&-
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    level = logging.DEBUG if verbose else logging.ERROR
    logging.basicConfig(level=level, format="%(name)s: %(message)s", stream=sys.stderr)


class LineFaults:
    """Lines of a file that cannot be used: each is told on stderr at once, so that the others can go on."""

    exit_code = 0  # that of the last fault

    def tell(self, error: AskPapersError, name: object = "") -> None:
        """Say it, behind the line's own name where it has one."""
        say(f"{printable(str(name))}: {error}" if name != "" else str(error))
        self.exit_code = error.exit_code


def told(run: Callable[[], int], *, when_stopped: str = "") -> int:
    """Run a command and return its exit code; a fault is told on stderr, with what to do about it."""
    try:
        exit_code = run()
        sys.stdout.flush()
    except AskPapersError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        if when_stopped:
            print(when_stopped, file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # `... | head`: nothing is wrong; without this the interpreter complains once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:  # a full disk, a folder taken away: what no file of ours could foresee
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}. Check the disk and the permissions.", file=sys.stderr)
        return AskPapersError.exit_code
    return exit_code
