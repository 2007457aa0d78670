"""TREC runs: `query Q0 document rank score tag`, one line a hit, as trec_eval and its successors read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from rag.errors import UsageError
from rag.evaluation.evaluate import QuestionResult
from rag.evaluation.question_sets import is_number

Run = dict[str, list[tuple[str, float]]]  # query id -> documents with scores, best first

_BLANKS = re.compile(r"\s+")


def write_run(path: Path, results: Iterable[QuestionResult], *, k: int, tag: str = "askpapers") -> None:
    """Write the first k hits of every question. Blanks in ids become underscores, since blanks part the columns."""
    lines = [
        f"{column(result.question.question_id)} Q0 {column(key)} {rank} {score:.6f} {tag}\n"
        for result in results
        for rank, (key, score) in enumerate(islice(result.scores.items(), k), start=1)
    ]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", hint="Give another path to --run.") from error


def read_run(path: Path) -> Run:
    """Query id -> documents with scores, best first (by score, as trec_eval; the rank column is not looked at)."""
    run: Run = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as a run.", hint="Give a file that --run wrote.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) != 6 or not is_number(parts[4]):
            raise UsageError(f"Line {number} of {path} is no line of a run.", hint="qid Q0 docid rank score tag")
        query, _, document, _, score, _ = parts
        run.setdefault(query, []).append((document, float(score)))
    return {query: sorted(hits, key=lambda hit: -hit[1]) for query, hits in run.items()}


def column(text: str) -> str:
    """A name without blanks, which part the columns of a run."""
    return _BLANKS.sub("_", text.strip()) or "_"
