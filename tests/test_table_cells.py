"""A model's table is checked cell by cell: each against the papers that it cites, each marked by itself."""

from __future__ import annotations

import re

import pytest

from rag.answer_sentences import find_sentences
from rag.checking import Checked, check_answer
from rag.page.prose import answer_html
from rag.support import check_cell
from rag.table_cells import cells_of, heads_of
from tests.answering import PAPERS, AssistantMaker, embedder, evidence_of, made_data, make_assistant, paper
from tests.openai_server import OpenAIServer, Request

__all__ = ["embedder", "made_data", "make_assistant"]

TITLES = ("TinyState: One Momentum Is Enough", "BlockMoments: Optimizer States in Eight Bits", "Keys in Two Bits")
TABLE = """\
| Paper | Memory | What it keeps | Tested |
|---|---|---|---|
| TinyState [1] | 74 % less memory than Adam [1] | the momentum alone [1] | yes [1] |
| BlockMoments [2] | from 56 GB to 15 GB [2] | states in eight bits, in blocks of 128 values [2] | Llama 3 [2] |
| **Keys in Two Bits** [3] | 2.6 times less [3] | the batch can be four times as large | |
"""


def checked(text: str) -> Checked:
    return check_answer(text, [1, 2, 3], evidence_of(*(paper(title) for title in TITLES)))


def test_each_cell_has_a_verdict_of_its_own() -> None:
    found = {each.text: each for each in checked(TABLE).sentences if each.checked}
    assert {text: each.support for text, each in found.items()} == {
        "74 % less memory than Adam [1]": "unsupported",
        "the momentum alone [1]": "supported",
        "from 56 GB to 15 GB [2]": "supported",
        "states in eight bits, in blocks of 128 values [2]": "supported",
        "Llama 3 [2]": "partial",
        "2.6 times less [3]": "supported",
        "the batch can be four times as large [3]": "supported",
    }
    wrong = found["74 % less memory than Adam [1]"]
    assert wrong.reason == "says 74%, the abstract says 47"
    assert wrong.quote == "It needs 47 % less memory than Adam on a model of 1.3 billion weights."


def test_a_name_and_a_bare_yes_are_no_claims_but_what_a_row_without_citations_says_is() -> None:
    unchecked = [each.text for each in checked(TABLE).sentences if not each.checked]
    assert {"TinyState [1]", "BlockMoments [2]", "**Keys in Two Bits** [3]", "yes [1]"} <= set(unchecked)
    found = checked(f"{TABLE}| Another | no memory | works everywhere at once | - |\n")
    assert found.text.endswith("| Another | no memory | works everywhere at once | - |\n")
    assert [(each.text, each.support, each.checked) for each in found.sentences[-4:]] == [
        ("Another", "supported", False),
        ("no memory", "unsupported", True),
        ("works everywhere at once", "unsupported", True),
        ("-", "supported", False),
    ]


def test_an_uncited_cell_gets_the_citation_that_carries_it() -> None:
    assert "| the batch can be four times as large [3] |" in checked(TABLE).text


def test_a_cell_without_a_citation_is_judged_by_the_one_paper_of_its_row() -> None:
    rows = [
        "| TinyState [1] | 74 % less memory than Adam | the sign of the momentum as its step |",
        "| Both [1][2] | from 56 GB to 99 GB | - |",
    ]
    found = checked("\n".join(["They compare so [1].\n\n| Paper | Memory | Step |\n|---|---|---|", *rows]))
    told = {each.text: (each.support, each.citations) for each in found.sentences if each.checked}
    assert told["74 % less memory than Adam"] == ("unsupported", (1,))
    assert told["the sign of the momentum as its step"] == ("supported", (1,))
    assert told["from 56 GB to 99 GB"] == ("unsupported", ())


def test_citations_are_as_good_as_the_cells_that_cite_them() -> None:
    assert [each.support for each in checked(TABLE).citations] == ["unsupported", "partial", "supported"]
    alone = checked("| Paper | When |\n|---|---|\n| TinyState [1] | - |\n")
    assert alone.citations[0].support == "supported"


@pytest.mark.parametrize(
    ("cell", "support"),
    [
        ("TinyState", None),
        ("one momentum", None),
        ("47 %", "supported"),
        ("48 %", "unsupported"),
        ("1.3 billion weights", "supported"),
        ("sign of the momentum", "supported"),
        ("LAMB", "unsupported"),
        ("graph transformers", "partial"),
        ("TinyState keeps two numbers for every weight of a network of 2 billion", "unsupported"),
    ],
)
def test_a_cells_few_words_are_compared_word_by_word(cell: str, support: str | None) -> None:
    verdict = check_cell(cell, TITLES[0], PAPERS[TITLES[0]])
    assert (verdict.support if verdict else None) == support


def test_a_column_may_hold_the_papers_year() -> None:
    found = [check_cell(cell, TITLES[0], PAPERS[TITLES[0]], 2024) for cell in ("2024", "2021")]
    assert [verdict.support for verdict in found if verdict] == ["supported", "unsupported"]


def test_cells_know_their_row_and_column() -> None:
    heads = heads_of("| Paper | **Memory** |")
    name, memory, other = cells_of("| TinyState [1] | 47 \\| 48 % [1] | x y", heads)
    assert memory.claim("47 %") == "TinyState: Memory: 47 %"
    assert (name.name, name.head, other.head) == ("", "", "")
    assert cells_of("no table", ()) == []
    text = f"Before it.\n\n{TABLE}\nAfter it all is said."
    for span in find_sentences(text):
        assert text[span.start : span.end] == text[span.start : span.end].strip()


def test_a_table_without_a_head_does_not_take_that_of_the_table_before() -> None:
    text = "| Paper | Memory |\n|---|---|\n| Tiny | 4 GB [1] |\n\nAnother one follows.\n\n| Block | 2 GB [1] |\n"
    cells = [span.cell for span in find_sentences(text) if span.cell and span.cell.name]
    assert [cell.claim("it") for cell in cells] == ["Tiny: Memory: it", "Block: it"]


def test_the_page_marks_the_cell_and_no_other() -> None:
    found = checked(TABLE)
    drawn = answer_html(found.text, anchor="a", numbers=[1, 2, 3], sentences=found.sentences)
    rows = [re.findall("<td>(.*?)</td>", row) for row in re.findall("<tr>(.*?)</tr>", drawn, re.DOTALL)][1:]
    marked = [[("verdict" in cell) for cell in row] for row in rows]
    assert marked == [[False, True, False, False], [False, False, False, True], [False] * 4]
    assert "Says 74%, the abstract says 47" in rows[0][1]
    assert 'class="claim unsupported"' in rows[0][1]


def test_a_models_table_is_answered_with_and_judged_by_cell(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    def table(request: Request) -> str:
        line = next(line for line in request.prompt.splitlines() if line.startswith("<paper ") and "TinyState" in line)
        number = line.split('"')[1]
        return f"| Paper | Memory | Step |\n|---|---|---|\n| TinyState [{number}] | 74 % less | the sign of it |"

    openai_server.replies.append(table)
    answer = make_assistant(openai_server.base_url).ask("Which optimizer needs less memory than Adam?", style="table")
    assert [(each.text, each.support) for each in answer.sentences if each.checked] == [
        ("74 % less [1]", "unsupported"),
        ("the sign of it [1]", "supported"),
    ]


@pytest.mark.parametrize("rule", ["|---|---|", "---|---", " | :--- | ---: | ", "|\t:-:\t|\t--\t|"])
def test_the_line_below_a_table_s_head_is_no_row(rule: str) -> None:
    text = f"| Paper | Memory |\n{rule}\n| TinyState | 47 % less |"
    cells = [span.cell.claim(text[span.start : span.end]) for span in find_sentences(text) if span.cell]
    assert cells == ["TinyState", "TinyState: Memory: 47 % less"]


@pytest.mark.parametrize("line", [" " * 200_000, "|" + " " * 200_000 + "x", "| -- " * 20_000 + "x"])
def test_a_line_of_blanks_or_dashes_is_read_in_one_go(line: str) -> None:
    spans = find_sentences(f"TinyState needs less memory [1].\n{line}\nSo it is [1].")
    assert len(spans) >= 2


@pytest.mark.parametrize(
    ("line", "states"),
    [
        ("**Lion needs half the memory of Adam [1].**", True),
        ("**Lion needs half the memory of Adam.**", True),
        ("__It adapts [2]__", True),
        ("**Memory**", False),
        ("**Memory and time:**", False),
        ("**What does it need?**", False),
    ],
)
def test_a_bold_line_with_a_citation_or_a_stop_is_a_sentence(line: str, states: bool) -> None:
    assert [span.states for span in find_sentences(line)] == [states]


@pytest.mark.parametrize(
    "code",
    [
        "1. Call:\n\n    ```\n    f(x) is a good call here.\n    ```\n",
        "> ```\n> f(x) is a good call here.\n> ```\n",
        "> ```\n> f(x) is a good call here.\n\n",
        "- ```\n  f(x) is a good call here.\n  ```\n",
    ],
)
def test_code_in_a_list_or_quote_holds_no_sentences(code: str) -> None:
    text = f"{code}It is fast and small."
    assert [text[span.start : span.end] for span in find_sentences(text) if span.states] == ["It is fast and small."]
