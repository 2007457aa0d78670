"""Dumps taken out: named by a person, told before, kept in the log by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.forgetting import Forgetting, dumps_named, what_goes
from ingest.log import count_runs, events_of, new_papers, runs, runs_as_text
from ingest.sync import sync
from rag.errors import EmptyIndexError, UsageError
from rag.index import Index
from rag.settings import Settings
from tests.dumps_of import row, title_of, write_dump
from tests.test_ingest_command import Run, run
from tests.word_embedder import WordEmbedder

__all__ = ["run"]  # a fixture

DATA = Path("data")


def ingest(*paths: Path, forget: tuple[str, ...] = ()) -> None:
    settings = Settings(data_dir=DATA, _env_file=None)
    sync([str(path) for path in paths], settings, embedder=WordEmbedder(), forget=forget)


@pytest.fixture
def two_dumps() -> tuple[Path, Path]:
    """Papers 1 and 2; papers 2, 3 and 4."""
    first = write_dump(Path("first.jsonl"), [row(1), row(2)])
    second = write_dump(Path("second.jsonl"), [row(2), row(3), row(4)])
    ingest(first)
    ingest(second)
    return first, second


def test_what_goes_and_what_stays_is_told_before(two_dumps: tuple[Path, Path]) -> None:
    _, second = two_dumps
    assert what_goes(DATA, str(second.resolve()), titles=1) == Forgetting(2, 1, (title_of(3),))
    ingest(forget=dumps_named(DATA, ["second.jsonl"]))
    assert runs(DATA, last=1)[0].papers_total == 2


def test_a_dump_is_named_by_name_by_path_or_by_a_path_from_here(two_dumps: tuple[Path, Path]) -> None:
    first, _ = two_dumps
    where = str(first.resolve())
    assert dumps_named(DATA, ["first.jsonl", where, "./first.jsonl"]) == (where,)


def test_a_name_that_is_no_text_names_its_dump() -> None:
    odd = write_dump(Path(os.fsdecode(b"lat\xe9in.jsonl")), [row(1)])
    ingest(odd)
    where = str(Path("lat\\xe9in.jsonl").resolve())
    assert dumps_named(DATA, [str(odd)]) == dumps_named(DATA, [str(odd.resolve())]) == (where,)


def test_a_name_that_no_dump_or_several_have_is_refused(two_dumps: tuple[Path, Path]) -> None:
    with pytest.raises(UsageError, match=r"There is no dump frist\.jsonl\. Did you mean first\.jsonl\?"):
        dumps_named(DATA, ["frist.jsonl"])
    with pytest.raises(UsageError, match=r"There are: first\.jsonl, second\.jsonl"):
        dumps_named(DATA, ["qqq"])


def test_the_command_takes_a_dump_out_and_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run(write_dump(Path("first.jsonl"), [row(1), row(2)]))
    run(write_dump(Path("second.jsonl"), [row(2), row(3)]))
    look = run("--forget", "second.jsonl", "--dry-run")
    assert look.stdout.startswith(
        "Nothing was changed. It would be: second.jsonl taken out, 1 paper dropped. Then 2 pa"
    )
    done = run("--forget", "second.jsonl")
    assert done.returncode == 0
    assert done.stdout.startswith("second.jsonl taken out, 1 paper dropped. Now 2 papers in 2 passages")
    unknown = run("--forget", "second.jsonl")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "There is no dump second.jsonl." in unknown.stderr


def test_an_index_that_all_papers_were_taken_out_of_takes_any_embeddings() -> None:
    dump = write_dump(Path("only.jsonl"), [row(1), row(2)])
    ingest(dump)
    ingest(forget=dumps_named(DATA, ["only.jsonl"]))
    other = WordEmbedder(name="other", dimension=32)
    with Index.open(DATA).reading() as reading, pytest.raises(EmptyIndexError, match="No papers") as caught:
        reading.check(other.identity)
    assert "--rebuild" not in caught.value.hint
    settings = Settings(data_dir=DATA, _env_file=None)
    sync([], settings, embedder=other, rebuild=True)  # of nothing: that is no fault either
    assert sync([str(dump)], settings, embedder=other).papers_total == 2
    with Index.open(DATA).reading() as reading:
        reading.check(other.identity)
        vector = other.embed_queries([title_of(2)])[0]
        found = [reading.nearest_chunks(vector, 1)[0][0].partition(":")[0] for _ in range(2)]
        assert set(reading.titles(found).values()) == {title_of(2)}


def test_the_log_keeps_the_name_of_a_dump_and_gives_its_number_to_no_other(two_dumps: tuple[Path, Path]) -> None:
    ingest(forget=dumps_named(DATA, ["second.jsonl"]))
    ingest(write_dump(Path("third.jsonl"), [row(5)]))
    third, removal, second, _ = runs(DATA)
    assert [dump.name for dump in third.dumps] == ["third.jsonl"]
    assert removal.forgot == ("second.jsonl",)
    assert [(dump.name, dump.new) for dump in second.dumps] == [("second.jsonl (taken out since)", 2)]
    text = "\n".join(runs_as_text(DATA, run=None, last=10))
    assert "second.jsonl taken out, 2 papers dropped" in text
    assert count_runs(DATA) == 4


def test_what_a_run_brought_comes_in_pages(two_dumps: tuple[Path, Path]) -> None:
    kinds = ("new", "changed", "pruned")
    page, counts = events_of(DATA, 2, kinds=kinds, limit=1)
    assert ([event.title for event in page], counts) == ([title_of(3)], {"new": 2})
    page, _ = events_of(DATA, 2, kinds=kinds, limit=5, skip=1)
    assert [event.title for event in page] == [title_of(4)]


def test_the_new_papers_of_a_run_are_those_still_there(two_dumps: tuple[Path, Path]) -> None:
    assert len(new_papers(DATA, 2)) == 2
    ingest(forget=dumps_named(DATA, ["second.jsonl"]))
    assert new_papers(DATA, 2) == ()
    assert len(new_papers(DATA, 1)) == 2
