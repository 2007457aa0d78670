"""rag/catalogue.py and rag/database.py: opening, versions, errors in words, copies."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag import database
from rag.catalogue import Catalogue, Counts, State, connect, scratch_copy
from rag.database import store_error, store_errors
from rag.embedder import EmbedderIdentity
from rag.errors import (
    AskPapersError,
    DamagedStoreError,
    EmptyIndexError,
    IndexMismatchError,
    LockedError,
    UnwritableStoreError,
)
from rag.passport import Passport, read_passport

PATH = Path("data/catalogue.sqlite")
IDENTITY = EmbedderIdentity("small", "abc", 8, "query: ", "")
PASSPORT = Passport(IDENTITY, "by sentences", 3, 5, "2026-11-22T07:00:00+00:00")


def test_a_new_catalogue_is_empty() -> None:
    with closing(connect(PATH, write=True)) as connection:
        catalogue = Catalogue(connection)
        assert catalogue.counts() == Counts(0, 0, 0)
        assert (catalogue.state().generation, len(catalogue.state().corpus)) == (0, 12)
        assert (list(catalogue.all_papers()), catalogue.dumps(), list(catalogue.all_places())) == ([], [], [])
        with pytest.raises(DamagedStoreError, match="no generation 4"):
            catalogue.generation(4)


def test_nothing_to_read_is_said_so() -> None:
    with pytest.raises(EmptyIndexError):
        connect(PATH)
    PATH.parent.mkdir()
    PATH.touch()  # an ingest that was killed before it had made the tables
    with pytest.raises(EmptyIndexError):
        connect(PATH)
    with closing(connect(PATH, write=True)), closing(connect(PATH)) as reader:
        assert Catalogue(reader).counts().papers == 0


def test_a_reader_cannot_write() -> None:
    connect(PATH, write=True).close()
    with closing(connect(PATH)) as connection, pytest.raises(UnwritableStoreError), store_errors(PATH):
        connection.execute("DELETE FROM papers")


@pytest.mark.parametrize(("version", "hint"), [(99, "update this one"), (-1, "ingest your dumps again")])
def test_another_version_is_refused_with_what_to_do(version: int, hint: str) -> None:
    with closing(connect(PATH, write=True)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(DamagedStoreError, match=f"version {version}") as caught:
        connect(PATH)
    assert hint in caught.value.hint


def test_a_damaged_file_is_refused_with_what_to_do() -> None:
    PATH.parent.mkdir()
    PATH.write_bytes(b"certainly no database " * 500)
    for write in (False, True):
        with pytest.raises(DamagedStoreError, match="is damaged") as caught:
            connect(PATH, write=write)
        assert "Move the data folder aside" in caught.value.hint


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence() -> None:
    Path("data").write_text("a file", encoding="utf-8")
    with pytest.raises(UnwritableStoreError, match="data"):
        connect(PATH, write=True)


def test_a_scratch_copy_is_apart_from_its_original() -> None:
    with closing(scratch_copy(PATH)) as copy:
        assert Catalogue(copy).counts().papers == 0
    assert not PATH.parent.exists()
    with closing(connect(PATH, write=True)) as original:
        original.execute("UPDATE state SET revision = 7")
        with closing(scratch_copy(PATH)) as copy:
            assert Catalogue(copy).state().revision == 7
            copy.execute("UPDATE state SET revision = 8")
        assert Catalogue(original).state().revision == 7


def test_a_reader_sees_one_moment_while_a_writer_commits() -> None:
    with closing(connect(PATH, write=True)) as writer, closing(connect(PATH)) as reader:
        catalogue = Catalogue(reader)
        reader.execute("BEGIN")
        before = catalogue.state()
        writer.execute("UPDATE state SET generation = 3, revision = 1")
        assert catalogue.state() == before
        reader.execute("COMMIT")
        assert catalogue.state() == State(before.corpus, 3, 1)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite3.OperationalError("database or disk is full"), UnwritableStoreError),
        (OSError(28, "No space left on device"), UnwritableStoreError),
        (PermissionError(13, "Permission denied"), UnwritableStoreError),
        (sqlite3.OperationalError("attempt to write a readonly database"), UnwritableStoreError),
        (sqlite3.OperationalError("database is locked"), LockedError),
        (sqlite3.DatabaseError("database disk image is malformed"), DamagedStoreError),
    ],
)
def test_errors_below_become_a_sentence_with_the_place(
    error: OSError | sqlite3.Error, kind: type[AskPapersError]
) -> None:
    ours = store_error(error, PATH)
    assert type(ours) is kind
    assert "catalogue.sqlite" in ours.message
    assert ours.hint
    assert ours.exit_code == 3


@pytest.mark.parametrize(("free", "words"), [(0, "no space left"), (10**9, "Check the folder")])
def test_an_error_of_the_disk_is_put_down_to_a_full_one_where_it_is_full(
    free: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    ours = store_error(sqlite3.OperationalError("disk I/O error"), PATH)
    assert words in str(ours)


def test_the_passport_lets_the_same_embeddings_through_and_no_others() -> None:
    assert read_passport(PASSPORT.as_json()) == PASSPORT
    PASSPORT.check(IDENTITY)
    PASSPORT.check(EmbedderIdentity("small", "abc", 0, "query: ", ""))  # an endpoint that was not asked yet
    with pytest.raises(IndexMismatchError, match="embeddings of small, but the settings ask for large") as caught:
        PASSPORT.check(EmbedderIdentity("large", "xyz", 16, "query: ", ""))
    assert "EMBED_MODEL" in caught.value.hint
    for other in (
        EmbedderIdentity("small", "other weights", 8, "query: ", ""),
        EmbedderIdentity("small", "abc", 8, "", ""),
    ):
        with pytest.raises(IndexMismatchError, match="another version of the embeddings of small") as caught:
            PASSPORT.check(other)
        assert "--rebuild" in caught.value.hint
    with pytest.raises(DamagedStoreError):
        read_passport('{"identity": 3}')


def test_a_folder_without_permission_to_write_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    connect(PATH, write=True).close()
    opened = database._open

    def refuse_shared_memory(uri: str) -> database.Connection:  # root may write everywhere
        if "immutable" not in uri:
            raise sqlite3.OperationalError("unable to open database file")
        return opened(uri)

    monkeypatch.setattr(database, "_open", refuse_shared_memory)
    with pytest.raises(UnwritableStoreError):
        connect(PATH)
    monkeypatch.setattr("os.access", lambda *_: False)
    with closing(connect(PATH)) as connection:
        assert Catalogue(connection).counts().papers == 0
    assert [path.name for path in PATH.parent.iterdir()] == ["catalogue.sqlite"]
