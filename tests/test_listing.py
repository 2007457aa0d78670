"""rag/listing.py: papers in an order, filtered, by pages, and the corpus in figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.sync import sync
from rag.catalogue import connect
from rag.database import Connection
from rag.listing import Choice, Order, read_outline, read_page
from rag.settings import Settings
from tests.dumps_of import abstract_of, write_dump
from tests.word_embedder import WordEmbedder

DATA = Path("data")
CODE = "https://github.com/ours/lantern"


def paper(number: int, title: str, **facts: object) -> dict[str, object]:
    return {"title": title, "abstract": abstract_of(number), **facts}


SPRING = [
    paper(0, "Zebras of the Dunes", date="2024-03-01", upvotes=7, authors=["Ada Winter"]),
    paper(1, "“Apples” and Orchards", date="2025", authors=["Bo Chen", "Émile Roux"]),
    paper(2, "bees that count", upvotes=40, authors=["Carla Müller-Diaz"], code=CODE),
    paper(3, "Low-Rank Choirs (LoRC)", date="2025-07", url=CODE),
]
AUTUMN = [
    paper(4, "Lanterns at 100% of_their Light", date="2023-12-31", upvotes=1),
    paper(0, "Zebras of the Dunes"),
]


@pytest.fixture
def connection() -> Iterator[Connection]:
    """Two dumps, ingested one after the other; the second also holds a paper of the first."""
    for name, rows in (("spring.jsonl", SPRING), ("autumn.jsonl", AUTUMN)):
        dump = write_dump(Path("dumps") / name, rows)
        sync([str(dump)], Settings(data_dir=DATA, _env_file=None), embedder=WordEmbedder())
    with closing(connect(DATA / "catalogue.sqlite")) as opened:
        yield opened


def titles(connection: Connection, choice: Choice, *, order: Order = "added", offset: int = 0) -> list[str]:
    found = read_page(connection, choice, order=order, offset=offset, limit=3 if offset else 50)
    return [each.title.split()[0].strip("“”") for each in found.papers]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("added", ["Lanterns", "Low-Rank", "bees", "Apples", "Zebras"]),
        ("title", ["Apples", "bees", "Lanterns", "Low-Rank", "Zebras"]),
        ("date", ["Low-Rank", "Apples", "Zebras", "Lanterns", "bees"]),
        ("upvotes", ["bees", "Zebras", "Lanterns", "Low-Rank", "Apples"]),
    ],
)
def test_every_order_holds_all_papers(connection: Connection, order: Order, expected: list[str]) -> None:
    assert titles(connection, Choice(), order=order) == expected


def test_a_page_tells_how_many_there_are_and_what_an_order_lacks(connection: Connection) -> None:
    page = read_page(connection, Choice(), order="title", offset=3, limit=3)
    assert [each.title for each in page.papers] == ["Low-Rank Choirs (LoRC)", "Zebras of the Dunes"]
    assert (page.total, page.undated, page.unrated) == (5, 1, 2)
    assert read_page(connection, Choice(), order="title", offset=50, limit=3).papers == ()


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(words="rank"), ["Low-Rank"]),
        (Choice(words="cho low"), ["Low-Rank"]),
        (Choice(words="lorc"), ["Low-Rank"]),
        (Choice(words="ebra"), []),  # inside a word is not at its beginning
        (Choice(words="müller"), ["bees"]),
        (Choice(words="100% of_"), ["Lanterns"]),
        (Choice(words="1__%"), []),
        (Choice(words="???"), []),
        (Choice(dump="autumn.jsonl"), ["Lanterns", "Zebras"]),
        (Choice(dump="spring.jsonl", year=2025), ["Low-Rank", "Apples"]),
        (Choice(year=2024), ["Zebras"]),
        (Choice(undated=True), ["bees"]),
        (Choice(since_run=2), ["Lanterns"]),
        (Choice(only=frozenset()), []),
    ],
)
def test_each_filter_narrows_the_list_down(connection: Connection, choice: Choice, expected: list[str]) -> None:
    assert titles(connection, choice) == expected
    assert read_page(connection, choice, order="added", offset=0, limit=1).total == len(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("émile", ["Apples"]),
        ("emile ROUX", ["Apples"]),
        ("MÜLLER", ["bees"]),
        ("扩散", ["基于扩散模型的图像生成方法研究"]),
        ("幻觉", ["基于扩散模型的图像生成方法研究"]),
        ("o'brien", ["Ärger"]),
        ("o’brien arger", ["Ärger"]),
        ("x" * 60_000, []),
        ("image/png;base64," + "A" * 60_000, []),
    ],
)
def test_capitals_accents_and_scripts_without_blanks_hide_no_paper(
    connection: Connection, words: str, expected: list[str]
) -> None:
    rows: list[dict[str, object]] = [
        {"title": "基于扩散模型的图像生成方法研究", "abstract": "本文研究图像生成。模型的幻觉会减少。"},
        paper(7, "Ärger mit Bienen", authors=["Pat O’Brien"]),
    ]
    dump = write_dump(Path("dumps/more.jsonl"), rows)
    sync([str(dump)], Settings(data_dir=DATA, _env_file=None), embedder=WordEmbedder())
    assert titles(connection, Choice(words)) == expected


def test_the_order_of_titles_knows_no_accents(connection: Connection) -> None:
    dump = write_dump(Path("dumps/more.jsonl"), [paper(7, "Éclairs of the Night"), paper(8, "Owls")])
    sync([str(dump)], Settings(data_dir=DATA, _env_file=None), embedder=WordEmbedder())
    assert titles(connection, Choice(), order="title")[:4] == ["Apples", "bees", "Éclairs", "Lanterns"]


def test_a_word_counts_where_it_stands_elsewhere_and_one_that_says_nothing_may_be_missing(
    connection: Connection,
) -> None:
    first = read_page(connection, Choice("winter"), order="added", offset=0, limit=1).papers[0]
    elsewhere = frozenset({first.paper_id})
    assert titles(connection, Choice("winter lilacs")) == []
    assert titles(connection, Choice("winter lilacs", each=(frozenset(), elsewhere))) == ["Zebras"]
    assert titles(connection, Choice("winter of lilacs", each=(frozenset(), None, elsewhere))) == ["Zebras"]


def test_what_the_word_index_found_comes_first_and_in_its_order(connection: Connection) -> None:
    ids = {
        each.title: each.paper_id for each in read_page(connection, Choice(), order="title", offset=0, limit=9).papers
    }
    found = (ids["Zebras of the Dunes"], ids["bees that count"])
    assert titles(connection, Choice(words="low", found=found), order="match") == ["Zebras", "bees", "Low-Rank"]
    assert titles(connection, Choice(words="low", found=found), order="title") == ["bees", "Low-Rank", "Zebras"]
    assert titles(connection, Choice(only=frozenset(found[:1]))) == ["Zebras"]


def test_the_corpus_in_figures(connection: Connection) -> None:
    outline = read_outline(connection)
    assert outline.years == ((2025, 2), (2024, 1), (2023, 1))
    assert (outline.undated, outline.rated) == (1, 3)
    assert [(each.run, each.new) for each in outline.ingests] == [(1, 4), (2, 1)]
    assert all(each.started.startswith("20") for each in outline.ingests)
    assert [(each.name, each.papers, each.new) for each in outline.dumps] == [
        ("spring.jsonl", 4, 4),
        ("autumn.jsonl", 2, 1),
    ]


def test_a_catalogue_of_before_is_listed_and_gets_its_index_with_the_next_ingest(connection: Connection) -> None:
    path = DATA / "catalogue.sqlite"
    with closing(connect(path, write=True)) as writer:
        writer.execute("DROP INDEX papers_to_browse")
    assert len(titles(connection, Choice(), order="title")) == 5
    connect(path, write=True).close()
    with closing(connect(path)) as reader:
        plan = reader.execute("EXPLAIN QUERY PLAN SELECT paper_id FROM papers ORDER BY title, date").fetchall()
        assert "papers_to_browse" in str(plan)


def test_no_page_reads_an_abstract_to_order_the_papers(connection: Connection) -> None:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    for order in ("added", "date", "upvotes", "title"):
        read_page(connection, Choice(words="a", year=2025, has_code=True, since_run=1), order=order, offset=0, limit=5)
    connection.set_trace_callback(None)
    asked = [each for each in statements if "LIMIT 5" in each]
    assert len(asked) == 4
    for statement in asked:
        assert "COVERING INDEX papers_to_browse" in str(
            connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        )


def test_code_is_a_filter(connection: Connection) -> None:
    with_code = read_page(connection, Choice(has_code=True), order="title", offset=0, limit=9)
    assert all(each.code_urls for each in with_code.papers)
    assert with_code.total == read_outline(connection).with_code
