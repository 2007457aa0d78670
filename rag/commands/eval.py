"""`rag eval`: how good search and answers are on a file of questions."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rag.commands.search import check_index, number_of_papers
from rag.commands.shapes import write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.corpus import Answer, Hit
    from rag.evaluation.question_sets import EvaluationQuestion
    from rag.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """QUESTIONS, by what they are judged, and what to measure."""
    parser.add_argument("questions", metavar="QUESTIONS", type=Path, help="JSONL of id, question and relevant titles")
    parser.add_argument(
        "--qrels", metavar="FILE", type=Path, help="query id, document id, grade; by the ids of the corpus"
    )
    parser.add_argument("--run", dest="run_file", metavar="FILE", type=Path, help="write the hits as a TREC run")
    parser.add_argument("-k", type=number_of_papers, default=10, metavar="N", help="papers of a question in the run")
    parser.add_argument("--answers", action="store_true", help="answer the questions, too, and judge the answers")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the figures."""
    from rag.embedder import open_embedder
    from rag.evaluation.evaluate import evaluate
    from rag.evaluation.figures import figures
    from rag.evaluation.question_sets import read_question_set
    from rag.evaluation.report import as_json, as_table
    from rag.evaluation.runs import write_run
    from rag.index import Index
    from rag.search import search

    questions = read_question_set(arguments.questions, arguments.qrels)
    embedder = open_embedder(settings)
    with closing(Index.open(settings.data_dir, chroma_url=settings.chroma_url)) as index:

        def find(question: EvaluationQuestion, k: int) -> Sequence[Hit]:
            with index.reading() as reading:
                check_index(reading, embedder)
                return search(reading, embedder, question.text, history=question.history, k=k)

        ask = None
        if arguments.answers:
            from rag.answer import Assistant

            assistant = Assistant(index, embedder, settings)

            def ask(question: EvaluationQuestion) -> Answer:
                return assistant.ask(question.text, question.history, use_model=settings.has_model)

        progress = _show_progress if sys.stderr.isatty() else None
        evaluation = evaluate(questions, find=find, ask=ask, k=arguments.k, progress=progress)
    if arguments.run_file:
        write_run(arguments.run_file, evaluation.results, k=arguments.k)
    found = figures(evaluation)
    if arguments.json:
        write_json(as_json(found))
    else:
        print(as_table(found))
    return 0


def _show_progress(done: int, of: int) -> None:
    sys.stderr.write(f"\r\033[K{done} of {of} questions" if done < of else "\r\033[K")
    sys.stderr.flush()
