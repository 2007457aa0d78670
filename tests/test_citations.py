"""Citation markers: every spelling, and what must never be touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.citations import cited_numbers, resolve_citations, with_numbers, without_markers
from rag.corpus import Paper

PAPERS = (
    Paper(
        "a",
        "Adan: Adaptive Steps",
        "Code: https://code.example/adan.",
        authors=("Xing Xie", "Pan Zhou"),
        date="2022-08",
    ),
    Paper("b", "Lion", "Only the momentum.", authors=("Li Chen", "Quoc Le"), arxiv_id="2302.06675", date="2023-02"),
    Paper("c", "Mamba", "Selective state spaces.", code_urls=("https://code.example/mamba",)),
    Paper("d", "KIVI", "Two bits."),
)


def shown(text: str) -> str:
    """The resolved text."""
    return resolve_citations(text, PAPERS)[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("It is fast [3]. So is Lion [1].", "It is fast [1]. So is Lion [2]."),
        ("Both [1, 2].", "Both [1][2]."),
        ("Both [1][2].", "Both [1][2]."),
        ("All [1-3].", "All [1][2][3]."),
        ("All [1–3].", "All [1][2][3]."),
        ("Lenses 【2】.", "Lenses [1]."),
        ("Browsing 【2†source】 and [1†L3-L9].", "Browsing [1] and [2]."),
        ("A footnote [^2].", "A footnote [1]."),
        ("Doubled [[2]].", "Doubled [1]."),
        ("Named (Source 2) and [Paper 1] and [Doc 3: p. 4].", "Named [1] and [2] and [3]."),
        ("Named (Sources 1 and 2).", "Named [1][2]."),
        ("Papers 1 and 2 agree; Source 3 does not.", "[1][2] agree; [3] does not."),
        ("See ([1], [2]).", "See [1][2]."),
        ("Places [1, p. 3], [2, Section 4].", "Places [1], [2]."),
        ("Once [1][1], [1].", "Once [1]."),
        ("A list [1], [2], and [4].", "A list [1], [2], and [3]."),
        ("Escaped \\[2\\].", "Escaped [1]."),
        ("In TeX \\cite{2} and \\citep{smith20}.", "In TeX [1]."),
        ("Raised <sup>[2]</sup>.", "Raised [1]."),
        ("It holds.² It is fast.¹", "It holds.[1] It is fast.[2]"),
        ("It holds¹, and 55 %² are kept. 成立。³", "It holds[1], and 55 %[2] are kept. 成立。[3]"),
        ("Raised <sup>2</sup> and 2.4x<sup>1, 3</sup>.", "Raised [1] and 2.4x[2][3]."),
        ("All [1、2].", "All [1][2]."),
        ("By title [Lion] and [Adan: Adaptive Steps].", "By title [1] and [2]."),
        ("By number (arXiv:2302.06675) and [9999.12345].", "By number [1]."),
        ("Papers 1 and 3-4 agree.", "[1][2][3] agree."),
        ("Papers 1 and 2 and 3 agree; papers #4 too.", "[1][2][3] agree; [4] too."),
        ("Quellen 1 und 2.", "[1][2]."),
        ("All [2]-[4] agree.", "All [1][2][3] agree."),
        ("All [1]–[3].", "All [1][2][3]."),
        ("All [4] - [1] and [2].", "All [1][2][3][4]."),
        ("Some [1, 2]-[9] agree.", "Some [1][2] agree."),
        ('As in the prompt <paper number="2"> and <paper 3>.', "As in the prompt [1] and [2]."),
        ('<paper number="2" title="Lion" year="2023">It holds.</paper>', "[1]It holds."),
        ('[paper number="2"], [paper_3] and [Paper-1].', "[1], [2] and [3]."),
        ("(Paper_2)", "[1]"),
        ("Abstracts [Abstract 2] and [Abstract 1, Abstract 3].", "Abstracts [1] and [2][3]."),
        ("By both [2: Lion] and [Paper 1: Adan: Adaptive Steps].", "By both [1] and [2]."),
        ("By both [Adan, 1], (3: Mamba) and [2：Lion].", "By both [1], [2] and [3]."),
        ("Cut short [1: Adan: Adaptive ...]; so [1 - Adan] says.", "Cut short [1]; so [1] says."),
        ("少 [论文2]（论文 1 和 3）。", "少 [1][2][3]。"),
        ("成立（[2]）。成立【文献1、3】。", "成立[1]。成立[2][3]。"),
        ("[出典 2]と [논문 1와 3].", "[1]と [2][3]."),
        ("Вот [источник 2], (статья 1) и [1 и 3].", "Вот [1], [2] и [2][3]."),
        ("Così [fonte 2], assim [artigo 1], così [articoli 1 e 3].", "Così [1], assim [2], così [2][3]."),
        ("So [Arbeit 2], ainsi [document 1 et 3].", "So [1], ainsi [2][3]."),
        ("Tagged <cite>2</cite>, <ref>[1]</ref> or <Source id=x>1, 3</Source>.", "Tagged [1], [2] or [2][3]."),
    ],
)
def test_spellings_become_plain_markers(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Nobody knows [9].", "Nobody knows."),
        ("Nobody [9], [10] and [2] know.", "Nobody [1] know."),
        ("Mixed [2, 9].", "Mixed [1]."),
        ("Aside (see [9]) ends.", "Aside ends."),
        ("Bare years [2020].", "Bare years."),
        ("Footnotes [^note].", "Footnotes."),
        ("[9] At the start.", "At the start."),
        ("Tagged <cite>9</cite>.", "Tagged."),
    ],
)
def test_numbers_that_no_evidence_has_go_without_a_trace(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Shown (Xie et al., 2022).", "Shown [1]."),
        ("Shown by Xie et al. (2022).", "Shown by Xie et al. [1]."),
        ("Shown [Chen et al., 2023; Xie et al., 2022].", "Shown [1][2]."),
        ("Invented (Smith et al., 2020).", "Invented."),
        ("Invented (Smith & Jones, 2020; Miller, 2021).", "Invented."),
        ("The wrong year (Xie et al., 1999).", "The wrong year."),
        ("The wrong year (Xie and Zhou, 1999).", "The wrong year."),
        ("Short names (Li and Wang, 2021).", "Short names."),
        ("Sets (GSM8K, MATH, and AIME 2024).", "Sets (GSM8K, MATH, and AIME 2024)."),
        ("Dates (March and April 2020).", "Dates (March and April 2020)."),
        ("A meeting (NeurIPS 2023).", "A meeting (NeurIPS 2023)."),
        ("Used by the papers (Mamba and Sinkhorn, 2015).", "Used by the papers (Mamba and Sinkhorn, 2015)."),
        ("A law (Article 17), a source (Source 17).", "A law (Article 17), a source."),
        ("A venue (CVPR, 2024) and a date (May 2023).", "A venue (CVPR, 2024) and a date (May 2023)."),
    ],
)
def test_authors_and_years_are_matched_or_removed(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Code `a[1]` stays.",
        "Code ``a[1] ` b[2]`` stays.",
        "```python\na[1] = b[2]\n```\n",
        "So:\n~~~\na[1]\n~~~\n",
        "Formula $x[1]$ stays.",
        "Formula \\(x[1]\\) and \\[ y[2] \\] stay.",
        "$$\nx[1]\n$$",
        "An interval [0, 1] and a range of [1, 100].",
        "A scale of [1, 10], a scale from [1, 5], scores in [1, 100].",
        "Of n², 10⁹ and 10⁻⁴, R², (a+b)², 31 m² and 5 meters².",
        "It holds.⁹ So it is¹².",
        "Sizes [64, 128] are text, [CLS] too.",
        "The successor [Mamba-2], (Lion-3) and a pair [2: a remark].",
        "一种（更快的）方法，资料（文章 17）也是（1）。",
        "A task [x] and one [ ].",
        "Money: $5 and $6.",
        "Resource 1 and Table 2 and Figure 3.",
        "A call f(x) and (a remark) and (1) an item.",
        "The study documents 3 failure modes.",
        "It retrieves passages 4 times faster.",
        "It processes documents 2 to 3 times faster.",
        "It reads sources 1 and 2 times.",
        "A paper 3 years ago, document 2 of 4.",
        "Both papers document 3 cases.",
        "- ```\n  a[1]\n  ```\n",
        "> ```\n> a[1]\n> ```\n",
        "1. Call:\n\n    ```python\n    a[1]\n    ```\n",
        "\t~~~\n\ta[1]\n\t~~~\n",
        "So:\n```\n> ```\na[1]\n```\n",
        "So:\n`````\n```\na[1]\n",
        "So:\n```text\na[1]\n```\n",
    ],
)
def test_code_mathematics_and_other_brackets_stay(text: str) -> None:
    assert shown(text) == text


def test_a_marker_behind_code_still_counts() -> None:
    assert shown("Use `f(x)[0]` [2]. Then\n```\na[1]\n```\n[4] says so.") == (
        "Use `f(x)[0]` [1]. Then\n```\na[1]\n```\n[2] says so."
    )


@pytest.mark.parametrize(
    "code",
    [
        "1. Call:\n\n    ```python\n    f(x)[0]\n    ```\n",
        "10. Call:\n\n     ~~~\n     f(x)[0]\n  ~~~\n",
        "- ```\n  f(x)[0]\n  ```\n",
        "1. ```\n   f(x)[0]\n   ```\n",
        "\t```\n\tf(x)[0]\n\t```\n",
        "> ```\n> f(x)[0]\n> ```\n",
        "> ```\n> f(x)[0]\n\n",
        "- > ```\n  > f(x)[0]\n  > ```\n",
    ],
)
def test_a_block_of_code_ends_where_its_list_or_quote_would_end_it(code: str) -> None:
    written = f"It holds [2].\n\n{code}So it is [1] and [3]."
    assert resolve_citations(written, PAPERS) == (f"It holds [1].\n\n{code}So it is [2] and [3].", [2, 1, 3])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("```markdown\nIt holds [2].\n```", "It holds [1].\n"),
        ("\n~~~ Markdown\nIt holds [2].\n~~~\n\nMore [1].", "\nIt holds [1].\n\nMore [2]."),
        ("```\nIt holds [2].\n```", "It holds [1].\n"),
        ("  ```text\nIt holds [2].\n  ```", "It holds [1].\n"),
        ("```md\nIt holds [2].", "It holds [1]."),
        ("Here it is:\n\n```md\nIt holds [2].\n```\nMore [1].", "Here it is:\n\nIt holds [1].\nMore [2]."),
        (
            "````markdown\nCall it [2]:\n```python\na[1]\n```\nDone [3].\n````",
            "Call it [1]:\n```python\na[1]\n```\nDone [2].\n",
        ),
        (
            "```markdown\nCall it [2]:\n```python\na[1]\n```\nDone [3].\n```",
            "Call it [1]:\n```python\na[1]\n```\nDone [2].\n",
        ),
        ("```json\n[1]\n```", "```json\n[1]\n```"),
    ],
)
def test_a_fence_around_the_answer_itself_goes(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    ("written", "expected", "most"),
    [
        ("It costs $5 [2] and then $6 [1].", "It costs $5 [1] and then $6 [2].", 2),
        ("It costs $5 [2] for $n$ steps [1].", "It costs $5 [1] for $n$ steps [2].", 2),
        ("It costs $5[2]/$6[1].", "It costs $5[1]/$6[2].", 2),
        (r"Between $a \$ b[3]$ and $5 [2].", r"Between $a \$ b[3]$ and $5 [1].", 1),
    ],
)
def test_amounts_of_money_hide_no_marker(written: str, expected: str, most: int) -> None:
    assert shown(written) == expected
    assert cited_numbers(expected) == tuple(range(1, most + 1))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("It holds [2].\n- Sources:\n  - [1] Adan\n", "It holds [1].\n"),
        ("It covers [2]:\n- sources\n- sinks\n", "It covers [1]:\n- sources\n- sinks\n"),
        ("- Sources:\n", "- Sources:\n"),
        ("**Sources**\n", "**Sources**\n"),
        ("[1]: Lion: less memory.", "[1] Lion: less memory."),
        ("It holds [2].\n\nSources:\n[1] Adan\n[2] Lion\n", "It holds [1].\n\n"),
        ("It holds [2].\n\n**References**\n\n1. Lion, 2023\n2. Mamba", "It holds [1].\n\n"),
        ("It holds [2].\n\n## Sources\n- Lion\n", "It holds [1].\n\n"),
        ("成立 [2]。\n\n参考文献：\n[1] Adan\n[2] Lion", "成立 [1]。\n\n"),
        ("It holds [2].\nSources: [1], [2]", "It holds [1].\n"),
        ("It holds [2].\n\nSources:\nThe river is one [1].", "It holds [1].\n\nSources:\nThe river is one [2]."),
        ("Sources of error are many [2].", "Sources of error are many [1]."),
        ("[2]: it needs little memory.", "[1] it needs little memory."),
    ],
)
def test_a_list_of_sources_at_the_end_goes(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("![a seed](http://evil.example/x.png) grows", "a seed grows"),
        ("![a](data:image/png;base64,AAAA) b", "a b"),
        ("[click](javascript:alert(1)) me", "click me"),
        ("[click](http://evil.example) me", "click me"),
        ("[code](https://code.example/mamba) here", "[code](https://code.example/mamba) here"),
        ("[code](https://code.example/adan) here", "[code](https://code.example/adan) here"),
        ("<script>alert(1)</script> x", "alert(1) x"),
        ("<img src=x onerror=alert(1)> x", " x"),
        ("<x onload=alert(1)> y", " y"),
        ("<!-- hidden --> y", " y"),
        ("x<sup>2</sup> in 10<sup>9</sup> steps<sup>5</sup>", "x^2 in 10^9 steps^5"),
        ("a < b and c > d", "a < b and c > d"),
        ("[1]: http://evil.example\nIt holds [1].", "\nIt holds [1]."),
        ("> [x]: http://evil.example\n", "> \n"),
        ("<cite>Lion</cite> x", "Lion x"),
        ("<p>It holds.</p><ul><li>So.</li></ul>", " It holds.   So.  "),
        ("<ref>Lion</ref> x", "< ref>Lion< /ref> x"),
        ("<javascript:alert(1)> x", "javascript: alert(1) x"),
    ],
)
def test_images_links_and_tags_are_made_harmless(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[over\nlines](http://evil.example)",
        "[" + "long " * 80 + "](http://evil.example)",
        "【1】(http://evil.example",
        "![never closed](http://evil.example",
        "$ ![a](http://evil.example/a.png) $ and $b ![a](http://evil.example/a.png) c$",
        "\\( ![a](http://evil.example/a.png)",
        "text ```\n![a](http://evil.example/a.png)",
        "`` ` ![a](http://evil.example/a.png)",
        "``` a`b\n![a](http://evil.example/a.png)\n",
        "> ```\n![a](http://evil.example/a.png)\n",
        "> ```\n      > ![a](http://evil.example/a.png)\n",
        "- ```\n![a](http://evil.example/a.png)\n",
        "- x\n  ```\n![a](http://evil.example/a.png)\n",
        "words\n    ```\n    ![a](http://evil.example/a.png)\n",
        "words```\n```\n```\n![a](http://evil.example/a.png)\n",
    ],
)
def test_no_way_of_writing_leaves_a_link_alive(text: str) -> None:
    assert "](http" not in shown(text)
    assert "<img" not in shown(text)


@given(text=st.text(alphabet="[]()!<>`$\\ ab12\n:/h【】^", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_signs_break_it_or_leave_a_link(text: str) -> None:
    assert not re.search(r"(?<!\\)\]\(", re.sub(r"```.*?(?:```|$)", "", shown(text), flags=re.DOTALL))


def test_numbers_of_a_resolved_text() -> None:
    text = "It holds [2], `a[7]` and $x[8]$ too [1][2]."
    assert cited_numbers(text) == (2, 1)
    assert without_markers(text) == "It holds, `a[7]` and $x[8]$ too."
    assert with_numbers(text, {1: 2, 2: 1}) == "It holds [1], `a[7]` and $x[8]$ too [2][1]."


@pytest.mark.parametrize(
    "code",
    [
        "```\na[7]\n```\n",
        "> ~~~\n> a[7]\n\n",
        "1. Call:\n\n    ```\n    a[7] = $5\n    ```\n",
        "$$\nx[7]\n$$\n",
        "\\[\nx[7]\n\\]\n",
    ],
)
def test_numbers_in_blocks_of_code_and_formulas_are_no_markers(code: str) -> None:
    text = f"It holds [2].\n{code}It costs $5 [1]."
    assert cited_numbers(text) == (2, 1)
    assert without_markers(text) == f"It holds.\n{code}It costs $5."
    assert with_numbers(text, {1: 2, 2: 1}) == f"It holds [1].\n{code}It costs $5 [2]."
