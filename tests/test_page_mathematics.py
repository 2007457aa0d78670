r"""rag/page/mathematics.py: formulas are drawn where they are certain, and no dollar of a price is lost."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.corpus import AnswerSentence
from rag.page.mathematics import as_html
from rag.page.prose import answer_html, extract_html


def words_of(drawn: str) -> str:
    """What a browser shows of it."""
    return html.unescape(re.sub(r"<[^>]+>", "", drawn))


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a step of $x_1$ in it", "<i>x</i><sub>1</sub>"),
        (r"takes \(O(n \log n)\) time", "<i>O</i>(<i>n</i> log <i>n</i>)"),
        (r"at most $\alpha^{2}$", "<i>α</i><sup>2</sup>"),
        (r"a mean of $\frac{a+b}{2}$", "(<i>a</i>+<i>b</i>)/2"),
        (r"$$\sum_{i=1}^{n} a \le \sqrt{n}$$", "∑<sub><i>i</i>=1</sub><sup><i>n</i></sup> <i>a</i> ≤ √<i>n</i>"),
        (r"$\mathcal{L}_{\text{task}}$ falls", "L<sub>task</sub>"),
        (r"the policy $\pi_\theta(a|s)$", "<i>π</i><sub><i>θ</i></sub>(<i>a</i>|<i>s</i>)"),
        (r"$\hat{y} < 0.5$", "<i>ŷ</i> &lt; 0.5"),
        ("the interval $[0, 1)$", "[0, 1)"),
        ("a $d$-dimensional space", "<i>d</i>"),
        ("memory of n^2 words", "<i>n</i><sup>2</sup>"),
        ("a rate of 10^{-3}", "10<sup>−3</sup>"),
        ("the state x_{t+1} follows", "<i>x</i><sub>t+1</sub>"),
        ("its F_1-score", "<i>F</i><sub>1</sub>"),
    ],
)  # fmt: skip
def test_a_certain_formula_is_drawn(text: str, drawn: str) -> None:
    assert f'<span class="formula">{drawn}</span>'.replace("ŷ", "y\u0302") in as_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "between $5 and $10",
        "from $5,$6 to $7",
        "for 10$/20$, or 10$-20$, or US$ 5",
        "Papers for Under $0.1",
        "Earn $1M or $2M$",
        "It costs $5k (or 6k$)",
        "$3 per day or 4$",
        "#Turki$hTweets and #Da$h",
        r"set \$5 and \$6",
        "one $x alone",
        "$PATH$ and $HOME$",
        "$the cost$",
        r"an unknown $\foo{x}$",
        r"unclosed $\frac{a}{b$",
        r"\( and \)",
        "$x_$ and $^2$",
        "$(a$ and $b)$",
        "file_name, top_k, a_b_c, 1_000 and x_i_j",
        "https://example.org/x_1 and a/b_2, mail@x^2",
        "$<script>alert(1)</script>$ & <b>",
    ],
)
def test_what_is_not_certain_shows_as_it_stands(text: str) -> None:
    assert as_html(text) == html.escape(text)


@given(st.text(alphabet="$\\()[]{}^_ab1 frac+<&", max_size=30))
@example("$$$")
@example("\\(\\)")
def test_whatever_comes_its_markup_is_ours_and_closed(text: str) -> None:
    drawn = as_html(text)
    open_tags: list[str] = []
    for closing, name, attributes in re.findall(r"<(/?)([a-z]+)([^>]*)>", drawn):
        assert name in {"span", "i", "b", "sub", "sup"}
        assert attributes in {"", ' class="formula"'}
        if closing:
            assert open_tags.pop() == name
        else:
            open_tags.append(name)
    assert not open_tags
    assert "<" not in re.sub(r"</?[a-z]+[^>]*>", "", drawn)


@given(st.text(alphabet="$5 10,.-kMor", max_size=24))
def test_amounts_keep_their_dollars_unless_a_number_stands_alone_between_two(text: str) -> None:
    lost = text.count("$") - words_of(as_html(text)).count("$")
    assert lost == 2 * as_html(text).count('class="formula"')


def test_a_models_formula_survives_markdown_and_prices_beside_it() -> None:
    text = r"The cost is \( O(n^2) \), not $a*b*c$ or *more* for $5 and $10."
    drawn = answer_html(text, anchor="turn-1", numbers=())
    assert '<span class="formula"><i>O</i>(<i>n</i><sup>2</sup>)</span>' in drawn
    assert '<span class="formula"><i>a</i>*<i>b</i>*<i>c</i></span>' in drawn
    assert "<em>more</em> for $5 and $10." in drawn


def test_a_formula_in_a_doubtful_sentence_is_marked_with_it() -> None:
    text = "It takes $n^2$ steps [1]."
    sentence = AnswerSentence(text, (1,), "unsupported", "The number is not there.")
    drawn = answer_html(text, anchor="turn-1", numbers=(1,), sentences=[sentence])
    assert '<span class="claim unsupported"><span class="formula"><i>n</i><sup>2</sup></span></span>' in drawn
    assert 'data-number="1"' in drawn


def test_a_formula_at_the_end_of_a_quoted_sentence_stays_whole() -> None:
    text = "The bound is $a + b$ [1]"
    sentence = AnswerSentence(text, (1,), "supported", "")
    drawn = extract_html(text, anchor="turn-1", numbers=(1,), sentences=[sentence])
    assert '<span class="formula"><i>a</i> + <i>b</i></span>' in drawn
    assert words_of(drawn).startswith("The bound is a + b")


def test_code_keeps_its_dollars() -> None:
    assert "<code>$x_1$</code>" in answer_html("Run `$x_1$` now.", anchor="turn-1", numbers=())
