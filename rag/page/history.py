"""What each ingest brought, the newest first: the ingest log as the page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from rag.page.holdings import Holdings
from rag.page.ingest_view import figures_html
from rag.page.text import count, escape

if TYPE_CHECKING:
    from ingest.log import Run

_SHOWN_RUNS = 8
_SHOWN_TITLES = 40
_KINDS = {"new": "new", "changed": "changed", "vanished": "no longer in any dump", "pruned": "taken out"}


def draw(data_dir: Path, holdings: Holdings) -> None:
    """The whole history; nothing where there was no ingest. Raises StoreError."""
    runs, newest = _read(str(data_dir), holdings.state.generation, holdings.state.revision)
    if runs:
        st.html(history_html(runs, newest))


@st.cache_resource(show_spinner=False, max_entries=2)
def _read(data_dir: str, generation: int, revision: int) -> tuple[list[Run], Run | None]:
    """The last runs, and the newest with the papers that it met; once per published corpus."""
    del generation, revision  # they name the corpus in the cache
    from ingest.log import runs

    found = runs(Path(data_dir), last=_SHOWN_RUNS)
    return found, runs(Path(data_dir), run=found[0].run)[0] if found else None


def history_html(runs: Sequence[Run], newest: Run | None) -> str:
    """One line a run, what each of its dumps brought behind it; the newest also with titles."""
    items = "".join(_run_html(run, newest if newest and newest.run == run.run else None) for run in runs)
    return f'<div class="room"><h2>History</h2>{items}</div>'


def _run_html(run: Run, with_titles: Run | None) -> str:
    when = datetime.fromisoformat(run.started).astimezone().strftime("%-d %b %Y, %H:%M")
    changes = {
        "new": sum(dump.new for dump in run.dumps),
        "changed": sum(dump.changed for dump in run.dumps),
        "vanished": run.vanished,
        "pruned": run.pruned,
    }
    words = ", ".join(f"{number:,} {_KINDS[kind]}" for kind, number in changes.items() if number) or "nothing new"
    table = figures_html(
        (dump.name, dump.new, dump.changed, dump.unchanged, dump.duplicates, dump.rejected)
        for dump in run.dumps
        if dump.records or dump.rejected
    )
    return (
        f'<details class="run"><summary><b>{escape(when)}</b> {escape(words)} · '
        f"{count(run.papers_total, 'paper')} in all</summary>{table}"
        f"{_titles_html(with_titles) if with_titles else ''}</details>"
    )


def _titles_html(run: Run) -> str:
    """Which papers came, changed or went; each once."""
    events = {event.paper_id: event for dump in run.dumps for event in dump.events if event.kind in _KINDS}
    if not events:
        return ""
    kinds = Counter(event.kind for event in events.values())
    mixed = len(kinds) > 1 or "new" not in kinds
    items = [
        f"<li>{escape(event.title)}{f' <span>({_KINDS[event.kind]})</span>' if mixed else ''}</li>"
        for event in list(events.values())[:_SHOWN_TITLES]
    ]
    if len(events) > _SHOWN_TITLES:
        items.append(f"<li>and {len(events) - _SHOWN_TITLES:,} more</li>")
    return f'<ul class="came">{"".join(items)}</ul>'
