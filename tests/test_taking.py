"""ingest/taking.py: one dump's records into the catalogue."""

from __future__ import annotations

from pathlib import Path

from tests.dumps_of import abstract_of, write_dump
from tests.ingesting import ingest, papers

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
