"""Texts of tables, JSON and feeds without the marks of the pages that they were taken from."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from ingest.layouts.markup import without_markup
from tests.dump_reading import read_content

TITLE = "Growth of <i>E. coli</i> in CO<sub>2</sub>"
MARKED = "<jats:title>Abstract</jats:title><jats:p>We count 5 &mu;l drops; 10<jats:sup>3</jats:sup> live.</jats:p>"


@pytest.mark.parametrize("layout", ["json", "csv"])
def test_marks_of_pages_are_not_stored(layout: str, tmp_path: Path) -> None:
    content = json.dumps({"title": TITLE, "abstract": MARKED}) + "\n"
    if layout == "csv":
        table = io.StringIO()
        csv.writer(table).writerows([["title", "abstract"], [TITLE, MARKED]])
        content = table.getvalue()
    (record,) = read_content(tmp_path, content).records
    assert (record.title, record.abstract) == ("Growth of E. coli in CO2", "We count 5 μl drops; 10^3 live.")


def test_the_addresses_of_links_are_kept_where_nothing_else_has_them() -> None:
    text = '<b>Code</b> is <a href="https://example.org/x">here</a>.'
    assert without_markup(text) == "Code is here."
    assert without_markup(text, keep_links=True) == 'Code is <a href="https://example.org/x">here</a>.'


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>One <b class='x'>bold</b> word.</p><p>Two&nbsp;words.", "One bold word.\n\nTwo words."),
        ("<jats:sec><jats:title>Aims</jats:title><jats:p>x &lt; 3</jats:p></jats:sec>", "Aims\n\nx < 3"),
        (
            "so <jats:alternatives><jats:tex-math>$x$</jats:tex-math><mml:math><mml:mi>x</mml:mi></mml:math>"
            "</jats:alternatives> is",
            "so $x$ is",
        ),
        ("The tags <b> and <i> mark words.", "The tags <b> and <i> mark words."),
        ("where a<b and c>d or p<p and q>r", "where a<b and c>d or p<p and q>r"),
        ("vectors <a, b> of AT&T &copy", "vectors <a, b> of AT&T &copy"),
    ],
)
def test_only_marks_go(text: str, plain: str) -> None:
    shown = without_markup(text)
    assert "\n\n".join(part.strip() for part in shown.split("\n\n") if part.strip()) == plain
