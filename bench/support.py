"""`python -m bench.support`: how often the check of rag/support is wrong, per kind of mistake, and how long it takes.

The labelled pairs of ASKPAPERS_SHARED (else `../shared`), our own sentences about real papers (`bench/pairs`,
`bench/edits`) and SciFact's verdicts; of the latter those held out, which had no part in making rules or model.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.edits_by_hand import read_edits, read_summaries
from bench.measuring import ROOT, milliseconds, percentile, table
from bench.pairs_by_hand import HELD_OUT, TWINS_HELD_OUT, Pair, Papers, read_pairs, read_papers
from bench.verdicts import as_pairs, read_claims
from rag.corpus import Support, Verdict, normalise_title
from rag.support import check_sentence


def main() -> int:
    """Print the tables; returns the exit code."""
    shared = (ROOT / os.environ.get("ASKPAPERS_SHARED", "../shared")).resolve()
    if not (shared / "eval").is_dir():
        print(f"{shared} holds no labelled pairs; set ASKPAPERS_SHARED to the folder of real dumps.", file=sys.stderr)
        return 1
    print(support_tables(shared))
    return 0


def support_tables(shared: Path) -> str:
    """The error rates on each set, then those per kind of mistake."""
    papers = read_papers(shared)
    ours = _held_out(read_pairs(papers))
    sets = {
        "labelled pairs": list(_labelled(shared, papers)),
        "our own": [pair for pair in ours if pair.file != TWINS_HELD_OUT],
        "our own twins": [pair for pair in ours if pair.file == TWINS_HELD_OUT],
        "changed sentences": _held_out(read_edits(papers, read_summaries(shared))),
        "SciFact": list(as_pairs(read_claims(shared, held_out=True))),
    }
    overview: list[list[object]] = []
    kinds: list[list[object]] = []
    for name, pairs in sets.items():
        verdicts: list[Verdict] = []

        def check(pair: Pair, found: list[Verdict] = verdicts) -> None:
            found.append(check_sentence(pair.sentence, pair.title, pair.abstract))

        taken = milliseconds(check, pairs)
        flagged = _flagged_by_kind(pairs, verdicts)
        overview.append(
            [
                name,
                len(pairs),
                *(_share(flag for (label, _), flags in flagged.items() if label == wanted for flag in flags)
                  for wanted in ("supported", "unsupported", "partial")),
                _share(_right_quotes(pairs, verdicts)),
                f"{percentile(taken, 50):.1f}",
            ]
        )  # fmt: skip
        kinds += [
            [name, kind, len(flags), _share(flags)] for (label, kind), flags in flagged.items() if label != "supported"
        ]
    return "\n\n".join(
        [
            table(
                ["set", "pairs", "false alarms", "flagged", "partly carried, noticed", "right quote", "ms"], overview
            ),
            table(["set", "kind of mistake", "pairs", "flagged"], kinds),
        ]
    )


def _held_out(pairs: Iterable[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.file.startswith(HELD_OUT)]


def _labelled(shared: Path, papers: Papers) -> Iterable[Pair]:
    for line in (shared / "eval" / "support.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        title, abstract = papers[normalise_title(row["title"])]
        yield Pair(row["sentence"], title, abstract, row["label"], row["kind"], (row["quote"],), "")


def _flagged_by_kind(pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> dict[tuple[Support, str], list[bool]]:
    found: dict[tuple[Support, str], list[bool]] = defaultdict(list)
    for pair, verdict in zip(pairs, verdicts, strict=True):
        found[pair.label, pair.kind].append(verdict.support != "supported")
    return dict(sorted(found.items(), key=lambda item: (item[0][0] == "partial", -len(item[1]))))


def _right_quotes(pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> list[bool]:
    """For each supported pair whose quote is known: is ours a part of it, or it a part of ours?"""
    right = []
    for pair, verdict in zip(pairs, verdicts, strict=True):
        if pair.label == "supported" and pair.quotes:
            ours = " ".join((verdict.quote.text if verdict.quote else "").split())
            wanted = [" ".join(quote.split()) for quote in pair.quotes]
            right.append(bool(ours) and any(ours in quote or quote in ours for quote in wanted))
    return right


def _share(flags: Iterable[bool]) -> str:
    listed = list(flags)
    return f"{100 * sum(listed) / len(listed):.0f} %" if listed else "-"


if __name__ == "__main__":
    sys.exit(main())
