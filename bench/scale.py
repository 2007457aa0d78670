"""Search as the corpus grows: times with and without filters, memory and disk a paper, recall of the neighbours.

    python -m bench.scale [--papers 30299 60000 120000] [--pool 5000] [--keep DIR]

The corpora of ASKPAPERS_SHARED, else of `../shared`, then papers recombined from them (`bench/recombined.py`). Their
vectors are mixed from those of `--pool` real chunks; everything else is what an ingest does.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.measuring import folder_size, run_command, table
from bench.recombined import RecombiningEmbedder, made_records, real_records, vector_pool
from bench.retrieval_sets import shared_folder
from ingest.sync import sync
from rag.chosen_embedder import open_embedder
from rag.settings import Settings

SIZES = (30_299, 60_000, 120_000)  # all real papers, then made ones, too
_POOL = 5000  # real chunks that are embedded


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--papers", type=int, nargs="+", default=list(SIZES), help="sizes of the corpus, ascending")
    parser.add_argument("--pool", type=int, default=_POOL, help="real chunks that are embedded")
    parser.add_argument("--keep", type=Path, help="make the index here and leave it there")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        print(scale_table(options.keep or Path(folder), options.papers, pool=options.pool))
    return 0


def scale_table(folder: Path, sizes: Sequence[int] = SIZES, *, pool: int = _POOL) -> str:
    """Let a corpus grow in `folder`, which holds none yet, and measure it at each size; the first has real papers."""
    shared = shared_folder()
    if not (shared / "corpora").is_dir():
        return "No corpora are there; set ASKPAPERS_SHARED to the folder of real dumps."
    folder.mkdir(parents=True, exist_ok=True)
    real = real_records(shared)
    embedder = RecombiningEmbedder(open_embedder(Settings()), vector_pool(real, pool))
    rows: list[list[object]] = []
    before = 0
    for number, size in enumerate(sizes):
        records = list(made_records(real, size - before, seed=number)) if number else real[:size]
        dump = folder / f"part-{number}.jsonl"
        dump.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        began = time.perf_counter()
        sync([str(dump)], Settings(data_dir=folder / "data", chroma_url=""), embedder=embedder)
        taken = time.perf_counter() - began
        before += len(records)
        rows.append(_row(folder / "data", len(records), taken))
        print(f"{rows[-1][0]} papers measured", file=sys.stderr, flush=True)
    heads = ["papers", "chunks", "search p50", "p95", "CPU", "filtered p50", "p95", "filtered, first time", "recall@10",
             "recall@120", "memory (MB)", "kB a paper", "disk, kB a paper", "added a second"]  # fmt: skip
    return table(heads, rows)


def _row(data: Path, added: int, seconds: float) -> list[object]:
    found = json.loads(run_command("bench.scale_probe", data).stdout)
    papers = found["papers"]
    ms = [f"{found[name]:.1f}" for name in ("p50", "p95", "cpu", "filtered_p50", "filtered_p95", "filtered_first")]
    return [
        f"{papers:,}",
        f"{found['chunks']:,}",
        *ms,
        f"{found['recall_10']:.4f}",
        f"{found['recall_120']:.4f}",
        f"{found['memory'] / 1e6:.0f}",
        f"{found['memory'] / papers / 1000:.1f}",
        f"{folder_size(data) / papers / 1000:.1f}",
        f"{added / seconds:.0f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
