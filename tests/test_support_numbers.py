"""Which numbers are the same, which may be worked out, and which only look alike (rag/support)."""

from __future__ import annotations

import pytest

from rag.support import check_sentence
from rag.support.formulas import unknown_formulas
from rag.support.neighbours import find_neighbours_number
from rag.support.numbers import check_numbers
from rag.support.quantities import find_quantities


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("It was recorded in 2019.", "The songs were recorded in 2023."),
        ("It covers 2011 to 2023.", "It covers 2012 to 2023."),
        ("It was recorded in 2020.", "The songs were recorded in 2023."),
        ("Its accuracy is 94.2%.", "An accuracy of 94.7% is reached."),
        ("Its accuracy is 94.7%.", "An accuracy of 95% is reached."),
        ("Its accuracy is 0.942.", "An accuracy of 0.947 is reached."),
        ("Accuracy rises from 61.5% to 74.8%.", "Accuracy rises from 61.2% to 74.8%."),
        ("Accuracy rises from 58% to 74.8%.", "Accuracy rises from 61.2% to 74.8%."),
        ("Accuracy rises from 61.2% to 70%.", "Accuracy rises from 61.2% to 74.8%."),
        ("It reads 32,700 tokens.", "It reads 32K tokens."),
        ("It has 1,312 problems.", "It has 1,319 problems."),
        ("It saw 2.41 million frames.", "It saw 2.4 million frames."),
        ("It runs under Python 3.11.", "It runs under Python 3.10."),
        ("It runs 1.5x faster.", "It runs 2x faster."),
        ("It needs 3.2x less memory.", "It needs 6.4x less memory and goes from 310 to 1,045 tokens per second."),
        ("It takes 2 seconds a file.", "It takes 0.5 seconds a file."),
    ],
)
def test_a_number_that_is_only_near_is_another_one(sentence: str, text: str) -> None:
    assert check_numbers(sentence, [text]).wrong


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Its accuracy is 95%.", "An accuracy of 94.7% is reached."),
        ("Its accuracy is about 95%.", "An accuracy of 94.2% is reached."),
        ("It has 1,300 problems.", "It has 1,302 problems."),
        ("It saw 2.4 million frames.", "It saw 2,413,000 frames."),
        ("It ran for 365 days.", "It ran for one year."),
        ("It took place in 03/2023 and on 2024-05-02.", "It took place in March 2023 and in May 2024."),
        ("It reads 8-256K tokens.", "It reads 8k to 256k tokens."),
        ("It reads 32,768 tokens.", "It reads 32K tokens."),
        ("It reads 128k tokens.", "It reads 131,072 tokens."),
        ("It reads 1,048,576 tokens.", "It reads one million tokens."),
        ("It has half a billion weights.", "It has 500M weights."),
        ("It has 500 million weights.", "It has half a billion weights."),
        ("It spans 2012-2023.", "It spans the years from 2012 to 2023."),
    ],
)
def test_a_number_may_be_rounded_or_written_otherwise(sentence: str, text: str) -> None:
    assert not check_numbers(sentence, [text]).wrong


@pytest.mark.parametrize(
    ("sentence", "text", "agrees"),
    [
        ("It has over 1,000 problems.", "It has 1,319 problems.", True),
        ("It has at least a thousand problems.", "It has 1,319 problems.", True),
        ("Delay falls by more than 2x.", "Delay falls by 2.4x.", True),
        ("It has more than 40,000 clips.", "It has 48,900 clips.", True),
        ("It has more than 50 clips.", "It has 48 clips.", False),
        ("It takes under two seconds.", "It takes 1.4 s.", True),
        ("It takes up to 20 seconds.", "It takes 14 s.", False),
        ("It has more than 1,050 problems.", "It has 1,319 problems.", False),
        ("It has over 500 problems.", "It has 1,319 problems.", False),
        ("It has more than 50 clips.", "It has 46 clips and a score of 68.1 for 60 tasks.", False),
    ],
)
def test_a_round_bound_may_lie_well_below_the_number(sentence: str, text: str, agrees: bool) -> None:
    assert bool(check_numbers(sentence, [text]).wrong) != agrees


@pytest.mark.parametrize(
    "sentence",
    [
        "Accuracy rises by 13.6 percentage points.",
        "Accuracy rises by 13.6 points, from 61.2% to 74.8%.",
        "Training takes 12 hours less.",
        "Training time falls by a third, from 36 to 24 hours.",
        "Training takes only two thirds of the time.",
        "The error falls by 25%.",
        "The error falls by 3.1.",
        "Only 40% of the memory is used.",
        "There are 36 tasks: 11 primary and 25 secondary ones.",
        "The depth is off by about a third less than before.",
        "The depth is off by 4.2 cm less.",
        "Sorting fails in 5.3% of cases.",
    ],
)
def test_numbers_may_be_worked_out_from_those_of_a_sentence(sentence: str) -> None:
    texts = [
        "Accuracy rises from 61.2% to 74.8%.",
        "Training time falls from 36 to 24 hours.",
        "The error falls from 12.4 to 9.3.",
        "It needs 60% less memory.",
        "There are 11 primary and 25 secondary tasks.",
        "Sorting succeeds for 94.7%.",
        "The depth is off by 7.9 cm, compared with 12.1 cm for the old model.",
    ]
    assert not check_numbers(sentence, texts).wrong


@pytest.mark.parametrize(
    "sentence",
    [
        "Accuracy rises by 15.6 percentage points.",
        "Training takes 14 hours less.",
        "Training time is halved.",
        "There are 37 tasks.",
        "It needs 40% less memory.",
        "The error falls by 30%.",
        "Accuracy improves by 13.6% to 84.8%.",
    ],
)
def test_numbers_that_do_not_follow_are_noticed(sentence: str) -> None:
    texts = [
        "Accuracy rises from 61.2% to 74.8%.",
        "Training time falls from 36 to 24 hours.",
        "It needs 60% less memory.",
        "There are 11 primary and 25 secondary tasks.",
        "The error falls from 12.4 to 9.3.",
    ]
    assert check_numbers(sentence, texts).wrong


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"a rate of $3\times10^{-4}$", 3e-4),
        (r"a rate of $3 \times 10^{-4}$", 3e-4),
        (r"a rate of $3\cdot10^{-4}$", 3e-4),
        ("a rate of 3×10⁻⁴", 3e-4),
        ("10⁹ tokens", 1e9),
        ("10⁺³ tokens", 1e3),
    ],
)
def test_powers_of_ten_are_read_however_they_are_written(text: str, value: float) -> None:
    assert [quantity.low for quantity in find_quantities(text)] == pytest.approx([value])
    assert unknown_formulas(text, "in other words") == ()


@pytest.mark.parametrize("text", ["An error of 45%.", "An error of 45 percentage points.", "It is 45 times as fast."])
def test_a_share_or_a_factor_is_no_time_or_size(text: str) -> None:
    for sentence in ("It takes 45 ms.", "It takes 45 seconds.", "It needs 45 GB.", "It needs 40 to 45 GB."):
        assert check_numbers(sentence, [text]).wrong
        assert check_numbers(text, [sentence]).wrong
    assert not check_numbers("Its latency is doubled.", ["Its latency goes from 40 ms to 80 ms."]).wrong


def test_sizes_in_names_may_be_said_but_are_no_results() -> None:
    text = "Wren-4 scores 72.6, while the best open model, Finch3-235B, scores 68.1. It is twice as slow."
    assert find_quantities("Finch3-235B and Finch2.5-7B") == ()
    assert not check_numbers("With 235 billion weights, the open model scores 68.1.", [text]).wrong
    for sentence in ("Wren-4 beats Finch3-235B (72.6 vs. 68.1).", "Wren-4 leads Finch3-235B with 72.6 against 68.1."):
        assert not check_numbers(sentence, [text]).swapped


def test_years_counts_and_numbers_against_each_other_are_not_exchanged() -> None:
    text = "We collected 2,347 slides from 17 hospitals between 2016 and 2021."
    assert not check_numbers("The 2,347 slides came from 2016 to 2021 from 17 hospitals.", [text]).swapped
    text = "TideNet has an error of 7.9 cm, compared with 12.1 cm for the operational model."
    sentence = "Its error is 4.2 cm lower than that of the operational model (7.9 vs. 12.1 cm)."
    assert not check_numbers(sentence, [text]).swapped


def test_a_list_in_the_texts_order_is_not_exchanged() -> None:
    text = "We test Wren 3.1 of two sizes, with 8B and 70B parameters."
    assert not check_numbers("Wren 3.1 (8B, 70B) is tested.", [text]).swapped
    assert check_numbers("It goes from 24 hours to 36 hours.", ["It goes from 36 hours to 24 hours."]).swapped


def test_a_share_behind_a_minus_is_how_much_less_there_is() -> None:
    text = "Heron needs fewer nodes on TraceBench (-80.1%), QueueBench (-33.8%) and LogBench (-84.2%)."
    for sentence in (
        "It needs about 80% fewer nodes on TraceBench.",
        "A third fewer nodes are needed on QueueBench.",
        "It saves more than 84% on LogBench.",
        "Four out of five nodes are saved on TraceBench.",
        "The change on TraceBench is -80%.",
    ):
        assert not check_numbers(sentence, [text]).wrong
    for sentence in ("It needs 60% fewer nodes.", "The change is -60%."):
        assert check_numbers(sentence, [text]).wrong


def test_words_that_open_a_sentence_belong_to_none_of_its_numbers() -> None:
    text = "On a flash disk, Heron achieves a 3.4x gain in read speed and 1.7x in write speed compared to Tern."
    straight = "Compared with Tern, read speed is 3.4x and write speed 1.7x better on a flash disk."
    crossed = "Compared to Tern, read speed improves by 1.7x and write speed by 3.4x."
    assert not check_numbers(straight, [text]).swapped
    assert check_numbers(crossed, [text]).swapped


NEIGHBOURS = [
    "The small model has 120 million weights and the large one 350 million; both are trained on letters.",
    "On the harbour set Wren reaches 21.6 BLEU from Dutch to Danish and 39.2 BLEU from Dutch to Frisian.",
    "They train Siskin, which has 60 billion parameters, with the same compute as Bunting with 260 billion parameters.",
    "Sorting is faster than by hand by 2.5 times on a P40 and 4.75 times on the cheaper P20.",
]


@pytest.mark.parametrize(
    ("sentence", "said", "stated"),
    [
        ("The large Wren has 120 million weights.", "120 million", "350 million"),
        ("Wren reaches 39.2 BLEU from Dutch to Danish.", "39.2", "21.6"),
        ("Bunting has 60 billion parameters.", "60 billion", "260 billion"),
        ("Sorting is 4.75 times faster on a P40.", "4.75x", "2.5x"),
    ],
)
def test_a_number_is_not_given_to_the_thing_beside_it(sentence: str, said: str, stated: str) -> None:
    found = find_neighbours_number(sentence, NEIGHBOURS)
    assert found
    assert [number.surface.removesuffix(" parameters") for number in found] == [said, stated]
    verdict = check_sentence(sentence, "Wren", " ".join(NEIGHBOURS))
    assert verdict.support == "unsupported"
    assert verdict.reason == f"says {found[0].surface}, the abstract says {found[1].surface} of this"


@pytest.mark.parametrize(
    "sentence",
    [
        "The large Wren has 350 million weights.",
        "Wren has 120 million weights.",
        "Wren reaches 39.2 BLEU from Dutch to Frisian.",
        "It has 60 billion parameters and the same compute as Bunting.",
        "It is up to 4.75 times faster than by hand.",
        "On a P40 sorting is 2.5 times faster, and 4.75 times on a P20.",
    ],
)
def test_a_number_beside_another_is_told_of_its_own_thing(sentence: str) -> None:
    assert find_neighbours_number(sentence, NEIGHBOURS) is None


def test_the_reason_names_the_number_of_the_thing_that_is_meant() -> None:
    [(_, stated)] = check_numbers("The large Wren has 990 million weights.", NEIGHBOURS).wrong
    assert stated
    assert stated.surface == "350 million"
    [(_, stated)] = check_numbers("The small Wren has 990 million weights.", NEIGHBOURS).wrong
    assert stated
    assert stated.surface == "120 million"
