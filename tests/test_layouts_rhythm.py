"""A page that prints one paragraph for each abstract has its titles told by that, whatever they end with."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.layouts.rhythm import abstracts_stand_alone
from tests.dump_reading import read_content
from tests.printed_papers import PAPERS

STOPPED = [
    "Barometers at sea: a field study on 41 ferries.",
    "Moss is not a stochastic lawn.",
    "Predicting ferry delays from sparse gauges: a cohort study.",
    "Small cameras know when to ask.",
]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["compact", "blank lines"])
@pytest.mark.parametrize("place", [1, 2, 3])
@pytest.mark.parametrize("title", STOPPED)
def test_one_title_that_ends_with_a_full_stop_is_no_sentence_of_the_abstract_above(
    title: str, place: int, between: str, tmp_path: Path
) -> None:
    papers = [(title if n == place else one, text) for n, (one, text) in enumerate(PAPERS)]
    read = read_content(tmp_path, "\n\n".join(between.join(paper) for paper in papers))
    assert [(record.title, record.abstract) for record in read.records] == papers


@pytest.mark.parametrize(
    "last",
    ["All code is at https://github.com/moss/moss.", "We find that this holds in all of the six other harbours."],
)
def test_a_sentence_of_its_own_stays_in_its_abstract(last: str, tmp_path: Path) -> None:
    text = "\n\n".join(f"{title}\n\n{text}\n\n{last}\n\n{PAPERS[n - 1][1]}" for n, (title, text) in enumerate(PAPERS))
    assert read_content(tmp_path, text).titles == [title for title, _ in PAPERS]


def test_pages_of_several_paragraphs_each_are_told_apart() -> None:
    whole = [text for _, text in PAPERS]
    assert abstracts_stand_alone("\n\n".join(f"{title}\n\n{text}" for title, text in PAPERS))
    assert not abstracts_stand_alone("\n\n".join(f"{title}\n\n{text}\n\n{whole[0]}" for title, text in PAPERS))
