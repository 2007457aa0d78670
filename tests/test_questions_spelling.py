"""Which words of a question are typing errors: right words that no paper holds stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.sync import sync
from rag.index import Index
from rag.questions.dictionary import english_words
from rag.questions.spelling import mend
from rag.settings import Settings
from tests.word_embedder import WordEmbedder

ABSTRACTS = [
    "We make a real menu of soap and score that every gate can send. The planner outputs multiple routes at once.",
    "The promise of divergent, multiplying outputs: a real planner may make several menus, and the best score is kept.",
    "Multiplicity of goals is multiplied by chance. We make the score promising; a divergent planner halts.",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("planners")
    rows = [{"title": f"Planner {number}", "abstract": abstract} for number, abstract in enumerate(ABSTRACTS)]
    dump = folder / "planners.jsonl"
    dump.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    sync([str(dump)], Settings(data_dir=folder / "data", _env_file=None), embedder=WordEmbedder())
    with closing(Index.open(folder / "data")) as opened:
        yield opened


def searched_for(index: Index, words: str) -> str:
    """How the words of a question are searched for."""
    with index.reading() as reading:
        return mend(reading, words, english_words).text


@pytest.mark.parametrize(
    "words",
    [
        "soak the yarn, grate it, then mend and bake",  # the dictionary has "soaked", "grated", "mending", "baked"
        "why does the dog snore in a thaw",  # it has these in no form, and nobody types an n for a c
        "veal",
        "detergent",
    ],
)
def test_right_words_that_no_paper_holds_stay(index: Index, words: str) -> None:
    assert searched_for(index, words) == words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("we maake a mneu", "we make a menu"),
        ("the scire", "the score"),  # i lies beside o
        ("mltiple outpus", "multiple outputs"),  # the form that was typed, not another of the same stem
        ("what it promses", "what it promises"),
        ("diverbent plannar", "divergent planner"),  # a long word is known by its other letters
    ],
)
def test_typing_errors_become_the_papers_words(index: Index, typed: str, meant: str) -> None:
    assert searched_for(index, typed) == meant
