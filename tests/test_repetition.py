"""What is a loop of a model, and what only looks alike, such as tables."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.repetition import find_repetition


@pytest.mark.parametrize(
    "line",
    [
        "{}. It keeps one momentum for each weight of the network.\n",
        "| TinyState [1] | It keeps one momentum for each weight. | {} |\n",
    ],
)
def test_lines_that_differ_in_their_number_alone_are_repetition(line: str) -> None:
    assert find_repetition("".join(line.format(n) for n in range(1, 6))) is not None


@pytest.mark.parametrize(
    "text",
    [
        "| Paper | Memory |\n|---|---|\n| A [1] | low |\n| B [2] | low |\n| C [3] | low |\n| D [4] | low |\n",
        "1. A is one [1].\n2. B is one [2].\n3. C is one [3].\n4. D is one [4].\n5. E is one [5].\n",
        "".join(
            f"| {name} [{n}] | It uses method {n}. | The abstract does not state the training cost [{n}]. |\n"
            for n, name in enumerate(("Lion", "Adan", "Sophia", "Muon"), start=1)
        ),
        "".join(
            f"- {name}: it adapts. The abstract gives no figure for energy at all.\n"
            for name in ("Lion", "Adan", "Sophia", "Muon")
        ),
        "".join(
            f"- {name}\n  - Energy: the abstract gives no figure for energy.\n"
            for name in ("Lion", "Adan", "Sophia", "Muon")
        ),
        "".join(
            f"### {name}\nThe abstract gives no figure for energy at all.\n"
            for name in ("Lion", "Adan", "Sophia", "Muon")
        ),
        "".join(
            f"{name} is one. The abstract gives no figure for energy at all [{n}]. " for n, name in enumerate("ABC")
        ),
        "-" * 100,
        "No, no, no, no: it is not.",
    ],
)
def test_tables_and_lists_are_no_repetition(text: str) -> None:
    assert find_repetition(text) is None


def drawn(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """A Markdown table whose columns are filled up to these widths."""
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


@pytest.mark.parametrize("width", [20, 40, 180, 260, 700])
@pytest.mark.parametrize("columns", [2, 6])
def test_a_table_drawn_to_equal_widths_is_no_repetition_at_any_place(width: int, columns: int) -> None:
    rows = [["Paper", "Memory", *("",) * (columns - 2)], *([name, "low"] for name in ("Lion", "Adan", "Muon"))]
    table = drawn([[*row, *("",) * (columns - len(row))] for row in rows], [width] * columns)
    written = f"They compare as follows [1].\n\n{table}"
    assert all(find_repetition(written[:end]) is None for end in range(0, len(written), 80))


@pytest.mark.parametrize("filling", [" ", "-", "_", "="])
def test_filling_without_end_is_repetition(filling: str) -> None:
    begun = "| Lion | low "
    assert find_repetition(begun + filling * 2000) == len(begun) + (filling != " ")


def test_a_loop_of_padded_rows_is_cut_behind_its_first_turn() -> None:
    row = f"| Lion | {'low':30} | [1] |\n"
    cut = find_repetition("They compare so.\n" + row * 20)
    assert cut is not None
    assert cut <= len("They compare so.\n" + row * 2)
