"""Serves the page on a free port for as long as something looks at it: browser tests and the pictures of the README."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_OURS = ("LLM_", "OPENAI_", "EMBED_", "CHROMA_", "RAG_")
_STARTS_WITHIN = 60.0  # seconds; two at most on a quiet machine


@contextmanager
def page_server(data_dir: Path, *, cwd: Path, **environment: str) -> Iterator[str]:
    """The address of a page over `data_dir`, run from `cwd`, where no .env of a person lies.

    Raises RuntimeError with what the server printed where it does not come up.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    log = cwd / f"page-{port}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)],
            cwd=cwd,
            env={**clean, "RAG_DATA_DIR": str(data_dir), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(server, f"http://127.0.0.1:{port}/_stcore/health", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    begin = time.monotonic()
    while time.monotonic() - begin < _STARTS_WITHIN and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    message = f"the page did not come up: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    raise RuntimeError(message)
