"""The rules behind rag/support: amounts however they are written, names, formulas, directions, hedges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.support.findings import find_faults
from rag.support.formulas import unknown_formulas
from rag.support.names import knows_name, names_in, unknown_names
from rag.support.numbers import check_numbers
from rag.support.polarity import comparison_swapped, find_flips, too_sweeping
from rag.support.quantities import find_quantities
from rag.support.words import clean_sentence, plain_text, stem, stems_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between 1.12times and 20.21times faster", [(1.12, 20.21, "factor")]),
        ("half the cost", [(0.5, 0.5, "share")]),
        ("24 %, 24% and 24 percent", [(0.24, 0.24, "share")] * 3),
        ("5.6 percentage points", [(0.056, 0.056, "change")]),
        ("1,000 to 32,000 samples", [(1000, 32000, "plain")]),
        ("from 1k to 32k", [(1000, 32000, "plain")]),
        ("twenty-one tasks and a dozen models", [(21, 21, "plain"), (12, 12, "plain")]),
        ("six out of ten, one in five", [(0.6, 0.6, "share"), (0.2, 0.2, "share")]),
        ("10^6 unknowns, 2.7B weights", [(1e6, 1e6, "plain"), (2.7e9, 2.7e9, "plain")]),
        ("three orders of magnitude", [(1000, 1000, "factor")]),
        ("8 minutes", [(480, 480, "plain")]),
        ("a quarter of a million", [(250_000, 250_000, "plain")]),
        ("by a factor of 3", [(3, 3, "factor")]),
        ("480x832 pixels", [(480, 480, "plain"), (832, 832, "plain")]),
    ],
)
def test_amounts_are_read_however_they_are_written(text: str, expected: list[tuple[float, float, str]]) -> None:
    found = find_quantities(text)
    assert [quantity.kind for quantity in found] == [kind for _, _, kind in expected]
    assert [quantity.low for quantity in found] == pytest.approx([low for low, _, _ in expected])
    assert [quantity.high for quantity in found] == pytest.approx([high for _, high, _ in expected])


@pytest.mark.parametrize(
    "text", ["ResNet50 and GPT-4", "one of the models", "Qwen2.5-VL", "the first one", "an INT8 kernel", "O(n)"]
)
def test_numbers_in_names_and_pronouns_are_no_amounts(text: str) -> None:
    assert find_quantities(text) == ()


AGREEING = [
    ("It takes 50 % of the epochs.", "It needs half of the epochs."),
    ("A 45 % faster run.", "An average speed up of 1.45times."),
    ("Roughly 27 to 44 % fewer calls.", "The number of calls falls to 0.556-0.733x."),
    ("A little more than one frame per second.", "Each frame takes 0.8 seconds per frame."),
    ("About six out of ten tasks.", "It solves 59.6 percent of the tasks."),
    ("Memory falls to close to half.", "Memory shrinks by up to 1.93x."),
    ("Twice as many successes.", "The success rate rises from 40% to 80%."),
    ("Half as many layers.", "It has 12 layers where the other has 24 layers."),
    ("Four fifths of the tokens.", "Up to 80\\% of the tokens."),
    ("More than fifteen times faster.", "A 15.6x speed-up."),
    ("In 10^6 dimensions.", "For 1-million-dimensional problems."),
    ("It costs 0.2 points.", "It scores 51.2 and the other 51.4."),
    ("Waiting takes less than a fifth of the time.", "Over 80% less waiting."),
    ("It is 3.95 points better.", "An improvement of 3.95%."),
    ("At 480 by 832 pixels.", "At 480x832 resolution."),
    ("After 300 ms.", "After 0.3 seconds."),
    ("It tunes Qwen 2.5 and ResNet 50.", "It tunes Qwen2.5 and ResNet-50."),
]


@pytest.mark.parametrize(("sentence", "text"), AGREEING)
def test_the_same_amount_in_other_words_agrees(sentence: str, text: str) -> None:
    assert not check_numbers(sentence, [text]).wrong


DISAGREEING = [
    ("It saves 24 % of the time.", "It saves 21% of the time."),
    ("It runs 490 steps.", "It runs 49 steps."),
    ("Between 1.12 and 2.21 times faster.", "Between 1.12times and 20.21times faster."),
    ("It finishes in 8 hours.", "It finishes in 8 minutes."),
    ("Up to 500 times better.", "Up to 50times better."),
    ("Some 5 million weights.", "Some 5 billion weights."),
    ("It covers seven datasets.", "It covers three datasets."),
    ("At -2.5 degrees.", "At -3.5 degrees."),
    ("It is better by 3x.", "It is better by 3%."),
    ("It is 3 times better.", "It is better by 3 percentage points."),
    ("It takes 8 hours.", "It takes 8 GPUs."),
    ("It tunes ResNet 101.", "It tunes ResNet50."),
]


@pytest.mark.parametrize(("sentence", "text"), DISAGREEING)
def test_another_amount_is_noticed(sentence: str, text: str) -> None:
    assert check_numbers(sentence, [text]).wrong


def test_a_papers_year_may_be_said_and_no_other() -> None:
    assert not check_numbers("It was proposed in 2023.", ["We present Ravel."], "Ravel", 2023).wrong
    assert check_numbers("It was proposed in 2021.", ["We present Ravel."], "Ravel", 2023).wrong
    assert check_numbers("It was proposed in 2023.", ["We present Ravel."], "Ravel").wrong


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (
            "Memory falls by up to 1.36x and speed rises by up to 1.93x.",
            "Memory falls by up to 1.93x and speed rises by up to 1.36x.",
        ),
        ("Accuracy gains 13% and recall 16%.", "Accuracy gains 16% and recall 13%."),
    ],
)
def test_amounts_given_to_each_others_thing_are_noticed(sentence: str, text: str) -> None:
    assert check_numbers(sentence, [text]).swapped
    assert not check_numbers(text, [text]).swapped


@given(st.text(max_size=80))
def test_any_text_can_be_searched_for_amounts(text: str) -> None:
    plain = plain_text(text)
    for found in find_quantities(text):
        assert 0 <= found.start < found.end <= len(plain)
        assert found.low <= found.high


@given(st.integers(1, 99_999), st.sampled_from(["{} samples", "{}%", "{}x", "{} ms", "{:,} tokens", "{}k weights"]))
def test_a_number_agrees_with_itself(value: int, shape: str) -> None:
    text = shape.format(value)
    assert not check_numbers(text, [text]).wrong


def test_names_are_words_with_inner_capitals_digits_or_capitals_inside_a_sentence() -> None:
    found = [word.text for word in names_in("Experiments on GSM8K and HumanEval show that LoRA beats Hyperband on T4.")]
    assert found == ["GSM8K", "HumanEval", "LoRA", "Hyperband", "T4"]


@pytest.mark.parametrize("label", ["**Main Contribution:**", "**Memory Requirements**:", "- Training Cost –"])
def test_capitals_of_a_label_make_no_name(label: str) -> None:
    found = names_in(clean_sentence(f"{label} Ravel sorts what Zephyr writes on GSM8K."))
    assert [word.text for word in found] == ["Zephyr", "GSM8K"]
    assert [word.text for word in names_in("It sorts what Zephyr writes, as on HumanEval: fast.")] == [
        "Zephyr",
        "HumanEval",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("IPC", "predicts instructions per cycle"),
        ("LLMs", "for large language models"),
        ("ImageNet-1k", "trained on ImageNet 1K"),
        ("ResNets", "a ResNet of 50 layers"),
        ("DFA", "Direct Feedback Alignment"),
    ],
)
def test_a_name_is_known_in_its_other_spellings(name: str, text: str) -> None:
    assert knows_name(name, text)


def test_names_that_title_and_abstract_lack_are_listed_once() -> None:
    sentence = "On KITTI, and again on KITTI, Zephyr beats AdamW."
    assert unknown_names(sentence, "Zephyr: a fast sorter", "Tests use one dataset.") == ("KITTI", "AdamW")


def test_formulas_are_compared_without_their_brackets() -> None:
    text = "The regret is mathcal{O}(K^{8/9}), while others need quadratic time."
    assert unknown_formulas("Its regret is O(K^(8/9)) and theirs takes O(n^2).", text) == ()
    assert unknown_formulas("Its regret is O(K^{1/3}).", text) == ("O(K^{1/3})",)


FORMULAS = (
    r"It converges within \mathcal{O}(n^{3}) steps of $O(\sqrt{n}\log^2 n)$, or 1/\eta^2 for $W=QK^{\top}$, "
    "where the old one takes linear time on second moments."
)


@pytest.mark.parametrize(
    "formula", ["O(n^3)", "O(n³)", "n^3", "O( n )", "O(√n log^2 n)", "O(sqrt(n) log^2(n))", "1/η^2", "QK^T"]
)
def test_a_formula_is_known_however_it_is_written(formula: str) -> None:
    assert unknown_formulas(f"It has {formula} here.", FORMULAS) == ()


@pytest.mark.parametrize("formula", ["O(n^4)", "O(m^3)", "O(nd)", "O(1)", "O(n^{3.5})", "n^{-3}", "η^2", "O(log^2 n)"])
def test_letters_of_other_words_and_other_formulas_make_no_formula(formula: str) -> None:
    assert unknown_formulas(f"It has {formula} here.", FORMULAS)
    assert unknown_formulas("It takes O(n).", "The convolution, on second thought, is undone.")


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The new scheme increases memory traffic.", "The new scheme reduces memory traffic."),
        ("Training is slower with sparse gates.", "Training is faster with sparse gates."),
    ],
)
def test_a_turned_direction_is_noticed(sentence: str, text: str) -> None:
    assert find_flips(sentence, text)
    assert not find_flips(text, text)


def test_a_negation_turns_a_direction_round() -> None:
    assert not find_flips("Memory traffic does not increase.", "Memory traffic is reduced.")


def test_who_beats_whom_may_be_said_either_way_round() -> None:
    text = "The tree search clearly outperforms the greedy decoder."
    assert comparison_swapped("The greedy decoder outperforms the tree search.", text)
    assert not comparison_swapped("The greedy decoder is outperformed by the tree search.", text)


def test_a_word_without_exception_is_noticed_where_the_text_has_none() -> None:
    text = "Caching may reduce latency in some cases."
    assert too_sweeping("Caching always reduces latency.", text) == ("always",)
    assert not too_sweeping("Caching may reduce latency.", text)
    assert not too_sweeping("Caching ensures and guarantees order.", "Ensuring order is what caching has guaranteed.")


def test_findings_read_as_a_person_would_say_them() -> None:
    abstract = "Our sorter saves 21% of the time on log files. It was tested on one machine."
    findings = find_faults(
        "It saves 24 % of the time.", "A sorter", abstract, abstract.split(". "), ["Our sorter saves 21% of the time"]
    )
    assert findings[0].reason == "says 24%, the abstract says 21"


@pytest.mark.parametrize(
    ("marked", "clean"),
    [
        ("- **Lion** keeps only the momentum [1].", "Lion keeps only the momentum."),
        ("It is fast [1, 2][3].", "It is fast."),
        ("See [the paper](https://example.org) for more 【4】.", "See the paper for more."),
    ],
)
def test_markers_and_markdown_are_left_out(marked: str, clean: str) -> None:
    assert clean_sentence(marked) == clean


def test_inflections_meet_in_one_stem() -> None:
    for family in (["reduce", "reduces", "reduced", "reducing"], ["optimize", "optimization", "optimizer"]):
        assert len({stem(word) for word in family}) == 1
    assert stems_of("low-rank") >= {stem("low"), stem("rank")}


@pytest.mark.parametrize(
    "sentence",
    [
        "Memory traffic falls by more than 50% with the new scheme.",
        "The new scheme reduces memory traffic by more than half.",
        "The new scheme more than halves memory traffic.",
        "With the new scheme 50% or more of the memory traffic is saved.",
    ],
)
def test_a_bound_is_no_direction(sentence: str) -> None:
    text = "The new scheme reduces memory traffic by 55%."
    assert not find_flips(sentence, text)
    assert find_flips("The new scheme has more memory traffic than others, by 55%.", text)
    assert find_flips(
        "The new scheme increases memory traffic.", "It is a cut of more than half of the memory traffic."
    )
