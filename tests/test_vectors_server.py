"""Vectors on a Chroma server: it takes the folder's place, and a search does not hang on it."""

from __future__ import annotations

import base64
import logging
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest

from ingest.sync import sync
from rag.catalogue import Catalogue, connect
from rag.doctor import Check, check_store
from rag.errors import StoreError
from rag.index import Index
from rag.settings import Settings
from rag.vectors import Vectors
from tests.dumps_of import row, title_of, write_dump
from tests.word_embedder import WordEmbedder


@contextmanager
def running_chroma(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real Chroma server on this machine: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("chroma"))
    server = subprocess.Popen(
        [program, "run", "--host", "127.0.0.1", "--port", str(port), "--path", "chroma"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            with urlopen(f"{address}/api/v2/heartbeat"):  # noqa: S310 - our own server
                break
        except OSError:
            time.sleep(0.1)
    yield address, server
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server for the tests that leave it running."""
    with running_chroma(tmp_path_factory.mktemp("server")) as (address, _):
        yield address


def settings_of(data: Path, url: str = "") -> Settings:
    return Settings(data_dir=data, chroma_url=url, _env_file=None)


def found(index: Index, number: int) -> list[str]:
    """Titles of the five papers nearest to a paper's title."""
    with index.reading() as reading:
        near = reading.nearest_chunks(WordEmbedder().embed_queries([title_of(number)])[0], 5)
        paper_ids = [chunk_id.partition(":")[0] for chunk_id, _ in near]
        titles = reading.titles(paper_ids)
        return [titles[paper_id] for paper_id in paper_ids]


def search(data: Path, url: str, number: int) -> list[str]:
    """The same, asked twice: from the matrix and from Chroma."""
    with closing(Index.open(data, chroma_url=url)) as index:
        first, later = found(index, number), found(index, number)
    assert first == later
    return first


def examined(settings: Settings) -> Check:
    """What the doctor says of an index."""
    return list(check_store(settings, WordEmbedder()))[-1]


def test_a_chroma_server_holds_the_vectors_in_place_of_the_folder(chroma_server: str, tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(number) for number in range(30)])
    local, remote = settings_of(tmp_path / "data"), settings_of(tmp_path / "data", chroma_server)

    sync([str(dump)], remote, embedder=WordEmbedder())
    assert not (tmp_path / "data/generations/1/chroma").exists()
    assert search(remote.data_dir, chroma_server, 3)[0] == title_of(3)
    assert examined(remote).status == "ok"

    # What a killed ingest left on the server is skipped, and removed by the next one.
    collection = f"askpapers-{corpus_name(remote.data_dir)}-1"
    stray = Vectors(tmp_path, chroma_url=chroma_server, collection=collection)
    stray.upsert(["left:over"], WordEmbedder().embed_queries([title_of(3)]))
    assert search(remote.data_dir, chroma_server, 3)[0] == title_of(3)
    write_dump(dump, [row(number) for number in range(31)])
    sync([str(dump)], remote, embedder=WordEmbedder())
    assert stray.count() == 31

    # Back into the folder, and to the server again, without embedding.
    embedder = WordEmbedder()
    sync([str(dump)], local, embedder=embedder)
    assert search(local.data_dir, "", 3)[0] == title_of(3)
    sync([str(dump)], remote, embedder=embedder)
    assert search(remote.data_dir, chroma_server, 3)[0] == title_of(3)
    assert embedder.embedded == []

    # A rebuild fills a new collection and drops the old one.
    sync([], remote, embedder=WordEmbedder(name="other"), rebuild=True)
    with pytest.raises(StoreError):
        stray.count()
    stray.close()


def corpus_name(data: Path) -> str:
    with closing(connect(data / "catalogue.sqlite")) as connection:
        return Catalogue(connection).state().corpus


def test_an_ingest_says_in_a_sentence_that_a_server_is_not_there(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(1)])
    with pytest.raises(StoreError, match=r"server at http://127\.0\.0\.1:9 failed: [^.?!]+\. Start it") as caught:
        sync([str(dump)], settings_of(tmp_path / "data", "http://127.0.0.1:9"), embedder=WordEmbedder())
    assert "CHROMA_URL" in caught.value.hint
    shutil.rmtree(tmp_path / "data")


def test_a_search_goes_on_when_its_server_stops(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(number) for number in range(30)])
    with running_chroma(tmp_path) as (address, server):
        settings = settings_of(tmp_path / "data", address)
        sync([str(dump)], settings, embedder=WordEmbedder())
        with closing(Index.open(settings.data_dir, chroma_url=address)) as index:
            index.warm()
            wanted = found(index, 7)
            server.terminate()
            server.wait()
            with caplog.at_level(logging.WARNING):
                assert [found(index, 7) for _ in range(3)] == [wanted] * 3
        assert [record.message.count("Search goes on") for record in caplog.records] == [1]
        assert search(settings.data_dir, address, 7) == wanted
        check = examined(settings)
    assert check.status == "warning"
    assert "Chroma server" in check.detail
    assert "data folder" in check.detail
    assert "CHROMA_URL" in check.hint


@pytest.mark.parametrize("change", ["other papers", "other words"])
def test_a_copy_of_a_data_folder_searches_whole_whatever_the_original_takes_off_the_server(
    chroma_server: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(number) for number in range(30)])
    original, copy = settings_of(tmp_path / "one", chroma_server), settings_of(tmp_path / "two", chroma_server)
    sync([str(dump)], original, embedder=WordEmbedder())
    shutil.copytree(original.data_dir, copy.data_dir)
    wanted = search(copy.data_dir, chroma_server, 3)
    with closing(Index.open(copy.data_dir, chroma_url=chroma_server)) as index:
        index.warm()
        assert found(index, 3) == wanted
        if change == "other papers":
            other = write_dump(tmp_path / "b.jsonl", [row(number) for number in range(40, 90)])
            sync([str(other)], original, embedder=WordEmbedder(), forget=[str(dump.resolve())])
        else:  # as many vectors as before
            rewritten = [
                {**row(number), "abstract": f"{row(number)['abstract']} It is {number}."} for number in range(30)
            ]
            sync([str(write_dump(tmp_path / "c.jsonl", rewritten))], original, embedder=WordEmbedder())
        with caplog.at_level(logging.WARNING):
            assert [found(index, 3) for _ in range(2)] == [wanted] * 2
    assert [record.message.count("no longer holds") for record in caplog.records] == [1]
    assert (examined(original).status, examined(copy).status) == ("ok", "warning")

    # The copy's next ingest gives it vectors of its own, without embedding, and leaves the original's alone.
    embedder = WordEmbedder()
    sync([str(dump)], copy, embedder=embedder)
    assert embedder.embedded == []
    assert (examined(original).status, examined(copy).status) == ("ok", "ok")
    assert search(copy.data_dir, chroma_server, 3) == wanted


def test_an_ingest_that_is_under_way_hides_nothing_of_a_server(chroma_server: str, tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(number) for number in range(30)])
    settings = settings_of(tmp_path / "data", chroma_server)
    sync([str(dump)], settings, embedder=WordEmbedder())
    wanted = search(settings.data_dir, chroma_server, 3)
    collection = f"askpapers-{corpus_name(settings.data_dir)}-1"
    with closing(Vectors(tmp_path, chroma_url=chroma_server, collection=collection)) as written:
        for number in range(20):
            written.upsert([f"new{number}:text"], WordEmbedder().embed_queries([title_of(3)]))
    assert search(settings.data_dir, chroma_server, 3) == wanted


def test_a_password_in_the_address_is_neither_shown_nor_kept(chroma_server: str, tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "a.jsonl", [row(number) for number in range(5)])
    url = chroma_server.replace("//", "//reader:hidden0word@")
    settings = settings_of(tmp_path / "data", url)
    sync([str(dump)], settings, embedder=WordEmbedder())
    assert search(settings.data_dir, url, 3)[0] == title_of(3)
    assert search(settings.data_dir, chroma_server, 3)[0] == title_of(3)  # it is the same place
    with (
        closing(Index.open(settings.data_dir, chroma_url="http://reader:hidden0word@127.0.0.1:9")) as elsewhere,
        pytest.raises(StoreError, match="CHROMA_URL") as caught,
        elsewhere.reading(),
    ):
        pass
    assert "hidden0word" not in str(caught.value)
    with pytest.raises(StoreError, match="failed") as caught:
        Vectors(tmp_path, chroma_url="http://reader:hidden0word@127.0.0.1:9").count()
    assert "hidden0word" not in str(caught.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"hidden0word" in path.read_bytes()]


def test_a_server_that_takes_calls_and_is_silent_is_not_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        hang_up = threading.Timer(30, silent.close)  # ends the test where nothing else does
        hang_up.start()
        with pytest.raises(StoreError, match="does not answer"):
            Vectors(tmp_path, chroma_url=url, patience=0.2).count()
        hang_up.cancel()


def test_user_name_password_and_path_of_the_address_are_sent() -> None:
    seen: list[tuple[str, str | None]] = []

    class Closed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers["Authorization"]))
            self.send_error(401)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Closed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://reader:hidden%2Fword@127.0.0.1:{server.server_port}/behind"
        with pytest.raises(StoreError):
            Vectors(Path("nowhere"), chroma_url=url).count()
        server.shutdown()
    path, header = seen[0]
    assert path.startswith("/behind/api/")
    assert header == f"Basic {base64.b64encode(b'reader:hidden/word').decode()}"
