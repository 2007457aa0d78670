"""Citations while they stream: the result never depends on where the stream is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.citations import CitationStream, resolve_citations
from tests.test_citations import PAPERS, shown

PIECES = st.sampled_from(
    [
        *(
            "[1]",
            "[2, 3]",
            "[1-3]",
            "【2】",
            "[^4]",
            "[9]",
            "(Source 2)",
            "Paper 3",
            "[1†source]",
            "[1、2]",
            "<sup>1</sup>",
            "<sup>",
            "¹",
            "²³",
            "word.",
            "scale of [1, 10]",
            "(Xie et al., 2022)",
            "[Lion]",
            *("[2: Lion]", "[论文1]", "（论文 3）", "（", "<cite>2</cite>", "<ref>", "3</ref>", "[Abstract 1]"),
        ),
        *("```markdown\n", "```md\nso [1]\n```\n", "```text\n", "~~~ Markdown\n"),
        *("`a[1]`", "```\nx[1]\n```\n", "$x[2]$", "$$y[1]$$", "\\[ z[1] \\]", "\\[2\\]", "$5", "```", "`", "$"),
        *(
            "![a](http://e.example/x.png)",
            "[t](javascript:x)",
            "<b>",
            "<script>",
            "< ",
            "](http://e.example)",
            "[",
            "](",
            "(",
            ")",
        ),
        *(
            "\n",
            "\n\n",
            " ",
            ", ",
            " and ",
            ". ",
            "word",
            "Sources:\n",
            "出典：\n",
            "[1] Lion\n",
            "# ",
            "- ",
            "Re",
            "source 1",
            "é",
            "et al. (2022)",
        ),
        *("Papers 1", "-3", " and 2", ", 4", " to 3", " times", " of 2", "-", "–", '<paper number="2">', "</paper>"),
        *(
            "> ",
            "    ",
            "\t",
            "1. ",
            "* ",
            "```\n",
            "~~~",
            "\n> ",
            "a[1]",
            "Sources: [1]\n",
            "$6",
            "\\$",
            "**",
            "+",
            "[1]: b",
        ),
    ]
)


@given(pieces=st.lists(PIECES, max_size=14), cuts=st.lists(st.integers(1, 6), min_size=1, max_size=12))
@settings(max_examples=300, deadline=None)
def test_the_result_does_not_depend_on_where_the_stream_is_cut(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces)
    stream = CitationStream(PAPERS)
    out, position, turn = "", 0, 0
    while position < len(text):
        size = cuts[turn % len(cuts)]
        out += stream.feed(text[position : position + size])
        position, turn = position + size, turn + 1
    out += stream.finish()
    assert (out, stream.used) == resolve_citations(text, PAPERS)


@given(pieces=st.lists(PIECES, max_size=14))
@settings(max_examples=200, deadline=None)
def test_numbers_run_from_one_in_order_of_first_use(pieces: list[str]) -> None:
    _, used = resolve_citations("".join(pieces), PAPERS)
    assert len(set(used)) == len(used)
    assert set(used) <= set(range(1, len(PAPERS) + 1))


@pytest.mark.parametrize(
    "marker",
    [
        "[2]",
        "¹",
        "<sup>1</sup>",
        "[1、2]",
        "[1, 2]",
        "【2†source】",
        "(Source 2)",
        "[Paper 2]",
        "(Xie et al., 2022)",
        "[1-3]",
        "\n```markdown\n[2]\n```\n",
        *("[Abstract 2]", "[1: Adan]", "[Paper 2: Lion]", "(Paper 3: Mamba)", "[Lion, 2]"),
        *("[论文2]", "（论文 1 和 3）", "（[2]）", "[источник 2]", "[artigo 1 e 3]"),
        *(
            "<cite>2</cite>",
            "<ref>[1]</ref>",
            "<cite>2, 3</cite>",
            "<cite>Lion</cite>",
            "<ref>9</ref>",
            '<doc n="1">3</doc>',
        ),
    ],
)
def test_a_marker_may_be_cut_at_any_place(marker: str) -> None:
    text = f"It holds {marker}, so it does."
    for cut in range(len(text)):
        stream = CitationStream(PAPERS)
        out = stream.feed(text[:cut]) + stream.feed(text[cut:]) + stream.finish()
        assert out == shown(text)


def test_words_come_as_soon_as_they_are_certain() -> None:
    stream = CitationStream(PAPERS)
    assert stream.feed("The method") == "The method"
    assert stream.feed(" works [") == " works"
    assert stream.feed("2") == ""
    assert stream.feed("] well") == " [1] well"
