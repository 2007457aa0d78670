"""ingest/taking.py: one dump's records into the catalogue."""

from __future__ import annotations

from pathlib import Path

from tests.dumps_of import abstract_of, row, title_of, write_dump
from tests.ingesting import ingest, papers, tally

JOINED, SPACED, OTHER = "BeeFlow: Choirs of Hives", "Bee Flow: Choirs of Hives", "Hives That Sing, and How to Hear Them"


def _rows(abstract: str, *titles: str, identifier: str | None = None) -> list[dict[str, object]]:
    return [{"title": title, "abstract": abstract, "id": identifier} for title in titles]


def test_a_record_under_an_earlier_title_of_its_paper_takes_nothing_from_it() -> None:
    ingest([write_dump(Path("a.jsonl"), _rows(abstract_of(1), JOINED, SPACED, identifier="2401.00001"))])
    ingest([write_dump(Path("b.jsonl"), _rows("We hear choirs.", JOINED))])
    (paper,) = papers().values()
    assert (paper.title, paper.abstract, paper.arxiv_id) == (SPACED, abstract_of(1), "2401.00001")
    assert [source.dump for source in paper.sources] == ["a.jsonl", "a.jsonl", "b.jsonl"]


def test_a_record_under_an_earlier_title_of_its_paper_makes_no_second_one() -> None:
    ingest([write_dump(Path("a.jsonl"), _rows(abstract_of(1), OTHER, SPACED, identifier="2401.00001"))])
    ingest([write_dump(Path("b.jsonl"), [*_rows(abstract_of(1), OTHER), *_rows(abstract_of(1), SPACED)])])
    assert list(papers()) == [OTHER]


def test_a_dump_that_was_mended_mends_the_paper_that_it_alone_holds() -> None:
    wrong = {"date": "1970-01-01", "authors": ["Ida Holm", "A. Robot"], "upvotes": 90}
    right = {"date": "2024-03-02", "authors": ["Ida Holm"], "upvotes": 9}
    dump = write_dump(Path("a.jsonl"), [row(1, **wrong), row(2, **wrong), row(3, **wrong), row(3, upvotes=50)])
    other = write_dump(Path("b.jsonl"), [row(2)])
    ingest([dump, other])
    write_dump(dump, [row(3, upvotes=50), row(3, **right), row(2, **right), row(1, **right)])
    report = ingest([dump, other])
    found = papers()
    facts = [(paper.date, paper.authors, paper.upvotes) for paper in (found[title_of(number)] for number in (1, 2, 3))]
    assert facts[0] == ("2024-03-02", ("Ida Holm",), 9)
    assert facts[1:] == [("1970-01-01", ("Ida Holm", "A. Robot"), 90)] * 2, "another place speaks for it as well"
    assert tally(report)[0] == (0, 1, 2, 1)
    write_dump(dump, [row(1), row(2), row(3)])
    ingest([dump])
    assert papers()[title_of(1)].date == "2024-03-02", "what only says less takes nothing"
