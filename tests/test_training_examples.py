"""What the cross-encoder is trained on, before any torch: texts laid out as in use, twins that stay together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tokenizers import Tokenizer

from bench.pairs_by_hand import Pair
from bench.questions_by_hand import AskedPaper
from rag.cross_encoder import FAULTS, TOTAL
from rag.minilm import FOLDER
from scripts.cross_encoder.examples import ExampleMaker

ABSTRACT = "Bees find flowers by colour. They fly faster in the morning than at noon. Their nests are warm."
TRUE = Pair("At noon bees are slower.", "Bees", ABSTRACT, "supported", "supported", (ABSTRACT[29:73],), "twins-1")
FALSE = replace(TRUE, sentence="At noon bees are quicker.", label="unsupported", kind="flipped direction", quotes=())


@pytest.fixture(scope="module")
def maker() -> ExampleMaker:
    return ExampleMaker(Tokenizer.from_file(str(FOLDER / "tokenizer.json")))


def test_a_claim_and_its_twin_share_a_number(maker: ExampleMaker) -> None:
    examples = maker.support([TRUE, FALSE, TRUE, FALSE], more=False)
    assert [one.label for one in examples] == [0, 1 + FAULTS.index("contradicted")] * 2
    first, second, third, fourth = (one.twin for one in examples)
    assert first == second != 0
    assert third == fourth != 0
    assert first != third


@pytest.mark.parametrize("file", ["far-and-near-1", "held-out-1"])
def test_lines_of_other_files_have_no_twin(maker: ExampleMaker, file: str) -> None:
    examples = maker.support([replace(TRUE, file=file), replace(FALSE, file=file)], more=False)
    assert [one.twin for one in examples] == [0, 0]


def test_a_line_about_another_paper_is_no_twin(maker: ExampleMaker) -> None:
    examples = maker.support([TRUE, replace(FALSE, abstract="Ants walk.")], more=False)
    assert [one.twin for one in examples] == [0, 0]


def test_the_sentence_that_carries_is_known_and_read(maker: ExampleMaker) -> None:
    [example] = maker.support([TRUE], more=False)
    assert len(example.laid.ids) <= TOTAL["support"]
    assert example.laid.places[example.bearing][0] == 1


def test_questions_have_twins_and_none_of_the_added_ones_has(maker: ExampleMaker) -> None:
    asked = [
        AskedPaper("When do bees fly fast?", "Bees", ABSTRACT, (1,), "criteria-1"),
        AskedPaper("How far do bees fly?", "Bees", ABSTRACT, (), "criteria-1"),
    ]
    examples = maker.answers(asked * 20, more=True)
    by_twin = [one.twin for one in examples if one.twin]
    assert len(by_twin) == 40
    assert len(set(by_twin)) == 20
    assert len(examples) > 40, "some come again without the sentence that answers"
