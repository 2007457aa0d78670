"""How long our own part takes before a language model is asked: understanding, search, a look at the first paper.

The model is one of LlamaIndex's that answers at once, so that all that is measured before its first word is ours.

    python -m bench.first_word DATA [--questions FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from llama_index.core.llms import MockLLM

from bench.measuring import ROOT, percentile, table
from bench.retrieval_sets import shared_folder
from rag.answer import Assistant
from rag.chosen_embedder import open_embedder
from rag.index import Index
from rag.settings import Settings

STEPS = ("standalone", "search", "reading", "prompt")
_SOME = 60  # questions of each


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.first_word", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", type=Path, help="an index to measure over")
    parser.add_argument("--questions", type=Path, help="JSONL of questions; default: those over the dumps")
    options = parser.parse_args(arguments)
    print(first_word_table({options.data.name: (options.data, asked_in(options.questions or _questions()))}))
    return 0


def first_word_table(measured: Mapping[str, tuple[Path, Sequence[str]]]) -> str:
    """A row for each named index and its questions: milliseconds before the model is asked, by step (medians)."""
    rows = []
    for name, (data, questions) in measured.items():
        taken = overheads(data, questions[:_SOME])
        whole = [sum(steps.values()) for steps in taken]
        by_step = [f"{percentile([steps[step] for steps in taken], 50):.0f}" for step in STEPS]
        rows.append([name, len(taken), f"{percentile(whole, 50):.0f}", f"{percentile(whole, 95):.0f}", *by_step])
    return table(["before the model is asked (ms)", "questions", "p50", "p95", *STEPS], rows)


def overheads(data: Path, questions: Sequence[str]) -> list[dict[str, float]]:
    """Milliseconds of each of our steps, for every question that reaches the model."""
    settings = Settings(data_dir=data, llm_base_url="", llm_model="")
    taken: list[dict[str, float]] = []
    with closing(Index.open(data)) as index:
        assistant = Assistant(index, open_embedder(settings), settings, llm=MockLLM(max_tokens=3))
        assistant.warm_up()
        index.warm()
        assistant.ask(questions[0])
        for question in questions:
            answer = assistant.ask(question)
            if answer.prompt_fingerprint:
                taken.append({step: answer.timings_ms.get(step, 0.0) for step in STEPS})
    return taken


def asked_in(path: Path) -> list[str]:
    """The questions of a JSONL file."""
    return [str(json.loads(line)["question"]) for line in path.read_text(encoding="utf-8").splitlines()]


def _questions() -> Path:
    path = shared_folder() / "eval" / "dev.jsonl"
    return path if path.is_file() else ROOT / "samples" / "questions.jsonl"


if __name__ == "__main__":
    sys.exit(main())
