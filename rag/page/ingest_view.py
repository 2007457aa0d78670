"""How far an ingest has come, and what it did: wherever on the page it was begun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from ingest.progress import Progress, Stage, duration
from ingest.telling import told
from rag.page import notices
from rag.page.ingesting import Ingesting, writer
from rag.page.mathematics import as_html
from rag.page.text import count, escape, label

if TYPE_CHECKING:
    from ingest.report import SyncReport

_OFTEN = 0.4  # seconds between two looks at a running ingest
_ELSEWHERE = 1.0  # seconds between two looks at the note of another process
_SHOWN_REJECTED = 200
_SHOWN_DUMPS = 20

STAGES: dict[Stage, str] = {
    "reading": "Reading",
    "embedding": "Embedding",
    "storing": "Storing",
    "publishing": "Publishing",
    "measuring": "Measuring",
}


def running(job: Ingesting) -> None:
    """Progress, looked at again and again until the job is over."""

    @st.fragment(run_every=_OFTEN)
    def look() -> None:
        if job.over:
            st.rerun(scope="app")
        with st.container(key="running"):
            st.html(steps_html(job))
            st.progress(share_done(job), text=label(progress_words(job)))
            st.button("Cancel", on_click=job.cancel, key="cancel-ingest", disabled=job.cancelling)

    look()


def running_elsewhere(data_dir: Path) -> None:
    """The same for an ingest that another process runs, which only that process can stop."""

    @st.fragment(run_every=_ELSEWHERE)
    def look() -> None:
        process = writer(data_dir)
        if process is None:
            st.rerun(scope="app")
        progress = told(data_dir, process)
        st.html(
            notices.notice_html(
                "Another program is adding papers",
                f"Process {process} writes to the index now, for example `python -m ingest` in a terminal.",
                "You can prepare dumps here meanwhile; adding them waits until it is done.",
                plain=True,
            )
        )
        if progress is not None:
            with st.container(key="running-elsewhere"):
                st.html(stages_html(progress.stage))
                st.progress(share_of(progress), text=label(words_of(progress)))

    look()


def steps_html(job: Ingesting) -> str:
    """The stages of a job by name, and which of them it is at."""
    return stages_html(job.progress.stage if job.progress else "reading", looking=job.task.dry_run)


def stages_html(now: Stage, *, looking: bool = False) -> str:
    """The stages by name, the one that it is at marked. `looking`: nothing but a look, which has one stage."""
    stages = list(STAGES)[:1] if looking else list(STAGES)
    items = []
    for stage in stages:
        place = stages.index(stage) - (stages.index(now) if now in stages else 0)
        state = "now" if place == 0 else "done" if place < 0 else ""
        items.append(f'<li class="{state}">{"Looking" if looking else STAGES[stage]}</li>')
    return f'<div role="status"><ol class="steps">{"".join(items)}</ol></div>'


def share_done(job: Ingesting) -> float:
    """How much of the present stage of a job is done, in [0, 1]."""
    return share_of(job.progress) if job.progress else 0.0


def share_of(progress: Progress) -> float:
    """How much of the present stage is done, in [0, 1]."""
    if progress.stage in {"publishing", "measuring"}:
        return 1.0
    share = progress.share if progress.share is not None else progress.done / progress.total if progress.total else 0.0
    return min(1.0, max(0.0, share))


def progress_words(job: Ingesting) -> str:
    """How far a job is, in words."""
    if job.cancelling:
        return "Stopping at the next step"
    return words_of(job.progress) if job.progress else "Opening the index"


def words_of(progress: Progress) -> str:
    """`120 of 900 passages, about 8 s left`."""
    if progress.total:
        words = f"{progress.done:,} of {count(progress.total, 'passage')}"
        if progress.stage == "reading":
            words = f"{progress.done:,} of {count(progress.total, 'paper')} cut into passages"
    elif progress.stage == "reading":
        words = f"{count(progress.done, 'paper')} so far"
    elif progress.stage == "measuring":
        words = "The papers are in; measuring how sure answers from them are"
    else:
        words = "Almost done"
    if progress.detail and progress.share is not None:
        words += f", {progress.detail}"
    if progress.seconds_left is not None:
        words += f", about {duration(max(1.0, progress.seconds_left))} left"
    return words


def finished(job: Ingesting) -> None:
    """What came of it."""
    if job.problem:
        notices.problem(job.problem)
    elif job.cancelled:
        st.html(
            notices.notice_html(
                "Cancelled",
                "The index is as it was.",
                "" if job.task.dry_run else "What was embedded is kept for the next time.",
                plain=True,
            )
        )
    elif job.report:
        st.html(report_html(job.report))


def report_html(report: SyncReport) -> str:
    """What each dump brought, or would bring."""
    table = figures_html(
        (
            file.name,
            (file.tally.new, file.tally.changed, file.tally.unchanged, file.tally.duplicates, len(file.rejected)),
        )
        for file in report.files
    )
    papers = count(report.papers_total, "paper")
    if report.dry_run:
        title, outcome = verdict_of(report), f"Nothing was changed. The index would hold {papers}."
    else:
        title, outcome = "Done", f"The index holds {papers}."
    if report.forgot:
        outcome = f"{count(report.pruned, 'paper')} went with {', '.join(report.forgot)}. {outcome}"
    outcome += f" {report.measured.in_words()}" if report.measured else ""
    notes = "".join(f"<p>{escape(file.name)}: {escape(note)}</p>" for file in report.files for note in file.notes)
    return (
        f'<div class="room" role="status"><h3>{title}</h3>{table}{titles_html(report)}<p>{escape(outcome)}</p>{notes}'
        f"{rejected_html(report)}</div>"
    )


def titles_html(report: SyncReport) -> str:
    """The first titles that a look found to be new. What was added is asked about and listed elsewhere."""
    if not report.dry_run or not report.titles:
        return ""
    items = "".join(f"<li>{as_html(title)}</li>" for title in report.titles)
    left = sum(file.tally.new for file in report.files) - len(report.titles)
    more = f"<li>and {left:,} more</li>" if left > 0 else ""
    return f'<p>New to the index:</p><ul class="came">{items}{more}</ul>'


def verdict_of(report: SyncReport) -> str:
    """What a look found, in a few words."""
    new, changed = (sum(getattr(file.tally, kind) for file in report.files) for kind in ("new", "changed"))
    if not report.records:
        return "No paper was found"
    if not new and not changed:
        return "Nothing new: the index has all of these papers"
    parts = [count(new, "new paper")] * bool(new) + [f"{changed:,} changed"] * bool(changed)
    return f"This would bring {' and '.join(parts)}"


def figures_html(brought: Iterable[tuple[str, Sequence[int]]]) -> str:
    """A table of what dumps brought: the name; new, changed, unchanged, duplicates, rejected. Empty without rows."""
    rows = list(brought)
    shown = rows if len(rows) <= _SHOWN_DUMPS + 1 else rows[:_SHOWN_DUMPS]
    if len(shown) < len(rows):
        shown = [*shown, (f"{len(rows) - len(shown):,} more dumps", _sums(rows[len(shown) :]))]
    if len(rows) > 1:
        shown = [*shown, ("Together", _sums(rows))]
    heads = "".join(f"<th>{each}</th>" for each in ("Dump", "New", "Changed", "Unchanged", "Duplicates", "Rejected"))
    lines = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(f'<td>{figure:,}</td>' for figure in figures)}</tr>"
        for name, figures in shown
    )
    return (
        '<div class="wide"><table class="figures brought">'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
        if lines
        else ""
    )


def _sums(rows: Sequence[tuple[str, Sequence[int]]]) -> list[int]:
    return [sum(column) for column in zip(*(figures for _, figures in rows), strict=True)]


def rejected_html(report: SyncReport) -> str:
    """What could not be read: file, line, reason, and how it begins. Open where nothing else was found."""
    lines = list(_rejected_lines(report))
    if not lines:
        return ""
    items = "".join(lines[:_SHOWN_REJECTED])
    more = f"<li>and {len(lines) - _SHOWN_REJECTED:,} more</li>" if len(lines) > _SHOWN_REJECTED else ""
    is_open = "" if report.records else " open"
    summary = f"{count(len(lines), 'place')} could not be read, and why"
    return f'<details class="rejected"{is_open}><summary>{summary}</summary><ul>{items}{more}</ul></details>'


def _rejected_lines(report: SyncReport) -> Iterator[str]:
    for file in report.files:
        for each in file.rejected:
            text = f'<span class="begins">{escape(each.text)}</span>' if each.text.strip() else ""
            yield f"<li><b>{escape(file.name)}, line {each.line}</b>: {escape(each.reason)}{text}</li>"
