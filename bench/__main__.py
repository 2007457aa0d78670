"""`make bench`: everything that the README quotes, measured on this machine. `python -m bench PART...` measures parts.

The real dumps and questions are those of ASKPAPERS_SHARED, else of `../shared`; without them the sample is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.embed import embedding_table, prepare_other_side, some_papers
from bench.everyday import ingest_table, latency_table
from bench.first_word import asked_in, first_word_table
from bench.measuring import ROOT, run_command
from bench.page import large_index, load_table, opening_table
from bench.pairs_by_hand import read_papers
from bench.questions_by_hand import some_answered
from bench.rankings import ablation_table, ranking_table
from bench.refusals import refusal_table
from bench.retrieval_sets import retrieval_sets, shared_folder
from bench.scale import scale_table
from bench.support import support_tables
from bench.sureness import sureness_table
from rag.chosen_embedder import open_embedder
from rag.settings import Settings

_PAPERS_EMBEDDED = 200  # a round, by either side


def everyday(folder: Path, _options: argparse.Namespace) -> str:
    """The first ingest and the next, search and answers in a warm process, whole commands."""
    dumps, questions = _dumps(), _questions()
    data = folder / "everyday"
    return f"{ingest_table(dumps, data)}\n\n{latency_table(questions, data)}"


def quality(folder: Path, _options: argparse.Namespace) -> str:
    """`rag eval` with answers on the questions over the dumps, and on questions made from their papers."""
    data = folder / "quality"
    run_command("ingest", _dumps(), "--data", data)
    asked = run_command("rag", "eval", _questions(), "--data", data, "--answers").stdout
    return f"{asked}\n{run_command('rag', 'eval', '--self', '--data', data).stdout}"


def ranking(folder: Path, options: argparse.Namespace) -> str:
    """Our ranking beside simpler ones on every question set."""
    sets = retrieval_sets(folder)
    if not options.without_other_side:
        prepare_other_side()
    embedder = open_embedder(Settings(embed_base_url="", embed_model=""))
    return ranking_table(sets, embedder, with_other_side=not options.without_other_side)


def ablation(folder: Path, _options: argparse.Namespace) -> str:
    """What each idea of the ranking brings."""
    return ablation_table(retrieval_sets(folder), open_embedder(Settings(embed_base_url="", embed_model="")))


def refusals(folder: Path, _options: argparse.Namespace) -> str:
    """The ROC of answering or refusing."""
    sets = retrieval_sets(folder)
    return refusal_table(sets[0].data, open_embedder(Settings(embed_base_url="", embed_model="")))


def sureness(folder: Path, _options: argparse.Namespace) -> str:
    """The error of how sure answers are called, as shipped and as measured on each corpus."""
    return sureness_table(retrieval_sets(folder), open_embedder(Settings(embed_base_url="", embed_model="")))


def support(_folder: Path, _options: argparse.Namespace) -> str:
    """Error rates of the check of a sentence."""
    shared = shared_folder()
    return support_tables(shared) if (shared / "eval").is_dir() else "No labelled pairs are there."


def scale(folder: Path, _options: argparse.Namespace) -> str:
    """Search in a corpus that grows to 120,000 papers."""
    return scale_table(folder / "scale")


def page(folder: Path, _options: argparse.Namespace) -> str:
    """How soon the page is there, over 30,000 papers, in a real browser."""
    return opening_table(large_index(folder / "page"))


def first_word(folder: Path, _options: argparse.Namespace) -> str:
    """Our own part before a language model is asked, over the dumps and over 30,000 papers."""
    data = folder / "everyday"
    if not data.exists():
        run_command("ingest", _dumps(), "--data", data)
    over_dumps, large = asked_in(_questions()), large_index(folder / "page")
    has_corpora = (shared_folder() / "corpora").is_dir()
    of_large = some_answered(read_papers(shared_folder()), len(over_dumps)) if has_corpora else over_dumps
    return first_word_table({_dumps().name: (data, over_dumps), "large corpus": (large, of_large)})


def load(folder: Path, _options: argparse.Namespace) -> str:
    """Answers on the page while 1, 5 and 20 sessions ask at once."""
    return load_table(large_index(folder / "page"))


def embedding(_folder: Path, _options: argparse.Namespace) -> str:
    """Papers embedded and ingested a second, beside LlamaIndex's usual beginning."""
    prepare_other_side()
    return embedding_table(some_papers(_PAPERS_EMBEDDED), rounds=3)


PARTS: dict[str, Callable[[Path, argparse.Namespace], str]] = {
    part.__name__: part
    for part in (
        everyday,
        quality,
        ranking,
        ablation,
        refusals,
        sureness,
        support,
        scale,
        page,
        first_word,
        load,
        embedding,
    )
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables of the parts, or of all; returns the exit code."""
    what = "\n".join(f"  {name:<11}{(part.__doc__ or '').strip()}" for name, part in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=f"Measure all, or these parts:\n{what}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="(default: all of them)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the indexes here and use them again")
    parser.add_argument(
        "--without-other-side",
        action="store_true",
        help="leave LlamaIndex's usual beginning (torch) out of the ranking",
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.parts if name not in PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, {_dumps().name}")
    with tempfile.TemporaryDirectory() as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        for name in options.parts or PARTS:
            print(f"\n## {name}\n\n{PARTS[name](kept, options)}", flush=True)
    return 0


def _dumps() -> Path:
    folder = shared_folder() / "dumps"
    return folder if folder.is_dir() else ROOT / "samples" / "well-known-papers.txt"


def _questions() -> Path:
    path = shared_folder() / "eval" / "dev.jsonl"
    return path if path.is_file() else ROOT / "samples" / "questions.jsonl"


if __name__ == "__main__":
    sys.exit(main())
