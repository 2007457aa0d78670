"""Answers as tables, a row for each paper: made of the papers' own sentences, or a model's with every cell cited."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.citations import cited_numbers
from rag.corpus import AnswerSentence, Citation, Evidence
from rag.extractive import Extract, ranked_sentences

_ROWS = 6  # papers
_NEARLY = 0.25  # below the best score of all; papers further behind say something else
_IN_A_CELL = 2  # sentences
_LONGEST = 600  # characters of one sentence that are shown
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$")
_RULE = re.compile(r"^[ \t|:-]+$")
_CELL = re.compile(r"(?<!\\)\|")


def write_table(evidence: Sequence[Evidence], *, each_of: Collection[str] = ()) -> Extract:
    """What each of the best papers says about the question, word for word. The text is a Markdown table.

    Papers with the ids `each_of` are asked for by name: none of them is left out, and their rows come first.
    Without a model nobody can tell what else the question compares, so there is one column for it, and no more.
    """
    rows: dict[str, list[tuple[str, Evidence]]] = {}
    ranked = ranked_sentences(evidence)
    for sentence, item in ranked:
        paper_id = item.paper.paper_id
        if paper_id not in (*rows, *each_of) and sentence.score < ranked[0][0].score - _NEARLY:
            continue
        row = rows.setdefault(paper_id, [])
        if len(row) < _IN_A_CELL:
            row.append((sentence.text, item))
    citations: list[Citation] = []
    sentences: list[AnswerSentence] = []
    lines = ["| Paper | What it says |", "| --- | --- |"]
    named_first = sorted(rows, key=lambda paper_id: paper_id not in each_of)
    for row in [rows[paper_id] for paper_id in named_first[:_ROWS]]:
        paper = row[0][1].paper
        said = []
        for quote, _ in row:
            number = len(citations) + 1
            text = f"{_shortened(quote)} [{number}]"
            citations.append(Citation(number, paper, quote, "supported"))
            sentences.append(
                AnswerSentence(text, (number,), "supported", reason="word for word from the abstract", quote=quote)
            )
            said.append(text)
        name = f"{paper.title} ({paper.year})" if paper.year else paper.title
        lines.append(f"| {_cell(name)} | {_cell(' '.join(said))} |")
    return Extract("\n".join(lines) if citations else "", tuple(sentences), tuple(citations))


def cite_every_cell(text: str) -> str:
    """A model's table in which a row cites one paper somewhere: every other cell of it gets that number as well.

    Heads, empty cells and rows that cite several papers stay as they are: nobody knows which cell is whose.
    """
    lines = text.split("\n")
    for place, line in enumerate(lines):
        below = lines[place + 1] if place + 1 < len(lines) else ""
        if _ROW.match(line) and not _RULE.match(line) and not (_RULE.match(below) and "-" in below):
            lines[place] = _cited(line)
    return "\n".join(lines)


def _cited(row: str) -> str:
    numbers = list(dict.fromkeys(cited_numbers(row)))
    if len(numbers) != 1:
        return row
    first, *cells, last = _CELL.split(row)
    return "|".join([first, *(_with_number(cell, numbers[0]) for cell in cells), last])


def _with_number(cell: str, number: int) -> str:
    if not any(letter.isalnum() for letter in cell) or cited_numbers(cell):
        return cell
    return f"{cell.rstrip()} [{number}] "


def _shortened(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0] + " ..."


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
