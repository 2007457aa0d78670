"""Dumps to be taken out: which ones a person means, and what goes with them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.scope import printable
from rag.catalogue import CATALOGUE, Catalogue, connect
from rag.database import database_errors
from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What taking a dump out means for its papers."""

    goes: int  # papers that no other dump ever held
    stays: int  # papers that another dump holds, or once held
    titles: tuple[str, ...]  # of some that go


def dumps_named(data_dir: Path, names: Sequence[str]) -> tuple[str, ...]:
    """The paths (DumpInfo.path) of the dumps that are meant: by their name, their path, or a path from here.

    Raises UsageError for a name that no dump or more than one has, and StoreError.
    """
    path = data_dir / CATALOGUE
    with closing(connect(path)) as connection, database_errors(path):
        known = [(dump.name, dump.path) for dump in Catalogue(connection).dumps()]
    return tuple(dict.fromkeys(_named(name, known) for name in names))


def _named(given: str, known: Sequence[tuple[str, str]]) -> str:
    wanted, here = printable(given), printable(Path(given).resolve().as_posix())  # as the catalogue holds them
    for path in (wanted, here):
        if any(path == each for _, each in known):
            return path
    found = [path for name, path in known if name == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} dumps have the name {wanted}.", hint=f"Give a path: {', '.join(found)}.")
    names = [name for name, _ in known]
    near = difflib.get_close_matches(wanted, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names[:8])}{' ...' * (len(names) > 8)}"
    raise UsageError(f"There is no dump {wanted}.", hint=hint if names else "Nothing has been ingested yet.")


def what_goes(data_dir: Path, dump: str, *, titles: int = 5) -> Forgetting:
    """What goes, and what stays, where the dump at this path is taken out. Raises StoreError."""
    path = data_dir / CATALOGUE
    with closing(connect(path)) as connection, database_errors(path):
        connection.execute("BEGIN")
        held = (
            "WITH held AS (SELECT DISTINCT paper_id FROM sightings WHERE dump ="
            " (SELECT dump FROM dumps WHERE path = ?1)), gone AS (SELECT paper_id FROM held WHERE NOT EXISTS"
            " (SELECT 1 FROM sightings AS other WHERE other.paper_id = held.paper_id AND other.dump !="
            " (SELECT dump FROM dumps WHERE path = ?1)))"
        )
        all_held, goes = connection.execute(
            f"{held} SELECT (SELECT count(*) FROM held), (SELECT count(*) FROM gone)",  # noqa: S608 - constants
            (dump,),
        ).fetchone()
        some = connection.execute(
            f"{held} SELECT title FROM gone JOIN papers USING (paper_id) ORDER BY number LIMIT ?2",  # noqa: S608 - constants
            (dump, titles),
        ).fetchall()
    return Forgetting(goes, all_held - goes, tuple(title for (title,) in some))
