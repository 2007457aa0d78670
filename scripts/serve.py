"""`make app`: fills an empty index with the bundled sample, then serves the page on this machine."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from rag.errors import AskPapersError
from rag.index import Index
from rag.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "127.0.0.1"


def main() -> int:
    """Serve until the person stops it. Returns an exit code only where nothing could be served."""
    parser = argparse.ArgumentParser(prog="make app", description=__doc__)
    parser.add_argument("--port", default="8501")
    asked = parser.parse_args().port
    port = int(asked) if asked.isdecimal() else 0
    problem = port_problem(port) if port else f"{asked!r} is no port; choose a number, as in make app PORT=8502."
    if problem:
        print(problem, file=sys.stderr)
        return 1
    try:
        settings = load_settings()
    except AskPapersError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if is_empty(settings):
        print("The index is empty: ingesting the bundled sample ...", flush=True)
        # Where that fails the page still comes up, and says what is wrong.
        subprocess.run([sys.executable, "-m", "ingest", "samples/well-known-papers.txt"], cwd=ROOT, check=False)
    print("Starting the page; Ctrl-C stops it.", flush=True)
    return serve(port)


def serve(port: int) -> NoReturn:
    """Become Streamlit: signals and the exit code are its own then."""
    os.chdir(ROOT)
    options = ["--server.address", ADDRESS, "--server.port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "app.py", *options])  # noqa: S606  ourselves


def is_empty(settings: Settings) -> bool:
    """True where no paper has been ingested. An index that cannot be read is not empty: the page explains it."""
    try:
        with (
            closing(Index.open(settings.data_dir, chroma_url=settings.chroma_url)) as index,
            index.reading() as reading,
        ):
            return reading.counts().papers == 0
    except AskPapersError:
        return False


def port_problem(port: int) -> str:
    """One sentence where nothing can listen on the port, else empty."""
    if not 1 <= port <= 65535:
        return f"{port} is no port; choose one between 1024 and 65535 with make app PORT=8502."
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
        try:
            candidate.bind((ADDRESS, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"Port {port} is in use: perhaps AskPapers is running already, see http://{ADDRESS}:{port}; "
                    f"choose another with make app PORT={port % 65535 + 1}."
                )
            return f"Port {port} cannot be used: {error.strerror}; choose another with make app PORT=8502."
    return ""


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
