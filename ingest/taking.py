"""One dump's records into the catalogue; and what became of dumps that are not there any more."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from ingest.ledger import Ledger, Tally, record_key
from ingest.merge import find_same, merge, paper_of
from ingest.parse import read_dump
from ingest.reading import CHUNK_BYTES, DumpFile, open_bytes
from ingest.record import Record, Rejected
from ingest.report import FileReport
from ingest.scope import Scope, is_gone, place_of, printable
from rag.corpus import Source
from rag.errors import DumpError


@cache
def reading_rules() -> str:
    """A hash of the code that reads and merges: where it has changed, an unchanged dump is read again."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    names = ["encodings.py", "latex.py", "mend.py", "merge.py", "parse.py", "reading.py", "record.py", "richer.py"]
    for path in sorted([*folder.glob("layouts/*.py"), *(folder / name for name in names)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fingerprint(file: DumpFile) -> tuple[str, int]:
    """The sha256 and size in bytes of a dump's unpacked content; ("", 0) where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with open_bytes(file) as stream:
            while data := stream.read(CHUNK_BYTES):
                digest.update(data)
                size += len(data)
    except DumpError:
        return "", 0
    return digest.hexdigest(), size


def take_dump(
    ledger: Ledger, file: DumpFile, places: frozenset[str], advance: Callable[[int, float], None]
) -> FileReport | None:
    """Bring one dump in. None for a file from a folder that is no dump.

    `places` are those of all dumps of this run; `advance` is told how many records of this dump, and which share
    of it, were read so far.
    """
    path = printable(f"{file.path}/{file.member}" if file.member else file.path)
    file.name = printable(file.name)
    report = FileReport(path, file.name, "")
    sha256, size = fingerprint(file)
    place = place_of(file) if file.path != "-" else f"standard input {sha256[:12]}"
    known = ledger.dumps.at(place)
    if known is None and sha256:
        for number, old in ledger.dumps.with_content(sha256):
            if is_gone(old, places):
                ledger.dumps.move(number, place, file.name)
                known = ledger.dumps.at(place)
                break
    if known and sha256 and (known.sha256, known.rules) == (sha256, reading_rules()):
        fresh = ledger.touch_all_of(known.number)
        ledger.dumps.confirm(known.number)
        report.layout, report.was_read = known.layout, False
        report.rejected = ledger.dumps.rejected_of(known.number)
        report.tally = Tally(records=known.records, unchanged=fresh, duplicates=known.records - fresh)
        ledger.log_dump(known.number, report.tally, len(report.rejected))
        return report
    again = known is not None and known.rules != reading_rules()
    dump: int | None = None
    for item in read_dump(file):
        advance(report.tally.records, file.bytes_read / max(1, size))
        if isinstance(item, Rejected):
            report.rejected.append(replace(item, text=_sound(item.text)))
            continue
        if dump is None:
            dump = ledger.dumps.put(place, file, sha256, size, reading_rules())
            ledger.dumps.begin_reading(dump)
        _take_record(ledger, _sound_record(item), Source(file.name, item.line), dump, report.tally, again=again)
    report.layout, report.notes = file.layout, file.notes
    if dump is None:
        if not file.explicit and known is None and not file.layout:
            return None  # something else that lies in the folder
        return report  # what an earlier run knew of it stays
    ledger.dumps.finish(dump, file, report.tally.records, report.rejected)
    ledger.log_dump(dump, report.tally, len(report.rejected))
    return report


def _sound(text: str) -> str:
    """A text without what no text may hold: NULs, and halves of characters that JSON can spell."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _sound_record(record: Record) -> Record:
    values: dict[str, Any] = {name: getattr(record, name) for name in record.__slots__}
    sound: dict[str, Any] = {name: _sound(value) for name, value in values.items() if isinstance(value, str)}
    for name in ("authors", "code_urls"):
        sound[name] = tuple(map(_sound, values[name]))
    return record if all(values[name] == value for name, value in sound.items()) else replace(record, **sound)


def _take_record(ledger: Ledger, record: Record, source: Source, dump: int, tally: Tally, *, again: bool) -> None:
    """Bring one record in: the paper it is of, its facts, the place, the log.

    `again`: the rules have changed since the dump was read, so that records merged before are merged once more.
    """
    key = record_key(record)
    merged_into = ledger.paper_of_record(key)
    facts: tuple[str, ...] = ()
    if merged_into is not None and not again:
        paper_id, kind = merged_into, "unchanged"
    else:
        paper_id, kind, facts = _merge_record(ledger, record, source, dump, newer=merged_into is None)
    before = ledger.kind_so_far(paper_id) if kind != "new" else None
    ledger.see(paper_id, dump, record.line, key)
    tally.records += 1
    if before is not None and (before, kind) != ("unchanged", "changed"):
        kind = "duplicate"  # another record of this run stands for the paper already
        tally.duplicates += 1
    else:
        ledger.touch(paper_id, kind)
        tally.new += kind == "new"
        tally.changed += kind == "changed"
        tally.unchanged += kind == "unchanged"
    if kind != "unchanged":
        detail = "" if kind == "new" else ", ".join(facts)
        ledger.note(kind, dump, record.line, paper_id, ledger.title_of(paper_id), detail)


def _merge_record(
    ledger: Ledger, record: Record, source: Source, dump: int, *, newer: bool
) -> tuple[str, str, tuple[str, ...]]:
    """The paper's id, what became of it (new, changed or unchanged), and which facts the record gave."""
    candidates = ledger.candidates(record)
    known = find_same(record, candidates, named=ledger.named(record))
    so_far = ledger.kind_so_far(known.paper_id) if known is not None else None
    outcome = merge(
        known,
        record,
        source,
        newer=newer and so_far not in ("new", "changed"),  # what this run brought itself is no older
        corrects=newer and known is not None and so_far is None and ledger.stood_only_in(known.paper_id, dump),
        taken={candidate.paper_id for candidate in candidates},
    )
    paper, facts = outcome.paper, outcome.facts
    kind = "new" if known is None else "changed" if facts else "unchanged"
    if kind != "unchanged":
        ledger.put_paper(paper, record, facts, dump)
    ledger.name(paper.paper_id, paper_of(record).title)
    return paper.paper_id, kind, facts


def take_vanished(ledger: Ledger, scope: Scope, places: frozenset[str], *, prune: bool) -> int:
    """Note the dumps that should be among the given paths and are gone; with `prune` drop the papers only they held.

    Dumps that an earlier run noted so are pruned as well, but only where the given paths speak of them: a disk that was
    not mounted then is no concern of an ingest from elsewhere.
    Returns how many papers no dump in place holds any more since this run.
    """
    gone = [number for number, place in ledger.dumps.all() if scope.covers(place) and is_gone(place, places)]
    ledger.dumps.mark_vanished(gone)
    lost = ledger.note_vanished()
    if prune:
        vanished = ledger.dumps.vanished()
        forget_dumps(ledger, [number for number, place in vanished if scope.covers(place) and is_gone(place, places)])
    return lost


def forget_dumps(ledger: Ledger, dumps: Sequence[int]) -> None:
    """Take dumps out, and the papers that were seen in none but them."""
    only_there = ledger.papers_only_in(dumps)
    for paper_id, dump, line in only_there:
        ledger.note("pruned", dump, line, paper_id, ledger.title_of(paper_id))
    ledger.drop_papers(paper_id for paper_id, _, _ in only_there)
    ledger.dumps.forget(dumps)
