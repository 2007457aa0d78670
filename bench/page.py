"""How soon the page is there, and how long answers take while others ask: real servers, a real browser, real sessions.

    python -m bench.page [--data DIR] [--rounds 3] [--sessions 1 5 20]

Without an index named by `--data` one of 30,299 real papers is made. Their vectors are mixed from a few hundred real
ones (`bench/recombined.py`): such an index opens and answers in the same time as any other.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.measuring import percentile, run_command, table
from bench.recombined import RecombiningEmbedder, real_records, vector_pool
from bench.retrieval_sets import shared_folder
from bench.sessions import answer_times
from ingest.sync import sync
from rag.chosen_embedder import open_embedder
from rag.page.holdings import read_holdings
from rag.settings import Settings
from scripts.chromium import find_chromium
from scripts.page_server import ROOT, page_server

SESSIONS = (1, 5, 20)
_ROUNDS = 3  # fresh servers
_POOL = 500  # real chunks that are embedded
_EACH = 5  # questions of a session, one after the other
_PATIENCE = 120_000  # ms
_QUESTION = "How can a language model be trained with less memory?"
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, help="an index to measure over")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="servers that are started")
    parser.add_argument("--sessions", type=int, nargs="+", default=list(SESSIONS), help="simultaneous sessions")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or large_index(Path(folder) / "page")
        print(opening_table(data, rounds=options.rounds), flush=True)
        print(f"\n{load_table(data, options.sessions)}")
    return 0


def large_index(folder: Path) -> Path:
    """An index of all real papers; of the sample where there are none. What is there already is used again."""
    data = folder / "data"
    if (data / "catalogue.sqlite").exists():
        return data
    shared = shared_folder()
    if not (shared / "corpora").is_dir():
        run_command("ingest", ROOT / "samples" / "well-known-papers.txt", "--data", data)
        return data
    real = real_records(shared)
    embedder = RecombiningEmbedder(open_embedder(Settings()), vector_pool(real, _POOL))
    dumps = [str(path) for path in sorted((shared / "corpora").glob("*.jsonl.gz"))]
    sync(dumps, Settings(data_dir=data, chroma_url=""), embedder=embedder)
    return data


def opening_table(data: Path, *, rounds: int = _ROUNDS) -> str:
    """Seconds from the start of the server and from the opening of the page, for its first visitor and the next."""
    from playwright.sync_api import sync_playwright  # a development dependency: only browsers need it

    first: list[list[float]] = []
    later: list[list[float]] = []
    healthy: list[float] = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        chromium.new_page().goto("about:blank")  # the browser's own start is not ours
        for _ in range(rounds):
            began = time.perf_counter()
            with page_server(data, cwd=Path(folder), RAG_KEEP_CONVERSATIONS="no") as address:
                healthy.append(time.perf_counter() - began)
                for found in (first, later):
                    page = chromium.new_context(viewport={"width": 1280, "height": 860}).new_page()
                    page.set_default_timeout(_PATIENCE)
                    began = time.perf_counter()
                    page.goto(address, wait_until="commit")
                    box = page.locator('[data-testid="stChatInputTextArea"]')
                    box.wait_for()
                    usable = time.perf_counter() - began
                    painted = page.evaluate(_FIRST_PAINT) / 1000
                    box.fill(_QUESTION)
                    asked = time.perf_counter()
                    box.press("Enter")
                    page.locator(".act").wait_for()
                    found.append([painted, usable, time.perf_counter() - asked])
                    page.context.close()
        chromium.close()
    papers = read_holdings(data).counts.papers
    rows = [
        [
            name,
            f"{statistics.median(healthy):.1f}" if found is first else "",
            *(f"{_middle(found, n):.1f}" for n in range(3)),
        ]
        for name, found in (("first after the server's start", first), ("the next", later))
    ]
    heads = [f"visitor ({papers:,} papers), seconds", "server up", "first paint", "box to type in", "first answer"]
    return f"{table(heads, rows)}\n\nMedians of {rounds} fresh servers."


def _middle(found: Sequence[Sequence[float]], column: int) -> float:
    return statistics.median(row[column] for row in found)


def load_table(data: Path, sessions: Sequence[int] = SESSIONS, *, each: int = _EACH) -> str:
    """Milliseconds from a question to its whole extractive answer on the page, while others ask as fast as they can."""
    rows: list[list[object]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        page_server(data, cwd=Path(folder), RAG_KEEP_CONVERSATIONS="no") as address,
    ):
        answer_times(address, sessions=1, each=3)  # warm
        for number in sessions:
            began = time.perf_counter()
            taken = answer_times(address, sessions=number, each=each)
            rate = len(taken) / (time.perf_counter() - began)
            rows.append([number, len(taken), *(f"{percentile(taken, p):.0f}" for p in (50, 95)), f"{rate:.1f}"])
    return table(["simultaneous sessions", "answers", "p50 (ms)", "p95 (ms)", "answers a second"], rows)


if __name__ == "__main__":
    sys.exit(main())
