"""Fits the confidence's weights anew, and what leave-one-out usually gives: `python -m scripts.fit_confidence`.

Due after every exchange of the embedding model or of the cross-encoder, and after every change of a signal. Reads
questions with and without an answer over real dumps (those of ASKPAPERS_SHARED, else of `../shared`), prints what the
old and the new weights do with them, and writes rag/fitted.py. `--dry-run` only prints.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from bench.measuring import ROOT, run_command, table
from bench.retrieval_sets import shared_folder
from rag import fitted
from rag.clock import Clock
from rag.close_reading import read_closely
from rag.confidence import LOOKED_AT, Signals, signals_of
from rag.embedder import Embedder
from rag.evaluation.leave_one_out import MOST, signals_twice
from rag.evaluation.question_sets import EvaluationQuestion, read_question_set
from rag.finding import Finder
from rag.fitted import Usual, Weights
from rag.index import Index
from rag.minilm import bundled_embedder

TARGET = ROOT / "rag" / "fitted.py"
WRONGLY_REFUSED = 0.048  # share of the answerable questions, at most: the bias is moved until it is met
_PENALTY = 10.0  # on the squared weights of signals of unit variance, chosen by the fits on other questions
_FOLDS, _ROUNDS = 8, 6
_WEIGHED = ("worst_words", "number_gap", "score", "meaning", "answered")

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what the confidence sees of it."""

    signals: Signals
    answerable: bool
    near: bool  # a paper on the topic is there, the fact is not


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print, write; returns the exit code."""
    shared = shared_folder()
    parser = argparse.ArgumentParser(prog="python -m scripts.fit_confidence", description=(__doc__ or "").strip())
    parser.add_argument("--dumps", type=Path, default=shared / "dumps", help="papers that the questions are about")
    parser.add_argument(
        "--questions",
        type=Path,
        nargs="+",
        default=[shared / "eval" / "dev.jsonl", shared / "eval" / "unanswerable.jsonl"],
        help="JSONL of id, question, relevant titles and, where nothing answers, near titles",
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    missing = [path for path in (options.dumps, *options.questions) if not path.exists()]
    if missing:
        parser.error(f"not there: {', '.join(map(str, missing))}; set ASKPAPERS_SHARED to the folder of real dumps")
    embedder = bundled_embedder()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        run_command("ingest", options.dumps, "--data", data)
        examples = examples_of(data, embedder, [one for path in options.questions for one in _read(path)])
        titles = [withheld for _, withheld in signals_twice(data, embedder, most=MOST)]
    weights = fit(examples)
    usual = Usual(round(mean(signals.odds(weights) for signals in titles), 2))
    print(comparison(examples, weights))
    text = render(weights, usual, version=fitted.VERSION + 1)
    if options.dry_run:
        print(text)
    else:
        TARGET.write_text(text, encoding="utf-8")
        print(f"{TARGET.relative_to(ROOT)} is written. Run the tests, and `make bench PARTS=refusals`.")
    return 0


def _read(path: Path) -> tuple[EvaluationQuestion, ...]:
    return read_question_set(path).questions


def examples_of(data: Path, embedder: Embedder, questions: Sequence[EvaluationQuestion]) -> list[Example]:
    """What the confidence sees of each question; those that are counted or name no topic are left out."""
    found = []
    with closing(Index.open(data)) as index:
        finder = Finder(index, embedder)
        for question in questions:
            asked = finder.find(question.text, question.history, None, limit=LOOKED_AT, clock=Clock())
            read = read_closely(asked.standalone, asked.hits[:LOOKED_AT], embedder)
            signals = None if asked.extract else signals_of(asked.standalone, asked.hits, read)
            if signals is not None:
                found.append(Example(signals, question.answerable, bool(question.near)))
    return found


def fit(examples: Sequence[Example]) -> Weights:
    """Logistic regression with both sides weighed alike; then the bias that refuses few enough of the answerable."""
    raw = np.array([[getattr(one.signals, name) for name in _WEIGHED] for one in examples])
    truths = np.array([float(one.answerable) for one in examples])
    middle, spread = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-9)
    found = _regress((raw - middle) / spread, truths)
    weights = np.round(found[:-1] / spread, 2)  # as they are written, so that the bias belongs to them
    scores = np.sort((raw @ weights)[truths == 1])
    place = min(round(WRONGLY_REFUSED * len(scores)), len(scores) - 1)  # so many scores stay below zero
    bias = math.ceil(-100 * float(scores[place])) / 100
    return Weights(**dict(zip(_WEIGHED, map(float, weights), strict=True)), bias=bias)


def _regress(features: Matrix, truths: Matrix) -> Matrix:
    """Weights of the features and, last, of the constant; by Newton's method."""
    design = np.column_stack([features, np.ones(len(features))])
    counts = np.where(truths == 1, 0.5 / truths.mean(), 0.5 / (1 - truths.mean()))
    penalty = np.diag([*[_PENALTY] * features.shape[1], 0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(100):
        shares = 1 / (1 + np.exp(-np.clip(design @ weights, -50, 50)))
        descent = design.T @ (counts * (shares - truths)) + penalty @ weights
        curvature = (design * (counts * shares * (1 - shares))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature, descent)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return np.asarray(weights)


def comparison(examples: Sequence[Example], weights: Weights) -> str:
    """The old weights, the new ones, and weights fitted without the questions that they are judged by."""
    odds = {
        "as it stands": np.array([one.signals.odds() for one in examples]),
        "fitted": np.array([one.signals.odds(weights) for one in examples]),
        "fitted on others": _by_others(examples),
    }
    groups = {
        "answerable": np.array([one.answerable for one in examples]),
        "off topic": np.array([not one.answerable and not one.near for one in examples]),
        "near": np.array([not one.answerable and one.near for one in examples]),
    }
    there = groups["answerable"]
    rows: list[list[object]] = []
    for name, found in odds.items():
        shares = [f"{(found[chosen] < 0).mean():.3f}" if chosen.any() else "-" for chosen in groups.values()]
        rows.append([name, *shares, f"{_area(found[there], found[~there]):.3f}"])
    heads = [f"refused: {name}, {int(chosen.sum())}" for name, chosen in groups.items()]
    return table(["weights", *heads, "area under the ROC"], rows)


def _by_others(examples: Sequence[Example]) -> Matrix:
    """Each question's odds by weights that were fitted without it, the mean of several ways to cut the set."""
    total = np.zeros(len(examples))
    for seed in range(_ROUNDS):
        parts = np.random.default_rng(seed).permutation(len(examples)) % _FOLDS
        for part in range(_FOLDS):
            weights = fit([one for one, mine in zip(examples, parts, strict=True) if mine != part])
            for place in map(int, np.flatnonzero(parts == part)):
                total[place] += examples[place].signals.odds(weights) / _ROUNDS
    return total


def _area(higher: Matrix, lower: Matrix) -> float:
    if not len(higher) or not len(lower):
        return float("nan")
    return float((higher[:, None] > lower[None]).mean() + 0.5 * (higher[:, None] == lower[None]).mean())


def render(weights: Weights, usual: Usual, *, version: int) -> str:
    """rag/fitted.py with these values in it."""
    kept = [line for line in TARGET.read_text(encoding="utf-8").splitlines() if not line.startswith(_ASSIGNED)]
    named = ", ".join(f"{each.name}={value}" for each, value in zip(fields(weights), astuple(weights), strict=True))
    values = [
        f"VERSION = {version}  # grows with every fit: calibrations made with another one are not used",
        f"WEIGHTS = Weights({named})",
        f"USUAL = Usual(withheld={usual.withheld})",
    ]
    return "\n".join([*kept, *values]) + "\n"


_ASSIGNED = ("VERSION = ", "WEIGHTS = ", "USUAL = ")


if __name__ == "__main__":
    sys.exit(main())
