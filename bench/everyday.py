"""What a person waits for every day: an ingest, a search, an answer, a command."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from bench.measuring import folder_size, milliseconds, percentile, run_command, table
from rag.answer import Assistant
from rag.chosen_embedder import open_embedder
from rag.index import Index
from rag.search import search
from rag.settings import Settings


def ingest_table(dumps: Path, data: Path) -> str:
    """The first ingest, one with nothing new, and what the index takes on disk."""
    first = run_command("ingest", dumps, "--data", data, "--json")
    again = run_command("ingest", dumps, "--data", data, "--json")
    papers = json.loads(first.stdout)["papers_total"]
    rows: list[list[object]] = [
        ["first", papers, json.loads(first.stdout)["embedded"], *_run(first.seconds, first.peak_memory)],
        ["nothing new", papers, json.loads(again.stdout)["embedded"], *_run(again.seconds, again.peak_memory)],
    ]
    size = folder_size(data)
    return (
        table(["ingest", "papers", "embedded", "seconds", "peak memory (MB)"], rows)
        + f"\n\nThe index takes {size / 1e6:.1f} MB on disk, {size / papers / 1000:.1f} kB a paper."
    )


def _run(seconds: float, peak_memory: float) -> list[object]:
    return [f"{seconds:.1f}", f"{peak_memory:.0f}"]


def latency_table(questions: Path, data: Path) -> str:
    """Search and extractive answers in a warm process, and whole commands."""
    asked = [json.loads(line)["question"] for line in questions.read_text(encoding="utf-8").splitlines()]
    embedder = open_embedder(Settings())
    with closing(Index.open(data)) as index:
        assistant = Assistant(index, embedder, Settings())

        def find(question: str) -> None:
            with index.reading() as reading:
                search(reading, embedder, question, k=10)

        def answer(question: str) -> None:
            assistant.ask(question, use_model=False)

        rows: list[list[object]] = []
        for name, action in (("search", find), ("extractive answer", answer)):
            action(asked[0])
            taken = milliseconds(action, asked)
            rows.append([f"{name}, warm", len(taken), f"{percentile(taken, 50):.0f}", f"{percentile(taken, 95):.0f}"])
    commands = {
        "`rag --help`, whole command": ["rag", "--help"],
        "`rag search`, whole command": ["rag", "search", asked[0], "--data", data],
        "`rag ask --no-llm`, whole command": ["rag", "ask", asked[0], "--no-llm", "--data", data],
    }
    for name, command in commands.items():
        taken = [1000 * run_command(*command).seconds for _ in range(5)]
        rows.append([name, len(taken), f"{percentile(taken, 50):.0f}", f"{percentile(taken, 95):.0f}"])
    return table(["milliseconds", "runs", "p50", "p95"], rows)
