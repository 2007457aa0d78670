"""What an abstract prints on a line of its own and is no paper: formulas, lines of code, an example of a heading."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dump_reading import read_content

TITLES = [
    "Slow Descent: Regret Bounds for Patient Learners",
    "What do probes of shallow networks measure?",
    "Counting Cranes With Mixtures of Few Kernels",
    "Tides, Bandits and the Harbour Master's Window",
]
OPENINGS = [
    "Patient learners wait before each step. We bound what they regret. The update is",
    "Probes of shallow networks are cheap and, as we show, often misleading. A probe is",
    "Cranes are counted from one photograph a day. We fit mixtures to these counts, where the loss is",
    "Harbour masters open a window for each tide. Bandits learn when, and their bound is",
]
FORMULAS = [
    "w_{t+1} = w_t - η ∇f(w_t),",
    "y = W x + b,",
    r"\min_{\theta} \sum_i \ell(f_\theta(x_i), y_i),",
    "E[R_T] ≤ C √(T log d),",
]
CLOSINGS = [
    "where the step η is fixed. Up to constants this is tight for more than {n} rounds.",
    "with the bias set to zero. Nine probes of ten agreed with labels that were drawn by lot in {n} networks.",
    "and kernels are shared between days. The error falls by {n} percent on three lakes.",
    "which holds for every window of at least {n} minutes. The harbour has kept it since spring.",
]


@pytest.mark.parametrize(
    "form",
    [
        "{title}\n\n{opening}\n\n{formula}\n\n{closing}\n\n",
        "{title}\n{opening}\n{formula}\n{closing}\n",
        "{title}\n\n{opening}\n\n$${formula}$$\n\n{closing}\n\n",
        "Title: {title}\n\n{opening}\n\n{formula}\n\n{closing}\n\n",
        "## {title}\n\n{opening}\n\n$${formula}$$\n\n{closing}\n\n",
    ],
)
@pytest.mark.parametrize("formulas", [FORMULAS, ["retries = 3", "x_0 := 1", "a → b", "f(x) < g(x)"]])
def test_a_formula_inside_an_abstract_is_no_paper(form: str, formulas: list[str], tmp_path: Path) -> None:
    parts = list(zip(TITLES, OPENINGS, formulas, [text.format(n=n) for n, text in enumerate(CLOSINGS, 2)], strict=True))
    text = "".join(form.format(title=t, opening=o, formula=f, closing=c) for t, o, f, c in parts)
    read = read_content(tmp_path, text)
    shown = "$${}$$" if "$$" in form else "{}"
    assert [(one.title, " ".join(one.abstract.split())) for one in read.records] == [
        (t, f"{o} {shown.format(f)} {c}") for t, o, f, c in parts
    ]
    assert read.rejected == []


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_label_that_an_abstract_shows_as_an_example_begins_no_paper(between: str, tmp_path: Path) -> None:
    shown = (
        "Records of libraries are read by machines that know no library. We propose four lines that every record has, "
        "and ask nine libraries to print them for a year. A record begins so:\n"
        "Title: the heading of the book as it is printed.\nFour of the nine libraries print them still."
    )
    whole = "We watch {} lakes for a year and say what changed. Nothing did, but the method may be of use elsewhere."
    texts = [shown, *(whole.format(number) for number in ("two", "seven", "thirty"))]
    text = "".join(f"{title}{between}{text}\n\n" for title, text in zip(TITLES, texts, strict=True))
    read = read_content(tmp_path, text)
    assert read.titles == TITLES
    assert " ".join(read.records[0].abstract.split()) == " ".join(shown.split())
