"""How far an ingest has come, and what it did: wherever on the page it was begun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from rag.page import notices
from rag.page.ingesting import Ingesting
from rag.page.text import count, escape, label

_OFTEN = 0.4  # seconds between two looks at a running ingest
_SHOWN_REJECTED = 8

STAGES = {
    "reading": "Reading the dumps",
    "embedding": "Embedding passages",
    "storing": "Storing passages",
    "publishing": "Publishing",
}


def draw(job: Ingesting | None) -> None:
    """Progress with a way to cancel, then the outcome."""
    if job is None:
        return
    if job.over:
        _finished(job)
    else:
        _running(job)


def _running(job: Ingesting) -> None:
    @st.fragment(run_every=_OFTEN)
    def look() -> None:
        if job.over:
            st.rerun(scope="app")
        progress = job.progress
        share = progress.done / progress.total if progress and progress.total else 0.0
        st.progress(min(share, 1.0), text=label(progress_words(job)))
        st.button("Cancel", on_click=job.cancel, key="cancel-ingest")

    look()


def progress_words(job: Ingesting) -> str:
    """`Embedding passages: 120 of 900, about 8 s left`."""
    progress = job.progress
    if progress is None:
        return "Opening the index"
    words = STAGES[progress.stage]
    if progress.total:
        words += f": {progress.done:,} of {progress.total:,}"
    if progress.seconds_left is not None:
        words += f", about {max(1, round(progress.seconds_left)):,} s left"
    return words


def _finished(job: Ingesting) -> None:
    if job.problem:
        notices.problem(job.problem)
    elif job.cancelled:
        st.html(
            notices.notice_html("Cancelled", "The index is as it was.", "What was embedded is kept for the next time.")
        )
    elif job.report:
        st.html(report_html(job))


def report_html(job: Ingesting) -> str:
    """What each dump brought, or would bring."""
    report = job.report
    if report is None:
        return ""
    table = figures_html(
        (file.name, file.tally.new, file.tally.changed, file.tally.unchanged, file.tally.duplicates, len(file.rejected))
        for file in report.files
    )
    rejected = [f"{file.name}, line {each.line}: {each.reason}" for file in report.files for each in file.rejected]
    title = "This is what would happen" if report.dry_run else "Done"
    papers = count(report.papers_total, "paper")
    outcome = f"Nothing was changed. The index would hold {papers}." if report.dry_run else f"The index holds {papers}."
    return f'<div class="room"><h3>{title}</h3>{table}<p>{outcome}</p>{_rejected(rejected)}</div>'


def figures_html(rows: Iterable[tuple[str, int, int, int, int, int]]) -> str:
    """A table of what dumps brought: name, new, changed, unchanged, duplicates, rejected. Empty without rows."""
    heads = "".join(f"<th>{each}</th>" for each in ("Dump", "New", "Changed", "Unchanged", "Duplicates", "Rejected"))
    lines = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(f'<td>{figure:,}</td>' for figure in figures)}</tr>"
        for name, *figures in rows
    )
    return (
        f'<div class="wide"><table class="figures"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
        if lines
        else ""
    )


def _rejected(lines: Sequence[str]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines[:_SHOWN_REJECTED])
    more = f"<li>and {len(lines) - _SHOWN_REJECTED:,} more</li>" if len(lines) > _SHOWN_REJECTED else ""
    return f'<details class="near"><summary>Rejected, and why</summary><ul>{items}{more}</ul></details>'
