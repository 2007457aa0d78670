"""Reads a dump in a test: what came of it, as papers and as what was rejected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.parse import DumpFile, find_dumps, read_dump
from ingest.record import Record, Rejected


@dataclass(frozen=True)
class ReadDump:
    """One dump, read to its end."""

    file: DumpFile
    records: list[Record]
    rejected: list[Rejected]

    @property
    def titles(self) -> list[str]:
        """In the order of the dump."""
        return [record.title for record in self.records]


def read_one(path: Path) -> ReadDump:
    """The dump at a path, which holds one."""
    (file,) = find_dumps([str(path)])
    items = list(read_dump(file))
    records = [item for item in items if isinstance(item, Record)]
    return ReadDump(file, records, [item for item in items if isinstance(item, Rejected)])


def read_content(folder: Path, content: str | bytes, name: str = "dump") -> ReadDump:
    """A dump with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_one(path)
