"""What an ingest did, or would do: one object for programs, one line for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.ledger import Tally
from ingest.progress import duration
from ingest.record import Rejected

if TYPE_CHECKING:
    from ingest.calibrating import Measured


@dataclass(slots=True)
class FileReport:
    """What became of one dump."""

    path: str  # as given, with the member's name inside archives
    name: str  # as shown to people
    layout: str  # "" where none fits
    tally: Tally = field(default_factory=Tally)
    rejected: list[Rejected] = field(default_factory=list)
    notes: tuple[str, ...] = ()  # what reading found odd, for example bytes of another encoding
    was_read: bool = True  # False where the very same file was ingested before

    def as_json(self) -> dict[str, object]:
        """The shape that docs/commands.md lists."""
        return {
            "path": self.path,
            "layout": self.layout,
            "records": self.tally.records,
            "new": self.tally.new,
            "changed": self.tally.changed,
            "unchanged": self.tally.unchanged,
            "duplicates": self.tally.duplicates,
            "rejected": [{"line": each.line, "reason": each.reason, "text": each.text} for each in self.rejected],
        }


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What an ingest did; after a dry run, what it would do."""

    files: tuple[FileReport, ...]
    papers_total: int
    chunks_total: int
    embedded: int  # texts that were turned into vectors
    vanished: int  # papers that no dump in place holds any more
    pruned: int
    seconds: float
    dry_run: bool
    generation: int  # that readers see now; 0 where nothing is published
    forgot: tuple[str, ...] = ()  # names of the dumps that were taken out
    measured: Measured | None = None  # how sure answers are, where that was measured anew
    titles: tuple[str, ...] = ()  # of the first papers that are new, in the order of arrival

    @property
    def records(self) -> int:
        """Records read as papers, from all dumps."""
        return sum(file.tally.records for file in self.files)

    @property
    def rejected(self) -> int:
        """Places that could not be read, in all dumps."""
        return sum(len(file.rejected) for file in self.files)

    def as_json(self) -> dict[str, object]:
        """The shape that docs/commands.md lists."""
        return {
            "files": [file.as_json() for file in self.files],
            "papers_total": self.papers_total,
            "chunks_total": self.chunks_total,
            "embedded": self.embedded,
            "seconds": round(self.seconds, 3),
            "calibration": self.measured.as_json() if self.measured else None,
        }

    def one_line(self) -> str:
        """The summary for people."""
        parts = [self._read()] if self.files or not (self.forgot or self.pruned) else []
        if self.forgot:
            parts.append(f"{', '.join(self.forgot)} taken out")
        if self.vanished:
            parts.append(f"{_many(self.vanished, 'paper')} vanished")
        if self.pruned or self.forgot:
            parts.append(f"{_many(self.pruned, 'paper')} dropped")
        total = (
            f"{_many(self.papers_total, 'paper')} in {_many(self.chunks_total, 'passage')}, {self.embedded:,} embedded"
        )
        if self.dry_run:
            return f"Nothing was changed. It would be: {', '.join(parts)}. Then {total}."
        return f"{', '.join(parts)}. Now {total}, {duration(self.seconds)}."

    def _read(self) -> str:
        tally = [file.tally for file in self.files]
        return (
            f"{_many(len(self.files), 'dump')}, {_many(self.records, 'record')}: {sum(t.new for t in tally):,} new,"
            f" {sum(t.changed for t in tally):,} changed, {sum(t.unchanged for t in tally):,} unchanged,"
            f" {_many(sum(t.duplicates for t in tally), 'duplicate')}, {self.rejected:,} rejected"
        )


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
