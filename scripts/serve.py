"""`make app`: fills an empty index with the bundled sample, then serves the page on this machine."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import os
import socket
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from rag.errors import AskPapersError
from rag.index import Index
from rag.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "127.0.0.1"
SECRETS = ROOT / ".streamlit" / "secrets.toml"


def main() -> int:
    """Serve until the person stops it. Returns an exit code only where nothing could be served."""
    parser = argparse.ArgumentParser(prog="make app", description=__doc__)
    parser.add_argument("--port", default="8501")
    parser.add_argument("--address", default=ADDRESS)
    options = parser.parse_args()
    asked = options.port
    port = int(asked) if asked.isdecimal() else 0
    problem = port_problem(port) if port else f"{asked!r} is no port; choose a number, as in make app PORT=8502."
    problem = problem or address_problem(options.address, SECRETS)
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
    return serve(port, options.address)


def serve(port: int, address: str = ADDRESS) -> NoReturn:
    """Become Streamlit: signals and the exit code are its own then."""
    os.chdir(ROOT)
    options = ["--server.address", address, "--server.port", str(port)]
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


def address_problem(address: str, secrets: Path) -> str:
    """One sentence where the page must not listen there, else empty: others come in only where they sign in."""
    try:
        listens_here = ipaddress.ip_address(address).is_loopback
    except ValueError:
        return f"{address!r} is no address of a network; name one, as in make app ADDRESS=0.0.0.0."
    try:
        signs_in = "auth" in tomllib.loads(secrets.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        signs_in = False
    if listens_here or signs_in:
        return ""
    return (
        f"Without sign-in the page listens on this machine only, not on {address}; "
        "docs/shared-server.md says how to set sign-in up."
    )


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
