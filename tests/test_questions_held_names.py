"""Names that the corpus alone tells from other words: authors, dumps and short names of papers."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer import Assistant
from rag.corpus import Paper
from rag.filters import EVERYTHING, Filters
from rag.index import Index
from rag.questions.held_names import known_as
from rag.questions.request import understand
from tests.answering import embedder
from tests.dated_corpus import ALL, assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

TODAY = date(2026, 11, 22)
IN_2024 = Filters(since="2024-01-01", until="2024-12-31")


@pytest.mark.parametrize(
    ("question", "text", "filters"),
    [
        ("what has ada winter written?", "papers?", Filters(authors=("Ada Winter",))),
        ("What did Carla Diaz publish in 2024?", "papers?", IN_2024.and_also(Filters(authors=("Carla Diaz",)))),
        ("Which papers has Bo Chen written on glaciers?", "papers on glaciers?", Filters(authors=("Bo Chen",))),
        ("Diaz", "papers", Filters(authors=("Diaz",))),
        ("How many papers are there by Bo Chen?", "How many papers are there?", Filters(authors=("Bo Chen",))),
        (
            "papers on knobs in 2024 by ada winter",
            "papers on knobs",
            IN_2024.and_also(Filters(authors=("Ada Winter",))),
        ),
        ("papers on knobs by Ada Winter and Bo Chen", "papers on knobs", Filters(authors=("Ada Winter", "Bo Chen"))),
        ("papers not by Bo Chen", "papers", Filters(without_authors=("Bo Chen",))),
        ("glacier papers that are not by bo chen", "glacier papers", Filters(without_authors=("Bo Chen",))),
        ("papers on knobs, but not by Bo Chen", "papers on knobs", Filters(without_authors=("Bo Chen",))),
        ("knobs -by:Chen", "knobs", Filters(without_authors=("Chen",))),
        ("Ada Winter's papers on knobs", "papers on knobs", Filters(authors=("Ada Winter",))),
        ("papers Ada Winter wrote", "papers", Filters(authors=("Ada Winter",))),
        ("anything from Bo Chen?", "papers", Filters(authors=("Bo Chen",))),
        ("does Carla Diaz have papers here?", "papers", Filters(authors=("Carla Diaz",))),
        ("has Bo Chen written anything on glaciers?", "papers on glaciers?", Filters(authors=("Bo Chen",))),
        ("papers with Bo Chen as an author", "papers", Filters(authors=("Bo Chen",))),
        ("papers co-authored by Bo Chen and Ada Winter", "papers", Filters(authors=("Bo Chen", "Ada Winter"))),
        ("How many papers did Bo Chen publish?", "how many papers", Filters(authors=("Bo Chen",))),
        ("Bo Chen's newest papers", "newest papers", Filters(authors=("Bo Chen",))),
        ("Ada Winter 2024", "papers", IN_2024.and_also(Filters(authors=("Ada Winter",)))),
        ("Who is Bo Chen?", "papers", Filters(authors=("Bo Chen",))),
        ("papers by Carla Diaz or Bo Chen", "papers", Filters(authors=("Carla Diaz or Bo Chen",))),
        (
            "papers by ada winter, carla diaz or bo chen",
            "papers",
            Filters(authors=("Ada Winter or Carla Diaz or Bo Chen",)),
        ),
        (
            "how many papers are from Carla Diaz or Bo Chen?",
            "how many papers",
            Filters(authors=("Carla Diaz or Bo Chen",)),
        ),
        ("all papers except those by bo chen", "all papers", Filters(without_authors=("Bo Chen",))),
        ("papers not only by bo chen", "papers", EVERYTHING),
        ("papers from autumn.jsonl", "papers", Filters(dumps=("autumn.jsonl",))),
        ("What papers are in winter.jsonl?", "What papers?", Filters(dumps=("winter.jsonl",))),
    ],
)
def test_authors_and_dumps_are_known_by_their_names(index: Index, question: str, text: str, filters: Filters) -> None:
    with index.reading() as reading:
        request = understand(reading, question, today=TODAY)
    assert (request.text, request.filters, request.understood.notes) == (text, filters, ())


@pytest.mark.parametrize(
    "question",
    [
        "what has he written?",
        "What has been written on glaciers?",
        "Which papers improve knobs by Chen sampling?",
        "How are weights trained by Ada Winter and others?",
        "quantum computing",
        "What does winter.jsonl hold?",
        "papers from spring.jsonl",
        "What does Ada Winter say about knobs?",
        "papers about Ada Winter",
        "Which papers with Mixtures of Tides exist?",
    ],
)
def test_other_words_are_no_names(index: Index, question: str) -> None:
    with index.reading() as reading:
        assert understand(reading, question, today=TODAY).filters == EVERYTHING


def test_papers_that_somebody_did_not_write_may_name_nobody(assistant: Assistant) -> None:
    answer = assistant.ask("papers not by Bo Chen")
    assert set(ids_of(answer)) == {"2402.00002", "q1", "q2", "q3", "d2", "d3", "d4"}
    assert answer.text.startswith(f"7 of {ALL} papers. Counted: papers that are not by Bo Chen.")
    assert [chip.label for chip in answer.understood.filters.chips()] == ["Not by Bo Chen"]


def test_papers_of_one_person_or_another_are_those_of_both(assistant: Assistant) -> None:
    answer = assistant.ask("papers by Carla Diaz or Bo Chen")
    assert set(ids_of(answer)) == {"2401.00001", "2402.00002", "d1"}
    assert "papers by Carla Diaz or Bo Chen" in answer.text
    assert [chip.label for chip in answer.understood.filters.chips()] == ["By Carla Diaz or Bo Chen"]
    unknown = assistant.ask("papers by Carla Diaz or Dora Nobody")
    assert ids_of(unknown) == ["2402.00002"]
    assert unknown.understood.notes == ("No paper here names Dora Nobody as an author.",)


@pytest.mark.parametrize(
    ("typed", "held"), [("Winter Ada", "Ada Winter"), ("A. Winter", "Ada Winter"), ("B Chen", "Bo Chen")]
)
def test_a_name_may_begin_with_the_family_name_or_be_cut_to_a_letter(index: Index, typed: str, held: str) -> None:
    with index.reading() as reading:
        understood = understand(reading, f"papers by {typed}", today=TODAY).understood
    assert understood.filters == Filters(authors=(held,))
    assert understood.notes == (f"No paper here names {typed} as an author; read as {held}.",)


@pytest.mark.parametrize(
    "question", ["Who wrote LARK?", "Who wrote the LARK paper?", "who are the authors of the paper lark"]
)
def test_a_paper_is_known_by_what_stands_before_its_colon(assistant: Assistant, question: str) -> None:
    text = assistant.ask(question).text
    assert [line.partition("Authors: ")[2] for line in text.splitlines() if "Authors: " in line] == [
        "Ada Winter, Bo Chen."
    ]


def test_a_short_form_is_the_paper_whose_title_it_spells() -> None:
    papers = {
        "a": Paper("a", "Slow Ring Pruning: Notes", "SRP prunes rings."),
        "b": Paper("b", "Rings", "Unlike SRP, we keep rings."),
        "c": Paper("c", "Small Red Pears", "We taste pears."),
    }
    assert known_as("SRP", papers) == {"a"}
    assert known_as("slow ring pruning", papers) == {"a"}
    assert known_as("notes", papers) == set()
