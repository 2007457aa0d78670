"""Damage that is certain is mended, everything else is left as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.mend import mend_text, mend_title


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        # lost blanks after a full stop
        ("We follow the instructions.With them it works.", "We follow the instructions. With them it works."),
        ("as many senses.In this work we count.", "as many senses. In this work we count."),
        ("It takes below 100 ms.Our code is here.", "It takes below 100 ms. Our code is here."),
        ("needed (e.g. maps).However, none exist.", "needed (e.g. maps). However, none exist."),
        ("gained 5%.The rest is lost.", "gained 5%. The rest is lost."),
        ("what a challenge.Experimental results follow.", "what a challenge. Experimental results follow."),
        ("so says the literature.Neighbouring words help.", "so says the literature. Neighbouring words help."),
        ("Is it so?We ask.", "Is it so? We ask."),
        ("we saw.A model does.", "we saw. A model does."),
        # the tie
        ("language models~(LLMs)", "language models (LLMs)"),
        ("i.e.~to assign", "i.e. to assign"),
        ("score of 2.78~(base)", "score of 2.78 (base)"),
        ("can be found at~https://example.org/~someone/x", "can be found at https://example.org/~someone/x"),
        # LaTeX
        (r"up to 80\% of J\&F for \$5", "up to 80% of J&F for $5"),
        (r"\textbf{bold \emph{and} more}, {\it vs.} \textsc{Small}", "bold and more, vs. Small"),
        (r"{\alpha}-FLOPs, \alpha-scores and \beta=0.5", "α-FLOPs, α-scores and β=0.5"),
        (r"German\rightarrow English, 6.7\times faster", "German→ English, 6.7× faster"),
        (r"O(k^{\frac{m}{2}}) and o(\sqrt{m})", "O(k^{m/2}) and o(√m)"),
        (r"a 360^{\circ} view", "a 360° view"),
        (r"fast (\eg, this) and \ie that", "fast (e.g., this) and i.e. that"),
        (
            r"see \url{https://example.org/a_b} and \href{https://b.org}{there}",
            "see https://example.org/a_b and there (https://b.org)",
        ),
        (r"$\infty$-Models and $\alpha$", "∞-Models and α"),
        (r"as shown \cite{a,b} before\footnote{or after}", "as shown before (or after)"),
        # accents
        (r"Schr\"odinger, Schr\"{o}dinger, G{\"o}del", "Schrödinger, Schrödinger, Gödel"),
        (r"Polyak-{\L}ojasiewicz, Erd\H{o}s, M\'elange, na\"{\i}ve", "Polyak-Łojasiewicz, Erdős, Mélange, naïve"),
        (r"Fran\c{c}ois, Ma\'nczak, \AA ngstr\"om", "François, Mańczak, Å ngström"),
        (r"the model\'s, don\'t", "the model's, don't"),
        # characters
        ("eﬃcient ﬂow of ﬁne ﬁles", "efficient flow of fine files"),
        ("the viewerâ€™s naÃ¯ve cafÃ©", "the viewer’s naïve café"),
        ("Tom &amp; Jerry &lt;3 &#8211; &quot;x&quot;", 'Tom & Jerry <3 – "x"'),
        ("multi \u00adprototype\u200b, non\u00a0breaking", "multi prototype, non breaking"),
        ("cafe\u0301", "café"),
        ("one\n  line\n\nand  another\t one", "one line\n\nand another one"),
    ],
)
def test_certain_damage_is_mended(damaged: str, mended: str) -> None:
    assert mend_text(damaged) == mended


@pytest.mark.parametrize(
    "text",
    [
        "The system nn-JIT.web runs e.g. In browsers, i.e. In web pages.",
        "In U.S. English, Ph.D. The E.T. film, CLARIN.SI and cs.CL",
        "Node.js, torch.Tensor objects, example.com/Page.The",
        "see https://example.org/Page.With.Dots and a.b@Example.Org",
        "2~3 times, 75%~89%, 10X~20X, ~50% of https://example.org/~someone/",
        "1.12times the cost of O(1{T}) and frac{a}{b}",
        r"\method and \ours improve $k$NN, A$^2$FM and $500$ sentences; C:\new",
        "a set {-1, 0, 1} of *Tensor Programs* -- ``quoted'' --- and __init__",
        "R&D of AT&T; x < y > z; theirmodels work",
        "“Zitat”, naïve café, Łódź, 汉语，测试。Ünïcödé — 5 µm ± 2 × 10³",
        "ÂNGULO, São Paulo, Ãngela and Ârea",
    ],
)
def test_what_is_not_certain_stays(text: str) -> None:
    assert mend_text(text) == text


def test_a_title_is_one_line() -> None:
    assert mend_title("Large Multimodal\n  Models~(LMMs)\n") == "Large Multimodal Models (LMMs)"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from([*"abAB \\{}$~.%&\n'\"`^Ã©â€™ﬁ"]), max_size=60) | st.text(max_size=60))
def test_mending_never_fails_and_mended_text_stays(text: str) -> None:
    once = mend_text(text)
    assert "\ufb01" not in once
    assert mend_text(mend_text(once)) == mend_text(once)


def test_long_texts_are_mended_in_time_that_grows_with_their_length() -> None:
    for unit in ("x~y~", "\\textbf{", "{\\", "a.B", "\\frac{", "&amp;", "'\\", "$\\a"):
        assert mend_text(unit * 20_000)
